/** Whoever waits for one outcome. Told once, one way or the other. */
export interface Told<T> {
  resolve(outcome: T): void;
  reject(fault: unknown): void;
}

type Settled<T> = ReadonlyArray<PromiseSettledResult<T>>;

/** What `Promise.allSettled` does, for calls that tell rather than promise: one promise for all of them. */
export function settledTogether<Ask, T>(
  asks: readonly Ask[],
  send: (ask: Ask, told: Told<T>) => void,
): Promise<Settled<T>> {
  return new Promise((resolve) => {
    const group = new Group<T>(asks.length, resolve);
    let place = 0;
    for (const ask of asks) {
      const told = new Member(group, place++);
      try {
        send(ask, told);
      } catch (fault) {
        told.reject(fault);
      }
    }
  });
}

class Group<T> {
  readonly #settled: PromiseSettledResult<T>[];
  readonly #resolve: (settled: Settled<T>) => void;
  #left: number;

  constructor(size: number, resolve: (settled: Settled<T>) => void) {
    this.#settled = new Array(size);
    this.#resolve = resolve;
    this.#left = size;
    if (size === 0) resolve([]);
  }

  settle(place: number, result: PromiseSettledResult<T>): void {
    this.#settled[place] = result;
    this.#left -= 1;
    if (this.#left === 0) this.#resolve(this.#settled);
  }
}

class Member<T> implements Told<T> {
  readonly #group: Group<T>;
  readonly #place: number;

  constructor(group: Group<T>, place: number) {
    this.#group = group;
    this.#place = place;
  }

  resolve(value: T): void {
    this.#group.settle(this.#place, { status: "fulfilled", value });
  }

  reject(reason: unknown): void {
    this.#group.settle(this.#place, { status: "rejected", reason });
  }
}
