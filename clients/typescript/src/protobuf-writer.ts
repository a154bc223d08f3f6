/**
 * Writes the few kinds of fields that the contract has. By hand: protobufjs makes an object or two for every field, and
 * without them a coalesced call costs its caller 30 % less CPU (14.7 against 21.1 µs, side by side).
 */
import { LENGTH, VARINT } from "./wire-types.ts";

/** Room that small messages share, bytes. Who keeps one of them keeps the room, so it is not large. */
const ROOM_BYTES = 16 * 1024;
/** With less of it left the next message begins a new one: nearly every message fits. */
const ROOM_BYTES_LEFT = 1024;
/** A longer message is copied out, into memory of its own length. */
const SHARED_BYTES_MAX = 4 * 1024;
const UTF8_BYTES_MAX = 3;
const VARINT_BYTES_MAX = 10;
const TWO_TO_28 = 2 ** 28;
/** Up to this length a loop beats the call into native code. */
const SHORT_TEXT = 16;
/** What the length of an item mostly takes: 128 to 16 383 bytes. */
const ITEM_LENGTH_BYTES = 2;

/** A message where it was written, which nobody writes to again; in front of it what makes it an item of a batch. */
export interface Written {
  readonly bytes: Buffer;
  /** Where the item begins. */
  readonly itemAt: number;
  /** Where the message begins. */
  readonly at: number;
  readonly end: number;
}

/** Where a message is known to be needed no more. */
export const NOTHING_WRITTEN: Written = { bytes: Buffer.alloc(0), itemAt: 0, at: 0, end: 0 };

/** Fields that hold their default are left out, as proto3 has it. */
export class Writer {
  #bytes = Buffer.allocUnsafeSlow(ROOM_BYTES);
  #itemAt = 0;
  #start = 0;
  #at = 0;

  constructor() {
    this.begin();
  }

  /** Begins a message; what was written of one that was not taken is forgotten. */
  begin(): void {
    if (this.#bytes.length - this.#itemAt < ROOM_BYTES_LEFT) this.#newRoom();
    this.#at = this.#itemAt;
    this.#varint(1 * 8 + LENGTH);
    this.#at += ITEM_LENGTH_BYTES;
    this.#start = this.#at;
  }

  /** What was written since {@link begin}, which has to come before anything else is written. */
  take(): Written {
    const at = this.#fillIn(this.#start, ITEM_LENGTH_BYTES);
    const [bytes, itemAt, end] = [this.#bytes, this.#itemAt, this.#at];
    if (bytes.length === ROOM_BYTES && end - itemAt <= SHARED_BYTES_MAX) {
      this.#itemAt = end;
      return { bytes, itemAt, at, end };
    }
    const own = Buffer.from(bytes.subarray(itemAt, end));
    if (bytes.length !== ROOM_BYTES) this.#newRoom();
    return { bytes: own, itemAt: 0, at: at - itemAt, end: own.length };
  }

  #newRoom(): void {
    this.#bytes = Buffer.allocUnsafeSlow(ROOM_BYTES);
    this.#itemAt = 0;
  }

  /** `value` is an integer from 0 to 2^53-1. */
  number(field: number, value: number | undefined): void {
    if (value === undefined || value === 0) return;
    this.#room(VARINT_BYTES_MAX * 2);
    this.#varint(field * 8 + VARINT);
    this.#varint(value);
  }

  /** `value` is 0 to 2^64-1. */
  bigint(field: number, value: bigint | undefined): void {
    if (value === undefined || value === 0n) return;
    this.presentBigint(field, value);
  }

  /** Of an `optional` field: 0 too. */
  presentBigint(field: number, value: bigint): void {
    this.#room(VARINT_BYTES_MAX * 2);
    this.#varint(field * 8 + VARINT);
    let rest = value;
    while (rest > 0x7fn) {
      this.#bytes[this.#at++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#bytes[this.#at++] = Number(rest);
  }

  text(field: number, value: string | undefined): void {
    if (value !== undefined && value !== "") this.presentText(field, value);
  }

  /** Of a member of a `oneof`: an empty one too. */
  presentText(field: number, value: string): void {
    const start = this.open(field);
    this.#room(value.length * UTF8_BYTES_MAX);
    if (value.length > SHORT_TEXT || !this.#shortAscii(value)) this.#at += this.#bytes.write(value, this.#at, "utf8");
    this.close(start);
  }

  /** Whether it was written, being ASCII. */
  #shortAscii(value: string): boolean {
    let at = this.#at;
    for (let index = 0; index < value.length; index++) {
      const unit = value.charCodeAt(index);
      if (unit > 0x7f) return false;
      this.#bytes[at++] = unit;
    }
    this.#at = at;
    return true;
  }

  bytes(field: number, value: Uint8Array | undefined): void {
    if (value !== undefined && value.length > 0) this.presentBytes(field, value);
  }

  presentBytes(field: number, value: Uint8Array): void {
    this.#room(value.length + VARINT_BYTES_MAX * 2);
    this.#varint(field * 8 + LENGTH);
    this.#varint(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  /** Begins a message within; its length is filled in by {@link close}. */
  open(field: number): number {
    this.#room(VARINT_BYTES_MAX * 2);
    this.#varint(field * 8 + LENGTH);
    return ++this.#at;
  }

  close(start: number): void {
    this.#fillIn(start, 1);
  }

  /** Puts the length before what begins at `start`, where `room` bytes were left for it; where it begins now. */
  #fillIn(start: number, room: number): number {
    const length = this.#at - start;
    const more = lengthOfVarint(length) - room;
    if (more !== 0) {
      this.#room(VARINT_BYTES_MAX);
      this.#bytes.copyWithin(start + more, start, this.#at);
    }
    this.#at = start - room;
    this.#varint(length);
    const begins = this.#at;
    this.#at += length;
    return begins;
  }

  #varint(value: number): void {
    let rest = value;
    while (rest >= TWO_TO_28) {
      this.#bytes[this.#at++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest > 0x7f) {
      this.#bytes[this.#at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#at++] = rest;
  }

  /** Makes room behind what is written, which keeps its place. */
  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow((this.#at + bytes) * 2);
    this.#bytes.copy(larger, this.#itemAt, this.#itemAt, this.#at);
    this.#bytes = larger;
  }
}

/** As a message of its own. */
export function aloneOf({ bytes, at, end }: Written): Buffer {
  return bytes.subarray(at, end);
}

/** All as items of a batch, in order. What was written in one go is not copied. */
export function joinItems(items: readonly Written[]): Buffer {
  const runs: Buffer[] = [];
  for (let next = 0; next < items.length; ) {
    const { bytes, itemAt, end } = items[next++] ?? NOTHING_WRITTEN;
    let runEnd = end;
    for (; next < items.length; next++) {
      const following = items[next] ?? NOTHING_WRITTEN;
      if (following.bytes !== bytes || following.itemAt !== runEnd) break;
      runEnd = following.end;
    }
    runs.push(bytes.subarray(itemAt, runEnd));
  }
  const [only = NOTHING_WRITTEN.bytes, ...more] = runs;
  return more.length === 0 ? only : Buffer.concat(runs);
}

function lengthOfVarint(value: number): number {
  let bytes = 1;
  for (let rest = value; rest > 0x7f; rest >>>= 7) bytes++;
  return bytes;
}
