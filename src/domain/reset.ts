import type { EpochMs } from "../base/units.ts";
import type { StreamDecision } from "./advance.ts";
import { revoked, type Stream, streamAt, streamNow } from "./stream.ts";

/** An operator sets where a stream stands. */
export interface ResetCommand {
  /** Where the operator saw it stand; undefined = it was unknown, or stood before place 0. */
  readonly expectedLast: bigint | undefined;
  readonly to: bigint;
  /** Undefined = the one that it is in; 0 for an unknown stream. */
  readonly epoch: bigint | undefined;
  /** An unknown stream stays unknown: a Skip. */
  readonly onlyKnown: boolean;
}

export interface ResetOutcome {
  readonly kind: "reset" | "conflict" | "not_found";
  /** After the call; -1 before place 0, and for an unknown stream. */
  readonly last: bigint;
}

/** Decides one Reset or Skip. An attempt that runs keeps others out, and does not move the stream any more. */
export function decideReset(
  stream: Stream | undefined,
  { expectedLast = -1n, to, epoch, onlyKnown }: ResetCommand,
  at: EpochMs,
): StreamDecision<ResetOutcome> {
  const last = stream?.last ?? -1n;
  if (stream === undefined && onlyKnown) return { outcome: { kind: "not_found", last } };
  if (expectedLast !== last) return { outcome: { kind: "conflict", last } };
  const now = streamNow(stream, at);
  const next = { ...streamAt(to, epoch ?? stream?.epoch ?? 0n, now), reservation: stream && revoked(stream, now) };
  return { outcome: { kind: "reset", last: to }, stream: next };
}
