import { invariant } from "../../base/assert.ts";
import { type Slot, slot } from "../../base/units.ts";
import { ID_LENGTH, type Place } from "../../domain/address.ts";
import { RespWriter } from "../redis-client/resp-writer.ts";
import { headerKey, SLOT_DIGITS, SLOT_DIGITS_AT, SLOT_DIGITS_LENGTH } from "./keys.ts";

/** In place of an id: no key has such a character otherwise. */
const ANY_ID = "#".repeat(ID_LENGTH);
const ANY_SLOT = slot(0);

/**
 * The keys that a transition takes, as they go out: written once, since they differ from one record to the next only in
 * their slot and their id. Writing them anew for each call was a sixth of what an item of a batch took.
 */
export class KeyPattern {
  /** How many keys. */
  readonly count: number;
  readonly #bytes: Buffer;
  readonly #slotsAt: readonly number[];
  readonly #idsAt: readonly number[];

  /** `keys`: each as it is for a place. */
  constructor(keys: ReadonlyArray<(place: Place) => string>) {
    const out = new RespWriter();
    const slotsAt: number[] = [];
    const idsAt: number[] = [];
    for (const keyOf of keys) {
      const key = keyOf({ slot: ANY_SLOT, id: ANY_ID });
      const at = out.text(key);
      slotsAt.push(at + SLOT_DIGITS_AT);
      if (key.includes(ANY_ID)) idsAt.push(at + key.indexOf(ANY_ID));
    }
    this.count = keys.length;
    this.#bytes = out.finish();
    this.#slotsAt = slotsAt;
    this.#idsAt = idsAt;
  }

  write(out: RespWriter, slot: Slot, id: string): void {
    invariant(id.length === ID_LENGTH, "an id is as long as every other");
    const from = out.claim(this.#bytes.length);
    const { room } = out;
    room.set(this.#bytes, from);
    for (const at of this.#slotsAt) writeDigits(room, from + at, slot);
    for (const at of this.#idsAt) room.write(id, from + at, "latin1");
  }
}

/** The headers of many slots: every start reads thousands, before anything of it is compiled. */
export function writeHeaderKeys(out: RespWriter, slots: readonly Slot[]): void {
  const one = new RespWriter();
  const digitsAt = one.text(headerKey(ANY_SLOT)) + SLOT_DIGITS_AT;
  const pattern = one.finish();
  const from = out.claim(pattern.length * slots.length);
  const { room } = out;
  room.fill(pattern, from, from + pattern.length * slots.length);
  let at = from + digitsAt;
  for (const slot of slots) {
    writeDigits(room, at, slot);
    at += pattern.length;
  }
}

function writeDigits(room: Buffer, at: number, slot: Slot): void {
  const digits = slot * SLOT_DIGITS_LENGTH;
  for (let n = 0; n < SLOT_DIGITS_LENGTH; n++) room[at + n] = SLOT_DIGITS[digits + n] ?? 0;
}
