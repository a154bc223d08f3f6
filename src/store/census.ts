/** Counting unfinished records by what callers see of them. */
import { durationMs } from "../base/units.ts";
import { type VisibleState, visibleState } from "../domain/record.ts";
import type { CensusPage, CensusQuery, Counted, IdempotencyStore } from "./port.ts";

/** Counts that are added up: of pages, or of shards. */
export class Count {
  readonly #byState = new Map<VisibleState, Counted>();

  get byState(): ReadonlyMap<VisibleState, Counted> {
    return this.#byState;
  }

  add(state: VisibleState, { records, oldest }: Counted): void {
    const before = this.#byState.get(state);
    this.#byState.set(state, {
      records: records + (before?.records ?? 0),
      oldest: durationMs(Math.max(oldest, before?.oldest ?? 0)),
    });
  }
}

/** A census by reading: for a store whose records are at hand anyway. */
export async function censusByList(store: Pick<IdempotencyStore, "list">, query: CensusQuery): Promise<CensusPage> {
  const { records, next } = await store.list({ ...query, states: new Set(), olderThan: durationMs(0) });
  const count = new Count();
  for (const { record, now } of records) {
    const state = visibleState(record, now);
    const oldest = durationMs(Math.max(0, now - record.createdAt));
    if (state !== undefined) count.add(state, { records: 1, oldest });
  }
  return { counted: count.byState, next };
}
