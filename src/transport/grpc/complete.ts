import { ERROR_BYTES_MAX, RETENTION_MS_MAX, RETENTION_MS_MIN, RETRY_AFTER_MS_MAX } from "../../base/limits.ts";
import { durationMs, timeLeft } from "../../base/units.ts";
import type { CompleteOutcome } from "../../domain/complete.ts";
import { isFinished } from "../../domain/record.ts";
import { type CompleteCall, complete } from "../../service/complete.ts";
import type { TransportDeps } from "./context.ts";
import { bodyIsGone, recordMessage } from "./convert.ts";
import { type Bounds, cutText, Fields } from "./fields.ts";
import type { CompleteRequest__Output } from "./gen/onceward/v1/CompleteRequest.ts";
import type { CompleteResponse } from "./gen/onceward/v1/CompleteResponse.ts";
import { zeroTokenAllowed } from "./token.ts";

const RETENTION: Bounds = { min: RETENTION_MS_MIN, max: RETENTION_MS_MAX };
const RETRY_AFTER: Bounds = { min: 1, max: RETRY_AFTER_MS_MAX };
const KIND = { SUCCEEDED: "succeeded", FAILED: "failed", RETRYABLE: "retryable" } as const;

export async function handleComplete(deps: TransportDeps, request: CompleteRequest__Output): Promise<CompleteResponse> {
  return completeMessage(await complete(deps, readComplete(deps, request)));
}

/** Fields that the kind gives no meaning to are not read, so a caller may leave in them what it likes. */
export function readComplete(deps: TransportDeps, request: CompleteRequest__Output): CompleteCall {
  const fields = new Fields();
  const address = fields.address("address", request.address);
  const token = fields.token("fencing_token", request.fencingToken, zeroTokenAllowed(deps, address));
  const kind = fields.choice("kind", request.kind, KIND);
  const again = kind === "retryable";
  const call = {
    address,
    token,
    kind,
    result: again ? undefined : fields.result("result", request.result),
    error: kind === "succeeded" ? "" : cutText(request.error, ERROR_BYTES_MAX),
    retryAfter: again ? fields.duration("retry_after_ms", request.retryAfterMs, RETRY_AFTER) : durationMs(0),
    retentionFor: again ? durationMs(0) : fields.duration("retention_ms", request.retentionMs, RETENTION),
  };
  fields.check();
  return call;
}

const OUTCOME = {
  stored: "STORED",
  superseded: "SUPERSEDED",
  already_stored: "ALREADY_STORED",
  fenced: "FENCED",
  not_found: "NOT_FOUND",
} as const satisfies Record<CompleteOutcome["kind"], CompleteResponse["outcome"]>;

export function completeMessage(outcome: CompleteOutcome): CompleteResponse {
  if (outcome.kind === "not_found") return { outcome: "NOT_FOUND" };
  const { record, now } = outcome;
  const kept = outcome.kind === "stored" || outcome.kind === "superseded";
  const own = kept || (outcome.kind === "already_stored" && !outcome.differs);
  return {
    outcome: OUTCOME[outcome.kind],
    late: outcome.kind === "stored" && outcome.late,
    restored: outcome.kind === "stored" && outcome.restored,
    resultDiffers: outcome.kind === "already_stored" && outcome.differs,
    resultOmitted: isFinished(record) && bodyIsGone(record, now),
    retryAfterMs: own && record.state === "retryable" ? timeLeft(record.retryAt, now) : 0,
    record: recordMessage(record, now, { result: !own }),
  };
}
