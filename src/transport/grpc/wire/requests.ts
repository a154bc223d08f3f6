/**
 * Reads the requests of IdempotencyService, which are asked for most. The objects are those that proto-loader makes
 * under LOADER_OPTIONS, which takes it two objects and more for each; a test holds the two to each other.
 */
import type { BeginBatchRequest__Output } from "../gen/onceward/v1/BeginBatchRequest.ts";
import type { BeginRequest__Output } from "../gen/onceward/v1/BeginRequest.ts";
import type { CheckpointRequest__Output } from "../gen/onceward/v1/CheckpointRequest.ts";
import type { CompleteBatchRequest__Output } from "../gen/onceward/v1/CompleteBatchRequest.ts";
import type { CompleteRequest__Output } from "../gen/onceward/v1/CompleteRequest.ts";
import type { GetRequest__Output } from "../gen/onceward/v1/GetRequest.ts";
import type { ReleaseRequest__Output } from "../gen/onceward/v1/ReleaseRequest.ts";
import type { RenewRequest__Output } from "../gen/onceward/v1/RenewRequest.ts";
import type { SessionRequest__Output } from "../gen/onceward/v1/SessionRequest.ts";
import { noteInvalidText } from "../text.ts";
import { Reader, SameText } from "./reader.ts";
import { address, EMPTY, fingerprint, type Mutable, member, ordering, result } from "./request-parts.ts";

const LAPSE_POLICIES = ["LAPSE_POLICY_UNSPECIFIED", "TAKE_OVER", "HOLD"] as const;
const OWNER = new SameText("owner");
const KINDS = ["KIND_UNSPECIFIED", "SUCCEEDED", "FAILED", "RETRYABLE"] as const;

/** A message by itself. */
function alone<T extends object>(read: (reader: Reader) => T): (bytes: Buffer) => T {
  return (bytes) => whole(new Reader(bytes), read);
}

export const readBeginRequest = alone(beginRequest);
export const readCompleteRequest = alone(completeRequest);
export const readGetRequest = alone(getRequest);
export const readRenewRequest = alone(renewRequest);
export const readCheckpointRequest = alone(checkpointRequest);
export const readReleaseRequest = alone(releaseRequest);

export function readBeginBatchRequest(bytes: Buffer): BeginBatchRequest__Output {
  return { items: items(new Reader(bytes), beginRequest) };
}

export function readCompleteBatchRequest(bytes: Buffer): CompleteBatchRequest__Output {
  return { items: items(new Reader(bytes), completeRequest) };
}

/** The call that comes last is the one that counts. */
export function readSessionRequest(bytes: Buffer): SessionRequest__Output {
  const reader = new Reader(bytes);
  let correlationId = "0";
  let given: Omit<SessionRequest__Output, "correlationId"> = {};
  let foreign: readonly string[] | undefined;
  while (reader.next()) {
    if (reader.field === 1) {
      correlationId = reader.uint64();
      continue;
    }
    if (reader.field === 2) given = { begin: reader.message(beginRequest), call: "begin" };
    else if (reader.field === 3) given = { complete: reader.message(completeRequest), call: "complete" };
    else if (reader.field === 4) given = { renew: reader.message(renewRequest), call: "renew" };
    else if (reader.field === 5) given = { checkpoint: reader.message(checkpointRequest), call: "checkpoint" };
    else if (reader.field === 6) given = { get: reader.message(getRequest), call: "get" };
    else if (reader.field === 7) given = { release: reader.message(releaseRequest), call: "release" };
    else {
      reader.skip();
      continue;
    }
    foreign = reader.foreign();
  }
  const message = { correlationId, ...given };
  if (foreign !== undefined)
    noteInvalidText(
      message,
      foreign.map((path) => `${message.call}.${path}`),
    );
  return message;
}

function whole<T extends object>(reader: Reader, read: (reader: Reader) => T): T {
  const message = read(reader);
  const foreign = reader.foreign();
  if (foreign !== undefined) noteInvalidText(message, foreign);
  return message;
}

