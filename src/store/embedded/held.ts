/** A record as this store holds it, and what each change of it writes. Pure. */
import { invariant } from "../../base/assert.ts";
import { after, durationMs, type EpochMs, earlier, epochMs, fencingToken, longer } from "../../base/units.ts";
import type { RecordAddress } from "../../domain/address.ts";
import { isFinished, type Retention, type StoredRecord, type UnfinishedRecord } from "../../domain/record.ts";
import { DUPLICATES_OFFSET, packRecord, unpackRecord } from "../packed.ts";
import type { Write } from "./database.ts";
import { bodyKey, expiryKey, recordKey, SECOND_MAX, secondOf, unfinishedKey } from "./keys.ts";

export interface Held {
  readonly record: StoredRecord;
  /** Second that its expiry entry stands at. */
  readonly sweepAtS: number;
  /** The result's body has an entry of its own. Read from disk, the record comes without it. */
  readonly bodyApart: boolean;
}

/** Stands for the address of a finished record that was not looked up by its own. */
export const NOWHERE: RecordAddress = { namespace: "", operation: "", stream: "", key: "" };

/** How long a record may lie on disk past its expiry because moving its expiry entry was not worth two writes, s. */
const SWEPT_LATE_SECONDS_MAX = 60;
/** Bytes before the packed record: the second its expiry entry stands at. */
const PREFIX_BYTES = 4;
const DUPLICATES_MAX = 2 ** 32 - 1;
const NOTHING = Buffer.alloc(0);

/** @throws {OncewardError} STORE_DAMAGED, naming `name`, when the bytes are no record. */
export function unpack(value: Buffer, where: { readonly address: RecordAddress; readonly name: string }): Held {
  const { record, bodyApart } = unpackRecord(value.subarray(PREFIX_BYTES), where);
  return { record, sweepAtS: sweepAtOf(value), bodyApart };
}

/** Second that the expiry entry of a record stands at whose bytes on disk are `value`; 0 = they say none. */
export function sweepAtOf(value: Buffer): number {
  return value.length < PREFIX_BYTES ? 0 : value.readUInt32BE(0);
}

/** As `unpack`, without the address that a finished record does not carry; undefined when the bytes are no record. */
export function unpackAnyhow(value: Buffer | undefined): Held | undefined {
  if (value === undefined) return undefined;
  try {
    return unpack(value, { address: NOWHERE, name: "" });
  } catch {
    return undefined;
  }
}

/** What stands in for a record that cannot be read, so that it can be forgotten: nobody's, and below every token. */
export function unreadable(address: RecordAddress): Held {
  const record: StoredRecord = {
    state: "dead_lettered",
    address,
    token: fencingToken(0n),
    attempts: 0,
    maybeExecuted: false,
    createdAt: epochMs(0),
    updatedAt: epochMs(0),
    expiresAt: epochMs(Number.MAX_SAFE_INTEGER),
    duplicates: 0,
    fingerprint: undefined,
    traceparent: "",
    owner: "",
    retentionFor: durationMs(0),
    lastError: "",
    endedBy: "lapsed",
    ordering: undefined,
    checkpoint: undefined,
  };
  // Wherever its expiry entry stands, the sweep will find that it is not the record's any more.
  return { record, sweepAtS: SECOND_MAX, bodyApart: false };
}

export interface Change {
  readonly id: string;
  readonly before: Held | undefined;
  readonly next: StoredRecord;
  /** When the sweep had best look at it; the record's own expiry where that is earlier. */
  readonly sweepAt: EpochMs;
}

