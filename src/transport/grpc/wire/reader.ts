import { REPLACEMENT } from "../suspicion.ts";

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;
/** Bytes of the longest number there is. */
const VARINT_BYTES_MAX = 10;

/** What is longer is not looked for in the next message. */
const SAME_BYTES_MAX = 64;
/** Printable ASCII. */
const PLAIN = /^[ -~]*$/;

/** A text that most messages have in common: nothing is made of it where it is what it was last. */
export class SameText {
  /** Names the field in errors, see {@link Reader.foreign}. */
  readonly path: string;
  readonly #bytes = Buffer.alloc(SAME_BYTES_MAX);
  #text = "";

  constructor(path: string) {
    this.path = path;
  }

  /** What it was last, if that is what the bytes say. */
  said(bytes: Buffer, start: number, end: number): string | undefined {
    if (this.#text.length !== end - start) return undefined;
    const last = this.#bytes;
    for (let at = start; at < end; at++) if (bytes[at] !== last[at - start]) return undefined;
    return this.#text;
  }

  keep(text: string, bytes: Buffer, start: number, end: number): void {
    if (end - start > SAME_BYTES_MAX || !PLAIN.test(text)) return;
    bytes.copy(this.#bytes, 0, start, end);
    this.#text = text;
  }
}

/** Bytes that are no message. */
class Unreadable extends Error {}

/** Reads a message field by field: {@link next} until it is false, then what {@link field} says. */
export class Reader {
  readonly #bytes: Buffer;
  #at = 0;
  #end: number;
  #wireType = 0;
  #foreign: string[] | undefined;
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
    if (this.field === 0) throw new Unreadable("field 0");
    return true;
  }

  /** Reads a message within, and stands behind it afterwards. */
  message<T>(read: (reader: Reader) => T): T {
    const end = this.#endOfLength();
    const outer = this.#end;
    this.#end = end;
    const value = read(this);
    this.#end = outer;
    return value;
  }

  /** An unsigned number; of more than 32 bits only the lowest 32 count. */
  uint32(): number {
    const value = this.#number();
    return value <= 0xffff_ffff ? value : Number(BigInt.asUintN(32, BigInt(this.#exact())));
  }

  /** The number of an enum's member; a negative one takes ten bytes. */
  int32(): number {
    const value = this.#number();
    return value <= 0x7fff_ffff ? value : Number(BigInt.asIntN(32, BigInt(this.#exact())));
  }

  /** As a decimal string. */
  uint64(): string {
    const value = this.#number();
    return String(Number.isSafeInteger(value) ? value : this.#exact());
  }

  sameText(same: SameText): string {
    const end = this.#endOfLength();
    const start = this.#at;
    this.#at = end;
    const last = same.said(this.#bytes, start, end);
    if (last !== undefined) return last;
    const text = this.#textBetween(same.path, start, end);
    same.keep(text, this.#bytes, start, end);
    return text;
  }

  /** `path` names the field in errors, see {@link foreign}. */
  text(path: string): string {
    const end = this.#endOfLength();
    const start = this.#at;
    this.#at = end;
    return this.#textBetween(path, start, end);
  }

  #textBetween(path: string, start: number, end: number): string {
    const text = this.#bytes.toString("utf8", start, end);
    // What was no UTF-8 has become replacement characters, and two different keys would be one.
    if (text.includes(REPLACEMENT) && !Buffer.from(text).equals(this.#bytes.subarray(start, end))) {
      this.#foreign ??= [];
      this.#foreign.push(path);
    }
    return text;
  }

  /** A view: whoever keeps it keeps the whole message. */
  bytes(): Buffer {
    const end = this.#endOfLength();
    const view = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return view;
  }

  /** Paths of the texts that were no UTF-8 since it was asked last. */
  foreign(): readonly string[] | undefined {
    const paths = this.#foreign;
    this.#foreign = undefined;
    return paths;
  }

  /** Passes over a field that this version does not know. */
  skip(): void {
    if (this.#wireType === VARINT) this.#varint();
    else if (this.#wireType === LENGTH) this.#at = this.#endOfLength();
    else if (this.#wireType === FIXED64) this.#at += 8;
    else if (this.#wireType === FIXED32) this.#at += 4;
    else throw new Unreadable(`wire type ${this.#wireType}`);
  }

  #numberAt = 0;

  #number(): number {
    this.#expect(VARINT);
    this.#numberAt = this.#at;
    return this.#varint();
  }

  /** The number read last, whatever its size. */
  #exact(): bigint {
    let [exact, shift] = [0n, 0n];
    for (let at = this.#numberAt; at < this.#at; at++, shift += 7n)
      exact |= BigInt((this.#bytes[at] ?? 0) & 0x7f) << shift;
    return BigInt.asUintN(64, exact);
  }

  /** What is over 2^53 loses its last digits. */
  #varint(): number {
    let byte = this.#byte();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    const last = this.#at + VARINT_BYTES_MAX - 1;
    for (let scale = 128; byte >= 0x80; scale *= 128) {
      if (this.#at >= last) throw new Unreadable("a number is too long");
      byte = this.#byte();
      value += (byte & 0x7f) * scale;
    }
    return value;
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
