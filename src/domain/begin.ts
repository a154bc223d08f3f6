import { assertNever } from "../base/assert.ts";
import { after, type DurationMs, type EpochMs } from "../base/units.ts";
import type { RecordAddress } from "./address.ts";
import { type Fingerprint, sameFingerprint } from "./fingerprint.ts";
import { type Moment, mintToken, nowFor, streamOf } from "./moment.ts";
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
import { findPlace, leavePlace, type Ordering, type OutOfTurn, reserve, streamNow } from "./stream.ts";

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
  /** Undefined = the place that the record has, if any. Needs an address with a stream. */
  readonly ordering: Ordering | undefined;
  readonly retention: Retention;
}

export type BeginOutcome =
  | ({ readonly kind: "started"; readonly takeover: boolean; readonly resumed: boolean } & Seen<RunningRecord>)
  | ({ readonly kind: "replay" } & Seen<FinishedRecord>)
  | ({ readonly kind: "in_progress" } & Seen<RunningRecord>)
  | ({ readonly kind: "backing_off" } & Seen<RetryableRecord>)
  | ({ readonly kind: "unresolved" } & Seen<UnfinishedRecord>)
  | ({ readonly kind: "mismatch" } & Seen<UnfinishedRecord | FinishedRecord>)
  | OutOfTurn;

/** A Begin while it is decided. */
interface Begin {
  readonly address: RecordAddress;
  readonly command: BeginCommand;
  readonly at: Moment;
  /** What lies at the address, absent or not. */
  readonly record: StoredRecord | undefined;
  readonly now: EpochMs;
}

/** Decides one Begin. The order of the cases is the contract's. */
export function decideBegin(
  record: StoredRecord | undefined,
  address: RecordAddress,
  command: BeginCommand,
  at: Moment,
): Decision<BeginOutcome> {
  const now = nowFor(record, at);
  const begin = { address, command, at, record, now };
  if (!isPresent(record, now)) return startInTurn(undefined, begin);
  if (!sameFingerprint(record.fingerprint, command.fingerprints)) return duplicate({ kind: "mismatch", record, now });
  switch (record.state) {
    case "succeeded":
    case "failed":
      return duplicate({ kind: "replay", record, now });
    case "in_progress":
      if (!isLive(record, now)) return beginAfterLapse(record, begin);
      if (record.attemptId !== command.attemptId) return duplicate({ kind: "in_progress", record, now });
      return { outcome: { kind: "started", takeover: false, resumed: true, record, now } };
    case "dead_lettered":
      return duplicate({ kind: "unresolved", record, now });
    case "retryable":
      if (outOfAttempts(record, command)) return deadLetter(record, begin);
      if (now < record.retryAt) return duplicate({ kind: "backing_off", record, now });
      return startInTurn(record, begin);
    default:
      return assertNever(record);
  }
}

function beginAfterLapse(record: RunningRecord, begin: Begin): Decision<BeginOutcome> {
  if (outOfAttempts(record, begin.command)) return deadLetter(record, begin);
  if (record.lapsePolicy === "hold" || begin.command.lapsePolicy === "hold") {
    return duplicate({ kind: "unresolved", record, now: begin.now });
  }
  return startInTurn(record, begin);
}

function outOfAttempts(record: UnfinishedRecord, command: BeginCommand): boolean {
  return command.maxAttempts > 0 && record.attempts >= command.maxAttempts;
}

function deadLetter(record: RunningRecord | RetryableRecord, { command, at, now }: Begin): Decision<BeginOutcome> {
  const { address, token, attempts, maybeExecuted, createdAt, fingerprint, traceparent, owner, ordering } = record;
  const dead = {
    state: "dead_lettered",
    endedBy: record.state === "retryable" ? record.endedBy : "lapsed",
    updatedAt: now,
    expiresAt: after(now, command.retention.unfinished),
    duplicates: record.duplicates,
    retentionFor: record.retentionFor,
    lastError: record.lastError,
    checkpoint: record.checkpoint,
    ...{ address, token, attempts, maybeExecuted, createdAt, fingerprint, traceparent, owner, ordering },
  } as const;
  const decision = { outcome: { kind: "unresolved", record: dead, now }, write: dead, duplicate: true } as const;
  if (ordering === undefined) return decision;
  const left = leavePlace(streamOf(at), { ordering, token }, ordering.onTerminalFailure === "skip", now);
  return left.stream === undefined ? decision : { ...decision, stream: left.stream };
}

/** Starts an attempt, if its place in the stream permits it. */
function startInTurn(before: RunningRecord | RetryableRecord | undefined, begin: Begin): Decision<BeginOutcome> {
  const ordering = begin.command.ordering ?? before?.ordering;
  if (ordering === undefined) return start(before, undefined, begin);
  const { recordId, stream } = streamOf(begin.at);
  // One instant for the record and for its place: else the one's lease could be over while the other's is not.
  const now = streamNow(stream, begin.now);
  const place = findPlace(stream, ordering, recordId, now);
  if (place.kind === "refused") {
    const decision = { outcome: place.why, duplicate: before !== undefined };
    return place.write === undefined ? decision : { ...decision, stream: place.write };
  }
  const decision = start(before, ordering, { ...begin, now });
  const { token, leaseUntil } = decision.write;
  const held = reserve(place.stream, ordering, { recordId, token }, leaseUntil, now);
  return { ...decision, stream: held };
}

function start(
  before: RunningRecord | RetryableRecord | undefined,
  ordering: Ordering | undefined,
  { address, command, at, now, record: found }: Begin,
) {
  const token = mintToken(found, at);
  const takeover = before?.state === "in_progress";
  const leaseUntil = after(now, command.leaseFor);
  const record: RunningRecord = {
    state: "in_progress",
    address: before?.address ?? address,
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
    ordering,
    attemptId: command.attemptId,
    startedAt: now,
    leaseUntil,
    leaseFor: command.leaseFor,
    lapsePolicy: command.lapsePolicy,
    checkpoint: before?.checkpoint,
  };
  const outcome = { kind: "started", takeover, resumed: false, record, now } as const;
  return { outcome, write: record, lastToken: token };
}

type DuplicateOutcome = Exclude<BeginOutcome, { kind: "started" | OutOfTurn["kind"] }>;

function duplicate(outcome: DuplicateOutcome): Decision<BeginOutcome> {
  return { outcome, duplicate: true };
}
