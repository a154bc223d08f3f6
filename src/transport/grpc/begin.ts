import {
  ALGORITHM_BYTES_MAX,
  ATTEMPT_ID_BYTES_MAX,
  DIGEST_BYTES_MAX,
  FINGERPRINT_JSON_BYTES_MAX,
  LEASE_MS_MAX,
  LEASE_MS_MIN,
  OWNER_BYTES_MAX,
  RETENTION_MS_MAX,
  RETENTION_MS_MIN,
} from "../../base/limits.ts";
import type { BeginOutcome } from "../../domain/begin.ts";
import { CanonicalJsonError, canonicalJson } from "../../domain/canonical-json.ts";
import type { FingerprintInput } from "../../domain/fingerprint.ts";
import type { RunningRecord } from "../../domain/record.ts";
import type { OutOfTurn } from "../../domain/stream.ts";
import { type BeginAnswer, type BeginCall, begin } from "../../service/begin.ts";
import type { GrpcCaller, TransportDeps } from "./context.ts";
import { attemptMessage, recordMessage } from "./convert.ts";
import { type Bounds, Fields } from "./fields.ts";
import type { BeginRequest__Output } from "./gen/onceward/v1/BeginRequest.ts";
import type { BeginResponse } from "./gen/onceward/v1/BeginResponse.ts";
import type { Fingerprint__Output } from "./gen/onceward/v1/Fingerprint.ts";
import { readOrdering } from "./ordering.ts";

const ATTEMPT_ID: Bounds = { min: 0, max: ATTEMPT_ID_BYTES_MAX };
const OWNER: Bounds = { min: 0, max: OWNER_BYTES_MAX };
const LEASE: Bounds = { min: LEASE_MS_MIN, max: LEASE_MS_MAX };
const RETENTION: Bounds = { min: RETENTION_MS_MIN, max: RETENTION_MS_MAX };
const ALGORITHM: Bounds = { min: 1, max: ALGORITHM_BYTES_MAX };
const DIGEST: Bounds = { min: 1, max: DIGEST_BYTES_MAX };
const LAPSE_POLICY = { TAKE_OVER: "take_over", HOLD: "hold" } as const;

export async function handleBegin(deps: TransportDeps, request: BeginRequest__Output, caller: GrpcCaller) {
  return beginMessage(await begin(deps, readBegin(request, caller, deps.settings.wait_max), caller));
}

export function readBegin(request: BeginRequest__Output, caller: GrpcCaller, waitMax: number): BeginCall {
  const fields = new Fields();
  const call = {
    address: fields.address("address", request.address),
    fingerprint: readFingerprint(fields, request.fingerprint),
    attemptId: fields.text("attempt_id", request.attemptId, ATTEMPT_ID),
    owner: fields.text("owner", request.owner, OWNER),
    leaseFor: fields.duration("lease_ms", request.leaseMs, LEASE),
    waitFor: fields.duration("wait_ms", request.waitMs, { min: 0, max: waitMax }),
    retentionFor: fields.duration("retention_ms", request.retentionMs, RETENTION),
    lapsePolicy: fields.choice("lapse_policy", request.lapsePolicy, LAPSE_POLICY, "take_over"),
    maxAttempts: request.maxAttempts,
    traceparent: caller.traceparent,
    ordering: readOrdering(fields, request.ordering, request.address?.stream),
  };
  fields.check();
  return call;
}

function readFingerprint(fields: Fields, value: Fingerprint__Output | null): FingerprintInput | undefined {
  if (value === null || value.source === undefined) {
    if (value !== null && value.algorithm !== "") fields.refuse("fingerprint.algorithm", "needs a digest beside it");
    return undefined;
  }
  if (value.source === "digest") {
    const algorithm = fields.text("fingerprint.algorithm", value.algorithm, ALGORITHM);
    const digest = value.digest ?? Buffer.alloc(0);
    return { kind: "digest", algorithm, digest: fields.bytes("fingerprint.digest", digest, DIGEST) };
  }
  if (value.algorithm !== "") fields.refuse("fingerprint.algorithm", "must be empty: the server computes the digest");
  if (value.source === "payload") return { kind: "payload", payload: value.payload ?? Buffer.alloc(0) };
  const json = value.json ?? "";
  if (Buffer.byteLength(json) > FINGERPRINT_JSON_BYTES_MAX) {
    fields.refuse(
      "fingerprint.json",
      `is over ${FINGERPRINT_JSON_BYTES_MAX} bytes long: send digest or payload instead`,
    );
    return undefined;
  }
  try {
    return { kind: "json", canonical: canonicalJson(json) };
  } catch (error) {
    if (!(error instanceof CanonicalJsonError)) throw error;
    fields.refuse("fingerprint.json", error.message);
    return undefined;
  }
}

const OUTCOME = {
  started: "STARTED",
  replay: "REPLAY",
  in_progress: "IN_PROGRESS",
  mismatch: "MISMATCH",
  unresolved: "UNRESOLVED",
  backing_off: "BACKING_OFF",
  stale: "STALE",
  gap: "GAP",
  conflict: "CONFLICT",
  stream_busy: "IN_PROGRESS",
} as const satisfies Record<BeginOutcome["kind"], BeginResponse["outcome"]>;

export function beginMessage(answer: BeginAnswer): BeginResponse {
  if (answer.kind === "unguarded") {
    return { outcome: "STARTED", attempt: { number: 1, attemptId: answer.attemptId, unguarded: true } };
  }
  const { outcome, retryAfter } = answer;
  if ("streamEpoch" in outcome) {
    const { kind, expectedSequence, streamEpoch } = outcome;
    const stream = { expectedSequence: String(expectedSequence), streamEpoch: String(streamEpoch) };
    return { outcome: OUTCOME[kind], retryAfterMs: retryAfter, ...stream };
  }
  return {
    outcome: OUTCOME[outcome.kind],
    attempt: outcome.kind === "started" ? attemptMessage(outcome) : null,
    record: recordOf(outcome),
    retryAfterMs: retryAfter,
  };
}

/** No attempt came before this one; a released one is not counted, but it was there when the record was created. */
function isFirst({ attempts, createdAt, startedAt }: RunningRecord): boolean {
  return attempts === 1 && createdAt === startedAt;
}

function recordOf(outcome: Exclude<BeginOutcome, OutOfTurn>) {
  const { record, now } = outcome;
  switch (outcome.kind) {
    case "started":
      return isFirst(outcome.record) ? null : recordMessage(record, now, {});
    case "replay":
      return recordMessage(record, now, { result: true });
    case "unresolved":
      return recordMessage(record, now, { checkpoint: true });
    case "backing_off":
      return null;
    default:
      return recordMessage(record, now, {});
  }
}
