import { hash } from "node:crypto";
import { codeAt } from "../base/text.ts";
import { SLOT_COUNT, type Slot, slot } from "../base/units.ts";

/** The identity of a record: all four parts. */
export interface RecordAddress {
  readonly namespace: string;
  readonly operation: string;
  /** Ordering scope and colocation; empty = none. */
  readonly stream: string;
  readonly key: string;
}

/** Where a record or a stream lives. */
export interface Place {
  /** 192 bits of SHA-256 over the length-prefixed parts, as 32 characters of [A-Za-z0-9_-]. */
  readonly id: string;
  readonly slot: Slot;
}

export interface RecordPlace extends Place {
  /** Of its stream; undefined = it has none. */
  readonly streamId: string | undefined;
}

/** The identity of a stream. */
export interface StreamAddress {
  readonly namespace: string;
  /** Never empty. */
  readonly stream: string;
}

/** Characters of base64url that hold 192 bits: out of reach of any search for a collision (2^96). */
export const ID_LENGTH = 32;

/**
 * Hashes an address. Every part is prefixed with its length, so that no delimiter can be injected and no two addresses
 * share an input. The slot follows the stream where there is one, so that a stream's records and its sequence live on
 * one shard; else it follows the whole address.
 */
export function placeOf(address: RecordAddress): RecordPlace {
  const digest = digestOfAddress(address);
  const id = idOf(digest);
  if (address.stream === "") return { id, slot: slotOf(digest), streamId: undefined };
  const { id: streamId, slot } = streamPlaceOf(address);
  return { id, slot, streamId };
}

/** A stream lives in the slot of its records. */
export function streamPlaceOf({ namespace, stream }: StreamAddress): Place {
  const digest = digestOf([namespace, stream]);
  return { id: idOf(digest), slot: slotOf(digest) };
}

function idOf(digest: string): string {
  return digest.slice(0, ID_LENGTH);
}

/** Its first 16 bits decide: they are the first two characters of base64url, and four bits of the third. */
function slotOf(digest: string): Slot {
  const bits = (sextetOf(digest, 0) << 10) | (sextetOf(digest, 1) << 4) | (sextetOf(digest, 2) >> 2);
  return slot(bits % SLOT_COUNT);
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const SEXTETS = Uint8Array.from({ length: 128 }, (_, code) => Math.max(0, ALPHABET.indexOf(String.fromCharCode(code))));

function sextetOf(digest: string, position: number): number {
  return SEXTETS[codeAt(digest, position)] ?? 0;
}

/** A length of four bytes, big-endian, as the text that is written as those bytes; only for what is below 128. */
const LENGTHS = Array.from({ length: 128 }, (_, length) => `\0\0\0${String.fromCharCode(length)}`);

/** What stands before the key in what is hashed of an address; mostly what stood there for the last one. */
let head = { namespace: "", operation: "", stream: "", keyLength: -1, text: "" };

function headOf({ namespace, operation, stream, key }: RecordAddress): string | undefined {
  const isLast = head.namespace === namespace && head.operation === operation && head.stream === stream;
  if (isLast && head.keyLength === key.length) return head.text;
  const length = LENGTHS[key.length];
  const before = prefixed([namespace, operation, stream]);
  if (length === undefined || before === undefined) return undefined;
  // In one piece: of two, every hash would put it together anew.
  const text = Buffer.from(before + length, "latin1").toString("latin1");
  head = { namespace, operation, stream, keyLength: key.length, text };
  return text;
}

function digestOfAddress(address: RecordAddress): string {
  const { namespace, operation, stream, key } = address;
  const before = headOf(address);
  if (before === undefined || !isAscii(key)) return digestOfBytes([namespace, operation, stream, key]);
  return hash("sha256", before + key, "base64url");
}

/** In base64url. Nearly all parts are short and ASCII: then what is hashed is one text, which need not be copied. */
function digestOf(parts: readonly string[]): string {
  const text = prefixed(parts);
  return text === undefined ? digestOfBytes(parts) : hash("sha256", text, "base64url");
}

/** Undefined where a part is long, or not ASCII. */
function prefixed(parts: readonly string[]): string | undefined {
  let text = "";
  for (const part of parts) {
    const length = LENGTHS[part.length];
    if (length === undefined || !isAscii(part)) return undefined;
    text += length + part;
  }
  return text;
}

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}

function digestOfBytes(parts: readonly string[]): string {
  const lengths = parts.map((part) => Buffer.byteLength(part));
  const input = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + 4 + length, 0));
  let offset = 0;
  for (const [n, part] of parts.entries()) {
    offset = input.writeUInt32BE(lengths[n] ?? 0, offset);
    offset += input.write(part, offset);
  }
  return hash("sha256", input, "base64url");
}
