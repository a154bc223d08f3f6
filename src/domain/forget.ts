import { after, type DurationMs } from "../base/units.ts";
import { type Moment, mintToken, nowFor, streamOf } from "./moment.ts";
import { type Decision, type ForgottenRecord, isPresent, type StoredRecord } from "./record.ts";
import { leavePlace } from "./stream.ts";

export interface ForgetCommand {
  /** How long zombies of the record stay fenced: the longest a completion of theirs could still be restored. */
  readonly fenceFor: DurationMs;
}

export type ForgetOutcome = { readonly kind: "forgotten" | "not_found" };

/** Decides one Forget: the next Begin starts anew, and whoever still runs the forgotten attempt is fenced. */
export function decideForget(
  record: StoredRecord | undefined,
  command: ForgetCommand,
  at: Moment,
): Decision<ForgetOutcome> {
  const now = nowFor(record, at);
  if (!isPresent(record, now)) return { outcome: { kind: "not_found" } };
  const token = mintToken(record, at);
  const write: ForgottenRecord = {
    state: "forgotten",
    address: record.address,
    token,
    attempts: 0,
    maybeExecuted: false,
    createdAt: record.createdAt,
    updatedAt: now,
    expiresAt: after(now, command.fenceFor),
    duplicates: 0,
    fingerprint: undefined,
    traceparent: "",
    owner: "",
    retentionFor: record.retentionFor,
    lastError: "",
  };
  const ordering = "ordering" in record ? record.ordering : undefined;
  const left = ordering && leavePlace(streamOf(at), { ordering, token: record.token }, false, now);
  return { outcome: { kind: "forgotten" }, write, lastToken: token, ...(left?.stream && { stream: left.stream }) };
}
