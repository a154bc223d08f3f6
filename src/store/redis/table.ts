/**
 * Which shard holds which slot. The table follows from the shards' names alone, by rendezvous hashing: for each slot
 * every name draws a weight, and the highest holds it. So the order in which shards are given, and their addresses, do
 * not matter, and adding or removing a name moves only that name's share. Whatever moves forgets its records, which is
 * why every slot header carries the table's stamp and every script compares it.
 */
import { hash } from "node:crypto";
import { invariant } from "../../base/assert.ts";
import { SLOT_COUNT, type Slot, slot } from "../../base/units.ts";
import { LAYOUT_VERSION } from "../packed.ts";

/** Raised when the way slots are dealt out changes: tables of two versions are two tables. */
const TABLE_VERSION = 1;

/** Length of a stamp: enough that no two tables share one. */
const STAMP_BYTES = 16;

/** Weights of 32 bits that one SHA-256 yields. */
const WEIGHTS_PER_DIGEST = 8;

export interface ShardTable {
  /** In the order of their bytes. */
  readonly names: readonly string[];
  /** What every slot header begins with: names the layout, the version of this table and all its names. */
  readonly stamp: Buffer;
  /** Position in `names` of the shard that holds a slot. */
  readonly ownerOf: (slot: Slot) => number;
  /** The slots of one shard, ascending. */
  readonly slotsOf: (name: string) => readonly Slot[];
}

export function shardTable(given: readonly string[]): ShardTable {
  const names = [...given].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  invariant(names.length > 0 && new Set(names).size === names.length, "shards have names, each its own");
  const owners = names.length === 1 ? new Uint16Array(SLOT_COUNT) : dealOut(names);
  const slots = new Map<string, Slot[]>(names.map((name) => [name, []]));
  for (let n = 0; n < SLOT_COUNT; n++) slots.get(names[owners[n] ?? 0] ?? "")?.push(slot(n));
  return {
    names,
    stamp: stampOf(names),
    ownerOf: (at) => owners[at] ?? 0,
    slotsOf: (name) => slots.get(name) ?? [],
  };
}

/** Two equal weights, which is one slot in a million tables, go to the name that sorts first. */
function dealOut(names: readonly string[]): Uint16Array {
  const weights = names.map(weightsOf);
  return Uint16Array.from({ length: SLOT_COUNT }, (_, at) => {
    let best = 0;
    for (let n = 1; n < names.length; n++) {
      if ((weights[n]?.[at] ?? 0) > (weights[best]?.[at] ?? 0)) best = n;
    }
    return best;
  });
}

function weightsOf(name: string): Uint32Array {
  const weights = new Uint32Array(SLOT_COUNT);
  for (let at = 0; at < SLOT_COUNT; at += WEIGHTS_PER_DIGEST) {
    const digest = hash("sha256", `onceward slot weight ${TABLE_VERSION} ${at} ${name}`, "buffer");
    for (let n = 0; n < WEIGHTS_PER_DIGEST; n++) weights[at + n] = digest.readUInt32BE(n * 4);
  }
  return weights;
}

function stampOf(names: readonly string[]): Buffer {
  const parts = ["onceward table", String(LAYOUT_VERSION), String(TABLE_VERSION), ...names];
  return hash("sha256", parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join(""), "buffer").subarray(
    0,
    STAMP_BYTES,
  );
}
