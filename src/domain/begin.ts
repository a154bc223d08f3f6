import { assertNever } from "../base/assert.ts";
import { after, type DurationMs, type EpochMs, type FencingToken } from "../base/units.ts";
import type { RecordAddress } from "./address.ts";
import { type Fingerprint, sameFingerprint } from "./fingerprint.ts";
import { type Moment, mintToken, nowFor } from "./moment.ts";
import {
  type Decision,
  type FinishedRecord,
  isLive,
  isPresent,
  type LapsePolicy,
  type Retention,
  type RetryableRecord,
  type RunningRecord,
  type Seen,
  type StoredRecord,
  type UnfinishedRecord,
} from "./record.ts";

export interface BeginCommand {
  /**
   * What the record must match, in order of preference: the first is kept by a record that this Begin creates, the
   * others are the same payload under older secrets. Empty = no check.
   */
  readonly fingerprints: readonly Fingerprint[];
  /** The caller's nonce for this try; never empty here. */
  readonly attemptId: string;
  readonly owner: string;
  readonly leaseFor: DurationMs;
  /** 0 = the namespace's. */
  readonly retentionFor: DurationMs;
  readonly lapsePolicy: LapsePolicy;
  /** 0 = unlimited. */
  readonly maxAttempts: number;
  readonly traceparent: string;
  readonly retention: Retention;
}

export type BeginOutcome =
  | ({ readonly kind: "started"; readonly takeover: boolean; readonly resumed: boolean } & Seen<RunningRecord>)
  | ({ readonly kind: "replay" } & Seen<FinishedRecord>)
  | ({ readonly kind: "in_progress" } & Seen<RunningRecord>)
  | ({ readonly kind: "backing_off" } & Seen<RetryableRecord>)
  | ({ readonly kind: "unresolved" } & Seen<UnfinishedRecord>)
  | ({ readonly kind: "mismatch" } & Seen<UnfinishedRecord | FinishedRecord>);

/** Decides one Begin. The order of the cases is the contract's. */
export function decideBegin(
  record: StoredRecord | undefined,
  address: RecordAddress,
  command: BeginCommand,
  at: Moment,
): Decision<BeginOutcome> {
  const now = nowFor(record, at);
  if (!isPresent(record, now)) return start(undefined, address, command, mintToken(record, at), now);
  if (!sameFingerprint(record.fingerprint, command.fingerprints)) return duplicate({ kind: "mismatch", record, now });
  switch (record.state) {
    case "succeeded":
    case "failed":
      return duplicate({ kind: "replay", record, now });
    case "in_progress":
      if (!isLive(record, now)) return beginAfterLapse(record, command, at, now);
      if (record.attemptId !== command.attemptId) return duplicate({ kind: "in_progress", record, now });
      return { outcome: { kind: "started", takeover: false, resumed: true, record, now } };
    case "dead_lettered":
      return duplicate({ kind: "unresolved", record, now });
    case "retryable":
      if (outOfAttempts(record, command)) return deadLetter(record, command, now);
      if (now < record.retryAt) return duplicate({ kind: "backing_off", record, now });
      return start(record, address, command, mintToken(record, at), now);
    default:
      return assertNever(record);
  }
}

function beginAfterLapse(record: RunningRecord, command: BeginCommand, at: Moment, now: EpochMs) {
  if (outOfAttempts(record, command)) return deadLetter(record, command, now);
  if (record.lapsePolicy === "hold" || command.lapsePolicy === "hold") {
    return duplicate({ kind: "unresolved", record, now });
  }
  return start(record, record.address, command, mintToken(record, at), now);
}

function outOfAttempts(record: UnfinishedRecord, command: BeginCommand): boolean {
  return command.maxAttempts > 0 && record.attempts >= command.maxAttempts;
}

function deadLetter(record: RunningRecord | RetryableRecord, command: BeginCommand, now: EpochMs) {
  const { address, token, attempts, maybeExecuted, createdAt, fingerprint, traceparent, owner, checkpoint } = record;
  const dead = {
    state: "dead_lettered",
    endedBy: record.state === "retryable" ? record.endedBy : "lapsed",
    updatedAt: now,
    expiresAt: after(now, command.retention.unfinished),
    duplicates: record.duplicates,
    retentionFor: record.retentionFor,
    lastError: record.lastError,
    ...{ address, token, attempts, maybeExecuted, createdAt, fingerprint, traceparent, owner, checkpoint },
  } as const;
  return { outcome: { kind: "unresolved", record: dead, now }, write: dead, duplicate: true } as const;
}

function start(
  before: RunningRecord | RetryableRecord | undefined,
  address: RecordAddress,
  command: BeginCommand,
  token: FencingToken,
  now: EpochMs,
): Decision<BeginOutcome> {
  const takeover = before?.state === "in_progress";
  const leaseUntil = after(now, command.leaseFor);
  const record: RunningRecord = {
    state: "in_progress",
    address,
    token,
    attempts: (before?.attempts ?? 0) + 1,
    maybeExecuted: takeover || (before?.maybeExecuted ?? false),
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
    expiresAt: after(leaseUntil, command.retention.unfinished),
    duplicates: before?.duplicates ?? 0,
    fingerprint: before === undefined ? command.fingerprints[0] : before.fingerprint,
    traceparent: before === undefined ? command.traceparent : before.traceparent,
    owner: command.owner,
    retentionFor: command.retentionFor,
    lastError: before?.lastError ?? "",
    attemptId: command.attemptId,
    startedAt: now,
    leaseUntil,
    leaseFor: command.leaseFor,
    lapsePolicy: command.lapsePolicy,
    checkpoint: before?.checkpoint,
  };
  return { outcome: { kind: "started", takeover, resumed: false, record, now }, write: record, lastToken: token };
}

function duplicate(outcome: Exclude<BeginOutcome, { kind: "started" }>): Decision<BeginOutcome> {
  return { outcome, duplicate: true };
}
