import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type Guard, guardWork } from "../../bench/load/guard.ts";
import { runAtRate, Stopwatch, type Work } from "../../bench/load/loops.ts";
import { OFFERED } from "../../bench/load/protocol.ts";

describe("offered load", () => {
  it("counts a stall for everybody who comes while it lasts", async () => {
    const STALL_MS = 200;
    const over = pause(STALL_MS);
    const work: Work = { step: (stopwatch) => stopwatch.time("call", () => over) };
    const { latencies, calls } = await runAtRate(work, { stepsPerSecond: 100, ms: 100 });
    const waited = [...(latencies[OFFERED.step] ?? [])];
    expect(calls).toBe(10);
    expect(waited).toHaveLength(10);
    // Due every 10 ms, and all answered at once: a caller who waits for his answer would have noticed it once.
    expect(Math.min(...waited)).toBeGreaterThan(STALL_MS - 100 - 10);
  });

  it("counts the time that a step was sent too late", async () => {
    let first = true;
    const work: Work = {
      async step() {
        const until = performance.now() + (first ? 60 : 0);
        first = false;
        while (performance.now() < until); // nothing else runs meanwhile, so later steps are late
      },
    };
    const { latencies } = await runAtRate(work, { stepsPerSecond: 100, ms: 50 });
    expect(latencies[OFFERED.sentLate]?.[1]).toBeGreaterThan(40);
    expect(latencies[OFFERED.step]?.[1]).toBeGreaterThan(40);
  });

  it("fails with the first failure, when all are settled", async () => {
    const work: Work = { step: () => Promise.reject(new Error("wrong answer")) };
    await expect(runAtRate(work, { stepsPerSecond: 1000, ms: 20 })).rejects.toThrow("wrong answer");
  });
});

describe("what a guard is asked", () => {
  function counting() {
    const asked: string[] = [];
    let last = 0;
    const guard: Guard<number> = {
      fresh: () => ++last,
      async first(number) {
        asked.push(`first ${number}`);
      },
      async again(number) {
        asked.push(`again ${number}`);
      },
    };
    return { guard, asked };
  }

  async function run(work: Work, steps: number) {
    await work.prepare?.();
    const stopwatch = new Stopwatch();
    for (let step = 0; step < steps; step++) await work.step(stopwatch);
  }

  it("is always something new for pairs", async () => {
    const { guard, asked } = counting();
    await run(guardWork(guard, "pairs"), 3);
    expect(asked).toEqual(["first 1", "first 2", "first 3"]);
  });

  it("is what was finished beforehand for replays", async () => {
    const { guard, asked } = counting();
    await run(guardWork(guard, "replays"), 1000);
    const [first, again] = [asked.slice(0, -1000), asked.slice(-1000)];
    expect(first.every((what) => what.startsWith("first"))).toBe(true);
    expect(new Set(again).size).toBe(first.length);
    expect(again.every((what) => what.startsWith("again"))).toBe(true);
  });

  it("is one duplicate in twenty for a mix", async () => {
    const { guard, asked } = counting();
    await run(guardWork(guard, "mix"), 200);
    const again = asked.slice(-200).filter((what) => what.startsWith("again"));
    expect(again).toHaveLength(10);
    expect(new Set(again).size).toBe(10);
  });
});
