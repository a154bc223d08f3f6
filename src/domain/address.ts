import { hash } from "node:crypto";
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
  const digest = digestOf([address.namespace, address.operation, address.stream, address.key]);
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
  return SEXTETS[digest.charCodeAt(position)] ?? 0;
}

/** A length of four bytes, big-endian, as the text that is written as those bytes; only for what is below 128. */
const LENGTHS = Array.from({ length: 128 }, (_, length) => `\0\0\0${String.fromCharCode(length)}`);

/** In base64url. Nearly all parts are short and ASCII: then what is hashed is one text, which need not be copied. */
function digestOf(parts: readonly string[]): string {
  let text = "";
  for (const part of parts) {
    const length = LENGTHS[part.length];
    if (length === undefined || Buffer.byteLength(part) !== part.length) return digestOfBytes(parts);
    text += length + part;
  }
  return hash("sha256", text, "base64url");
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
