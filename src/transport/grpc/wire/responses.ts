/** Writes the answers of IdempotencyService, which are given most; a test holds them to what proto-loader reads. */
import type { Timestamp } from "../gen/google/protobuf/Timestamp.ts";
import type { Status } from "../gen/google/rpc/Status.ts";
import type { Attempt } from "../gen/onceward/v1/Attempt.ts";
import type { BeginBatchResponse } from "../gen/onceward/v1/BeginBatchResponse.ts";
import type { BeginResponse } from "../gen/onceward/v1/BeginResponse.ts";
import type { Checkpoint } from "../gen/onceward/v1/Checkpoint.ts";
import type { CheckpointResponse } from "../gen/onceward/v1/CheckpointResponse.ts";
import type { CompleteBatchResponse } from "../gen/onceward/v1/CompleteBatchResponse.ts";
import type { CompleteResponse } from "../gen/onceward/v1/CompleteResponse.ts";
import type { GetResponse } from "../gen/onceward/v1/GetResponse.ts";
import type { Record as RecordMessage } from "../gen/onceward/v1/Record.ts";
import type { ReleaseResponse } from "../gen/onceward/v1/ReleaseResponse.ts";
import type { RenewResponse } from "../gen/onceward/v1/RenewResponse.ts";
import type { Result } from "../gen/onceward/v1/Result.ts";
import type { SessionResponse } from "../gen/onceward/v1/SessionResponse.ts";
import { protos } from "../protos.ts";
import { Writer } from "./writer.ts";

/** Writing is synchronous, so one is enough. */
const out = new Writer();

const BEGIN_OUTCOMES = numbered([
  ...["OUTCOME_UNSPECIFIED", "STARTED", "REPLAY", "IN_PROGRESS", "MISMATCH", "UNRESOLVED", "BACKING_OFF", "STALE"],
  ...["GAP", "CONFLICT"],
]);
const COMPLETE_OUTCOMES = numbered([
  ...["OUTCOME_UNSPECIFIED", "STORED", "ALREADY_STORED", "FENCED", "SUPERSEDED", "NOT_FOUND"],
]);
const RENEW_OUTCOMES = numbered(["OUTCOME_UNSPECIFIED", "RENEWED", "FENCED", "FINISHED", "NOT_FOUND"]);
const RELEASE_OUTCOMES = numbered(["OUTCOME_UNSPECIFIED", "RELEASED", "FENCED", "FINISHED", "NOT_FOUND"]);
const CHECKPOINT_OUTCOMES = numbered(["OUTCOME_UNSPECIFIED", "SAVED", "STALE", "FENCED", "FINISHED", "NOT_FOUND"]);
const STATES = numbered([
  ...["STATE_UNSPECIFIED", "IN_PROGRESS", "UNKNOWN", "SUCCEEDED", "FAILED", "RETRYABLE", "DEAD_LETTERED"],
]);

function numbered(names: readonly string[]): ReadonlyMap<string | number | undefined, number> {
  return new Map(names.map((name, number) => [name, number]));
}

/** A message by itself. */
function alone<T>(write: (message: T) => void): (message: T) => Buffer {
  return (message) => {
    write(message);
    return out.take();
  };
}

export const writeBeginResponse = alone(beginResponse);
export const writeCompleteResponse = alone(completeResponse);
export const writeGetResponse = alone(getResponse);
export const writeRenewResponse = alone(renewResponse);
export const writeCheckpointResponse = alone(checkpointResponse);
export const writeReleaseResponse = alone(releaseResponse);

export function writeBeginBatchResponse(message: BeginBatchResponse): Buffer {
  return batch(message.items, beginResponse);
}

export function writeCompleteBatchResponse(message: CompleteBatchResponse): Buffer {
  return batch(message.items, completeResponse);
}

export function writeSessionResponse(message: SessionResponse): Buffer {
  const { error } = message;
  // Made first: what is written then is written in one go.
  const status = error === undefined || error === null ? undefined : statusBytes(error);
  long(1, message.correlationId);
  within(2, message.begin, beginResponse);
  within(3, message.complete, completeResponse);
  within(4, message.renew, renewResponse);
  within(5, message.checkpoint, checkpointResponse);
  within(6, message.get, getResponse);
  within(7, message.release, releaseResponse);
  if (status !== undefined) out.message(8, status);
  return out.take();
}

function statusBytes(error: Status): Buffer {
  return protos().google.rpc.Status.serialize(error);
}

