/** Whoever waits for one outcome. Told once, one way or the other. */
export interface Told<T> {
  resolve(outcome: T): void;
  reject(fault: unknown): void;
}

/** What `Promise.allSettled` does, for calls that tell rather than promise: one promise for all of them. */
export function settledTogether<Ask, T>(
  asks: readonly Ask[],
  send: (ask: Ask, told: Told<T>) => void,
): Promise<ReadonlyArray<PromiseSettledResult<T>>> {
  return new Promise((resolve) => {
    const settled = new Array<PromiseSettledResult<T>>(asks.length);
    let left = asks.length;
    if (left === 0) resolve(settled);
    const settle = (n: number, result: PromiseSettledResult<T>) => {
      settled[n] = result;
      left -= 1;
      if (left === 0) resolve(settled);
    };
    for (const [n, ask] of asks.entries()) {
      const told: Told<T> = {
        resolve: (value) => settle(n, { status: "fulfilled", value }),
        reject: (reason) => settle(n, { status: "rejected", reason }),
      };
      try {
        send(ask, told);
      } catch (fault) {
        told.reject(fault);
      }
    }
  });
}
