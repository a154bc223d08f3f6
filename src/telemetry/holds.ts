import { monotonicMs } from "../base/clock.ts";
import type { LeaseAddress } from "../domain/lease.ts";
import { Durations } from "./durations.ts";
import { METRICS } from "./names.ts";
import type { Point } from "./reading.ts";

/** Leases whose beginning is remembered; beyond them the oldest is forgotten, and not measured. */
const LEASES_MAX = 10_000;

/** How long leases were held, as far as both ends went through this process. */
export class Holds {
  readonly #since = new Map<string, number>();
  readonly #durations = new Durations(METRICS.leaseHold);

  /** A lease that is acquired again by a repeat of the call has been held since the first. */
  acquired(at: LeaseAddress, leaseId: string): void {
    const key = keyOf(at, leaseId);
    if (this.#since.has(key)) return;
    const [oldest] = this.#since.keys();
    if (this.#since.size >= LEASES_MAX && oldest !== undefined) this.#since.delete(oldest);
    this.#since.set(key, monotonicMs());
  }

  ended(at: LeaseAddress, leaseId: string, outcome: "released" | "lost"): void {
    const key = keyOf(at, leaseId);
    const since = this.#since.get(key);
    if (since === undefined) return;
    this.#since.delete(key);
    this.#durations.observe(outcome, "", monotonicMs() - since);
  }

  points(): Point[] {
    return this.#durations.points((outcome) => ({ "onceward.outcome": outcome }));
  }
}

function keyOf({ namespace, resource }: LeaseAddress, leaseId: string): string {
  return `${namespace} ${leaseId} ${resource}`;
}
