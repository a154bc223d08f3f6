import { type DurationMs, durationMs, type EpochMs, timeLeft } from "../base/units.ts";
import { inEpoch, isAbove, type OrderingMode, rankOf, type Stream, streamAt, streamNow } from "./stream.ts";

/** A step of a stream without a record. */
export interface AdvanceCommand {
  readonly mode: OrderingMode;
  readonly sequence: bigint;
  /** `exact` only: where the stream must stand; 0 elsewhere. */
  readonly expected: bigint;
  readonly epoch: bigint;
  /** 0 outside of `last_write_wins`. */
  readonly tiebreak: bigint;
  /** The caller's nonce; empty = a repeat cannot be told from another's. */
  readonly attemptId: string;
}

export interface AdvanceOutcome {
  readonly kind: "advanced" | "duplicate" | "stale" | "gap" | "conflict" | "fenced";
  /** After the call; -1 before place 0. */
  readonly last: bigint;
  readonly streamEpoch: bigint;
  /** Of the attempt that is in the way; 0 = none is. */
  readonly leaseLeft: DurationMs;
}

/** What one transition of a stream decides: the answer, and what it leaves; absent = nothing changes. */
export interface StreamDecision<Outcome> {
  readonly outcome: Outcome;
  readonly stream?: Stream;
}

/** First place of a stream that only Advance knows. */
export const ADVANCE_INITIAL = 1n;

/** Decides one Advance. */
export function decideAdvance(
  stream: Stream | undefined,
  command: AdvanceCommand,
  at: EpochMs,
): StreamDecision<AdvanceOutcome> {
  const now = streamNow(stream, at);
  const { epoch, sequence, tiebreak, attemptId } = command;
  const known = stream ?? unknown(command, now);
  if (epoch < known.epoch) return { outcome: outcome("fenced", known) };
  const raised = epoch > known.epoch;
  const current = raised ? inEpoch(known, epoch, ADVANCE_INITIAL, now) : known;
  if (sequence === current.last && tiebreak === current.tiebreak) {
    const own = attemptId !== "" && attemptId === current.advancedBy;
    return { outcome: outcome(own ? "advanced" : "duplicate", current) };
  }
  const refused = (why: AdvanceOutcome["kind"], leaseLeft = durationMs(0)) => {
    const decision = { outcome: { ...outcome(why, current), leaseLeft } };
    return raised ? { ...decision, stream: current } : decision;
  };
  const why = whyNot(current, command);
  if (why !== undefined) return refused(why);
  const left = timeLeft(current.reservation?.until ?? now, now);
  if (left > 0) return refused("conflict", left);
  const next = { ...streamAt(sequence, epoch, now), tiebreak, advancedBy: attemptId };
  return { outcome: outcome("advanced", next), stream: next };
}

function whyNot(stream: Stream, command: AdvanceCommand): "stale" | "gap" | "conflict" | undefined {
  const { mode, sequence, expected } = command;
  if (mode === "exact") return expected === stream.last ? undefined : "conflict";
  if (mode === "strict_next" && sequence > stream.last + 1n) return "gap";
  const newer = mode === "last_write_wins" ? isAbove(command, rankOf(stream)) : sequence > stream.last;
  return newer ? undefined : "stale";
}

function unknown({ mode, sequence, epoch }: AdvanceCommand, now: EpochMs): Stream {
  const adopts = mode === "monotonic" || mode === "last_write_wins";
  return streamAt(adopts ? sequence - 1n : ADVANCE_INITIAL - 1n, epoch, now);
}

function outcome(kind: AdvanceOutcome["kind"], { last, epoch }: Stream): AdvanceOutcome {
  return { kind, last, streamEpoch: epoch, leaseLeft: durationMs(0) };
}
