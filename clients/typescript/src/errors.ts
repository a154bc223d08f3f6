import { status } from "@grpc/grpc-js";

/** Name of a gRPC status. */
export type Code = keyof typeof status;

/** One thing wrong with a call: which argument, and what it must be. */
export interface Violation {
  readonly field: string;
  readonly problem: string;
}

/** What is known about a failed call besides its status. */
export interface ErrorDetails {
  /** One of the sidecar's codes (docs/errors.md), or of this client's own; undefined = the transport failed. */
  readonly reason?: string | undefined;
  readonly violations?: readonly Violation[];
  /** When calling again may help, ms. */
  readonly retryAfterMs?: number | undefined;
  /** The part of the store that it is about. */
  readonly shard?: string | undefined;
  readonly outcomeUnknown?: boolean;
  readonly cause?: unknown;
}

/** The sidecar says of these that nothing was done. */
const NOTHING_DONE: ReadonlySet<string> = new Set([
  "INVALID_ARGUMENT",
  "OVERLOADED",
  "SHARD_TABLE_CHANGED",
  "STORE_DAMAGED",
]);
/** Refused before anything is done, whoever refuses. */
const REFUSALS: ReadonlySet<Code> = new Set([
  "INVALID_ARGUMENT",
  "UNAUTHENTICATED",
  "PERMISSION_DENIED",
  "FAILED_PRECONDITION",
  "UNIMPLEMENTED",
]);

/** A fault, or a mistake in a call. Everything that the protocol expects is an outcome instead. */
export class OncewardError extends Error {
  readonly code: Code;
  readonly reason: string | undefined;
  /** Every bad argument at once. */
  readonly violations: readonly Violation[];
  readonly retryAfterMs: number | undefined;
  readonly shard: string | undefined;
  /**
   * The call may have taken effect although no answer came. After a Begin: call again with the same `attemptId`, or let
   * the lease lapse. After a Complete: call again, a repeat is harmless.
   */
  readonly outcomeUnknown: boolean;

  constructor(code: Code, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "OncewardError";
    this.code = code;
    this.reason = details.reason;
    this.violations = details.violations ?? [];
    this.retryAfterMs = details.retryAfterMs;
    this.shard = details.shard;
    this.outcomeUnknown = details.outcomeUnknown ?? mayHaveHappened(code, details.reason);
  }
}

function mayHaveHappened(code: Code, reason: string | undefined): boolean {
  return !REFUSALS.has(code) && !(reason !== undefined && NOTHING_DONE.has(reason));
}

/** The same error, of a call one of whose earlier tries may have taken effect. */
export function withUnknownOutcome(error: OncewardError): OncewardError {
  if (error.outcomeUnknown) return error;
  return new OncewardError(error.code, error.message, { ...error, cause: error, outcomeUnknown: true });
}

export function codeOf(number: number): Code {
  const name: unknown = status[number];
  return typeof name === "string" ? (name as Code) : "UNKNOWN";
}
