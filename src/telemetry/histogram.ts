import type { Distribution } from "./reading.ts";

/** Counts of measured times between fixed bounds. Made once for each series, so that measuring makes nothing. */
export class Histogram {
  readonly #boundsMs: readonly number[];
  /** Of each range, and behind them the sum of all times, ms: as a field it would be a new object at each change. */
  readonly #counts: Float64Array;

  /** @param bounds ascending, seconds */
  constructor(bounds: readonly number[]) {
    this.#boundsMs = bounds.map((bound) => bound * 1000);
    this.#counts = new Float64Array(bounds.length + 2);
  }

  observe(ms: number): void {
    const bounds = this.#boundsMs;
    const counts = this.#counts;
    const sumAt = bounds.length + 1;
    let index = 0;
    while (index < bounds.length && ms > (bounds[index] ?? 0)) index++;
    counts[index] = (counts[index] ?? 0) + 1;
    counts[sumAt] = (counts[sumAt] ?? 0) + ms;
  }

  /** In seconds. */
  read(): Distribution {
    const sumAt = this.#boundsMs.length + 1;
    return { counts: [...this.#counts.subarray(0, sumAt)], sum: (this.#counts[sumAt] ?? 0) / 1000 };
  }
}
