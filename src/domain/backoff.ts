import { type DurationMs, durationMs } from "../base/units.ts";

/** Back-off of a retryable failure: exponential in the attempt number, from `base`, never above `cap`. */
export interface Backoff {
  readonly base: DurationMs;
  readonly cap: DurationMs;
}

/** Longest hint to a duplicate whose winner is running, ms: results mostly come long before the lease ends. */
const DUPLICATE_RETRY_MS_MAX = 1000;

/**
 * Full jitter: uniform in [0, min(cap, base * 2^(attempt - 1))), which spreads a herd of retries best (Marc Brooker,
 * "Exponential Backoff And Jitter", AWS Architecture Blog, 2015). `fraction` is uniform in [0, 1).
 */
export function fullJitter(backoff: Backoff, attempt: number, fraction: number): DurationMs {
  let ceiling: number = backoff.base;
  for (let n = 1; n < attempt && ceiling < backoff.cap; n++) ceiling *= 2;
  return durationMs(Math.floor(Math.min(ceiling, backoff.cap) * fraction));
}

/**
 * When a duplicate should ask again: jittered over the upper half of what is left of the lease, or of one second where
 * the lease is longer. At least 1 ms, at most the lease left.
 */
export function duplicateRetryAfter(leaseLeft: DurationMs, fraction: number): DurationMs {
  const ceiling = Math.min(leaseLeft, DUPLICATE_RETRY_MS_MAX);
  return durationMs(Math.max(1, Math.floor(ceiling * (0.5 + fraction / 2))));
}
