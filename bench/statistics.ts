/** Of values that lie beside each other in one run: the middle, and where the middle half of them lies. */
export interface Spread {
  readonly median: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
  /** Where the median of endless rounds lies, with 95 % confidence: it narrows with their number, unlike the others. */
  readonly confidence: readonly [from: number, to: number];
}

/** Of the normal distribution, for 95 %. */
const DEVIATIONS = 1.96;

/**
 * The smallest of the values that at least this share of them (0..1) does not exceed: nearest rank, so always a value
 * that was measured. NaN when there are none.
 * @param sorted ascending
 */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/** Median and quartiles, interpolated between neighbours: rounds are few. NaN when there are none. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    lowerQuartile: quantile(sorted, 0.25),
    upperQuartile: quantile(sorted, 0.75),
    confidence: confidenceOf(sorted),
  };
}

/**
 * By the order of the values alone, whatever their distribution: how many of n lie below their median is binomial
 * (Conover, Practical Nonparametric Statistics, 3.2). Of few values it is all of them.
 * @param sorted ascending
 */
function confidenceOf(sorted: readonly number[]): readonly [number, number] {
  const half = (DEVIATIONS * Math.sqrt(sorted.length)) / 2;
  const middle = sorted.length / 2;
  const from = Math.max(0, Math.floor(middle - half) - 1);
  const to = Math.min(sorted.length - 1, Math.ceil(middle + half));
  return [sorted[from] ?? Number.NaN, sorted[to] ?? Number.NaN];
}

function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

/**
 * Each value divided by the base's of the same round, so that what slowed a whole round down cancels out. A round that
 * either of them lacks is left out.
 * @param values one a round; NaN = was not measured
 */
export function pairedRatios(values: readonly number[], base: readonly number[]): number[] {
  return values.map((value, round) => value / (base[round] ?? Number.NaN)).filter(Number.isFinite);
}

/** Every list in one, ascending. */
export function mergedAndSorted(lists: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(lists.reduce((length, list) => length + list.length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all.sort();
}
