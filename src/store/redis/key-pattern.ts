import { invariant } from "../../base/assert.ts";
import { type Slot, slot } from "../../base/units.ts";
import { ID_LENGTH, type Place } from "../../domain/address.ts";
import { RespWriter } from "../redis-client/resp-writer.ts";
import { headerKey, SLOT_DIGITS, SLOT_DIGITS_AT, SLOT_DIGITS_LENGTH } from "./keys.ts";

/** In place of an id: no key has such a character otherwise. */
const ANY_ID = "#".repeat(ID_LENGTH);
const ANY_SLOT = slot(0);

/** Patterns are made one at a time. */
const out = new RespWriter();

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
    out.restart();
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

  write(into: RespWriter, slot: Slot, id: string): void {
    invariant(id.length === ID_LENGTH, "an id is as long as every other");
    const from = into.claim(this.#bytes.length);
    const { room } = into;
    room.set(this.#bytes, from);
    for (const at of this.#slotsAt) writeDigits(room, from + at, slot);
    let written = -1;
    for (const at of this.#idsAt) {
      // Once: to write a text is a call into native code, and takes several times as long as to copy it by hand.
      if (written < 0) room.write(id, from + at, "latin1");
      else for (let n = 0; n < ID_LENGTH; n++) room[from + at + n] = room[written + n] ?? 0;
      written = from + at;
    }
  }
}

/** The headers of many slots: every start reads thousands, before anything of it is compiled. */
export function writeHeaderKeys(into: RespWriter, slots: readonly Slot[]): void {
  out.restart();
  const digitsAt = out.text(headerKey(ANY_SLOT)) + SLOT_DIGITS_AT;
  const pattern = out.finish();
  const from = into.claim(pattern.length * slots.length);
  const { room } = into;
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
