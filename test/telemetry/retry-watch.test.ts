import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HeavyHitters } from "../../src/telemetry/heavy-hitters.ts";
import { RETRY_WINDOW_MS, RetryWatch } from "../../src/telemetry/retry-watch.ts";
import { address } from "../support/commands.ts";

describe("heavy hitters", () => {
  it("counts exactly while there is room, most first", () => {
    const hitters = new HeavyHitters<string>(3);
    for (const one of "abcabaaa") hitters.add(one, one);
    expect(hitters.all()).toEqual([
      { what: "a", count: 5, error: 0 },
      { what: "b", count: 2, error: 0 },
      { what: "c", count: 1, error: 0 },
    ]);
  });

  it("never tells too little, and at most its error too much, of whatever was seen", () => {
    const sightings = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 400 });
    fc.assert(
      fc.property(sightings, fc.integer({ min: 1, max: 8 }), (seen, capacity) => {
        const hitters = new HeavyHitters<number>(capacity);
        for (const one of seen) hitters.add(String(one), one);
        const all = hitters.all();
        expect(all.length).toBeLessThanOrEqual(capacity);
        expect(all.reduce((sum, { count }) => sum + count, 0)).toBe(seen.length);
        expect(all.map(({ count }) => count)).toEqual(all.map(({ count }) => count).sort((a, b) => b - a));
        const told = new Map(all.map((hitter) => [hitter.what, hitter]));
        for (const [what, times] of Map.groupBy(seen, (one) => one)) {
          const hitter = told.get(what);
          if (hitter === undefined) expect(times.length).toBeLessThanOrEqual(seen.length / capacity);
          else {
            expect(hitter.count).toBeGreaterThanOrEqual(times.length);
            expect(hitter.count - hitter.error).toBeLessThanOrEqual(times.length);
          }
        }
      }),
    );
  });
});

describe("the retry watch", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["performance"] });
  });
  afterEach(() => vi.useRealTimers());

  it("names the record that is asked for again and again, and its effect", () => {
    const watch = new RetryWatch();
    const hot = address({ operation: "charge" });
    for (let count = 0; count < 400; count++) {
      watch.duplicate(hot);
      watch.duplicate(address({ operation: "charge" }));
    }
    expect(watch.records()[0]).toMatchObject({ what: hot, most: 400, least: 400 });
    expect(watch.operations()[0]).toMatchObject({ what: { operation: "charge" }, least: 800 });
  });

  it("keeps addresses apart whatever their parts hold", () => {
    const watch = new RetryWatch();
    watch.duplicate(address({ operation: "a", stream: "b", key: "c" }));
    watch.duplicate(address({ operation: "a", stream: "bc", key: "c" }));
    watch.duplicate(address({ operation: "ab", stream: "", key: "c" }));
    expect(watch.records()).toHaveLength(3);
  });

  it("adds up the window that runs and the one before, and forgets what is older", () => {
    const watch = new RetryWatch();
    const hot = address();
    watch.duplicate(hot);
    vi.advanceTimersByTime(RETRY_WINDOW_MS);
    watch.duplicate(hot);
    expect(watch.records()).toMatchObject([{ what: hot, most: 2 }]);
    vi.advanceTimersByTime(RETRY_WINDOW_MS);
    expect(watch.records()).toMatchObject([{ what: hot, most: 1 }]);
    vi.advanceTimersByTime(3 * RETRY_WINDOW_MS);
    expect(watch.records()).toEqual([]);
  });
});
