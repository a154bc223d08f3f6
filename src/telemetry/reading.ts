import type { AttributeName, Metric } from "./names.ts";

export type Attributes = { readonly [name in AttributeName]?: string };

/** What fell between two bounds, and in all. */
export interface Distribution {
  /** One more than there are bounds: the last is what lies above all of them. */
  readonly counts: readonly number[];
  readonly sum: number;
}

/** One series, as it stands. */
export interface Point {
  readonly attributes: Attributes;
  readonly value: number | Distribution;
}

/** One metric, as it stands. A metric without points is known, and has nothing to say yet. */
export interface Reading {
  readonly metric: Metric;
  readonly points: readonly Point[];
}

/** Reads every metric. Takes no lock, no disk and no network. */
export type ReadMetrics = () => readonly Reading[];
