/** Reads the few kinds of fields that the contract has; by hand, as protobuf-writer.ts writes them. */
import { FIXED32, FIXED64, LENGTH, VARINT } from "./wire-types.ts";

/** Bytes that are no message. */
export class Unreadable extends Error {}

/** Reads a message field by field: {@link next} until it is false, then what {@link field} says. */
export class Reader {
  readonly #bytes: Buffer;
  #at = 0;
  #end: number;
  #wireType = 0;
  field = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#end = bytes.length;
  }

  /** Goes on to the next field of the message at hand; false at its end. */
  next(): boolean {
    if (this.#at >= this.#end) {
      if (this.#at > this.#end) throw new Unreadable("a field goes on beyond its message");
      return false;
    }
    const tag = this.#varint();
    this.field = Math.floor(tag / 8);
    this.#wireType = tag % 8;
    return true;
  }

  /** Goes into a message within: {@link next} is false at its end. Takes what {@link leave} needs. */
  enter(): number {
    const end = this.#endOfLength();
    const outer = this.#end;
    this.#end = end;
    return outer;
  }

  /** Out of it again, whatever of it was read. */
  leave(outer: number): void {
    this.#at = this.#end;
    this.#end = outer;
  }

  /** A message within, read by `read`. */
  message<T>(read: (reader: Reader) => T): T {
    const outer = this.enter();
    const value = read(this);
    this.leave(outer);
    return value;
  }

  /** What is over 2^53 loses its last digits: for counts, lengths of time and enums only. */
  number(): number {
    this.#expect(VARINT);
    return this.#varint();
  }

  #varint(): number {
    const byte = this.#byte();
    return byte < 0x80 ? byte : this.#longVarint(byte);
  }

  #longVarint(first: number): number {
    let byte = first;
    let value = byte & 0x7f;
    for (let scale = 128; byte >= 0x80; scale *= 128) {
      byte = this.#byte();
      value += (byte & 0x7f) * scale;
    }
    return value;
  }

  bigint(): bigint {
    this.#expect(VARINT);
    const start = this.#at;
    const value = this.#varint();
    if (Number.isSafeInteger(value)) return BigInt(value);
    this.#at = start;
    let [exact, shift, byte] = [0n, 0n, 0x80];
    for (; byte >= 0x80; shift += 7n) {
      byte = this.#byte();
      exact |= BigInt(byte & 0x7f) << shift;
    }
    return BigInt.asUintN(64, exact);
  }

  boolean(): boolean {
    return this.number() !== 0;
  }

  text(): string {
    const end = this.#endOfLength();
    const text = this.#bytes.toString("utf8", this.#at, end);
    this.#at = end;
    return text;
  }

  /** The same; `likely` itself when that is what stands there, since a name comes again and again. */
  likelyText(likely: string): string {
    const end = this.#endOfLength();
    const start = this.#at;
    this.#at = end;
    return this.#standsAt(start, end, likely) ? likely : this.#bytes.toString("utf8", start, end);
  }

  #standsAt(start: number, end: number, text: string): boolean {
    if (end - start !== text.length) return false;
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      if (unit > 0x7f || unit !== this.#bytes[start + index]) return false;
    }
    return true;
  }

  /** A copy, lest who keeps a few bytes keep the whole message with them. */
  bytes(): Buffer {
    const end = this.#endOfLength();
    const copy = Buffer.from(this.#bytes.subarray(this.#at, end));
    this.#at = end;
    return copy;
  }

  /** Passes over a field that this client does not know. */
  skip(): void {
    if (this.#wireType === VARINT) this.#varint();
    else if (this.#wireType === LENGTH) this.#at = this.#endOfLength();
    else if (this.#wireType === FIXED64) this.#at += 8;
    else if (this.#wireType === FIXED32) this.#at += 4;
    else throw new Unreadable(`wire type ${this.#wireType}`);
  }

  /** Of another type than the contract's it would be read as something else. */
  #expect(wireType: number): void {
    if (this.#wireType !== wireType) throw new Unreadable(`field ${this.field} is of wire type ${this.#wireType}`);
  }

  #endOfLength(): number {
    this.#expect(LENGTH);
    const length = this.#varint();
    const end = this.#at + length;
    if (end > this.#end) throw new Unreadable("a field goes on beyond its message");
    return end;
  }

  #byte(): number {
    const byte = this.#at < this.#end ? this.#bytes[this.#at++] : undefined;
    if (byte === undefined) throw new Unreadable("a number goes on beyond its message");
    return byte;
  }
}
