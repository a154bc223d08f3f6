import { after, type DurationMs, durationMs, type EpochMs, type FencingToken, longer } from "../base/units.ts";
import type { RecordAddress } from "./address.ts";
import { type Backoff, fullJitter } from "./backoff.ts";
import { type Moment, nowFor, streamOf } from "./moment.ts";
import {
  type Decision,
  type FinishedRecord,
  isFinished,
  isLive,
  type Retention,
  type RetryableRecord,
  type Seen,
  type StoredRecord,
  stillFences,
  type UnfinishedRecord,
} from "./record.ts";
import { type StoredResult, sameResult } from "./result.ts";
import { leavePlace, type Ordering } from "./stream.ts";

export type CompletionKind = "succeeded" | "failed" | "retryable";

export interface CompleteCommand {
  readonly token: FencingToken;
  readonly kind: CompletionKind;
  /** Ignored by `retryable`. */
  readonly result: StoredResult | undefined;
  readonly error: string;
  /** `retryable` only; 0 = by the back-off. */
  readonly retryAfter: DurationMs;
  readonly backoff: Backoff;
  /** Uniform in [0, 1). */
  readonly jitter: number;
  /** 0 = Begin's, else the namespace's. */
  readonly retentionFor: DurationMs;
  readonly retention: Retention;
}

export type CompleteOutcome =
  | ({
      readonly kind: "stored";
      /** The lease had lapsed, or the attempt had ended without a result, and nobody had taken over. */
      readonly late: boolean;
      /** The store had lost the record. */
      readonly restored: boolean;
    } & Seen<FinishedRecord | RetryableRecord>)
  /** The result is kept; the place in the stream had gone to another, and the stream did not move. */
  | ({ readonly kind: "superseded" } & Seen<FinishedRecord | RetryableRecord>)
  | ({ readonly kind: "already_stored"; readonly differs: boolean } & Seen<FinishedRecord | UnfinishedRecord>)
  | ({ readonly kind: "fenced" } & Seen)
  | { readonly kind: "not_found" };

/** Decides one Complete. The order of the cases is the contract's. */
export function decideComplete(
  record: StoredRecord | undefined,
  address: RecordAddress,
  command: CompleteCommand,
  at: Moment,
): Decision<CompleteOutcome> {
  const now = nowFor(record, at);
  if (!stillFences(record, now)) return completeLost(address, command, at, now);
  if (command.token < record.token) return { outcome: { kind: "fenced", record, now } };
  if (command.token > record.token) {
    if (isFinished(record)) return { outcome: { kind: "fenced", record, now } };
    return completeLost(address, command, at, now);
  }
  // Nobody is ever told the token of a forgotten record, so it cannot be the caller's own.
  if (record.state === "forgotten") return { outcome: { kind: "fenced", record, now } };
  if (isFinished(record)) {
    const differs = record.state !== command.kind || !sameResult(record.result, command.result);
    return { outcome: { kind: "already_stored", differs, record, now } };
  }
  if (record.state !== "in_progress" && command.kind === "retryable") {
    return { outcome: { kind: "already_stored", differs: record.endedBy !== "retryable", record, now } };
  }
  const late = record.state !== "in_progress" || !isLive(record, now);
  const next = command.kind === "retryable" ? retryable(record, command, now) : finished(record, command, now);
  const stored = { outcome: { kind: "stored", late, restored: false, record: next, now }, write: next } as const;
  if (record.ordering === undefined) return stored;
  const left = leavePlace(streamOf(at), { ...record, ordering: record.ordering }, commits(next, record.ordering), now);
  const decision: Decision<CompleteOutcome> = left.superseded
    ? { outcome: { kind: "superseded", record: next, now }, write: next }
    : stored;
  return left.stream === undefined ? decision : { ...decision, stream: left.stream };
}

/** Whether a record that ends so moves its stream. */
export function commits({ state }: StoredRecord, { onTerminalFailure }: Ordering): boolean {
  return state === "succeeded" || (state === "failed" && onTerminalFailure === "skip");
}

/**
 * The store has no record of this attempt. A final completion whose token it may have minted within the retention is
 * taken as the truth: refusing it would let the effect run again.
 */
function completeLost(
  address: RecordAddress,
  command: CompleteCommand,
  at: Moment,
  now: EpochMs,
): Decision<CompleteOutcome> {
  const oldest = BigInt(at.nowUs) - BigInt(command.retention.result) * 1000n;
  const newest = at.lastToken > BigInt(at.nowUs) ? at.lastToken : BigInt(at.nowUs);
  const ours = command.token >= oldest && command.token <= newest;
  if (command.kind === "retryable" || !ours) return { outcome: { kind: "not_found" } };
  const record: FinishedRecord = {
    ...finish(command, durationMs(0), now),
    address,
    token: command.token,
    attempts: 1,
    maybeExecuted: false,
    createdAt: now,
    duplicates: 0,
    fingerprint: undefined,
    traceparent: "",
    owner: "",
    retentionFor: durationMs(0),
    lastError: command.error,
  };
  const decision = { outcome: { kind: "stored", late: false, restored: true, record, now }, write: record } as const;
  return command.token > at.lastToken ? { ...decision, lastToken: command.token } : decision;
}

function finished(before: UnfinishedRecord, command: CompleteCommand, now: EpochMs): FinishedRecord {
  const { address, token, attempts, maybeExecuted, createdAt, duplicates } = before;
  const { fingerprint, traceparent, owner, retentionFor } = before;
  return {
    ...finish(command, retentionFor, now),
    ...{ address, token, attempts, maybeExecuted, createdAt, duplicates },
    ...{ fingerprint, traceparent, owner, retentionFor },
    lastError: command.error === "" ? before.lastError : command.error,
  };
}

function finish(command: CompleteCommand, fromBegin: DurationMs, now: EpochMs) {
  return finishing(
    command.kind === "failed" ? "failed" : "succeeded",
    command.result,
    command.retentionFor || fromBegin || command.retention.result,
    command.retention,
    now,
  );
}

/** What finishing sets, however it comes about. `keepFor`, in ms, governs the body; the tombstone is never shorter. */
export function finishing(
  state: FinishedRecord["state"],
  result: StoredResult | undefined,
  keepFor: number,
  retention: Retention,
  now: EpochMs,
) {
  const body = durationMs(keepFor);
  return {
    state,
    result,
    updatedAt: now,
    finishedAt: now,
    resultUntil: after(now, body),
    expiresAt: after(now, longer(retention.tombstone, body)),
  } as const;
}

function retryable(before: UnfinishedRecord, command: CompleteCommand, now: EpochMs): RetryableRecord {
  const wait = command.retryAfter || fullJitter(command.backoff, before.attempts, command.jitter);
  return {
    ...endAttempt(before),
    endedBy: "retryable",
    retryAt: after(now, durationMs(wait)),
    updatedAt: now,
    expiresAt: after(after(now, durationMs(wait)), command.retention.unfinished),
    lastError: command.error === "" ? before.lastError : command.error,
  };
}

/** What stays of an attempt that ended without an effect. */
export function endAttempt(before: UnfinishedRecord) {
  const { address, token, attempts, maybeExecuted, createdAt, duplicates } = before;
  const { fingerprint, traceparent, owner, retentionFor, lastError, ordering, checkpoint } = before;
  return {
    state: "retryable",
    ...{ address, token, attempts, maybeExecuted, createdAt, duplicates },
    ...{ fingerprint, traceparent, owner, retentionFor, lastError, ordering, checkpoint },
  } as const;
}
