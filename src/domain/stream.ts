/**
 * Order within a stream: Begin reserves a place, Complete commits it, so that a place that fails is not overtaken. The
 * epoch fences a producer's predecessors, as Kafka's idempotent producer does (KIP-98).
 */
import { type DurationMs, type EpochMs, epochMs, type FencingToken, timeLeft } from "../base/units.ts";

/** When a place of a stream may start. */
export type OrderingMode = "strict_next" | "monotonic" | "last_write_wins" | "exact";

/** Highest 64-bit number; as a sequence it is refused, so that there is always one above. */
export const UINT64_MAX = 2n ** 64n - 1n;

/** An effect's place in its stream, every default filled in. All numbers span 64 bits. */
export interface Ordering {
  readonly mode: OrderingMode;
  readonly sequence: bigint;
  readonly epoch: bigint;
  /** 0 outside of `last_write_wins`. */
  readonly tiebreak: bigint;
  /** First place of a new stream or epoch. */
  readonly initial: bigint;
  readonly onUnknownStream: "require_initial" | "adopt";
  readonly onTerminalFailure: "block" | "skip";
}

/** What a record with an ordering is judged by besides its own words. */
export interface InStream {
  /** Of the record in question, as `placeOf` gives it. */
  readonly recordId: string;
  /** Undefined = nobody knows it. Looked at only where a record has a place in it. */
  readonly stream: Stream | undefined;
}

/** One attempt of one record. */
export interface Holder {
  /** As `placeOf` gives it. */
  readonly recordId: string;
  readonly token: FencingToken;
}

/** The place that an attempt holds from its start until it ends, or until another start takes it. */
export interface Reservation extends Holder {
  readonly sequence: bigint;
  readonly tiebreak: bigint;
  /** End of the attempt's lease. */
  readonly until: EpochMs;
  /** A higher epoch, Skip or Reset came: it keeps others out while it is live, and commits nothing. */
  readonly revoked: boolean;
}

/** What is kept about one (namespace, stream). */
export interface Stream {
  readonly epoch: bigint;
  /** The place committed last; -1 before place 0. A new stream stands just before its initial place. */
  readonly last: bigint;
  /** Of the last place; {@link UINT64_MAX} where nothing was committed yet, so that nothing ties with it. */
  readonly tiebreak: bigint;
  readonly reservation: Reservation | undefined;
  /** The nonce of the Advance that `last` came by; empty where it came otherwise. */
  readonly advancedBy: string;
  readonly updatedAt: EpochMs;
}

/** Why a record that would start must not, and what its caller needs to know. */
export interface OutOfTurn {
  /** `stream_busy`: an attempt of the stream is in the way. */
  readonly kind: "stale" | "gap" | "conflict" | "stream_busy";
  /** The lowest sequence that would start now; in `exact` the version to compare with. */
  readonly expectedSequence: bigint;
  readonly streamEpoch: bigint;
  /** What is left of the lease that is in the way; 0 = none is live. */
  readonly leaseLeft: DurationMs;
}

type Placing =
  /** `stream` is as the start finds it; {@link reserve} then holds the place. */
  | { readonly kind: "granted"; readonly stream: Stream }
  /** `write` is set when the stream changes all the same: its epoch was raised. */
  | { readonly kind: "refused"; readonly why: OutOfTurn; readonly write: Stream | undefined };

/** The instant a stream is judged by: as a record's, see `nowFor`. */
export function streamNow(stream: Stream | undefined, now: EpochMs): EpochMs {
  return stream === undefined ? now : epochMs(Math.max(stream.updatedAt, now));
}

/** Whether a record that would start may, by its place in the stream. The order of the cases is the contract's. */
export function findPlace(stream: Stream | undefined, ordering: Ordering, recordId: string, at: EpochMs): Placing {
  const now = streamNow(stream, at);
  const known = stream ?? newStream(ordering, now);
  if (ordering.epoch < known.epoch) {
    return { kind: "refused", why: outOfTurn("stale", known, ordering, now), write: undefined };
  }
  const raised = ordering.epoch > known.epoch;
  const current = raised ? inEpoch(known, ordering.epoch, ordering.initial, now) : known;
  const why = whyNot(current, ordering, recordId, now);
  if (why === undefined) return { kind: "granted", stream: current };
  return { kind: "refused", why: outOfTurn(why, current, ordering, now), write: raised ? current : undefined };
}

function whyNot(stream: Stream, ordering: Ordering, recordId: string, now: EpochMs): OutOfTurn["kind"] | undefined {
  const { reservation: held, last } = stream;
  const { mode, sequence } = ordering;
  const live = held !== undefined && now < held.until;
  const another = held !== undefined && !held.revoked && held.recordId !== recordId;
  if (another && mode === "strict_next" && held.sequence === sequence) return "conflict";
  if (mode === "exact" && sequence !== last) return "conflict";
  if (mode === "strict_next" && sequence > last + 1n) return "gap";
  if (mode === "last_write_wins" ? !isAbove(ordering, rankOf(stream)) : mode !== "exact" && sequence <= last) {
    return "stale";
  }
  if (held?.revoked && live) return "stream_busy";
  if (!another) return undefined;
  // A lapsed place is its own record's to take over. Where gaps are fine, a newer one may pass it; where a version is
  // compared with, any other caller, since the first one's key never comes back.
  const passes = mode === "exact" || (mode !== "strict_next" && isAbove(ordering, held));
  return live || !passes ? "stream_busy" : undefined;
}

