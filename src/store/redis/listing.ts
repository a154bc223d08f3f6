/**
 * Pages through the unfinished records of one namespace, by the index that every slot keeps of them; records are never
 * scanned. The way goes through the slots in order, and within a slot by (score, id), which is the order of a sorted
 * set. The cursor names the last entry passed, so a record that does not change while one pages is met exactly once:
 * whatever leaves or enters before that place shifts nothing behind it.
 */
import { invalid } from "../../base/errors.ts";
import { type EpochMs, epochUs, later, msOf, SLOT_COUNT, type Slot, slot } from "../../base/units.ts";
import {
  isFinished,
  isPresent,
  type Seen,
  type StoredRecord,
  type UnfinishedRecord,
  visibleState,
} from "../../domain/record.ts";
import { unpackRecord } from "../packed.ts";
import type { ListPage, ListQuery } from "../port.ts";
import type { Fleet } from "./fleet.ts";
import { indexKey, recordKey } from "./keys.ts";
import type { Shard } from "./shard.ts";

/** Slots asked at once how many entries they hold; most hold none. */
const SLOTS_PER_READ = 256;
/** Most entries one page looks at, whatever it filters out: then it ends early and says where to go on. */
const ENTRIES_MAX = 1000;
/** Most records read at once: with the longest checkpoint in each, 8 MiB. */
const RECORDS_PER_READ = 128;

const CURSOR = /^(\d{1,4}):(\d{1,15}):([A-Za-z0-9_-]{0,32})$/;

/** Just behind an entry of the index; with an empty id, before the first one of the slot. */
interface Place {
  readonly slot: Slot;
  readonly score: number;
  readonly id: string;
}

interface Entry extends Place {
  readonly shard: Shard;
}

/** Entries in order, and the place behind them; undefined = there are no more. */
interface Walked {
  readonly entries: readonly Entry[];
  readonly next: Place | undefined;
}

export async function listRecords(fleet: Fleet, query: ListQuery): Promise<ListPage> {
  const instants = new Map<Shard, Promise<EpochMs>>();
  const records: Seen<UnfinishedRecord>[] = [];
  let place: Place | undefined = query.cursor === "" ? startOf(0) : parseCursor(query.cursor);
  let entriesLeft = ENTRIES_MAX;
  while (place !== undefined && records.length < query.limit && entriesLeft > 0) {
    const wanted = Math.min(query.limit - records.length, entriesLeft, RECORDS_PER_READ);
    const { entries, next }: Walked = await walk(fleet, query.namespace, place, wanted);
    const met = await read(entries, query.namespace, instants);
    records.push(...met.filter((one) => matches(one, query)));
    entriesLeft -= entries.length;
    place = next;
  }
  return { records, next: place === undefined ? "" : cursorOf(place) };
}

/** Goes on from a place, through at most so many slots as are read at once, until `wanted` entries are found. */
async function walk(fleet: Fleet, namespace: string, from: Place, wanted: number): Promise<Walked> {
  const end = Math.min(from.slot + SLOTS_PER_READ, SLOT_COUNT);
  const slots = Array.from({ length: end - from.slot }, (_, n) => slot(from.slot + n));
  const counts = await count(fleet, namespace, slots);
  const { holding, behind } = firstHolding(slots, counts, wanted, from);
  const found = await Promise.all(
    holding.map((at) => entriesBehind(fleet.shardOf(at), namespace, at === from.slot ? from : startOf(at), wanted)),
  );
  const entries = found.flat().slice(0, wanted);
  const last = entries.length === wanted ? entries.at(-1) : undefined;
  return { entries, next: last ?? (behind < SLOT_COUNT ? startOf(behind) : undefined) };
}

/** How many entries slots hold, asked of each shard at once; a slot that holds none is not told. */
async function count(fleet: Fleet, namespace: string, slots: readonly Slot[]): Promise<ReadonlyMap<Slot, number>> {
  const byShard = Map.groupBy(slots, (at) => fleet.shardOf(at));
  const asked = [...byShard].map(async ([shard, own]) => {
    const keys = own.map((at) => indexKey(at, namespace));
    const flat = (await shard.run("count", keys, [])) as readonly number[]; // which, entries, which, entries …
    const counts: [Slot, number][] = [];
    for (let n = 0; n < flat.length; n += 2) {
      const at = own[(flat[n] ?? 0) - 1];
      if (at !== undefined) counts.push([at, flat[n + 1] ?? 0]);
    }
    return counts;
  });
  return new Map((await Promise.all(asked)).flat());
}

