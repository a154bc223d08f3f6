import type { VisibleState } from "../../src/domain/record.ts";
import { Count } from "../../src/store/census.ts";
import type { Counted, IdempotencyStore } from "../../src/store/port.ts";

/** Bounds the loop: far more pages than any test has. */
const PAGES_MAX = 2000;

/** Every page of a census added up, by state. */
export async function censusOf(store: IdempotencyStore, namespace: string, limit: number) {
  const count = new Count();
  let cursor = "";
  for (let n = 0; n === 0 || (cursor !== "" && n < PAGES_MAX); n++) {
    const page = await store.census({ namespace, limit, cursor });
    for (const [state, counted] of page.counted) count.add(state, counted);
    cursor = page.next;
  }
  return Object.fromEntries(count.byState) as Partial<Record<VisibleState, Counted>>; // the map's own entries
}
