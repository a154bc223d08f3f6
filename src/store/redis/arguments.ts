/** Commands as the scripts take them: what the heads of `lua/*.lua` say under KEYS and ARGV, but for the stamp. */
import { type DurationMs, epochMs, fencingToken } from "../../base/units.ts";
import type { Place, RecordAddress, RecordPlace } from "../../domain/address.ts";
import type { BeginCommand } from "../../domain/begin.ts";
import type { CheckpointCommand } from "../../domain/checkpoint.ts";
import type { CompleteCommand } from "../../domain/complete.ts";
import type { ForgetCommand } from "../../domain/forget.ts";
import type { RunningRecord } from "../../domain/record.ts";
import type { ReleaseCommand } from "../../domain/release.ts";
import type { RenewCommand } from "../../domain/renew.ts";
import type { ResolveCommand } from "../../domain/resolve.ts";
import type { StoredResult } from "../../domain/result.ts";
import { keptApart, packToCopy, STATES } from "../packed.ts";
import { EMPTY, packCheckpoint, packFingerprint, packResult } from "../packed-sections.ts";
import type { ReadOptions } from "../port.ts";
import type { Argument } from "../redis-client/connection.ts";
import type { RespWriter } from "../redis-client/resp-writer.ts";
import { KeyPattern } from "./key-pattern.ts";
import { bodyKey, headerKey, indexKey, recordKey, streamKey } from "./keys.ts";

/** No token of ours comes near it (it is a time in µs), and above it a Lua number is no longer exact. */
const TOKEN_MAX = 2n ** 53n;

/**
 * Writes the keys that a script takes, in its order; how many. That of the stream comes last, and is left out where
 * there is none.
 */
export type KeysOf = (out: RespWriter, address: RecordAddress, place: RecordPlace) => number;

const HEADER_AND_RECORD = [({ slot }: Place) => headerKey(slot), recordKey];
const WITHOUT_BODY = new KeyPattern(HEADER_AND_RECORD);
const WITH_BODY = new KeyPattern([...HEADER_AND_RECORD, bodyKey]);

export const allKeys: KeysOf = (out, address, place) => {
  WITH_BODY.write(out, place.slot, place.id);
  return WITH_BODY.count + otherKeys(out, address, place);
};

export const keysWithoutBody: KeysOf = (out, address, place) => {
  WITHOUT_BODY.write(out, place.slot, place.id);
  return WITHOUT_BODY.count + otherKeys(out, address, place);
};

export const keysOfReading: KeysOf = (out, _, { slot, id }) => {
  WITH_BODY.write(out, slot, id);
  return WITH_BODY.count;
};

/** Of a namespace that came twice running: mostly it goes on like that. The key of another is written anew. */
let index = indexOf("");
let cameLast = "";

function indexOf(namespace: string) {
  return { namespace, keys: new KeyPattern([({ slot }) => indexKey(slot, namespace)]) };
}

function otherKeys(out: RespWriter, { namespace }: RecordAddress, { slot, id, streamId }: RecordPlace): 1 | 2 {
  if (namespace === index.namespace) index.keys.write(out, slot, id);
  else {
    out.text(indexKey(slot, namespace));
    if (namespace === cameLast) index = indexOf(namespace);
  }
  cameLast = namespace;
  if (streamId === undefined) return 1;
  out.text(streamKey({ slot, id: streamId }));
  return 2;
}

/** Of the command's numbers in a packed record that has no token and no instants yet. */
const COMMAND_OFFSET = 8;
const ANNOUNCE = 1;
const COUNT = 2;

/** `first`: the record as {@link firstAttempt} makes it of the command. How many arguments were written. */
export function writeBegin(
  out: RespWriter,
  first: RunningRecord,
  { retention, maxAttempts, fingerprints }: BeginCommand,
  { announce, askedBefore }: ReadOptions,
): number {
  const packed = packToCopy(first);
  const { room } = packed;
  const end = room.writeUInt32BE(maxAttempts, room.writeUIntBE(retention.unfinished, COMMAND_OFFSET, 6));
  room[end] = (announce === true ? ANNOUNCE : 0) + (askedBefore === true ? 0 : COUNT);
  out.bytesOf(room, packed.end);
  for (let n = 1; n < fingerprints.length; n++) out.bytes(packFingerprint(fingerprints[n]));
  return Math.max(1, fingerprints.length);
}

