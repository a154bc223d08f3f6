const VARINT = 0;
const LENGTH = 2;

const ROOM_BYTES = 16 * 1024;
const UTF8_BYTES_MAX = 3;
const VARINT_BYTES_MAX = 10;
/** Of a tag and a length; what comes after them is reserved for by whoever writes it. */
const HEAD_BYTES = 2 * VARINT_BYTES_MAX;
const TWO_TO_28 = 2 ** 28;

/** Writes a message field by field; what holds its default is left out, as proto3 has it. */
export class Writer {
  #bytes = Buffer.allocUnsafe(ROOM_BYTES);
  #at = 0;

  /** A copy of what was written. The writer is empty afterwards. */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#at));
    this.#at = 0;
    if (this.#bytes.length > ROOM_BYTES) this.#bytes = Buffer.allocUnsafe(ROOM_BYTES);
    return taken;
  }

  flag(field: number, value: boolean | undefined): void {
    if (value === true) this.number(field, 1);
  }

  /** An unsigned integer: a number up to 2^53-1, or its decimal digits up to 2^64-1. */
  number(field: number, value: number | string | undefined): void {
    if (value === undefined) return;
    const number = Number(value);
    if (number === 0) return;
    this.#reserve(HEAD_BYTES);
    this.#varint(field * 8 + VARINT);
    if (Number.isSafeInteger(number)) this.#varint(number);
    else this.#longVarint(BigInt(value));
  }

  text(field: number, value: string | undefined): void {
    if (value === undefined || value === "") return;
    const start = this.open(field);
    this.#reserve(value.length * UTF8_BYTES_MAX);
    this.#at += this.#bytes.write(value, this.#at);
    this.close(start);
  }

  bytes(field: number, value: Uint8Array | undefined): void {
    if (value !== undefined && value.length > 0) this.message(field, value);
  }

  /** Something written before, be it empty. */
  message(field: number, value: Uint8Array): void {
    this.#reserve(value.length + HEAD_BYTES);
    this.#varint(field * 8 + LENGTH);
    this.#varint(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  /** Begins a message within; its length is filled in by {@link close}. */
  open(field: number): number {
    this.#reserve(HEAD_BYTES);
    this.#varint(field * 8 + LENGTH);
    return this.#at++;
  }

  close(start: number): void {
    const length = this.#at - start - 1;
    if (length < 0x80) {
      this.#bytes[start] = length;
      return;
    }
    this.#reserve(VARINT_BYTES_MAX);
    let more = 0;
    for (let rest = length >>> 7; rest > 0; rest >>>= 7) more++;
    this.#bytes.copyWithin(start + 1 + more, start + 1, this.#at);
    this.#at = start;
    this.#varint(length);
    this.#at += length;
  }

  #varint(value: number): void {
    let rest = value;
    for (; rest >= TWO_TO_28; rest = Math.floor(rest / 128)) this.#bytes[this.#at++] = (rest % 128) | 0x80;
    for (; rest > 0x7f; rest >>>= 7) this.#bytes[this.#at++] = (rest & 0x7f) | 0x80;
    this.#bytes[this.#at++] = rest;
  }

  #longVarint(value: bigint): void {
    let rest = value;
    for (; rest > 0x7fn; rest >>= 7n) this.#bytes[this.#at++] = Number(rest & 0x7fn) | 0x80;
    this.#bytes[this.#at++] = Number(rest);
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe((this.#at + bytes) * 2);
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}
