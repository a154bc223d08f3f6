/** How many unfinished records a namespace has, a page of the index at a time: Redis counts, and tells numbers only. */
import { durationMs } from "../../base/units.ts";
import type { VisibleState } from "../../domain/record.ts";
import { Count } from "../census.ts";
import type { CensusPage, CensusQuery } from "../port.ts";
import type { Fleet } from "./fleet.ts";
import { cursorOf, drop, placeAt, walk } from "./index-walk.ts";
import { recordKey } from "./keys.ts";

/** As `lua/upkeep/survey.lua` tells them. */
const STATES = ["unknown", "in_progress", "retryable", "dead_lettered"] as const satisfies readonly VisibleState[];
/** Of each state how many records are in it and the age of the oldest, ms; and which keys hold no unfinished one. */
type Survey = readonly [records: readonly number[], oldest: readonly number[], notThere: readonly number[]];

export async function surveyRecords(fleet: Fleet, { namespace, limit, cursor }: CensusQuery): Promise<CensusPage> {
  const { shard, entries, next } = await walk(fleet, namespace, placeAt(cursor), limit);
  const count = new Count();
  if (entries.length > 0) {
    const [records, oldest, notThere] = (await shard.run("survey", entries.map(recordKey), [])) as Survey;
    for (const [n, state] of STATES.entries()) {
      const found = records[n] ?? 0;
      if (found > 0) count.add(state, { records: found, oldest: durationMs(oldest[n] ?? 0) });
    }
    for (const which of notThere) {
      const entry = entries[which - 1];
      if (entry !== undefined) drop(shard, entry, namespace);
    }
  }
  return { counted: count.byState, next: cursorOf(next) };
}
