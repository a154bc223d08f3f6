import { describe, expect, it } from "vitest";
import { Stopwatch } from "../../bench/load/loops.ts";
import { Filled, recordAt } from "../../bench/scale/filled.ts";
import type { IdempotencyStore } from "../../src/store/port.ts";

/** Knows which keys were finished, and nothing else of a store. */
function remembering() {
  const finished = new Set<string>();
  const begun = { record: { token: 1n } };
  const store: Pick<IdempotencyStore, "begin" | "complete"> = {
    begin: async ({ key }) => ({ kind: finished.has(key) ? "replay" : "started", ...begun }) as never,
    async complete({ key }) {
      finished.add(key);
      return { kind: "stored" } as never; // the answers are read no further
    },
  };
  return { store: store as IdempotencyStore, finished };
}

const OPTIONS = { signal: new AbortController().signal, show: () => {} };

describe("a store that is filled with records", () => {
  it("holds as many as were asked for, each once, whatever was there", async () => {
    const { store, finished } = remembering();
    const filled = new Filled(store);
    await filled.fillTo(10, OPTIONS);
    await filled.fillTo(12_345, OPTIONS);
    expect(filled.records).toBe(12_345);
    expect(finished.size).toBe(12_345);
  });

  it("is asked for duplicates of what it holds, and for Begins of what it does not", async () => {
    const { store, finished } = remembering();
    const filled = new Filled(store);
    await filled.fillTo(100, OPTIONS);
    const stopwatch = new Stopwatch();
    for (const share of [0, 0.5, 0.999]) await filled.replays(() => share).step(stopwatch);
    await filled.begins().step(stopwatch);
    const { latencies } = stopwatch.burst(1);
    expect(Object.entries(latencies).map(([name, list]) => [name, list.length])).toEqual([
      ["replay", 3],
      ["begin", 1],
    ]);
    expect(finished.size).toBe(101);
  });

  it("finds a record again by its number alone", () => {
    expect(recordAt(7)).toEqual(recordAt(7));
    expect(recordAt(7).address).not.toEqual(recordAt(8).address);
  });
});
