import { describe, expect, it } from "vitest";
import { seeded, shuffled } from "../../bench/random.ts";
import { mergedAndSorted, pairedRatios, percentile, spread } from "../../bench/statistics.ts";

describe("a percentile", () => {
  const sorted = [15, 20, 35, 40, 50];

  it.each([
    [0.05, 15],
    [0.2, 15],
    [0.21, 20],
    [0.3, 20],
    [0.4, 20],
    [0.5, 35],
    [0.99, 50],
    [1, 50],
  ])("of share %f is the value of the nearest rank", (share, value) => {
    expect(percentile(sorted, share)).toBe(value);
  });

  it("is the only value there is", () => {
    expect(percentile([7], 0.5)).toBe(7);
    expect(percentile([7], 0)).toBe(7);
  });

  it("of nothing is no number", () => {
    expect(percentile([], 0.5)).toBeNaN();
  });
});

describe("a spread", () => {
  it("takes the middle of an odd number of values", () => {
    expect(spread([9, 1, 5, 3, 7])).toMatchObject({ median: 5, lowerQuartile: 3, upperQuartile: 7 });
  });

  it("interpolates between the neighbours of an even number", () => {
    expect(spread([4, 1, 3, 2])).toMatchObject({ median: 2.5, lowerQuartile: 1.75, upperQuartile: 3.25 });
  });

  it("orders by size, not by digits", () => {
    expect(spread([100, 9, 20]).median).toBe(20);
  });

  it("does not follow an outlier", () => {
    expect(spread([1, 1, 1, 1, 1000]).median).toBe(1);
  });

  it("says between which of its values the median of endless rounds lies", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(spread(hundred).confidence).toEqual([40, 61]); // as the tables of the binomial distribution have it
    expect(spread([2, 1, 3]).confidence).toEqual([1, 3]);
  });

  it("of nothing is no number", () => {
    const nothing = { median: Number.NaN, lowerQuartile: Number.NaN, upperQuartile: Number.NaN };
    expect(spread([])).toEqual({ ...nothing, confidence: [Number.NaN, Number.NaN] });
  });
});

describe("paired ratios", () => {
  it("divide by the base of the same round", () => {
    // Everything ran at half the speed in the second round: the ratio does not change.
    expect(pairedRatios([80, 40, 30], [100, 50, 60])).toEqual([0.8, 0.8, 0.5]);
  });

  it("leave out a round that either of them lacks", () => {
    expect(pairedRatios([80, Number.NaN, 30], [100, 50, Number.NaN])).toEqual([0.8]);
    expect(pairedRatios([80, 40], [100])).toEqual([0.8]);
  });

  it("leave out a round in which the base did nothing", () => {
    expect(pairedRatios([80, 40], [0, 50])).toEqual([0.8]);
  });
});

describe("merged lists", () => {
  it("are one list in order of size", () => {
    const lists = [Float64Array.of(3, 10), new Float64Array(), Float64Array.of(2)];
    expect([...mergedAndSorted(lists)]).toEqual([2, 3, 10]);
  });
});

describe("the order of the bursts", () => {
  const items = ["a", "b", "c", "d", "e"];

  it("is the same for the same seed", () => {
    const [one, other] = [seeded(17), seeded(17)];
    const rounds = (random: () => number) => Array.from({ length: 20 }, () => shuffled(items, random).join(""));
    expect(rounds(one)).toEqual(rounds(other));
  });

  it("holds every item once, and puts each into every place sooner or later", () => {
    const random = seeded(4);
    const places = new Set<string>();
    for (let round = 0; round < 200; round++) {
      const order = shuffled(items, random);
      expect(order.toSorted()).toEqual(items);
      for (const [place, item] of order.entries()) places.add(`${item}${place}`);
    }
    expect(places.size).toBe(items.length ** 2);
  });
});
