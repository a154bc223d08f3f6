/**
 * What lies in the database. The first letter says what an entry is; numbers are big-endian, so that the order of the
 * bytes is the order of time. `id` is that of `placeOf`, as its 24 bytes.
 *
 * | key | value | bytes of key |
 * |---|---|---|
 * | `m`, name | about the store: `layout`, its version; `token`, the last fencing token minted | |
 * | `r`, id | the second its expiry entry stands at (4), then the packed record | 25 |
 * | `s`, id of a stream | a packed stream | 25 |
 * | `b`, id, token (8) | the body of a result that is kept apart; the token makes it one attempt's for ever | 33 |
 * | `e`, second (4), id | nothing: a record to be looked at by the sweep in that second | 29 |
 * | `e`, second (4), id, token (8) | nothing: a body whose retention ends in that second | 37 |
 * | `u`, length of namespace (1), namespace, created at in ms (6), id | nothing: an unfinished record | 33 and up |
 *
 * A record has one expiry entry. It may stand too early, never much too late: what moves a deadline forward leaves it,
 * and the sweep moves it when it comes due, so a heartbeat writes the record and nothing else. An unfinished record is
 * listed by the instant it was created, which no later attempt changes: one entry written, one deleted, in its life.
 */
import type { EpochMs, FencingToken } from "../../base/units.ts";

/** Raised when an older onceward could no longer read the entries. */
export const DISK_LAYOUT_VERSION = 1;
export const LAYOUT_KEY = Buffer.from("mlayout");
export const TOKEN_KEY = Buffer.from("mtoken");

const ID_BYTES = 24;
const RECORD = 0x72;
const STREAM = 0x73;
const BODY = 0x62;
const EXPIRY = 0x65;
const UNFINISHED = 0x75;
export const SECOND_MAX = 2 ** 32 - 1;

/** Bytes of {@link unfinishedPlaceOf}. */
export const UNFINISHED_PLACE_BYTES = 6 + ID_BYTES;

/** Half-open: from `gte` up to, not including, `lt`. */
export interface KeyRange {
  readonly gte: Buffer;
  readonly lt: Buffer;
}

export const EVERY_KEY: KeyRange = { gte: Buffer.alloc(0), lt: Buffer.of(0xff) };

/** The first whole second, since 1970, that is not before `instant`. */
export function secondOf(instant: EpochMs): number {
  return Math.min(SECOND_MAX, Math.ceil(instant / 1000));
}

export function recordKey(id: string): Buffer {
  return idKey(RECORD, id);
}

export function streamKey(id: string): Buffer {
  return idKey(STREAM, id);
}

function idKey(kind: number, id: string): Buffer {
  const key = Buffer.allocUnsafe(1 + ID_BYTES);
  key[0] = kind;
  key.write(id, 1, "base64url");
  return key;
}

export function bodyKey(id: string, token: FencingToken): Buffer {
  const key = Buffer.allocUnsafe(1 + ID_BYTES + 8);
  key[0] = BODY;
  key.write(id, 1, "base64url");
  key.writeBigUInt64BE(token, 1 + ID_BYTES);
  return key;
}

/** With a token: the expiry of that attempt's body; without: of the record. */
export function expiryKey(second: number, id: string, token?: FencingToken): Buffer {
  const key = Buffer.allocUnsafe(5 + ID_BYTES + (token === undefined ? 0 : 8));
  key[0] = EXPIRY;
  key.writeUInt32BE(second, 1);
  key.write(id, 5, "base64url");
  if (token !== undefined) key.writeBigUInt64BE(token, 5 + ID_BYTES);
  return key;
}

export interface ExpiryEntry {
  readonly second: number;
  readonly id: string;
  /** Undefined = the record's own. */
  readonly token: FencingToken | undefined;
}

export function parseExpiryKey(key: Buffer): ExpiryEntry {
  const end = 5 + ID_BYTES;
  const token = key.length > end ? (key.readBigUInt64BE(end) as FencingToken) : undefined; // written from one
  return { second: key.readUInt32BE(1), id: key.toString("base64url", 5, end), token };
}

/** Where the expiry entries of a second begin. */
export function expiryStart(second: number): Buffer {
  const key = Buffer.allocUnsafe(5);
  key[0] = EXPIRY;
  key.writeUInt32BE(second, 1);
  return key;
}

export function unfinishedKey(namespace: string, createdAt: EpochMs, id: string): Buffer {
  const key = Buffer.allocUnsafe(2 + Buffer.byteLength(namespace) + UNFINISHED_PLACE_BYTES);
  const place = writeNamespace(key, namespace);
  key.writeUIntBE(createdAt, place, 6);
  key.write(id, place + 6, "base64url");
  return key;
}

/** Where the unfinished records of a namespace begin that were created at `createdAt`, ms, or later. */
export function unfinishedStart(namespace: string, createdAt: number): Buffer {
  const start = Buffer.allocUnsafe(6);
  start.writeUIntBE(createdAt, 0, 6);
  return unfinishedAt(namespace, start);
}

/** Every unfinished record of a namespace. */
export function unfinishedRange(namespace: string): KeyRange {
  const place = UNFINISHED_PLACE_BYTES;
  return { gte: unfinishedAt(namespace, Buffer.alloc(0)), lt: unfinishedAt(namespace, Buffer.alloc(place + 1, 0xff)) };
}

/** The entry of a namespace at a place, or where those begin that start with it. */
export function unfinishedAt(namespace: string, place: Buffer): Buffer {
  const key = Buffer.allocUnsafe(2 + Buffer.byteLength(namespace) + place.length);
  key.set(place, writeNamespace(key, namespace));
  return key;
}

/** Gives the offset behind it. */
function writeNamespace(key: Buffer, namespace: string): number {
  key[0] = UNFINISHED;
  const length = key.write(namespace, 2);
  key[1] = length;
  return 2 + length;
}

/** Where an entry stands within its namespace: created at, id. */
export function unfinishedPlaceOf(key: Buffer): Buffer {
  return key.subarray(key.length - UNFINISHED_PLACE_BYTES);
}

export function unfinishedIdOf(key: Buffer): string {
  return key.toString("base64url", key.length - ID_BYTES);
}

/** The first key after `key`. */
export function justAfter(key: Buffer): Buffer {
  return Buffer.concat([key, Buffer.of(0)]);
}
