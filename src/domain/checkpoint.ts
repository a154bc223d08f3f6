import { type DurationMs, timeLeft } from "../base/units.ts";
import { type Moment, nowFor } from "./moment.ts";
import type { Checkpoint, Decision, StoredRecord } from "./record.ts";
import { holding, keepPlace, placeNow, type Refusal, type RenewCommand, renewed } from "./renew.ts";

/** Saves a recovery point and renews the lease. */
export interface CheckpointCommand extends RenewCommand {
  readonly name: string;
  /** Rises with each checkpoint of a record; 0 = the last arrival wins. */
  readonly step: bigint;
  readonly data: Uint8Array;
}

export type CheckpointOutcome = { readonly kind: "saved" | "stale"; readonly leaseLeft: DurationMs } | Refusal;

/** Decides one Checkpoint. A delayed older step overwrites nothing; a repeat of the same step is saved again. */
export function decideCheckpoint(
  record: StoredRecord | undefined,
  command: CheckpointCommand,
  at: Moment,
): Decision<CheckpointOutcome> {
  const seen = nowFor(record, at);
  const held = holding(record, command.token, seen);
  if (held.kind !== "held") return { outcome: held };
  const before = held.record;
  const now = placeNow(before, at, seen);
  const renewal = renewed(before, command, now);
  const place = keepPlace(renewal, at, now);
  if (place === "gone") return { outcome: { kind: "fenced" } };
  if (command.step > 0n && before.checkpoint !== undefined && command.step < before.checkpoint.step) {
    return { outcome: { kind: "stale", leaseLeft: timeLeft(before.leaseUntil, now) } };
  }
  const checkpoint: Checkpoint = { name: command.name, step: command.step, data: command.data, savedAt: now };
  const write = { ...renewal, checkpoint };
  return { outcome: { kind: "saved", leaseLeft: timeLeft(write.leaseUntil, now) }, write, ...place };
}