type Rank = Pick<Reservation, "sequence" | "tiebreak">;

export function rankOf({ last, tiebreak }: Stream): Rank {
  return { sequence: last, tiebreak };
}

/** The tiebreaks are 0 outside of `last_write_wins`. */
export function isAbove(a: Rank, b: Rank): boolean {
  return a.sequence > b.sequence || (a.sequence === b.sequence && a.tiebreak > b.tiebreak);
}

function outOfTurn(kind: OutOfTurn["kind"], stream: Stream, { mode }: Ordering, now: EpochMs): OutOfTurn {
  const { reservation: held, last, epoch } = stream;
  const expected = mode === "exact" ? last : last + 1n;
  return {
    kind,
    expectedSequence: expected < 0n ? 0n : expected > UINT64_MAX ? UINT64_MAX : expected,
    streamEpoch: epoch,
    leaseLeft: timeLeft(held?.until ?? now, now),
  };
}

/** A stream that stands just after `last`, and has nothing to say about how it got there. */
export function streamAt(last: bigint, epoch: bigint, now: EpochMs): Stream {
  return { epoch, last, tiebreak: UINT64_MAX, reservation: undefined, advancedBy: "", updatedAt: now };
}

/** A stream nobody knows, as its first place finds it. */
function newStream({ epoch, initial, sequence, mode, onUnknownStream }: Ordering, now: EpochMs): Stream {
  const before = mode === "exact" ? sequence : sequence - 1n;
  return streamAt(onUnknownStream === "adopt" ? before : initial - 1n, epoch, now);
}

/** The stream restarted in a higher epoch. */
export function inEpoch(stream: Stream, epoch: bigint, initial: bigint, now: EpochMs): Stream {
  return { ...streamAt(initial - 1n, epoch, now), reservation: revoked(stream, now) };
}

/** What is left of a reservation whose place is gone: while its attempt is live it keeps others out. */
export function revoked({ reservation }: Stream, now: EpochMs): Reservation | undefined {
  return reservation !== undefined && now < reservation.until ? { ...reservation, revoked: true } : undefined;
}

/** The stream with the place held by an attempt that starts. */
export function reserve(stream: Stream, ordering: Ordering, holder: Holder, until: EpochMs, at: EpochMs): Stream {
  const { sequence, tiebreak } = ordering;
  const reservation = { ...holder, sequence, tiebreak, until, revoked: false };
  return { ...stream, reservation, updatedAt: streamNow(stream, at) };
}

/** The stream with the lease of the holder's place moved; undefined when its place has gone to another. */
export function extend(
  stream: Stream | undefined,
  ordering: Ordering,
  holder: Holder,
  until: EpochMs,
  at: EpochMs,
): Stream | undefined {
  const now = streamNow(stream, at);
  if (!mayCommit(stream, ordering, holder, now)) return undefined;
  return reserve(stream ?? newStream(ordering, now), ordering, holder, until, now);
}

interface PlaceLeft {
  /** Absent = the stream stays as it is. */
  readonly stream?: Stream;
  /** The place had gone to another, so that it could not be committed. */
  readonly superseded: boolean;
}

/** What becomes of an attempt's place when the attempt ends: committed, or free. */
export function leavePlace(
  { stream, recordId }: InStream,
  { ordering, token }: { readonly ordering: Ordering; readonly token: FencingToken },
  commits: boolean,
  now: EpochMs,
): PlaceLeft {
  const holder = { recordId, token };
  const committed = commits ? commit(stream, ordering, holder, now) : undefined;
  if (committed !== undefined) return { stream: committed, superseded: false };
  const freed = giveUp(stream, holder, now);
  return { ...(freed && { stream: freed }), superseded: commits };
}

/** The stream when an attempt has ended without a commit: its place, if it still holds it, is free. */
function giveUp(stream: Stream | undefined, holder: Holder, at: EpochMs): Stream | undefined {
  if (stream === undefined || !isHeldBy(stream, holder)) return undefined;
  return { ...stream, reservation: undefined, updatedAt: streamNow(stream, at) };
}

/** The stream when an attempt has ended with a commit; undefined when its place is gone. */
function commit(stream: Stream | undefined, ordering: Ordering, holder: Holder, at: EpochMs): Stream | undefined {
  const now = streamNow(stream, at);
  if (!mayCommit(stream, ordering, holder, now)) return undefined;
  const { mode, sequence, tiebreak, epoch } = ordering;
  return { ...streamAt(mode === "exact" ? sequence + 1n : sequence, stream?.epoch ?? epoch, now), tiebreak };
}

/** The place is still held by this attempt, or nobody's, and next. */
function mayCommit(stream: Stream | undefined, ordering: Ordering, holder: Holder, now: EpochMs): boolean {
  const known = stream ?? newStream(ordering, now);
  if (isHeldBy(known, holder)) return known.reservation?.revoked === false;
  const free = known.reservation === undefined || (known.reservation.revoked && now >= known.reservation.until);
  return free && known.epoch === ordering.epoch && whyNot(known, ordering, holder.recordId, now) === undefined;
}

function isHeldBy({ reservation: held }: Stream, { recordId, token }: Holder): boolean {
  return held?.recordId === recordId && held.token === token;
}
