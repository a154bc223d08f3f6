/**
 * One record as one string of bytes, the same in every store: a fixed header, then sections whose lengths stand in the
 * header. Numbers are big-endian. The Lua scripts move whole sections about without looking inside, so each section is
 * canonical: equal values are equal bytes. `lua/lib/record.lua` is the same layout again.
 *
 * | offset | size | field | | offset | size | field |
 * |---|---|---|---|---|---|---|
 * | 0 | 1 | layout version, 1 | | 40 | 6 | start of the attempt, or finish, ms |
 * | 1 | 1 | state, see STATES | | 46 | 4 | lease length, ms |
 * | 2 | 1 | flags, see FLAG | | 50 | 6 | retention asked for at Begin, ms |
 * | 3 | 1 | how the last attempt ended | | 56 | 4 | duplicates |
 * | 4 | 4 | attempts | | 60 | 1 | length of fingerprint |
 * | 8 | 8 | token | | 61 | 1 | length of trace |
 * | 16 | 6 | lease end, back-off end, or body's end, ms | | 62 | 2 | length of address |
 * | 22 | 6 | updated at, ms | | 64 | 1 | length of ordering |
 * | 28 | 6 | expires at, ms | | 65 | 2 | length of owner |
 * | 34 | 6 | created at, ms | | 67 | 1 | length of attempt id |
 * | | | | | 68 | 2 | length of last error |
 * | | | | | 70 | 4 | length of checkpoint |
 * | | | | | 74 | | the sections, in that order, then the result |
 */
import { OncewardError } from "../base/errors.ts";
import { durationMs, type EpochMs, epochMs, fencingToken } from "../base/units.ts";
import type { RecordAddress } from "../domain/address.ts";
import type { EndedBy, StoredRecord } from "../domain/record.ts";
import type { StoredResult } from "../domain/result.ts";
import { SMALL_BODY_BYTES_MAX } from "../domain/result.ts";
import * as section from "./packed-sections.ts";
import { Writer } from "./packed-writer.ts";

export const LAYOUT_VERSION = 1;
export const HEADER_BYTES = 74;
const TOKEN_OFFSET = 8;
/** Offset of the duplicates' counter, which stores write by itself. */
export const DUPLICATES_OFFSET = 56;

/** Number on disk = position + 1. */
export const STATES = ["in_progress", "succeeded", "failed", "retryable", "dead_lettered", "forgotten"] as const;
/** Number on disk = position; 0 = not ended. */
const ENDED_BY = [undefined, "retryable", "released", "resolved", "lapsed"] as const;

const FLAG = {
  maybeExecuted: 1,
  hold: 2,
  /** Somebody waits for the attempt's end; the stores' own, no part of the record. */
  waited: 4,
  /** The result's body lives in an entry of its own, with the body's retention. */
  bodyApart: 8,
  /** There is a result section: the last one, it has no length of its own. */
  result: 16,
} as const;

export interface Packed {
  readonly record: Buffer;
  /** To be kept in an entry of its own, until the record's `resultUntil`; undefined = nothing to keep apart. */
  readonly body: Uint8Array | undefined;
}

/** Whether a body is worth an entry of its own, so that it can leave before its record's tombstone does. */
export function keptApart(result: StoredResult | undefined): boolean {
  return result?.body !== undefined && result.bodySize > SMALL_BODY_BYTES_MAX;
}

/** Packing is synchronous, so one is enough. */
const out = new Writer();

export function packRecord(record: StoredRecord): Packed {
  const packed = packToCopy(record).finish();
  const result = "result" in record ? record.result : undefined;
  return { record: packed, body: keptApart(result) ? result?.body : undefined };
}

