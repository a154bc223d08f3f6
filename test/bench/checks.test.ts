import { describe, expect, it } from "vitest";
import type { Size } from "../../bench/scale/sizes.ts";
import { checksOf } from "../../bench/scale/suite.ts";
import { checkBudgets } from "../../bench/side-by-side/checks.ts";
import { rateFor } from "../../bench/side-by-side/offer.ts";
import type { Measurement } from "../../bench/side-by-side/run.ts";
import { summarize } from "../../bench/side-by-side/summary.ts";
import { chosen } from "../../bench/side-by-side/variants.ts";
import { spread } from "../../bench/statistics.ts";
import { choosePins, coresOf, pinsInWords } from "../../bench/support/pin.ts";

type Cost = Partial<Pick<Measurement, "serverUs" | "redisUs" | "clientUs">>;

function measured(variant: string, round: number, calls: number, cost: Cost): Measurement {
  const none = { serverUs: Number.NaN, redisUs: Number.NaN, clientUs: Number.NaN };
  return { variant, round, burst: { calls, seconds: 1, latencies: {} }, ...none, ...cost };
}

describe("the budgets of variants side by side", () => {
  // In the second round everything took twice as long.
  const all = [1, 2].flatMap((round) => [
    measured("echo", round, 1000, { serverUs: 50_000 * round }),
    measured("redis-begin", round, 500, { serverUs: 50_000 * round }),
    measured("redis-begin-batch", round, 5000, { serverUs: 50_000 * round }),
    measured("script-batch", round, 20_000, { redisUs: 100_000 * round }),
    measured("redis-store", round, 100, { redisUs: 2000 * round }),
    measured("script", round, 100, { redisUs: 1000 * round }),
    measured("client-replay", round, 100, { clientUs: 2000 * round }),
    measured("powertools-replay", round, 100, { clientUs: 8000 * round }),
  ]);
  const median = (id: string, of: readonly Measurement[]) =>
    checkBudgets(of).find((one) => one.id === id)?.measured.median;

  it.each([
    ["P1", 0.5],
    ["P2", 0.5],
    ["P3", 10],
    ["P4", 2],
    ["P7", 0.25],
  ])("%s pairs by round", (id, value) => {
    expect(median(id, all)).toBeCloseTo(value);
  });

  it("say nothing of what was left out", () => {
    expect(median("P8", all)).toBeNaN();
    expect(checkBudgets([]).every((one) => Number.isNaN(one.measured.median))).toBe(true);
  });
});

describe("the offered load", () => {
  it("is half of what the slowest variant served", () => {
    const variants = chosen(["echo", "redis", "redis-batch"]);
    const served = { echo: 2000, redis: 900, "redis-batch": 100 };
    const summaries = summarize(
      variants,
      Object.entries(served).map(([name, calls]) => measured(name, 1, calls, {})),
    );
    expect(rateFor(summaries, new Set(["echo", "redis"]))).toBe(450);
    expect(rateFor([], new Set(["echo"]))).toBeUndefined();
  });
});

describe("the budgets of stores of several sizes", () => {
  const size = (store: string, records: number, replay: number): Size => ({
    store,
    records,
    replayMs: { p50: 1, p99: 1 },
    beginMs: { p50: 1, p99: 1 },
    replayRatio: spread([replay]),
    beginRatio: spread([1]),
    served: { p50: 1, p99: 1, ratio: spread([replay / 2]) },
    reopenMs: 1,
    restartMs: 1,
    bytesPerRecord: records,
    bytesOfRecord: 1,
  });

  it("are held by the store that does worse, at the largest size", () => {
    const sizes = [size("embedded", 10, 9), size("embedded", 300, 1.4), size("redis", 10, 9), size("redis", 300, 1.1)];
    const [p11, p12] = checksOf(sizes);
    expect(p11).toMatchObject({ id: "P11", measured: { median: 300 } });
    expect(p12).toMatchObject({ id: "P12", measured: { median: 1.4 } });
  });

  it("compare nothing where there is one size", () => {
    expect(checksOf([size("redis", 10, 1)])[1]?.measured.median).toBeNaN();
  });
});

describe("cores", () => {
  it.each([
    [[], undefined],
    [[3], undefined],
    [[0, 1], { server: [0], redis: [0, 1], caller: [1] }],
    [[0, 1, 2, 5], { server: [0], redis: [1], caller: [2, 5] }],
  ])("of %j are shared out so that servers have one for themselves", (cores, pins) => {
    expect(choosePins(cores)).toEqual(pins);
  });

  it("are read as Linux writes them", () => {
    expect(coresOf("0,2-4")).toEqual([0, 2, 3, 4]);
  });

  it("are told in words", () => {
    expect(pinsInWords(choosePins([0, 1]))).toBe("servers on 0, Redis on 0 or 1, callers on 1");
    expect(pinsInWords(undefined)).toBe("nothing is pinned to a core");
  });
});
