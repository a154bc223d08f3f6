import { describe, expect, it } from "vitest";
import { streamOf } from "../support/ordered.ts";
import type { Harness } from "./harness.ts";

const ITEMS = 400;
const WORKERS = 20;
/** The items lie on both sides of the last number that a double holds exactly. */
const FIRST = 2n ** 53n - BigInt(ITEMS / 2);
/** Deliveries after which the queue is given up: a worker that spins would need many more. */
const DELIVERIES_MAX = ITEMS * ITEMS;

/** A queue that delivers out of order, and workers that hand back what they may not run yet. */
export function orderingRaceCases(on: () => Harness): void {
  describe(`${ITEMS} shuffled items of one stream under ${WORKERS} workers`, () => {
    it("are committed once each, in exact order, whatever is delivered twice or given back", async () => {
      const stream = streamOf(on(), "strict_next");
      const initial = { initial: FIRST };
      const numbers = Array.from({ length: ITEMS }, (_, n) => FIRST + BigInt(n));
      const queue = shuffled([...numbers, ...numbers]);
      const committed: bigint[] = [];
      const givenBack = new Set<bigint>();
      let deliveries = 0;

      const deliver = async (number: bigint): Promise<"done" | "nack"> => {
        const effect = stream.effect(number, initial);
        const begun = await effect.begin();
        if (begun.kind === "replay" || begun.kind === "stale") return "done";
        if (begun.kind !== "started") return "nack";
        const { token } = begun.record;
        if (number % 10n === 0n && !givenBack.has(number)) {
          givenBack.add(number);
          await effect.release(token);
          return "nack";
        }
        const completed = await effect.complete(token);
        if (completed.kind !== "stored") throw new Error(`${number} was ${completed.kind}`);
        committed.push(number);
        return "done";
      };
      const work = async () => {
        for (let number = queue.shift(); number !== undefined; number = queue.shift()) {
          if (++deliveries > DELIVERIES_MAX) throw new Error(`${committed.length} committed, and no end in sight`);
          if ((await deliver(number)) === "nack") queue.push(number);
        }
      };
      await Promise.all(Array.from({ length: WORKERS }, work));
      expect(committed).toEqual(numbers);
      expect(await stream.read()).toMatchObject({ last: numbers.at(-1), reservation: undefined });
      expect(givenBack.size).toBe(ITEMS / 10);
    });
  });
}

/** Always the same disorder: by a linear congruential generator (Numerical Recipes). */
function shuffled<T>(items: readonly T[]): T[] {
  let state = 1;
  const keyed = items.map((item) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return { item, at: state };
  });
  return keyed.sort((a, b) => a.at - b.at).map(({ item }) => item);
}