interface Item<Response> {
  readonly response?: Response | null;
  readonly error?: Status | null;
}

function batch<Response>(items: readonly Item<Response>[] = [], write: (message: Response) => void): Buffer {
  // Made first: what is written then is written in one go.
  let errors: (Buffer | undefined)[] | undefined;
  for (let n = 0; n < items.length; n++) {
    const error = items[n]?.error;
    if (error === undefined || error === null) continue;
    errors ??= new Array(items.length);
    errors[n] = statusBytes(error);
  }
  for (let n = 0; n < items.length; n++) {
    const start = out.open(1);
    within(1, items[n]?.response, write);
    const error = errors?.[n];
    if (error !== undefined) out.message(2, error);
    out.close(start);
  }
  return out.take();
}

function within<T>(field: number, message: T | null | undefined, write: (message: T) => void): void {
  if (message === null || message === undefined) return;
  const start = out.open(field);
  write(message);
  out.close(start);
}

/** Our own 64-bit numbers are numbers or decimal digits. */
function long(field: number, value: unknown): void {
  out.number(field, value as number | string | undefined);
}

/** Our own bytes are never text. */
function bytes(field: number, value: unknown): void {
  out.bytes(field, value as Uint8Array | undefined);
}

function beginResponse(message: BeginResponse): void {
  out.number(1, BEGIN_OUTCOMES.get(message.outcome));
  within(2, message.attempt, attempt);
  within(3, message.record, record);
  long(4, message.retryAfterMs);
  long(5, message.expectedSequence);
  long(6, message.streamEpoch);
}

function completeResponse(message: CompleteResponse): void {
  out.number(1, COMPLETE_OUTCOMES.get(message.outcome));
  out.flag(2, message.late);
  out.flag(3, message.restored);
  out.flag(4, message.resultDiffers);
  out.flag(5, message.resultOmitted);
  long(6, message.retryAfterMs);
  within(7, message.record, record);
}

function getResponse(message: GetResponse): void {
  out.flag(1, message.found);
  within(2, message.record, record);
}

function renewResponse(message: RenewResponse): void {
  out.number(1, RENEW_OUTCOMES.get(message.outcome));
  long(2, message.leaseMs);
}

function checkpointResponse(message: CheckpointResponse): void {
  out.number(1, CHECKPOINT_OUTCOMES.get(message.outcome));
  long(2, message.leaseMs);
}

function releaseResponse(message: ReleaseResponse): void {
  out.number(1, RELEASE_OUTCOMES.get(message.outcome));
}

function attempt(message: Attempt): void {
  out.number(1, message.number);
  out.text(2, message.attemptId);
  long(3, message.fencingToken);
  long(4, message.leaseMs);
  out.flag(5, message.takeover);
  out.flag(6, message.resumed);
  out.flag(7, message.maybeExecuted);
  out.flag(8, message.unguarded);
  within(9, message.checkpoint, checkpoint);
}

function checkpoint(message: Checkpoint): void {
  out.text(1, message.name);
  bytes(2, message.data);
  within(3, message.savedAt, timestamp);
  long(4, message.step);
}

function record(message: RecordMessage): void {
  within(1, message.address, (address) => {
    out.text(1, address.namespace);
    out.text(2, address.operation);
    out.text(3, address.stream);
    out.text(4, address.key);
  });
  out.number(2, STATES.get(message.state));
  out.number(3, message.attempts);
  within(4, message.result, result);
  within(5, message.createdAt, timestamp);
  within(6, message.updatedAt, timestamp);
  within(7, message.finishedAt, timestamp);
  within(8, message.expiresAt, timestamp);
  out.text(9, message.owner);
  within(10, message.checkpoint, checkpoint);
  out.text(11, message.lastError);
  long(12, message.duplicates);
  out.text(13, message.traceparent);
  out.flag(14, message.resultOmitted);
  within(15, message.leaseUntil, timestamp);
  long(16, message.fencingToken);
}

function result(message: Result): void {
  bytes(1, message.body);
  out.text(2, message.contentType);
  for (const [name, value] of Object.entries(message.metadata ?? {})) {
    const start = out.open(3);
    out.text(1, name);
    out.text(2, value);
    out.close(start);
  }
  out.text(4, message.reference);
  long(5, message.bodySize);
  bytes(6, message.bodySha256);
}

function timestamp(message: Timestamp): void {
  long(1, message.seconds);
  out.number(2, message.nanos);
}