/** The record of {@link packRecord}, to be copied from where it was packed: the next one is packed there as well. */
export function packToCopy(record: StoredRecord): Writer {
  const result = "result" in record ? record.result : undefined;
  out.restart(HEADER_BYTES);
  section.writeFingerprint(out, record.fingerprint);
  const traceAt = out.end;
  section.writeTrace(out, record.traceparent);
  const addressAt = out.end;
  if (record.state !== "forgotten" && !("result" in record)) section.writeAddress(out, record.address);
  const orderingAt = out.end;
  if ("ordering" in record) section.writeOrdering(out, record.ordering);
  const ownerAt = out.end;
  out.text(record.owner);
  const attemptIdAt = out.end;
  if (record.state === "in_progress") out.text(record.attemptId);
  const lastErrorAt = out.end;
  out.text(record.lastError);
  const checkpointAt = out.end;
  if ("checkpoint" in record) section.writeCheckpoint(out, record.checkpoint);
  const resultAt = out.end;
  section.writeResult(out, result);
  const packed = out.room;
  packHeader(packed, record, keptApart(result));
  out.bigAt(TOKEN_OFFSET, record.token);
  if (out.end > resultAt) packed[2] = (packed[2] ?? 0) | FLAG.result;
  packed.writeUInt8(traceAt - HEADER_BYTES, 60);
  packed.writeUInt8(addressAt - traceAt, 61);
  packed.writeUInt16BE(orderingAt - addressAt, 62);
  packed.writeUInt8(ownerAt - orderingAt, 64);
  packed.writeUInt16BE(attemptIdAt - ownerAt, 65);
  packed.writeUInt8(lastErrorAt - attemptIdAt, 67);
  packed.writeUInt16BE(checkpointAt - lastErrorAt, 68);
  packed.writeUInt32BE(resultAt - checkpointAt, 70);
  return out;
}

function packHeader(header: Buffer, record: StoredRecord, apart: boolean): void {
  const running = record.state === "in_progress" ? record : undefined;
  const hold = running?.lapsePolicy === "hold";
  header[0] = LAYOUT_VERSION;
  header[1] = STATES.indexOf(record.state) + 1;
  header[2] = (record.maybeExecuted ? FLAG.maybeExecuted : 0) | (hold ? FLAG.hold : 0) | (apart ? FLAG.bodyApart : 0);
  header[3] = "endedBy" in record ? ENDED_BY.indexOf(record.endedBy) : 0;
  header.writeUInt32BE(record.attempts, 4);
  header.writeUIntBE(deadlineOf(record), 16, 6);
  header.writeUIntBE(record.updatedAt, 22, 6);
  header.writeUIntBE(record.expiresAt, 28, 6);
  header.writeUIntBE(record.createdAt, 34, 6);
  header.writeUIntBE("finishedAt" in record ? record.finishedAt : (running?.startedAt ?? 0), 40, 6);
  header.writeUInt32BE(running?.leaseFor ?? 0, 46);
  header.writeUIntBE(record.retentionFor, 50, 6);
  header.writeUInt32BE(Math.min(record.duplicates, 0xffffffff), DUPLICATES_OFFSET);
}

function deadlineOf(record: StoredRecord): number {
  switch (record.state) {
    case "in_progress":
      return record.leaseUntil;
    case "retryable":
      return record.retryAt;
    case "succeeded":
    case "failed":
      return record.resultUntil;
    default:
      return 0;
  }
}

/** A name, or what can be asked for it where it is needed: it mostly is not. */
export interface Named {
  toString(): string;
}

export interface Unpacked {
  readonly record: StoredRecord;
  /** The body lives apart and was not given. */
  readonly bodyApart: boolean;
  readonly waited: boolean;
}

/**
 * Reads a record back. A finished record does not carry its address, so the caller passes the one it looked up; `body`
 * is the entry kept apart, if there is one.
 * @throws {OncewardError} STORE_DAMAGED when the bytes are no record of this layout; `where` names them in the message.
 */
export function unpackRecord(
  bytes: Buffer,
  where: { readonly address?: RecordAddress; readonly body?: Buffer | undefined; readonly name: Named },
): Unpacked {
  try {
    return unpack(bytes, where.address, where.body);
  } catch (cause) {
    throw new OncewardError("STORE_DAMAGED", `unreadable record in ${where.name}`, { cause });
  }
}