/** Each answers for its own texts. */
function items<T extends object>(reader: Reader, read: (reader: Reader) => T): T[] {
  const all: T[] = [];
  while (reader.next()) {
    if (reader.field === 1) all.push(reader.message((within) => whole(within, read)));
    else reader.skip();
  }
  return all;
}

function beginRequest(reader: Reader): BeginRequest__Output {
  const message: Mutable<BeginRequest__Output> = {
    address: null,
    fingerprint: null,
    attemptId: "",
    owner: "",
    leaseMs: "0",
    waitMs: "0",
    retentionMs: "0",
    lapsePolicy: "LAPSE_POLICY_UNSPECIFIED",
    maxAttempts: 0,
    ordering: null,
  };
  while (reader.next()) {
    if (reader.field === 1) message.address = reader.message(address);
    else if (reader.field === 2) message.fingerprint = reader.message(fingerprint);
    else if (reader.field === 3) message.attemptId = reader.text("attempt_id");
    else if (reader.field === 4) message.owner = reader.sameText(OWNER);
    else if (reader.field === 5) message.leaseMs = reader.uint64();
    else if (reader.field === 6) message.waitMs = reader.uint64();
    else if (reader.field === 7) message.retentionMs = reader.uint64();
    else if (reader.field === 8) message.lapsePolicy = member(reader, LAPSE_POLICIES);
    else if (reader.field === 9) message.maxAttempts = reader.uint32();
    else if (reader.field === 10) message.ordering = reader.message(ordering);
    else reader.skip();
  }
  return message;
}

function completeRequest(reader: Reader): CompleteRequest__Output {
  const message: Mutable<CompleteRequest__Output> = {
    address: null,
    fencingToken: "0",
    kind: "KIND_UNSPECIFIED",
    result: null,
    error: "",
    retryAfterMs: "0",
    retentionMs: "0",
  };
  while (reader.next()) {
    if (reader.field === 1) message.address = reader.message(address);
    else if (reader.field === 2) message.fencingToken = reader.uint64();
    else if (reader.field === 3) message.kind = member(reader, KINDS);
    else if (reader.field === 4) message.result = reader.message(result);
    else if (reader.field === 5) message.error = reader.text("error");
    else if (reader.field === 6) message.retryAfterMs = reader.uint64();
    else if (reader.field === 7) message.retentionMs = reader.uint64();
    else reader.skip();
  }
  return message;
}

function getRequest(reader: Reader): GetRequest__Output {
  const message: Mutable<GetRequest__Output> = { address: null, waitMs: "0" };
  while (reader.next()) {
    if (reader.field === 1) message.address = reader.message(address);
    else if (reader.field === 2) message.waitMs = reader.uint64();
    else reader.skip();
  }
  return message;
}

function renewRequest(reader: Reader): RenewRequest__Output {
  const message: Mutable<RenewRequest__Output> = { address: null, fencingToken: "0", leaseMs: "0" };
  while (reader.next()) {
    if (reader.field === 1) message.address = reader.message(address);
    else if (reader.field === 2) message.fencingToken = reader.uint64();
    else if (reader.field === 3) message.leaseMs = reader.uint64();
    else reader.skip();
  }
  return message;
}

function checkpointRequest(reader: Reader): CheckpointRequest__Output {
  const message: Mutable<CheckpointRequest__Output> = {
    address: null,
    fencingToken: "0",
    name: "",
    data: EMPTY,
    leaseMs: "0",
    step: "0",
  };
  while (reader.next()) {
    if (reader.field === 1) message.address = reader.message(address);
    else if (reader.field === 2) message.fencingToken = reader.uint64();
    else if (reader.field === 3) message.name = reader.text("name");
    else if (reader.field === 4) message.data = reader.bytes();
    else if (reader.field === 5) message.leaseMs = reader.uint64();
    else if (reader.field === 6) message.step = reader.uint64();
    else reader.skip();
  }
  return message;
}

function releaseRequest(reader: Reader): ReleaseRequest__Output {
  const message: Mutable<ReleaseRequest__Output> = { address: null, fencingToken: "0" };
  while (reader.next()) {
    if (reader.field === 1) message.address = reader.message(address);
    else if (reader.field === 2) message.fencingToken = reader.uint64();
    else reader.skip();
  }
  return message;
}