const [NO_TOKEN, NO_INSTANT] = [fencingToken(0n), epochMs(0)];

/** The record as a first attempt leaves it, but for its token and its instants, which are the store's to say. */
export function firstAttempt(address: RecordAddress, command: BeginCommand): RunningRecord {
  return {
    state: "in_progress",
    address,
    token: NO_TOKEN,
    attempts: 1,
    maybeExecuted: false,
    createdAt: NO_INSTANT,
    updatedAt: NO_INSTANT,
    expiresAt: NO_INSTANT,
    duplicates: 0,
    fingerprint: command.fingerprints[0],
    traceparent: command.traceparent,
    owner: command.owner,
    retentionFor: command.retentionFor,
    lastError: "",
    ordering: command.ordering,
    attemptId: command.attemptId,
    startedAt: NO_INSTANT,
    leaseUntil: NO_INSTANT,
    leaseFor: command.leaseFor,
    lapsePolicy: command.lapsePolicy,
    checkpoint: undefined,
  };
}

/** Of what always stands in a Complete: its numbers and the length of its error. */
const COMPLETE_BYTES = 29;

export function completeArguments(command: CompleteCommand): Argument[] {
  const { retention } = command;
  const numbers = Buffer.allocUnsafe(COMPLETE_BYTES);
  numbers.writeBigUInt64BE(command.token, 0);
  numbers.writeUInt8(STATES.indexOf(command.kind) + 1, 8);
  writeDurations(numbers, 9, [command.retentionFor, retention.result, retention.tombstone]);
  const error = command.error === "" ? EMPTY : Buffer.from(command.error);
  numbers.writeUInt16BE(error.length, 27);
  if (command.kind === "retryable") return [Buffer.concat([numbers, error, packRetry(command)])];
  const [section, body] = resultArguments(command.result);
  const all = Buffer.concat([numbers, error, section]);
  return body.length === 0 ? [all] : [all, body];
}

function packRetry({ retryAfter, backoff, retention, jitter }: CompleteCommand): Buffer {
  const retry = Buffer.allocUnsafe(32);
  writeDurations(retry, 0, [retryAfter, backoff.base, backoff.cap, retention.unfinished]);
  retry.writeDoubleBE(jitter, 24);
  return retry;
}

function writeDurations(into: Buffer, from: number, durations: readonly DurationMs[]): void {
  for (const [n, duration] of durations.entries()) into.writeUIntBE(duration, from + n * 6, 6);
}

export function renewArguments(command: RenewCommand): Argument[] {
  return [token(command.token), command.leaseFor, command.leaseTotal, command.retention.unfinished];
}

export function checkpointArguments(command: CheckpointCommand): Argument[] {
  const { name, step, data } = command;
  return [...renewArguments(command), packCheckpoint({ name, step, data, savedAt: epochMs(0) })];
}

export function releaseArguments(command: ReleaseCommand): Argument[] {
  return [token(command.token), command.retention.unfinished];
}

export function resolveArguments(command: ResolveCommand): Argument[] {
  const { resolution, retention } = command;
  return [
    token(command.token),
    STATES.indexOf(resolution === "retry" ? "retryable" : resolution) + 1,
    command.reason,
    ...resultArguments(resolution === "retry" ? undefined : command.result),
    retention.result,
    retention.tombstone,
    retention.unfinished,
  ];
}

export function forgetArguments(command: ForgetCommand): Argument[] {
  return [command.fenceFor];
}

export function getArguments(options: ReadOptions): Argument[] {
  return [flag(options.announce)];
}

/** The section that stays with the record, and the body that is kept apart from it. */
function resultArguments(result: StoredResult | undefined): [section: Buffer, body: Buffer] {
  const apart = keptApart(result) ? result?.body : undefined;
  return [packResult(result), apart === undefined ? EMPTY : Buffer.from(apart.buffer, apart.byteOffset, apart.length)];
}

function token(value: bigint): string {
  return String(value > TOKEN_MAX ? TOKEN_MAX : value);
}

function flag(value: boolean | undefined): string {
  return value === true ? "1" : "0";
}
