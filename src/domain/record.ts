import type { DurationMs, EpochMs, FencingToken } from "../base/units.ts";
import type { RecordAddress } from "./address.ts";
import type { Fingerprint } from "./fingerprint.ts";
import { type StoredResult, withoutBody } from "./result.ts";
import type { Ordering, Stream } from "./stream.ts";

/** What a caller's lapse means for the next one: run again with a higher token, or stop for a human. */
export type LapsePolicy = "take_over" | "hold";

/** How the last attempt of an unfinished record ended. */
export type EndedBy = "retryable" | "released" | "resolved" | "lapsed";

/** A named recovery point of an attempt, handed to whoever takes over. */
export interface Checkpoint {
  readonly name: string;
  readonly step: bigint;
  readonly data: Uint8Array;
  readonly savedAt: EpochMs;
}

/** An unfinished record keeps its place in its stream. */
interface Placed {
  /** Undefined = it has none. */
  readonly ordering: Ordering | undefined;
}

interface RecordBase {
  readonly address: RecordAddress;
  /** The current fencing token: that of the last attempt started, or of the Forget. */
  readonly token: FencingToken;
  /** Attempts started and not released. */
  readonly attempts: number;
  /** Some earlier attempt lapsed and was taken over: its effect may have happened. */
  readonly maybeExecuted: boolean;
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
  /** From here on the record counts as absent, swept or not. */
  readonly expiresAt: EpochMs;
  /** Begins that started nothing; best effort. */
  readonly duplicates: number;
  /** That of the Begin which created the record; undefined = no check. */
  readonly fingerprint: Fingerprint | undefined;
  /** W3C trace context of the first attempt, or empty. */
  readonly traceparent: string;
  readonly owner: string;
  /** Retention asked for at Begin; 0 = the namespace's. */
  readonly retentionFor: DurationMs;
  readonly lastError: string;
}

/** An attempt holds a lease, live or lapsed (`now >= leaseUntil`: the effect may or may not have happened). */
export interface RunningRecord extends RecordBase, Placed {
  readonly state: "in_progress";
  readonly attemptId: string;
  readonly startedAt: EpochMs;
  readonly leaseUntil: EpochMs;
  readonly leaseFor: DurationMs;
  readonly lapsePolicy: LapsePolicy;
  readonly checkpoint: Checkpoint | undefined;
}

/** The last attempt ended without an effect; the next may start at `retryAt`. */
export interface RetryableRecord extends RecordBase, Placed {
  readonly state: "retryable";
  readonly endedBy: Exclude<EndedBy, "lapsed">;
  readonly retryAt: EpochMs;
  readonly checkpoint: Checkpoint | undefined;
}

/** Out of attempts: only a human, or the attempt itself coming back with the truth, moves it. */
interface DeadLetteredRecord extends RecordBase, Placed {
  readonly state: "dead_lettered";
  readonly endedBy: EndedBy;
  readonly checkpoint: Checkpoint | undefined;
}

/** The effect is settled; its result is replayed until `resultUntil`, and without its body until `expiresAt`. */
export interface FinishedRecord extends RecordBase {
  readonly state: "succeeded" | "failed";
  readonly finishedAt: EpochMs;
  readonly resultUntil: EpochMs;
  readonly result: StoredResult | undefined;
}

/** What Forget leaves: counts as absent for everyone, but fences the zombies of what was forgotten. */
export interface ForgottenRecord extends RecordBase {
  readonly state: "forgotten";
}

export type UnfinishedRecord = RunningRecord | RetryableRecord | DeadLetteredRecord;
export type StoredRecord = UnfinishedRecord | FinishedRecord | ForgottenRecord;

/** What callers see; `unknown` is a lease that lapsed. */
export type VisibleState = "in_progress" | "unknown" | "succeeded" | "failed" | "retryable" | "dead_lettered";

/** The longest a record without a result is kept, and what a namespace says about the others. */
export interface Retention {
  /** Of a finished record's result, from finishing. */
  readonly result: DurationMs;
  /** Of a finished record without its body, from finishing; the result's retention where that is longer. */
  readonly tombstone: DurationMs;
  /** Of an unfinished record, from the end of its lease or back-off. */
  readonly unfinished: DurationMs;
}

export function isLive(record: RunningRecord, now: EpochMs): boolean {
  return now < record.leaseUntil;
}

export function isFinished(record: StoredRecord): record is FinishedRecord {
  return record.state === "succeeded" || record.state === "failed";
}

/** Absent, for every caller: never written, past its whole retention (swept or not), or forgotten. */
export function isPresent(record: StoredRecord | undefined, now: EpochMs): record is UnfinishedRecord | FinishedRecord {
  return record !== undefined && record.state !== "forgotten" && now < record.expiresAt;
}

/** A forgotten record still fences until its own retention is over. */
export function stillFences(record: StoredRecord | undefined, now: EpochMs): record is StoredRecord {
  return record !== undefined && now < record.expiresAt;
}

/** What the record says at `now`; undefined for a forgotten one. */
export function visibleState(record: StoredRecord, now: EpochMs): VisibleState | undefined {
  if (record.state === "forgotten") return undefined;
  if (record.state === "in_progress") return isLive(record, now) ? "in_progress" : "unknown";
  return record.state;
}

/** A record as a caller saw it: the record and the instant, by the store's clock, it was judged at. */
export interface Seen<R extends StoredRecord = StoredRecord> {
  readonly record: R;
  readonly now: EpochMs;
}

/**
 * What one transition decides: the answer, and what it leaves behind. `write` absent = nothing changes. `lastToken`
 * is set when the slot's counter moves. `duplicate` asks for one more to be counted, best effort.
 */
export interface Decision<Outcome> {
  readonly outcome: Outcome;
  readonly write?: StoredRecord;
  /** What the transition leaves of the address's stream; absent = it stays as it is. */
  readonly stream?: Stream;
  readonly lastToken?: FencingToken;
  readonly duplicate?: boolean;
}

/** The result as it may be replayed at `now`: without its body once its retention is over. */
export function resultAt(record: FinishedRecord, now: EpochMs): StoredResult | undefined {
  return record.result === undefined || now < record.resultUntil ? record.result : withoutBody(record.result);
}
