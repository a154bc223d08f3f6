import { OncewardError } from "../../src/base/errors.ts";
import type { IdempotencyStore } from "../../src/store/port.ts";

/** The calls of a store that are answered later. */
type Call = Exclude<keyof IdempotencyStore, "watch" | "status" | "shardOf" | "close">;

const CALLS: ReadonlySet<string> = new Set<Call>([
  ...(["begin", "complete", "renew", "checkpoint", "release", "resolve", "forget", "get", "list", "census"] as const),
]);

/** A store before another: `before` runs ahead of every call and holds it up; what it rejects with, the call does. */
export function interposed<Store extends IdempotencyStore>(
  store: Store,
  before: (call: Call, given: readonly unknown[]) => Promise<void>,
): Store {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      if (!CALLS.has(String(name))) return member.bind(target);
      return async (...given: unknown[]) => {
        await before(String(name) as Call, given);
        return member.apply(target, given);
      };
    },
  });
}

export interface Switch {
  /** What calls are to reject with from now on; undefined = they work. */
  fault: OncewardError | undefined;
}

/** A store that can be made to give no answers. */
export function breakable<Store extends IdempotencyStore>(store: Store): { store: Store; broken: Switch } {
  const broken: Switch = { fault: undefined };
  const faulty = interposed(store, async () => {
    if (broken.fault !== undefined) throw broken.fault;
  });
  return { store: faulty, broken };
}

export function unavailable(): OncewardError {
  return new OncewardError("STORE_UNAVAILABLE", "the store gave no answer", { shard: "main" });
}

interface Gate {
  /** Calls that stand before it. */
  readonly held: number;
  /** Lets those pass that stand there, and everyone who comes later. */
  open(): void;
}

/** A store whose calls of the given kinds are held up until the gate is opened. */
export function gated<Store extends IdempotencyStore>(store: Store, ...calls: readonly Call[]) {
  const { promise, resolve } = Promise.withResolvers<void>();
  let held = 0;
  const slow = interposed(store, async (call) => {
    if (calls.length > 0 && !calls.includes(call)) return;
    held++;
    await promise;
    held--;
  });
  const gate: Gate = {
    get held() {
      return held;
    },
    open: resolve,
  };
  return { store: slow, gate };
}
