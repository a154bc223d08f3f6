import { monotonicMs } from "../base/clock.ts";
import { Durations } from "./durations.ts";
import { METRICS } from "./names.ts";
import type { Point } from "./reading.ts";
import { EVENTS } from "./spans.ts";
import type { Tracing } from "./tracing.ts";

export type WaitedFor = "record" | "lease";
export type WaitEnd = "answered" | "timed_out" | "gone" | "failed";

/** How long calls waited, and how many could not. */
export class Waits {
  readonly #tracing: Tracing;
  readonly #durations = new Durations(METRICS.waitDuration);
  readonly #refused = { record: 0, lease: 0 };

  constructor(tracing: Tracing) {
    this.#tracing = tracing;
  }

  refused(what: WaitedFor): void {
    this.#refused[what]++;
  }

  /** A call begins to wait; the returned function is told how that ended. */
  started(what: WaitedFor): (end: WaitEnd) => void {
    const began = monotonicMs();
    const span = this.#tracing.current();
    span?.event(EVENTS.waitStarted);
    return (end) => {
      this.#durations.observe(what, end, monotonicMs() - began);
      span?.event(EVENTS.waitEnded, { "onceward.wait.end": end });
    };
  }

  durations(): Point[] {
    return this.#durations.points((what, end) => ({ "onceward.wait.for": what, "onceward.wait.end": end }));
  }

  refusals(): Point[] {
    return Object.entries(this.#refused).map(([what, value]) => ({ attributes: { "onceward.wait.for": what }, value }));
  }
}
