import type { Ask, IdempotencyStore, ReadOptions } from "../../src/store/port.ts";

interface Waiting<Command, Outcome> extends Ask<Command> {
  readonly told: PromiseWithResolvers<Outcome>;
}

/** The same store, but for plain Begins and Completes of one turn: they are asked for as many, not one by one. */
export function manyAtOnce(store: IdempotencyStore): IdempotencyStore {
  const begins = gathered(store.beginMany.bind(store));
  const completes = gathered(store.completeMany.bind(store));
  const instead: Partial<IdempotencyStore> = {
    begin: (at, command, options?: ReadOptions) =>
      options === undefined ? begins(at, command) : store.begin(at, command, options),
    complete: completes,
  };
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(instead, name) ?? Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

function gathered<Command, Outcome>(
  run: (asks: ReadonlyArray<Ask<Command>>) => Promise<ReadonlyArray<PromiseSettledResult<Outcome>>>,
) {
  let waiting: Waiting<Command, Outcome>[] = [];
  const flush = async () => {
    const all = waiting;
    waiting = [];
    const settled = await run(all);
    for (const [n, { told }] of all.entries()) {
      const one = settled[n];
      if (one?.status === "fulfilled") told.resolve(one.value);
      else told.reject(one?.reason);
    }
  };
  return (at: Ask<Command>["at"], command: Command): Promise<Outcome> => {
    const told = Promise.withResolvers<Outcome>();
    if (waiting.length === 0) queueMicrotask(flush);
    waiting.push({ at, command, told });
    return told.promise;
  };
}
