import type { Burst, BurstOptions } from "./protocol.ts";

/** Takes the time of calls. */
export class Stopwatch {
  readonly #latencies: Record<string, number[]> = {};
  #calls = 0;

  /** `decisions` = how many answers the call carries. */
  async time<T>(name: string, call: () => Promise<T>, decisions = 1): Promise<T> {
    const from = performance.now();
    const answer = await call();
    this.#latencies[name] ??= [];
    this.#latencies[name].push(performance.now() - from);
    this.#calls += decisions;
    return answer;
  }

  burst(seconds: number): Burst {
    const lists = Object.entries(this.#latencies).map(([name, list]) => [name, Float64Array.from(list)] as const);
    return { calls: this.#calls, seconds, latencies: Object.fromEntries(lists) };
  }
}

/** Something to measure. A wrong answer rejects: how fast it came is then no matter. */
export interface Work {
  /** Brings about what every step builds on. */
  prepare?(): Promise<void>;
  /** What one caller does before it starts over. */
  step(stopwatch: Stopwatch): Promise<unknown>;
}

/** Callers side by side, each starting over until the time is up. Their last calls are waited for, and counted. */
export async function runLoops(work: Work, { loops, ms }: BurstOptions): Promise<Burst> {
  const stopwatch = new Stopwatch();
  const from = performance.now();
  const caller = async () => {
    while (performance.now() - from < ms) await work.step(stopwatch);
  };
  await Promise.all(Array.from({ length: loops }, caller));
  return stopwatch.burst((performance.now() - from) / 1000);
}

/** Does something `times` over, by callers side by side. */
export async function repeat(times: number, loops: number, act: () => Promise<void>): Promise<void> {
  let left = times;
  const caller = async () => {
    while (left-- > 0) await act();
  };
  await Promise.all(Array.from({ length: loops }, caller));
}

/** @throws when an answer is not the one that the measurement is about. */
export function expectAnswer(what: string, given: unknown, wanted: unknown): void {
  if (given !== wanted) throw new Error(`${what} was answered ${String(given)}, not ${String(wanted)}`);
}