/** Adds to `writes` what makes `next` the record of `id`, and says how it is then held. */
export function change({ id, before, next, sweepAt }: Change, writes: Write[]): Held {
  const { record, body } = packRecord(next);
  const sweepAtS = placeExpiry(id, before, earlier(sweepAt, next.expiresAt), writes);
  writes.push({ key: recordKey(id), value: prefixed(record, sweepAtS) });
  const [was, is] = [listed(before?.record), listed(next)];
  if (was?.createdAt !== is?.createdAt) {
    if (was !== undefined) writes.push({ key: keyOfListed(was, id), value: undefined });
    if (is !== undefined) writes.push({ key: keyOfListed(is, id), value: NOTHING });
  }
  dropBody(id, before, writes);
  if (body !== undefined) {
    writes.push({ key: bodyKey(id, next.token), value: body });
    writes.push({ key: bodyExpiryKey(id, next), value: NOTHING });
  }
  return { record: next, sweepAtS, bodyApart: body !== undefined };
}

/** Adds to `writes` what moves the expiry entry of a record whose bytes on disk are `value`, and nothing else. */
export function moveExpiry(id: string, value: Buffer, sweepAtS: number, writes: Write[]): void {
  writes.push({ key: expiryKey(sweepAtOf(value), id), value: undefined });
  writes.push({ key: expiryKey(sweepAtS, id), value: NOTHING });
  writes.push({ key: recordKey(id), value: prefixed(value.subarray(PREFIX_BYTES), sweepAtS) });
}

/** Adds to `writes` what sets the count of duplicates of a record whose bytes on disk are `value`, and nothing else. */
export function recount(id: string, before: Held, value: Buffer, writes: Write[]): void {
  value.writeUInt32BE(Math.min(before.record.duplicates, DUPLICATES_MAX), PREFIX_BYTES + DUPLICATES_OFFSET);
  writes.push({ key: recordKey(id), value });
}

/** Adds to `writes` what leaves nothing of a record. */
export function drop(id: string, before: Held, writes: Write[]): void {
  const was = listed(before.record);
  writes.push({ key: recordKey(id), value: undefined }, { key: expiryKey(before.sweepAtS, id), value: undefined });
  if (was !== undefined) writes.push({ key: keyOfListed(was, id), value: undefined });
  dropBody(id, before, writes);
}

/**
 * When the sweep had best look at an attempt that begins now: when its record would expire had it finished by the end
 * of its lease, as nearly all do. Its expiry entry then stands right when it finishes, and is not written again.
 */
export function sweepAtOfStart(record: StoredRecord, retention: Retention): EpochMs {
  if (record.state !== "in_progress") return record.expiresAt;
  return after(record.leaseUntil, longer(retention.tombstone, record.retentionFor || retention.result));
}

/** The record's expiry entry stays where it stands if it is early, or only a little late; else it moves. */
function placeExpiry(id: string, before: Held | undefined, sweepAt: EpochMs, writes: Write[]): number {
  const wanted = secondOf(sweepAt);
  if (before !== undefined) {
    if (before.sweepAtS <= wanted + SWEPT_LATE_SECONDS_MAX) return before.sweepAtS;
    writes.push({ key: expiryKey(before.sweepAtS, id), value: undefined });
  }
  writes.push({ key: expiryKey(wanted, id), value: NOTHING });
  return wanted;
}

function dropBody(id: string, before: Held | undefined, writes: Write[]): void {
  if (before === undefined || !before.bodyApart) return;
  writes.push({ key: bodyKey(id, before.record.token), value: undefined });
  writes.push({ key: bodyExpiryKey(id, before.record), value: undefined });
}

function bodyExpiryKey(id: string, record: StoredRecord): Buffer {
  invariant(isFinished(record), "only a finished record has a body kept apart");
  return expiryKey(secondOf(record.resultUntil), id, record.token);
}

/** The record, if it is one of those that are listed. */
function listed(record: StoredRecord | undefined): UnfinishedRecord | undefined {
  return record === undefined || isFinished(record) || record.state === "forgotten" ? undefined : record;
}

function keyOfListed(record: UnfinishedRecord, id: string): Buffer {
  return unfinishedKey(record.address.namespace, record.createdAt, id);
}

function prefixed(record: Buffer, sweepAtS: number): Buffer {
  const value = Buffer.allocUnsafe(PREFIX_BYTES + record.length);
  value.writeUInt32BE(sweepAtS, 0);
  value.set(record, PREFIX_BYTES);
  return value;
}
