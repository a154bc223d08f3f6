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
const ID_LENGTH = 32;

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

function idOf(digest: Buffer): string {
  return digest.toString("base64url").slice(0, ID_LENGTH);
}

function slotOf(digest: Buffer): Slot {
  return slot(digest.readUInt16BE(0) % SLOT_COUNT);
}

function digestOf(parts: readonly string[]): Buffer {
  let size = 0;
  for (const part of parts) size += 4 + Buffer.byteLength(part);
  const input = Buffer.allocUnsafe(size);
  let offset = 0;
  for (const part of parts) {
    const written = input.write(part, offset + 4);
    input.writeUInt32BE(written, offset);
    offset += 4 + written;
  }
  return hash("sha256", input, "buffer");
}
