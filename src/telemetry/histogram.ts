import type { Distribution } from "./reading.ts";

/** Counts of measured times between fixed bounds. Made once for each series, so that measuring makes nothing. */
export class Histogram {
  readonly #boundsMs: readonly number[];
  readonly #counts: Float64Array;
  #sumMs = 0;

  /** @param bounds ascending, seconds */
  constructor(bounds: readonly number[]) {
    this.#boundsMs = bounds.map((bound) => bound * 1000);
    this.#counts = new Float64Array(bounds.length + 1);
  }

  observe(ms: number): void {
    const bounds = this.#boundsMs;
    let index = 0;
    while (index < bounds.length && ms > (bounds[index] ?? 0)) index++;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sumMs += ms;
  }

  /** In seconds. */
  read(): Distribution {
    return { counts: [...this.#counts], sum: this.#sumMs / 1000 };
  }
}
