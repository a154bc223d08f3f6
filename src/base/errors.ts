/**
 * Faults and callers' mistakes. Everything the protocol expects is an outcome, not an error. The list is closed: a code
 * that is not here does not compile, and `docs/errors.md` is generated from it.
 */
export const ERRORS = {
  INVALID_ARGUMENT: {
    status: "INVALID_ARGUMENT",
    meaning: "One or more fields are missing, malformed, out of bounds or contradict each other; nothing was done.",
    remedy: "Mend every field that `BadRequest` names, and call again.",
  },
  STORE_UNAVAILABLE: {
    status: "UNAVAILABLE",
    meaning:
      "The store, or the shard of it that holds this address, gave no answer; whether the call took effect is unknown.",
    remedy: "Call again with the same arguments, `attempt_id` included, after `RetryInfo`.",
  },
  SHARD_TABLE_CHANGED: {
    status: "UNAVAILABLE",
    meaning: "The shard is stamped for other shards than this sidecar is configured with. Nothing was done.",
    remedy: "Give every sidecar the same ONCEWARD_STORE shard names.",
  },
  STORE_DAMAGED: {
    status: "INTERNAL",
    meaning: "The stored record cannot be read: damaged, or written by a newer version. Nothing was done.",
    remedy: "See the sidecar's log for shard and slot; restore the record, or Forget it.",
  },
  OVERLOADED: {
    status: "RESOURCE_EXHAUSTED",
    meaning: "Too many calls are in flight in this process. Nothing was done.",
    remedy: "Call again after `RetryInfo`; keep fewer calls in flight.",
  },
  RESPONSE_TOO_LARGE: {
    status: "RESOURCE_EXHAUSTED",
    meaning:
      "The answer of this item would take the batch's response over the message limit; the item was carried out.",
    remedy: "Call this item singly, with the same arguments and the `attempt_id` of `ErrorInfo`.",
  },
  SHUTTING_DOWN: {
    status: "UNAVAILABLE",
    meaning:
      "The sidecar is stopping and ends this stream: a Session's calls without an answer were not taken, and a " +
      "KeepAlive's lease is renewed no more.",
    remedy:
      "Open another stream. Send a Session's calls again with the same arguments, `attempt_id` included; go on " +
      "keeping a lease before the validity told last is over.",
  },
  INTERNAL: {
    status: "INTERNAL",
    meaning: "A defect of onceward. The log has the cause under the request id.",
    remedy: "Report it with the request id.",
  },
} as const satisfies Record<string, { status: string; meaning: string; remedy: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** One thing wrong with a request: the field's path in the message, and what it must be. */
export interface Violation {
  readonly field: string;
  readonly problem: string;
}

interface Details {
  readonly cause?: unknown;
  readonly violations?: readonly Violation[];
  /** Name of the shard concerned. */
  readonly shard?: string;
  /** How long to wait before calling again, ms. */
  readonly retryAfterMs?: number;
  /** The nonce to call again with, where the server made it. */
  readonly attemptId?: string | undefined;
}

/** The one error class. `cause` goes to the log, never to a caller. */
export class OncewardError extends Error {
  readonly code: ErrorCode;
  readonly violations: readonly Violation[];
  readonly shard: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly attemptId: string | undefined;

  constructor(code: ErrorCode, message: string, details: Details = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "OncewardError";
    this.code = code;
    this.violations = details.violations ?? [];
    this.shard = details.shard;
    this.retryAfterMs = details.retryAfterMs;
    this.attemptId = details.attemptId;
  }
}

/**
 * Most violations that one error names, and most characters of a field's path. A status travels in headers: over 8 KiB
 * of them some clients refuse the answer, and far more break the connection with all its calls.
 */
const VIOLATIONS_MAX = 20;
const FIELD_LENGTH_MAX = 64;

export function invalid(all: readonly Violation[]): OncewardError {
  const violations = all.slice(0, VIOLATIONS_MAX).map(({ field, problem }) => ({
    field: field.slice(0, FIELD_LENGTH_MAX),
    problem,
  }));
  const what = violations.map((v) => `${v.field}: ${v.problem}`).join("; ");
  return new OncewardError("INVALID_ARGUMENT", what, { violations });
}
