/**
 * Every key of the store. All that one transition touches carries the hash tag of its slot, `{ow0000}` to `{ow4095}`.
 *
 * | key | holds |
 * |---|---|
 * | `{owNNNN}h` | the slot's header: 16 bytes of stamp, then the last token minted, 8 bytes, big-endian |
 * | `{owNNNN}r<id>` | a record, packed |
 * | `{owNNNN}b<id>` | the body of its result, where that is kept apart |
 * | `{owNNNN}s<id>` | a stream, packed |
 * | `{owNNNN}u:<namespace>` | its unfinished records: a sorted set of ids, by when the lease or the back-off ends |
 * | `onceward:generation` | which data this is: written once, when a shard is first stamped or has lost data |
 * | `onceward:accept-loss` | an operator's word that a strict sidecar may go on without what was lost |
 */
import { SLOT_COUNT, type Slot } from "../../base/units.ts";
import type { Place } from "../../domain/address.ts";

export const GENERATION_KEY = "onceward:generation";
export const ACCEPT_LOSS_KEY = "onceward:accept-loss";

/** Where the ids of records are told whose attempt ended while somebody waited; `lua/lib/wake.lua` says it too. */
export const ENDED_CHANNEL = "onceward:ended";

/** Where the digits of the slot stand in a key, and how many there are. */
export const SLOT_DIGITS_AT = "{ow".length;
export const SLOT_DIGITS_LENGTH = 4;
const ZERO = 0x30;
/** Those of all slots, one after the other. */
export const SLOT_DIGITS = slotDigits();

/** Reckoned: to put together 4096 texts takes a start several times as long, and most slots are never named. */
function slotDigits(): Buffer {
  const digits = Buffer.allocUnsafe(SLOT_COUNT * SLOT_DIGITS_LENGTH);
  for (let slot = 0, at = 0; slot < SLOT_COUNT; slot++) {
    for (let scale = 1000; scale >= 1; scale /= 10) digits[at++] = ZERO + (Math.trunc(slot / scale) % 10);
  }
  return digits;
}

const TAGS = new Array<string | undefined>(SLOT_COUNT);

/** Of all keys of a slot: what stands in front of them. */
function slotTag(slot: Slot): string {
  const at = slot * SLOT_DIGITS_LENGTH;
  TAGS[slot] ??= `{ow${SLOT_DIGITS.toString("latin1", at, at + SLOT_DIGITS_LENGTH)}}`;
  return TAGS[slot];
}

/** What follows the tag, before a name. */
const MARK = { header: "h", record: "r", body: "b", stream: "s", unfinished: "u:" } as const;

export function headerKey(slot: Slot): string {
  return `${slotTag(slot)}${MARK.header}`;
}

export function recordKey(place: Place): string {
  return `${slotTag(place.slot)}${MARK.record}${place.id}`;
}

export function bodyKey(place: Place): string {
  return `${slotTag(place.slot)}${MARK.body}${place.id}`;
}

/** `place` is the stream's own. */
export function streamKey(place: Place): string {
  return `${slotTag(place.slot)}${MARK.stream}${place.id}`;
}

export function indexKey(slot: Slot, namespace: string): string {
  return `${slotTag(slot)}${MARK.unfinished}${namespace}`;
}
