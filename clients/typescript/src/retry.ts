import type { Call } from "./call.ts";
import type { OncewardError } from "./errors.ts";

/** Longest pause before the second try, ms, and how it grows: doubled each time up to the highest. */
const PAUSE_MS_FIRST = 50;
const PAUSE_MS_MAX = 2000;

/** Takes calls and settles them in the end. */
export interface Lane<Out> {
  push(call: Call<Out>): void;
}

export interface Failed<Out> {
  readonly call: Call<Out>;
  readonly error: OncewardError;
}

/** Whether the same call may help: the sidecar could not answer, or was too busy to. */
function isPassing({ code, retryAfterMs }: OncewardError): boolean {
  return code === "UNAVAILABLE" || (code === "RESOURCE_EXHAUSTED" && retryAfterMs !== undefined);
}

/** Full jitter, after what the sidecar asked for. */
function pauseBefore(tries: number, { retryAfterMs = 0 }: OncewardError): number {
  const ceiling = Math.min(PAUSE_MS_MAX, PAUSE_MS_FIRST * 2 ** Math.min(tries - 1, 10));
  return retryAfterMs + Math.random() * ceiling;
}

/**
 * Sends again, with the same arguments, what may be sent again in time; the others fail. Calls that failed together go
 * again together, after one pause: they share a message again.
 */
export function settleOrRetry<Out>(failed: readonly Failed<Out>[], lane: Lane<Out>): void {
  let pause = 0;
  for (const { call, error } of failed) {
    call.land(error);
    if (isPassing(error)) pause = Math.max(pause, pauseBefore(call.tries, error));
  }
  const next = Date.now() + pause;
  const again: Call<Out>[] = [];
  for (const { call, error } of failed) {
    if (isPassing(error) && next < call.deadline && !call.settled) again.push(call);
    else call.fail(error);
  }
  if (again.length === 0) return;
  setTimeout(() => {
    for (const call of again) if (!call.settled) lane.push(call);
  }, pause);
}
