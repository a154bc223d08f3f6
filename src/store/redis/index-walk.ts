/**
 * The index that every slot keeps of its unfinished records, walked a page at a time; records are never scanned. The
 * way goes through the slots in order, and within a slot by (score, id), which is the order of a sorted set. A cursor
 * names the last entry passed, so a record that does not change while one pages is met exactly once: whatever leaves or
 * enters before that place shifts nothing behind it.
 */
import { invalid } from "../../base/errors.ts";
import { SLOT_COUNT, type Slot, slot } from "../../base/units.ts";
import type { Fleet } from "./fleet.ts";
import { indexKey, recordKey } from "./keys.ts";
import type { Shard } from "./shard.ts";

/** Slots asked at once how many entries they hold; most hold none. */
const SLOTS_PER_READ = 256;
/** Of those, so many are asked before the others: where records are many, they hold enough. */
const SLOTS_AT_FIRST = 16;

const CURSOR = /^(\d{1,4}):(\d{1,15}):([A-Za-z0-9_-]{0,32})$/;

/** Just behind an entry of the index; with an empty id, before the first one of the slot. */
interface Place {
  readonly slot: Slot;
  readonly score: number;
  readonly id: string;
}

export interface Entry extends Place {
  readonly shard: Shard;
}

/** Entries in order, and the place behind them; undefined = there are no more. */
export interface Walked {
  readonly entries: readonly Entry[];
  readonly next: Place | undefined;
}

/** Goes on from a place, through at most so many slots as are read at once, until `wanted` entries are found. */
export async function walk(fleet: Fleet, namespace: string, from: Place, wanted: number): Promise<Walked> {
  const end = Math.min(from.slot + SLOTS_PER_READ, SLOT_COUNT);
  const slots = Array.from({ length: end - from.slot }, (_, n) => slot(from.slot + n));
  const first = await count(fleet, namespace, slots.slice(0, SLOTS_AT_FIRST));
  let holding = holdingFirst(slots.slice(0, SLOTS_AT_FIRST), first, wanted, from);
  if (holding.held < wanted) {
    const others = await count(fleet, namespace, slots.slice(SLOTS_AT_FIRST));
    holding = holdingFirst(slots, new Map([...first, ...others]), wanted, from);
  }
  const { behind } = holding;
  const found = await Promise.all(
    holding.slots.map((at) =>
      entriesBehind(fleet.shardOf(at), namespace, at === from.slot ? from : startOf(at), wanted),
    ),
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
function holdingFirst(asked: readonly Slot[], counts: ReadonlyMap<Slot, number>, wanted: number, from: Place) {
  const slots: Slot[] = [];
  let held = 0;
  let behind: number = from.slot;
  for (; held < wanted && behind < from.slot + asked.length; behind++) {
    const entries = counts.get(slot(behind)) ?? 0;
    if (entries > 0) slots.push(slot(behind));
    if (behind !== from.slot) held += entries;
  }
  return { slots, held, behind };
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

/** Left to the script to check again: an attempt may have started since. Should it fail, the next page tries again. */
export function drop({ shard, slot: at, id }: Entry, namespace: string): void {
  shard.run("drop", [recordKey({ slot: at, id }), indexKey(at, namespace)], [id]).catch(() => {});
}

function startOf(at: number): Place {
  return { slot: slot(at), score: 0, id: "" };
}

/** Empty where there is nothing more. */
export function cursorOf(place: Place | undefined): string {
  if (place === undefined) return "";
  const { slot: at, score, id } = place;
  return Buffer.from(`${at}:${score}:${id}`).toString("base64url");
}

/** @throws INVALID_ARGUMENT for what {@link cursorOf} did not make; empty = the start. */
export function placeAt(cursor: string): Place {
  if (cursor === "") return startOf(0);
  const [, at, score, id] = CURSOR.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  if (at === undefined || score === undefined || id === undefined || Number(at) >= SLOT_COUNT) {
    throw invalid([{ field: "page_token", problem: "must be the token that the page before returned" }]);
  }
  return { slot: slot(Number(at)), score: Number(score), id };
}
