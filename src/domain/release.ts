import { after, type FencingToken } from "../base/units.ts";
import { endAttempt } from "./complete.ts";
import { type Moment, nowFor, streamOf } from "./moment.ts";
import { type Decision, isPresent, type Retention, type StoredRecord } from "./record.ts";
import { holding, type Refusal } from "./renew.ts";
import { leavePlace } from "./stream.ts";

export interface ReleaseCommand {
  readonly token: FencingToken;
  readonly retention: Retention;
}

export type ReleaseOutcome = { readonly kind: "released" } | Refusal;

/** Decides one Release: the attempt is given up unexecuted and not counted. */
export function decideRelease(
  record: StoredRecord | undefined,
  command: ReleaseCommand,
  at: Moment,
): Decision<ReleaseOutcome> {
  const now = nowFor(record, at);
  if (isPresent(record, now) && record.state === "retryable" && record.token === command.token) {
    return { outcome: { kind: record.endedBy === "released" ? "released" : "finished" } };
  }
  const held = holding(record, command.token, now);
  if (held.kind !== "held") return { outcome: held };
  const write = {
    ...endAttempt(held.record),
    endedBy: "released",
    attempts: held.record.attempts - 1,
    retryAt: now,
    updatedAt: now,
    expiresAt: after(now, command.retention.unfinished),
  } as const;
  const { ordering, token } = held.record;
  const left = ordering && leavePlace(streamOf(at), { ordering, token }, false, now);
  return { outcome: { kind: "released" }, write, ...(left?.stream && { stream: left.stream }) };
}
