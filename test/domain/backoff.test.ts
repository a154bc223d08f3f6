import { describe, expect, it } from "vitest";
import { durationMs } from "../../src/base/units.ts";
import { type Backoff, duplicateRetryAfter, fullJitter } from "../../src/domain/backoff.ts";

const BACKOFF: Backoff = { base: durationMs(1000), cap: durationMs(300_000) };
/** The largest fraction below 1 that a double holds. */
const ALMOST_ONE = 1 - 2 ** -53;

describe("the back-off of a retryable failure", () => {
  it.each([
    [1, 1000],
    [2, 2000],
    [3, 4000],
    [9, 256_000],
    [10, 300_000],
    [50, 300_000],
    [2 ** 32 - 1, 300_000],
  ])("of attempt %i is drawn from below %i ms", (attempt, ceiling) => {
    expect(fullJitter(BACKOFF, attempt, ALMOST_ONE)).toBe(ceiling - 1);
    expect(fullJitter(BACKOFF, attempt, 0.5)).toBe(ceiling / 2);
    expect(fullJitter(BACKOFF, attempt, 0)).toBe(0);
  });

  it("of no attempt, all having been released, is that of the first", () => {
    expect(fullJitter(BACKOFF, 0, 0.5)).toBe(500);
  });

  it("never passes a cap that is lower than the base", () => {
    expect(fullJitter({ base: durationMs(1000), cap: durationMs(300) }, 1, ALMOST_ONE)).toBe(299);
  });

  it("is nothing where the base is nothing", () => {
    expect(fullJitter({ base: durationMs(0), cap: durationMs(300) }, 50, ALMOST_ONE)).toBe(0);
  });

  it("is a whole number of milliseconds", () => {
    expect(fullJitter(BACKOFF, 1, 1 / 3)).toBe(333);
  });
});

describe("the hint to a duplicate when to ask again", () => {
  it.each([
    [30_000, 0, 500],
    [30_000, 0.999, 999],
    [1000, 0.5, 750],
    [100, 0, 50],
    [100, 0.99, 99],
    [2, 0, 1],
    [1, 0, 1],
    [1, ALMOST_ONE, 1],
  ])("with %i ms of the lease left and a fraction of %d is %i ms", (left, fraction, hint) => {
    expect(duplicateRetryAfter(durationMs(left), fraction)).toBe(hint);
  });

  it("is at least 1 ms and at most the lease left, whatever is drawn", () => {
    for (let left = 1; left < 2000; left += 13) {
      for (const fraction of [0, 0.1, 0.5, 0.9, ALMOST_ONE]) {
        const hint = duplicateRetryAfter(durationMs(left), fraction);
        expect(hint).toBeGreaterThanOrEqual(1);
        expect(hint).toBeLessThanOrEqual(left);
      }
    }
  });
});
