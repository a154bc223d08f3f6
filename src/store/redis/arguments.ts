/** Commands as the scripts take them: what the heads of `lua/*.lua` say under KEYS and ARGV, but for the stamp. */
import { after, type DurationMs, epochMs, fencingToken } from "../../base/units.ts";
import type { RecordAddress, RecordPlace } from "../../domain/address.ts";
import type { BeginCommand } from "../../domain/begin.ts";
import type { CheckpointCommand } from "../../domain/checkpoint.ts";
import type { CompleteCommand } from "../../domain/complete.ts";
import type { ForgetCommand } from "../../domain/forget.ts";
import type { RunningRecord } from "../../domain/record.ts";
import type { ReleaseCommand } from "../../domain/release.ts";
import type { RenewCommand } from "../../domain/renew.ts";
import type { ResolveCommand } from "../../domain/resolve.ts";
import type { StoredResult } from "../../domain/result.ts";
import { keptApart, packRecord, STATES } from "../packed.ts";
import { EMPTY, packCheckpoint, packFingerprint, packResult } from "../packed-sections.ts";
import type { ReadOptions } from "../port.ts";
import type { Argument } from "../redis-client/connection.ts";
import { bodyKey, headerKey, indexKey, recordKey, streamKey } from "./keys.ts";

/** No token of ours comes near it (it is a time in µs), and above it a Lua number is no longer exact. */
const TOKEN_MAX = 2n ** 53n;

/** Which keys a script takes, in its order. That of the stream comes last, and is left out where there is none. */
export type KeysOf = (address: RecordAddress, place: RecordPlace) => string[];

export const allKeys: KeysOf = (address, place) =>
  withStream([headerKey(place.slot), recordKey(place), bodyKey(place), indexKey(place.slot, address.namespace)], place);

export const keysWithoutBody: KeysOf = (address, place) =>
  withStream([headerKey(place.slot), recordKey(place), indexKey(place.slot, address.namespace)], place);

export const keysOfReading: KeysOf = (_, place) => [headerKey(place.slot), recordKey(place), bodyKey(place)];

function withStream(keys: string[], { streamId, slot }: RecordPlace): string[] {
  if (streamId !== undefined) keys.push(streamKey({ id: streamId, slot }));
  return keys;
}

/** Of the command's numbers in a packed record that has no token and no instants yet. */
const COMMAND_OFFSET = 8;
const ANNOUNCE = 1;
const COUNT = 2;

export function beginArguments(address: RecordAddress, command: BeginCommand, options: ReadOptions): Argument[] {
  const { record } = packRecord(firstAttempt(address, command));
  const asks = (options.announce === true ? ANNOUNCE : 0) + (options.askedBefore === true ? 0 : COUNT);
  let end = record.writeUIntBE(command.retention.unfinished, COMMAND_OFFSET, 6);
  end = record.writeUInt32BE(command.maxAttempts, end);
  record.writeUInt8(asks, end);
  if (command.fingerprints.length <= 1) return [record];
  return [record, ...command.fingerprints.slice(1).map(packFingerprint)];
}

const UNSET = { token: fencingToken(0n), now: epochMs(0) };

/** The record as a first attempt leaves it; its token and its instants are the store's to say. */
export function firstAttempt(address: RecordAddress, command: BeginCommand, { token, now } = UNSET): RunningRecord {
  const leaseUntil = after(now, command.leaseFor);
  return {
    state: "in_progress",
    address,
    token,
    attempts: 1,
    maybeExecuted: false,
    createdAt: now,
    updatedAt: now,
    expiresAt: after(leaseUntil, command.retention.unfinished),
    duplicates: 0,
    fingerprint: command.fingerprints[0],
    traceparent: command.traceparent,
    owner: command.owner,
    retentionFor: command.retentionFor,
    lastError: "",
    ordering: command.ordering,
    attemptId: command.attemptId,
    startedAt: now,
    leaseUntil,
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
