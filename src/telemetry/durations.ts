import { Histogram } from "./histogram.ts";
import type { Metric } from "./names.ts";
import type { Attributes, Point } from "./reading.ts";

/** Histograms of one metric by two words from closed lists; the second may be empty. Grows with the lists only. */
export class Durations {
  readonly #bounds: readonly number[];
  readonly #byFirst = new Map<string, Map<string, Histogram>>();

  constructor(metric: Metric) {
    this.#bounds = metric.bounds ?? [];
  }

  /** The histogram of one pair: kept by those who measure often. */
  of(first: string, second: string): Histogram {
    const bySecond = this.#byFirst.get(first) ?? new Map<string, Histogram>();
    this.#byFirst.set(first, bySecond);
    const histogram = bySecond.get(second) ?? new Histogram(this.#bounds);
    bySecond.set(second, histogram);
    return histogram;
  }

  observe(first: string, second: string, ms: number): void {
    (this.#byFirst.get(first)?.get(second) ?? this.of(first, second)).observe(ms);
  }

  points(attributesOf: (first: string, second: string) => Attributes): Point[] {
    return [...this.#byFirst].flatMap(([first, bySecond]) =>
      [...bySecond].map(([second, histogram]) => ({
        attributes: attributesOf(first, second),
        value: histogram.read(),
      })),
    );
  }
}
