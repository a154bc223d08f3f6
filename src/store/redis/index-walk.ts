/**
 * The index that every slot keeps of its unfinished records, walked a page at a time; records are never scanned. The
 * way goes from shard to shard, through its slots in order, and within a slot by (score, id), which is the order of a
 * sorted set. A cursor names the last entry passed, so a record that does not change while one pages is met exactly
 * once: whatever leaves or enters before that place shifts nothing behind it.
 */
import { invariant } from "../../base/assert.ts";
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

/** Entries of one shard in order, and the place behind them; undefined = there are no more. */
export interface Walked {
  readonly shard: Shard;
  readonly entries: readonly Place[];
  readonly next: Place | undefined;
}

/**
 * Goes on from a place, through at most so many slots as are read at once, until `wanted` entries are found. All slots
 * of one shard come before those of the next, so that one call finds them.
 */
export async function walk(fleet: Fleet, namespace: string, from: Place, wanted: number): Promise<Walked> {
  const shard = fleet.shardOf(from.slot);
  const own = fleet.table.slotsOf(shard.name);
  const first = own.indexOf(from.slot);
  const behind = first + SLOTS_PER_READ;
  const slots = own.slice(first, behind);
  const keys = slots.map((at) => indexKey(at, namespace));
  const reply = await shard.run("page", keys, [from.score, from.id, wanted]);
  const flat = reply as readonly (number | Buffer)[]; // which, entries, which, entries …
  const entries: Place[] = [];
  for (let n = 0; n < flat.length; n += 2) {
    const at = slots[Number(flat[n]) - 1];
    invariant(at !== undefined, "a page tells of the slots that were asked for");
    const words = String(flat[n + 1]).split(" ");
    for (let w = 0; w < words.length; w += 2) {
      entries.push({ slot: at, id: words[w] ?? "", score: Number(words[w + 1]) });
    }
  }
  if (entries.length === wanted) return { shard, entries, next: entries.at(-1) };
  const next = own[behind] ?? firstOfNextShard(fleet, own);
  return { shard, entries, next: next === undefined ? undefined : startOf(next) };
}

/** Shards follow one another by their first slots; undefined = there is none behind. */
function firstOfNextShard({ table }: Fleet, own: readonly Slot[]): Slot | undefined {
  const firsts = table.names.flatMap((name) => table.slotsOf(name).slice(0, 1));
  return firsts.filter((one) => one > (own[0] ?? SLOT_COUNT)).sort((a, b) => a - b)[0];
}

/** Left to the script to check again: an attempt may have started since. Should it fail, the next page tries again. */
export function drop(shard: Shard, { slot: at, id }: Place, namespace: string): void {
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
