import { setTimeout as pause } from "node:timers/promises";
import { type Burst, type BurstOptions, OFFERED, type OfferOptions } from "./protocol.ts";

/** How often somebody looks whether a step is due, ms: the least that a timer can do. */
const TICK_MS = 1;
/** More steps than that without an answer mean that the load cannot be carried. A sidecar refuses more by itself. */
const UNANSWERED_MAX = 2000;

/** Takes the time of calls. */
export class Stopwatch {
  readonly #latencies: Record<string, number[]> = {};
  #calls = 0;

  /** `decisions` = how many answers the call carries. */
  async time<T>(name: string, call: () => Promise<T>, decisions = 1): Promise<T> {
    const from = performance.now();
    const answer = await call();
    this.note(name, performance.now() - from);
    this.#calls += decisions;
    return answer;
  }

  note(name: string, ms: number): void {
    this.#latencies[name] ??= [];
    this.#latencies[name].push(ms);
  }

  get calls(): number {
    return this.#calls;
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

/**
 * Steps at a fixed rate, whether earlier ones were answered or not, as callers come who know nothing of each other.
 * The time of each is taken from when it was due: a stall is counted for everybody who came while it lasted.
 */
export async function runAtRate(work: Work, { stepsPerSecond, ms }: OfferOptions): Promise<Burst> {
  const stopwatch = new Stopwatch();
  const inner = new Stopwatch();
  const steps = Math.max(1, Math.floor((stepsPerSecond * ms) / 1000));
  const answers: Promise<void>[] = [];
  let unanswered = 0;
  let failure: unknown;
  const send = async (dueAt: number) => {
    unanswered++;
    stopwatch.note(OFFERED.sentLate, performance.now() - dueAt);
    try {
      await work.step(inner);
      stopwatch.note(OFFERED.step, performance.now() - dueAt);
    } catch (error) {
      failure ??= error;
    }
    unanswered--;
  };
  const from = performance.now();
  while (answers.length < steps && failure === undefined) {
    const due = Math.min(steps, Math.floor(((performance.now() - from) * stepsPerSecond) / 1000) + 1);
    while (answers.length < due) answers.push(send(from + (answers.length * 1000) / stepsPerSecond));
    if (unanswered > UNANSWERED_MAX) failure = new Error(`${stepsPerSecond} steps a second are too many`);
    await pause(TICK_MS);
  }
  await Promise.all(answers);
  if (failure !== undefined) throw failure;
  return { ...stopwatch.burst((performance.now() - from) / 1000), calls: inner.calls };
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
