import {
  after,
  type DurationMs,
  durationMs,
  type EpochMs,
  earlier,
  type FencingToken,
  later,
  timeLeft,
} from "../base/units.ts";
import { type Moment, nowFor, streamOf } from "./moment.ts";
import { type Decision, type Retention, type RunningRecord, type StoredRecord, stillFences } from "./record.ts";
import { extend, type Stream, streamNow } from "./stream.ts";

export interface RenewCommand {
  readonly token: FencingToken;
  /** 0 = the length given at Begin. */
  readonly leaseFor: DurationMs;
  /** Longest an attempt may hold its lease by renewals, from its start. */
  readonly leaseTotal: DurationMs;
  readonly retention: Retention;
}

/** Why a call that needs the current attempt is turned away. */
export type Refusal = { readonly kind: "fenced" | "finished" | "not_found" };

export type RenewOutcome = { readonly kind: "renewed"; readonly leaseLeft: DurationMs } | Refusal;

/** Decides one Renew. A lapsed lease can be renewed until someone takes over. */
export function decideRenew(
  record: StoredRecord | undefined,
  command: RenewCommand,
  at: Moment,
): Decision<RenewOutcome> {
  const seen = nowFor(record, at);
  const held = holding(record, command.token, seen);
  if (held.kind !== "held") return { outcome: held };
  const now = placeNow(held.record, at, seen);
  const write = renewed(held.record, command, now);
  const place = keepPlace(write, at, now);
  if (place === "gone") return { outcome: { kind: "fenced" } };
  return { outcome: { kind: "renewed", leaseLeft: timeLeft(write.leaseUntil, now) }, write, ...place };
}

/** One instant for a running record and for its place, if it has one: never before the last change of either. */
export function placeNow({ ordering }: RunningRecord, at: Moment, now: EpochMs): EpochMs {
  return ordering === undefined ? now : streamNow(streamOf(at).stream, now);
}

/** Moves the end of a renewed attempt's place, if it has one, to the end of its lease. */
export function keepPlace(
  { ordering, token, leaseUntil }: RunningRecord,
  at: Moment,
  now: EpochMs,
): { readonly stream?: Stream } | "gone" {
  if (ordering === undefined) return {};
  const { recordId, stream } = streamOf(at);
  const kept = extend(stream, ordering, { recordId, token }, leaseUntil, now);
  return kept === undefined ? "gone" : { stream: kept };
}

/** The running attempt that `token` is the current one of, or why there is none. */
export function holding(
  record: StoredRecord | undefined,
  token: FencingToken,
  now: EpochMs,
): { readonly kind: "held"; readonly record: RunningRecord } | Refusal {
  if (!stillFences(record, now) || token > record.token) return { kind: "not_found" };
  if (token < record.token || record.state === "forgotten") return { kind: "fenced" };
  return record.state === "in_progress" ? { kind: "held", record } : { kind: "finished" };
}

/** The lease moved forward: never backward, and never past the attempt's total. */
export function renewed(record: RunningRecord, command: Omit<RenewCommand, "token">, now: EpochMs): RunningRecord {
  const asked = after(now, durationMs(command.leaseFor || record.leaseFor));
  const leaseUntil = later(record.leaseUntil, earlier(asked, after(record.startedAt, command.leaseTotal)));
  return { ...record, leaseUntil, updatedAt: now, expiresAt: after(leaseUntil, command.retention.unfinished) };
}
