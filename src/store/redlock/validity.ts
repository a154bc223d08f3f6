import { monotonicMs } from "../../base/clock.ts";

/** How much faster than ours a node's clock may run, and how coarsely it counts: Redlock's own allowance. */
const DRIFT_FACTOR = 0.01;
const DRIFT_MS = 2;

/**
 * How long a lease may still be relied on, whole ms, when the nodes were asked at `askedAt` ({@link monotonicMs}) and
 * hold it for `leaseMs` from some moment after that. 0 or less = not at all.
 */
export function validityOf(leaseMs: number, askedAt: number): number {
  const elapsed = monotonicMs() - askedAt;
  return Math.floor(leaseMs - elapsed - (leaseMs * DRIFT_FACTOR + DRIFT_MS));
}

/** What at least `majority` of these have left, ms; 0 when they are fewer. */
export function leftOnMajority(lefts: readonly number[], majority: number): number {
  return lefts.toSorted((a, b) => b - a)[majority - 1] ?? 0;
}
