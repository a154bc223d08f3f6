import { type Moment, nowFor } from "./moment.ts";
import { type FinishedRecord, isPresent, type Seen, type StoredRecord, type UnfinishedRecord } from "./record.ts";

export type GetOutcome =
  | ({ readonly kind: "found" } & Seen<UnfinishedRecord | FinishedRecord>)
  | { readonly kind: "not_found" };

/** Reads a record as of `at`; changes nothing and extends nothing. */
export function decideGet(record: StoredRecord | undefined, at: Moment): GetOutcome {
  const now = nowFor(record, at);
  return isPresent(record, now) ? { kind: "found", record, now } : { kind: "not_found" };
}
