import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openEmbedded } from "../support/embedded-harness.ts";
import { histories } from "../support/history.ts";
import { align, play } from "../support/player.ts";
import { openRedis } from "../support/redis-harness.ts";
import { openReference, type ReferenceHarness } from "../support/reference-store.ts";
import type { Harness, OpenHarness } from "./harness.ts";

/** How often the embedded store sweeps while histories are played, ms: what is swept must make no difference. */
const SWEEP_EVERY_MS = 20;

/** The stores that must answer as the reference does. */
const STORES: Readonly<Record<string, OpenHarness>> = {
  embedded: () => openEmbedded({ sweepEveryMs: SWEEP_EVERY_MS }),
  redis: () => openRedis(1),
};

/** How many histories: ONCEWARD_RUNS. */
const RUNS = Number(process.env.ONCEWARD_RUNS ?? 250);
/** The seed that a failure prints; ONCEWARD_SEED plays the same histories again. */
const SEED = Number(process.env.ONCEWARD_SEED ?? Math.trunc(Math.random() * 2 ** 31));
const HISTORY_LENGTH_MAX = 60;
/** Longest a history may take on a busy machine, ms. */
const HISTORY_MS_MAX = 2_000;
/** Longest the histories may take in all, looking for the shortest one that fails included, ms. */
const PLAY_MS_MAX = 60_000 + RUNS * HISTORY_MS_MAX;

describe("every store", () => {
  let reference: ReferenceHarness | undefined;
  const harnesses: Harness[] = [];

  beforeAll(async () => {
    reference = await openReference();
    for (const open of Object.values(STORES)) harnesses.push(await open());
    await align([reference, ...harnesses]);
  });
  afterAll(async () => {
    for (const harness of harnesses) await harness.close();
  });

  it(`answers as the reference does, seed ${SEED}`, { timeout: 2 * PLAY_MS_MAX }, async () => {
    const property = fc.asyncProperty(histories(HISTORY_LENGTH_MAX), async (history) => {
      if (reference === undefined) throw new Error("the reference is not open");
      for await (const { event, answers } of play(reference, harnesses, history)) {
        const [expected, ...given] = answers;
        const told = Object.fromEntries(Object.keys(STORES).map((name, i) => [name, given[i]]));
        const wanted = Object.fromEntries(Object.keys(STORES).map((name) => [name, expected]));
        expect(told, event.call).toEqual(wanted);
      }
    });
    const limits = { interruptAfterTimeLimit: PLAY_MS_MAX, markInterruptAsFailure: true };
    await fc.assert(property, { numRuns: RUNS, seed: SEED, ...limits });
  });
});
