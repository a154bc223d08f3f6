import { type EpochMs, type EpochUs, epochMs, epochUs } from "./units.ts";

/** The only way to learn the wall time; passed in, so that a test can hold it. */
export interface Clock {
  now(): EpochMs;
  nowUs(): EpochUs;
}

export const systemClock: Clock = {
  now: () => epochMs(Date.now()),
  nowUs: () => epochUs(Date.now() * 1000),
};

/** Milliseconds by a clock that never steps: for measuring how long something took, never for deciding. */
export function monotonicMs(): number {
  return performance.now();
}
