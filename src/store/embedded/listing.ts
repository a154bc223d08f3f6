import type { Clock } from "../../base/clock.ts";
import { invalid } from "../../base/errors.ts";
import { type EpochMs, later } from "../../base/units.ts";
import { isFinished, isPresent, type Seen, type UnfinishedRecord, visibleState } from "../../domain/record.ts";
import type { ListPage, ListQuery } from "../port.ts";
import type { GroupCommit } from "./commit.ts";
import type { Disk } from "./disk.ts";
import type { DuplicateCounts } from "./duplicates.ts";
import { unpackAnyhow } from "./held.ts";
import * as keys from "./keys.ts";

/** Entries looked at for one page; a page that found too little by then says where to go on. */
const EXAMINED_MAX = 1000;
/** Entries read at a time, so that a short page does not read a long one's worth. */
const SLICE_ENTRIES_MAX = 100;

export interface ListingDeps {
  readonly disk: Disk;
  readonly commit: GroupCommit;
  readonly counts: DuplicateCounts;
  readonly clock: Clock;
}

/** Unfinished records of a namespace, those created first at the head. */
export async function listUnfinished(query: ListQuery, deps: ListingDeps): Promise<ListPage> {
  const now = deps.clock.now();
  const records: Seen<UnfinishedRecord>[] = [];
  let range = rangeOf(query, now);
  let last: Buffer | undefined;
  await deps.commit.quiet(); // what was decided before this call is then on disk, and so in the index
  for (let examined = 0; examined < EXAMINED_MAX; examined += SLICE_ENTRIES_MAX) {
    const entries = await deps.disk.database().keys(range, SLICE_ENTRIES_MAX);
    const seen = await look(entries, now, deps);
    for (const [i, entry] of entries.entries()) {
      last = entry;
      const one = seen[i];
      if (one === undefined || !isAsked(one, query)) continue;
      if (records.push(one) === query.limit) return { records, next: cursorOf(entry) };
    }
    if (last === undefined || entries.length < SLICE_ENTRIES_MAX) return { records, next: "" };
    range = { ...range, gte: keys.justAfter(last) };
  }
  return { records, next: last === undefined ? "" : cursorOf(last) };
}

/** The records that entries of the index stand for; undefined where an entry was left behind by one that was lost. */
async function look(entries: readonly Buffer[], now: EpochMs, { disk, counts }: ListingDeps) {
  const ids = entries.map(keys.unfinishedIdOf);
  const values = await disk.database().readMany(ids.map(keys.recordKey));
  return ids.map((id, i): Seen<UnfinishedRecord> | undefined => {
    const held = unpackAnyhow(values[i]);
    if (held === undefined) return undefined;
    const record = counts.onto(id, held.record);
    const at = later(record.updatedAt, now);
    if (!isPresent(record, at) || isFinished(record)) return undefined;
    const own = keys.unfinishedKey(record.address.namespace, record.createdAt, id);
    return entries[i]?.equals(own) ? { record, now: at } : undefined;
  });
}

function isAsked({ record, now }: Seen<UnfinishedRecord>, { states, olderThan }: ListQuery): boolean {
  const state = visibleState(record, now);
  return now - record.updatedAt >= olderThan && (states.size === 0 || (state !== undefined && states.has(state)));
}

/** What was created later than `olderThan` ago cannot have been left alone for so long. */
function rangeOf({ namespace, olderThan, cursor }: ListQuery, now: EpochMs): keys.KeyRange {
  const { gte, lt } = keys.unfinishedRange(namespace);
  return {
    gte: cursor === "" ? gte : keys.justAfter(keys.unfinishedAt(namespace, placeOf(cursor))),
    lt: olderThan === 0 ? lt : keys.unfinishedStart(namespace, Math.max(0, now - olderThan + 1)),
  };
}

function cursorOf(entry: Buffer): string {
  return keys.unfinishedPlaceOf(entry).toString("base64url");
}

function placeOf(cursor: string): Buffer {
  const place = Buffer.from(cursor, "base64url");
  if (place.length === keys.UNFINISHED_PLACE_BYTES) return place;
  throw invalid([{ field: "page_token", problem: "is not one that a page before ended with" }]);
}
