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

/** Slots asked at once for their entries; most hold none. */
const SLOTS_PER_READ = 256;

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

/**
 * Goes on from a place, through at most so many slots as are read at once, until `wanted` entries are found. Each shard
 * is asked for its share of them; the page ends where the first one had more.
 */
export async function walk(fleet: Fleet, namespace: string, from: Place, wanted: number): Promise<Walked> {
  const behind = Math.min(from.slot + SLOTS_PER_READ, SLOT_COUNT);
  const slots = Array.from({ length: behind - from.slot }, (_, n) => slot(from.slot + n));
  const byShard = [...Map.groupBy(slots, (at) => fleet.shardOf(at))];
  const share = Math.ceil(wanted / byShard.length);
  const pages = await Promise.all(byShard.map(([shard, own]) => pageOf(shard, namespace, own, from, share)));
  const ends = pages.flatMap((page) => (page.length < share ? [] : page.slice(-1))).map((last) => last.slot);
  const end = Math.min(behind, ...ends);
  const met = pages.flat().filter((entry) => entry.slot <= end);
  // A slot is one shard's, which tells its entries in their order: the sort keeps that.
  const entries = met.sort((a, b) => a.slot - b.slot).slice(0, wanted);
  const more = ends.length > 0 || entries.length < met.length;
  return { entries, next: more ? entries.at(-1) : behind < SLOT_COUNT ? startOf(behind) : undefined };
}

/** Of one shard's slots, in their order, as many entries behind a place as are wanted. */
async function pageOf(
  shard: Shard,
  namespace: string,
  slots: readonly Slot[],
  from: Place,
  wanted: number,
): Promise<Entry[]> {
  const { score, id } = slots[0] === from.slot ? from : startOf(0);
  const keys = slots.map((at) => indexKey(at, namespace));
  const reply = await shard.run("page", keys, [score, id, wanted]);
  const flat = reply as readonly (number | Buffer)[]; // which, entries, which, entries …
  const entries: Entry[] = [];
  for (let n = 0; n < flat.length; n += 2) {
    const at = slots[Number(flat[n]) - 1] ?? from.slot;
    const words = String(flat[n + 1]).split(" ");
    for (let w = 0; w < words.length; w += 2) {
      entries.push({ shard, slot: at, id: words[w] ?? "", score: Number(words[w + 1]) });
    }
  }
  return entries;
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
