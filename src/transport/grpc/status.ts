import * as grpc from "@grpc/grpc-js";
import { ERRORS, type ErrorCode, OncewardError } from "../../base/errors.ts";
import { uniqueId } from "../../base/random.ts";
import type { Logger } from "../../telemetry/logger.ts";
import type { Status as StatusMessage } from "./gen/google/rpc/Status.ts";
import { protos } from "./protos.ts";

/** `ErrorInfo.domain` of every error. */
const ERROR_DOMAIN = "onceward";
const DETAILS_KEY = "grpc-status-details-bin";
/** What `RetryInfo` says where the fault does not say it itself, ms. */
const RETRY_AFTER_MS = 100;

/** The one place where a fault becomes a gRPC status. A code without a status does not compile: see {@link ERRORS}. */
function statusOf(code: ErrorCode): grpc.status {
  return grpc.status[ERRORS[code].status];
}

/**
 * Turns whatever was thrown into `google.rpc.Status`. A defect of ours is logged under a request id, and only that id
 * is told.
 */
export function toStatus(thrown: unknown, logger: Logger): StatusMessage & { readonly reason: ErrorCode } {
  const error = thrown instanceof OncewardError ? thrown : new OncewardError("INTERNAL", "a defect", { cause: thrown });
  const code = statusOf(error.code);
  const metadata: Record<string, string> = {};
  if (error.shard !== undefined) metadata.shard = error.shard;
  if (error.attemptId !== undefined) metadata.attempt_id = error.attemptId;
  let message = error.message;
  if (code === grpc.status.INTERNAL) {
    const requestId = uniqueId();
    metadata.request_id = requestId;
    logger.error({ err: error.cause ?? error, reason: error.code, requestId }, error.message);
    message = `${ERRORS[error.code].meaning} Request id ${requestId}`;
  }
  return { code, message, details: detailsOf(error, metadata), reason: error.code };
}

function detailsOf(error: OncewardError, metadata: Record<string, string>) {
  const { ErrorInfo, BadRequest, RetryInfo } = protos().google.rpc;
  const details = [any("ErrorInfo", ErrorInfo.serialize({ reason: error.code, domain: ERROR_DOMAIN, metadata }))];
  if (error.violations.length > 0) {
    const fieldViolations = error.violations.map(({ field, problem }) => ({ field, description: problem }));
    details.push(any("BadRequest", BadRequest.serialize({ fieldViolations })));
  }
  if (error.retryAfterMs !== undefined || ERRORS[error.code].status === "UNAVAILABLE") {
    const ms = error.retryAfterMs ?? RETRY_AFTER_MS;
    const retryDelay = { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1_000_000 };
    details.push(any("RetryInfo", RetryInfo.serialize({ retryDelay })));
  }
  return details;
}

function any(name: string, value: Buffer) {
  return { type_url: `type.googleapis.com/google.rpc.${name}`, value };
}

/** The same for a whole call: the details travel in the trailing metadata. */
export function toServiceError(status: StatusMessage): Partial<grpc.StatusObject> {
  const metadata = new grpc.Metadata();
  metadata.set(DETAILS_KEY, protos().google.rpc.Status.serialize(status));
  return { code: status.code ?? grpc.status.INTERNAL, details: status.message ?? "", metadata };
}
