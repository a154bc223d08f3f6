/** The domain's words as messages. */
import { type EpochMs, type FencingToken, timeLeft } from "../../base/units.ts";
import type { BeginOutcome } from "../../domain/begin.ts";
import {
  type Checkpoint,
  type FinishedRecord,
  isFinished,
  resultAt,
  type StoredRecord,
  type VisibleState,
  visibleState,
} from "../../domain/record.ts";
import { resultDigest, type StoredResult } from "../../domain/result.ts";
import type { Timestamp } from "./gen/google/protobuf/Timestamp.ts";
import type { Attempt } from "./gen/onceward/v1/Attempt.ts";
import type { Checkpoint as CheckpointMessage } from "./gen/onceward/v1/Checkpoint.ts";
import type { Record as RecordMessage } from "./gen/onceward/v1/Record.ts";
import type { Result as ResultMessage } from "./gen/onceward/v1/Result.ts";

/** How much of a record an answer shows; the rest is left unset. */
export interface View {
  /** The stored result, or without its body when that is gone. */
  readonly result?: boolean;
  readonly checkpoint?: boolean;
  /** For operators only: a loser must not learn the token. */
  readonly token?: boolean;
}

const STATE = {
  in_progress: "IN_PROGRESS",
  unknown: "UNKNOWN",
  succeeded: "SUCCEEDED",
  failed: "FAILED",
  retryable: "RETRYABLE",
  dead_lettered: "DEAD_LETTERED",
} as const satisfies Record<VisibleState, RecordMessage["state"]>;

export function stateName(state: VisibleState) {
  return STATE[state];
}

/** Unset for a forgotten record, of which nothing is told. */
export function recordMessage(record: StoredRecord, now: EpochMs, view: View): RecordMessage | null {
  const state = visibleState(record, now);
  if (state === undefined) return null;
  const finished = isFinished(record) ? record : undefined;
  return {
    address: record.address,
    state: STATE[state],
    attempts: record.attempts,
    result: finished !== undefined && view.result === true ? resultMessage(resultAt(finished, now)) : null,
    createdAt: timestamp(record.createdAt),
    updatedAt: timestamp(record.updatedAt),
    finishedAt: finished === undefined ? null : timestamp(finished.finishedAt),
    expiresAt: timestamp(record.expiresAt),
    owner: record.owner,
    checkpoint: view.checkpoint === true && "checkpoint" in record ? checkpointMessage(record.checkpoint) : null,
    lastError: record.lastError,
    duplicates: record.duplicates,
    traceparent: record.traceparent,
    resultOmitted: finished !== undefined && bodyIsGone(finished, now),
    leaseUntil: record.state === "in_progress" ? timestamp(record.leaseUntil) : null,
    fencingToken: view.token === true ? String(record.token) : 0,
  };
}

export function bodyIsGone(record: FinishedRecord, now: EpochMs): boolean {
  const result = resultAt(record, now);
  return result !== undefined && result.body === undefined && result.bodySize > 0;
}

export function attemptMessage(outcome: BeginOutcome & { kind: "started" }): Attempt {
  const { record, now, takeover, resumed } = outcome;
  return {
    number: record.attempts,
    attemptId: record.attemptId,
    fencingToken: tokenNumber(record.token),
    leaseMs: timeLeft(record.leaseUntil, now),
    takeover,
    resumed,
    maybeExecuted: record.maybeExecuted,
    checkpoint: checkpointMessage(record.checkpoint),
  };
}

/** As a number where it is exact as one, which all of ours are: digits would be made, and read again to be written. */
function tokenNumber(token: FencingToken): number | string {
  return token <= Number.MAX_SAFE_INTEGER ? Number(token) : String(token);
}

function checkpointMessage(checkpoint: Checkpoint | undefined): CheckpointMessage | null {
  if (checkpoint === undefined) return null;
  const { name, step, data, savedAt } = checkpoint;
  return { name, step: String(step), data, savedAt: timestamp(savedAt) };
}

function resultMessage(result: StoredResult | undefined): ResultMessage {
  if (result === undefined) return {};
  return {
    body: result.body ?? Buffer.alloc(0),
    contentType: result.contentType,
    metadata: Object.fromEntries(result.metadata),
    reference: result.reference,
    bodySize: result.bodySize,
    bodySha256: result.bodySize === 0 ? Buffer.alloc(0) : resultDigest(result),
  };
}

export function timestamp(at: EpochMs): Timestamp {
  return { seconds: Math.floor(at / 1000), nanos: (at % 1000) * 1_000_000 };
}