/**
 * The first slots that hold `wanted` entries between them, and the slot behind all that were looked at. Entries of the
 * first slot may lie before the place, and do not count.
 */
function firstHolding(slots: readonly Slot[], counts: ReadonlyMap<Slot, number>, wanted: number, from: Place) {
  const holding: Slot[] = [];
  let behind: number = from.slot;
  for (let held = 0; held < wanted && behind < from.slot + slots.length; behind++) {
    const entries = counts.get(slot(behind)) ?? 0;
    if (entries > 0) holding.push(slot(behind));
    if (behind !== from.slot) held += entries;
  }
  return { holding, behind };
}

/** Up to `wanted` entries of one slot behind a place. Entries of one score are told apart by their ids. */
async function entriesBehind(shard: Shard, namespace: string, place: Place, wanted: number): Promise<Entry[]> {
  const key = indexKey(place.slot, namespace);
  for (let limit = wanted + 1; ; limit *= 2) {
    const range = ["zrange", key, place.score, "+inf", "BYSCORE", "LIMIT", 0, limit, "WITHSCORES"] as const;
    const flat = (await shard.send(...range)) as readonly Buffer[]; // member, score, member, score …
    const entries: Entry[] = [];
    for (let n = 0; n < flat.length; n += 2) {
      const [id, score] = [String(flat[n]), Number(flat[n + 1])];
      if (score > place.score || id > place.id) entries.push({ shard, slot: place.slot, score, id });
    }
    const all = flat.length < limit * 2;
    if (all || entries.length >= wanted) return entries.slice(0, wanted);
  }
}

/** The records of entries, in their order; what is no longer an unfinished record leaves the index. */
async function read(
  entries: readonly Entry[],
  namespace: string,
  instants: Map<Shard, Promise<EpochMs>>,
): Promise<Seen<UnfinishedRecord>[]> {
  const met = new Map<Entry, Seen<UnfinishedRecord>>();
  const reading = [...Map.groupBy(entries, ({ shard }) => shard)].map(async ([shard, own]) => {
    const instant = instants.get(shard) ?? shard.run("time", [], []).then(instantIn);
    instants.set(shard, instant);
    const [values, clock] = await Promise.all([shard.send("mget", ...own.map(recordKey)), instant]);
    for (const [n, entry] of own.entries()) {
      const value = (values as readonly (Buffer | null)[])[n]; // MGET answers a list of strings, null for a missing key
      const record = value ? unpackAnyhow(value) : undefined;
      const now = later(record?.updatedAt ?? clock, clock);
      if (record === undefined || record.state === "forgotten" || isFinished(record)) drop(entry, namespace);
      else if (isPresent(record, now)) met.set(entry, { record, now });
    }
  });
  await Promise.all(reading);
  return entries.flatMap((entry) => met.get(entry) ?? []);
}

/** Undefined for what cannot be read: it hides nobody else from an operator, and is told by every other call. */
function unpackAnyhow(packed: Buffer): StoredRecord | undefined {
  try {
    return unpackRecord(packed, { address: NOWHERE, name: "" }).record;
  } catch {
    return undefined;
  }
}

/** Finished records do not carry their address; an entry that leads to one is stale, and its record is not told. */
const NOWHERE = { namespace: "", operation: "", stream: "", key: "" };

/** Left to the script to check again: an attempt may have started since. Should it fail, the next page tries again. */
function drop({ shard, slot: at, id }: Entry, namespace: string): void {
  shard.run("drop", [recordKey({ slot: at, id }), indexKey(at, namespace)], [id]).catch(() => {});
}

function matches({ record, now }: Seen<UnfinishedRecord>, query: ListQuery): boolean {
  const state = visibleState(record, now);
  const wanted = query.states.size === 0 || (state !== undefined && query.states.has(state));
  return wanted && now - record.updatedAt >= query.olderThan;
}

function instantIn(reply: unknown): EpochMs {
  return msOf(epochUs(Number(String(reply))));
}

function startOf(at: number): Place {
  return { slot: slot(at), score: 0, id: "" };
}

function cursorOf({ slot: at, score, id }: Place): string {
  return Buffer.from(`${at}:${score}:${id}`).toString("base64url");
}

function parseCursor(cursor: string): Place {
  const [, at, score, id] = CURSOR.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  if (at === undefined || score === undefined || id === undefined || Number(at) >= SLOT_COUNT) {
    throw invalid([{ field: "page_token", problem: "must be the token that the page before returned" }]);
  }
  return { slot: slot(Number(at)), score: Number(score), id };
}
