/** The answers as outcomes. Whatever an answer lacks to be acted upon makes it `unknown`. */
import type {
  BeginOutcome,
  CheckpointOutcome,
  CompleteOutcome,
  GetOutcome,
  NotHeld,
  OncewardRecord,
  ReleaseOutcome,
  RenewOutcome,
  Unknown,
} from "./outcomes.ts";
import type { Reader } from "./protobuf-reader.ts";
import { readAttempt, readRecord } from "./record.ts";

const UNKNOWN: Unknown = { kind: "unknown" };
/** By the numbers of `BeginResponse.Outcome`. */
const OUT_OF_TURN = { 7: "stale", 8: "gap", 9: "conflict" } as const;

export function decodeBegin(reader: Reader): BeginOutcome {
  let [outcome, retryAfterMs, expectedSequence, streamEpoch] = [0, 0, 0n, 0n];
  let attempt: ReturnType<typeof readAttempt> | undefined;
  let record: OncewardRecord | undefined;
  while (reader.next()) {
    if (reader.field === 1) outcome = reader.number();
    else if (reader.field === 2) attempt = reader.message(readAttempt);
    else if (reader.field === 3) record = reader.message(readRecord);
    else if (reader.field === 4) retryAfterMs = reader.number();
    else if (reader.field === 5) expectedSequence = reader.bigint();
    else if (reader.field === 6) streamEpoch = reader.bigint();
    else reader.skip();
  }
  switch (outcome) {
    case 1:
      // Without a token there is nothing that could complete it, nor a way to tell a zombie.
      if (attempt === undefined || (attempt.token === 0n && !attempt.unguarded)) return UNKNOWN;
      return { kind: "started", attempt, record };
    case 2:
      return record?.state === "succeeded" || record?.state === "failed" ? { kind: "replay", record } : UNKNOWN;
    case 3:
      return { kind: "inProgress", record, retryAfterMs, expectedSequence, streamEpoch };
    case 4:
      return { kind: "mismatch", record };
    case 5:
      return { kind: "unresolved", record };
    case 6:
      return { kind: "backingOff", retryAfterMs };
    case 7:
    case 8:
    case 9:
      return { kind: OUT_OF_TURN[outcome], expectedSequence, streamEpoch, retryAfterMs };
    default:
      return UNKNOWN;
  }
}

export function decodeComplete(reader: Reader): CompleteOutcome {
  let [outcome, retryAfterMs] = [0, 0];
  let [late, restored, resultDiffers, resultOmitted] = [false, false, false, false];
  let record: OncewardRecord | undefined;
  while (reader.next()) {
    if (reader.field === 1) outcome = reader.number();
    else if (reader.field === 2) late = reader.boolean();
    else if (reader.field === 3) restored = reader.boolean();
    else if (reader.field === 4) resultDiffers = reader.boolean();
    else if (reader.field === 5) resultOmitted = reader.boolean();
    else if (reader.field === 6) retryAfterMs = reader.number();
    else if (reader.field === 7) record = reader.message(readRecord);
    else reader.skip();
  }
  switch (outcome) {
    case 1:
      return { kind: "stored", late, restored, resultOmitted, retryAfterMs, record };
    case 2:
      return { kind: "alreadyStored", resultDiffers, resultOmitted, retryAfterMs, record };
    case 3:
      return { kind: "fenced", record };
    case 4:
      return { kind: "superseded", resultOmitted, record };
    case 5:
      return { kind: "notFound" };
    default:
      return UNKNOWN;
  }
}

export function decodeGet(reader: Reader): GetOutcome {
  let found = false;
  let record: OncewardRecord | undefined;
  while (reader.next()) {
    if (reader.field === 1) found = reader.boolean();
    else if (reader.field === 2) record = reader.message(readRecord);
    else reader.skip();
  }
  if (!found) return { kind: "notFound" };
  return record === undefined ? UNKNOWN : { kind: "found", record };
}

export function decodeRenew(reader: Reader): RenewOutcome {
  const { outcome, leaseMs } = readHeld(reader);
  return outcome === 1 ? { kind: "renewed", leaseMs } : notHeld(outcome - 1);
}

export function decodeCheckpoint(reader: Reader): CheckpointOutcome {
  const { outcome, leaseMs } = readHeld(reader);
  if (outcome === 1) return { kind: "saved", leaseMs };
  return outcome === 2 ? { kind: "stale", leaseMs } : notHeld(outcome - 2);
}

export function decodeRelease(reader: Reader): ReleaseOutcome {
  const { outcome } = readHeld(reader);
  return outcome === 1 ? { kind: "released" } : notHeld(outcome - 1);
}

/** Of Renew, Checkpoint and Release: which one it was says what the number means. */
function readHeld(reader: Reader) {
  let [outcome, leaseMs] = [0, 0];
  while (reader.next()) {
    if (reader.field === 1) outcome = reader.number();
    else if (reader.field === 2) leaseMs = reader.number();
    else reader.skip();
  }
  return { outcome, leaseMs };
}

/** The same three follow in each of the enums, after those that are its own. */
function notHeld(place: number): NotHeld | Unknown {
  switch (place) {
    case 1:
      return { kind: "fenced" };
    case 2:
      return { kind: "finished" };
    case 3:
      return { kind: "notFound" };
    default:
      return UNKNOWN;
  }
}