function unpack(bytes: Buffer, lookedUp: RecordAddress | undefined, body: Buffer | undefined): Unpacked {
  if (bytes.readUInt8(0) !== LAYOUT_VERSION) throw new Error(`layout version ${bytes.readUInt8(0)}`);
  const flags = bytes.readUInt8(2);
  const cut = section.cutter(bytes, HEADER_BYTES);
  const fingerprint = section.unpackFingerprint(cut(bytes.readUInt8(60)));
  const traceparent = section.unpackTrace(cut(bytes.readUInt8(61)));
  const packedAddress = cut(bytes.readUInt16BE(62));
  const ordering = section.unpackOrdering(cut(bytes.readUInt8(64)));
  const owner = cut(bytes.readUInt16BE(65)).toString();
  const attemptId = cut(bytes.readUInt8(67)).toString();
  const lastError = cut(bytes.readUInt16BE(68)).toString();
  const checkpoint = section.unpackCheckpoint(cut(bytes.readUInt32BE(70)));
  const result = bytes.subarray(cut.offset());
  const address = packedAddress.length > 0 ? section.unpackAddress(packedAddress) : lookedUp;
  if (address === undefined) throw new Error("no address");
  const bodyApart = (flags & FLAG.bodyApart) !== 0;
  const state = STATES[bytes.readUInt8(1) - 1];
  if (result.length > 0 !== ((flags & FLAG.result) !== 0))
    throw new Error("no result where there was one, or one more");
  expectSections(state, bytes, result.length > 0);
  const deadline = instant(bytes, 16);
  const mark = instant(bytes, 40);
  const base = { address, fingerprint, traceparent, owner, lastError, ...unpackNumbers(bytes) };
  const done = (record: StoredRecord) => ({ record, bodyApart, waited: (flags & FLAG.waited) !== 0 });
  switch (state) {
    case "in_progress": {
      const lapsePolicy = (flags & FLAG.hold) !== 0 ? "hold" : "take_over";
      const lease = { startedAt: mark, leaseUntil: deadline, leaseFor: durationMs(bytes.readUInt32BE(46)) };
      return done({ ...base, state, ordering, attemptId, ...lease, lapsePolicy, checkpoint });
    }
    case "succeeded":
    case "failed": {
      const unpacked = section.unpackResult(result, bodyApart, body);
      return done({ ...base, state, finishedAt: mark, resultUntil: deadline, result: unpacked });
    }
    case "retryable": {
      const endedBy = endedByOf(bytes);
      if (endedBy === "lapsed") throw new Error("a lapsed attempt is not retryable");
      return done({ ...base, state, endedBy, retryAt: deadline, ordering, checkpoint });
    }
    case "dead_lettered":
      return done({ ...base, state, endedBy: endedByOf(bytes), ordering, checkpoint });
    case "forgotten":
      return done({ ...base, state });
    default:
      throw new Error(`state ${bytes.readUInt8(1)}`);
  }
}

/**
 * Each state has its own sections: with another's it is none of ours, and above all no finished record. Where an
 * address is kept, the record is not finished.
 */
function expectSections(state: (typeof STATES)[number] | undefined, bytes: Buffer, result: boolean): void {
  const finished = state === "succeeded" || state === "failed";
  const ended = finished || state === "forgotten";
  const address = bytes.readUInt16BE(62) > 0;
  const progress = bytes.readUInt8(64) > 0 || bytes.readUInt32BE(70) > 0;
  const attempt = bytes.readUInt8(67) > 0;
  if (address === ended || (ended && progress) || (result && !finished) || (attempt && state !== "in_progress")) {
    throw new Error(`sections of another state than ${state}`);
  }
}

/** What every record has in its header. */
function unpackNumbers(bytes: Buffer) {
  return {
    token: fencingToken(bytes.readBigUInt64BE(TOKEN_OFFSET)),
    attempts: bytes.readUInt32BE(4),
    maybeExecuted: (bytes.readUInt8(2) & FLAG.maybeExecuted) !== 0,
    createdAt: instant(bytes, 34),
    updatedAt: instant(bytes, 22),
    expiresAt: instant(bytes, 28),
    duplicates: bytes.readUInt32BE(DUPLICATES_OFFSET),
    retentionFor: durationMs(bytes.readUIntBE(50, 6)),
  };
}

function endedByOf(bytes: Buffer): EndedBy {
  const endedBy = ENDED_BY[bytes.readUInt8(3)];
  if (endedBy === undefined) throw new Error(`ended by ${bytes.readUInt8(3)}`);
  return endedBy;
}

function instant(bytes: Buffer, offset: number): EpochMs {
  return epochMs(bytes.readUIntBE(offset, 6));
}
