import { after, type FencingToken } from "../base/units.ts";
import { commits, endAttempt, finishing } from "./complete.ts";
import { type Moment, nowFor, streamOf } from "./moment.ts";
import {
  type Decision,
  isFinished,
  isLive,
  isPresent,
  type Retention,
  type Seen,
  type StoredRecord,
  type UnfinishedRecord,
} from "./record.ts";
import type { StoredResult } from "./result.ts";
import { leavePlace } from "./stream.ts";

export type Resolution = "succeeded" | "failed" | "retry";

export interface ResolveCommand {
  readonly resolution: Resolution;
  /** Ignored by `retry`. */
  readonly result: StoredResult | undefined;
  /** Kept as the record's last error by `failed`. */
  readonly reason: string;
  /** What the operator looked at; 0 = any. */
  readonly token: FencingToken;
  readonly retention: Retention;
}

export type ResolveOutcome =
  | ({ readonly kind: "resolved" | "in_progress" | "finished" | "fenced" } & Seen)
  | { readonly kind: "not_found" };

/** Decides one Resolve: an operator settles what nobody runs. Never a live attempt, never a finished record. */
export function decideResolve(
  record: StoredRecord | undefined,
  command: ResolveCommand,
  at: Moment,
): Decision<ResolveOutcome> {
  const now = nowFor(record, at);
  if (!isPresent(record, now)) return { outcome: { kind: "not_found" } };
  if (isFinished(record)) return { outcome: { kind: "finished", record, now } };
  if (command.token !== 0n && command.token !== record.token) return { outcome: { kind: "fenced", record, now } };
  if (record.state === "in_progress" && isLive(record, now)) return { outcome: { kind: "in_progress", record, now } };
  const write = settle(record, command, now);
  const { ordering, token } = record;
  const left = ordering && leavePlace(streamOf(at), { ordering, token }, commits(write, ordering), now);
  return { outcome: { kind: "resolved", record: write, now }, write, ...(left?.stream && { stream: left.stream }) };
}

function settle(before: UnfinishedRecord, command: ResolveCommand, now: Seen["now"]): StoredRecord {
  const ended = endAttempt(before);
  if (command.resolution === "retry") {
    const expiresAt = after(now, command.retention.unfinished);
    return {
      ...ended,
      endedBy: "resolved",
      attempts: 0,
      maybeExecuted: false,
      retryAt: now,
      updatedAt: now,
      expiresAt,
    };
  }
  const { checkpoint: _, ordering: __, ...kept } = ended;
  const keepFor = before.retentionFor || command.retention.result;
  return {
    ...kept,
    ...finishing(command.resolution, command.result, keepFor, command.retention, now),
    lastError: command.resolution === "failed" && command.reason !== "" ? command.reason : before.lastError,
  };
}
