/**
 * What the calls answer. A sidecar of a later version may answer what this client does not know: then the outcome is
 * `unknown`, and a caller of `begin` must not run the effect.
 */

/** All parts are filled in; an empty namespace reads `default`. */
export interface RecordAddress {
  readonly namespace: string;
  readonly operation: string;
  readonly stream: string;
  readonly key: string;
}

/** How an effect ended, as later callers see it. */
export interface Result {
  /** Empty when it was not kept: see `resultOmitted` of the record. */
  readonly body: Buffer;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Where the caller keeps a large body; empty = nowhere. */
  readonly reference: string;
  /** Of the body as it was received. */
  readonly bodySize: number;
  /** Of the body as it was received; empty when that was empty. */
  readonly bodySha256: Buffer;
}

export interface Checkpoint {
  readonly name: string;
  readonly data: Buffer;
  /** By the store's clock, ms since 1970. */
  readonly savedAt: number | undefined;
  /** 0 = saved without one. */
  readonly step: bigint;
}

export interface Attempt {
  /** 1 for the first one of a record. */
  readonly number: number;
  readonly attemptId: string;
  /** Hand it to the target of the effect, which should store it and refuse a lower one. 0 only when `unguarded`. */
  readonly token: bigint;
  /** What was left of the lease when the sidecar answered, ms. */
  readonly leaseMs: number;
  /** An earlier attempt lapsed, and its effect may have happened, in part or in whole. */
  readonly takeover: boolean;
  /** The caller's own attempt, handed out again. */
  readonly resumed: boolean;
  /** Some earlier attempt lapsed and was taken over: ask the target first whether the effect has happened. */
  readonly maybeExecuted: boolean;
  /** Nothing guards this run (`fail_open`), and there is nothing to complete. */
  readonly unguarded: boolean;
  /** Where an earlier attempt had got to. */
  readonly checkpoint: Checkpoint | undefined;
}

/** `unknown`: the lease lapsed, nobody knows whether the effect happened. `unrecognized`: the client is too old. */
export type RecordState =
  | "inProgress"
  | "unknown"
  | "succeeded"
  | "failed"
  | "retryable"
  | "deadLettered"
  | "unrecognized";

/** What is kept about one address. Instants are by the store's clock, ms since 1970; undefined = does not apply. */
export interface OncewardRecord {
  readonly address: RecordAddress;
  readonly state: RecordState;
  readonly attempts: number;
  readonly result: Result | undefined;
  /** The body was too large to keep or its retention is over. A finished record is done all the same. */
  readonly resultOmitted: boolean;
  readonly createdAt: number | undefined;
  readonly updatedAt: number | undefined;
  readonly finishedAt: number | undefined;
  readonly expiresAt: number | undefined;
  readonly leaseUntil: number | undefined;
  readonly owner: string;
  readonly checkpoint: Checkpoint | undefined;
  readonly lastError: string;
  readonly duplicates: number;
  readonly traceparent: string;
}

/** The sidecar answered something that this client does not know. */
export interface Unknown {
  readonly kind: "unknown";
}

/** Ordering decided. */
export interface OutOfTurn {
  readonly kind: "stale" | "gap" | "conflict";
  /** The lowest sequence that would start now; in `exact` the version to compare with. */
  readonly expectedSequence: bigint;
  readonly streamEpoch: bigint;
  /** 0 = there is no telling, or waiting does not help. */
  readonly retryAfterMs: number;
}

export type BeginOutcome =
  /** Run the effect now. `record` is there where an earlier attempt came before. */
  | { readonly kind: "started"; readonly attempt: Attempt; readonly record: OncewardRecord | undefined }
  /** It is finished: `record` says how. */
  | { readonly kind: "replay"; readonly record: OncewardRecord }
  /** Another attempt is live, of this address (`record` is there) or of its stream. */
  | {
      readonly kind: "inProgress";
      readonly record: OncewardRecord | undefined;
      readonly retryAfterMs: number;
      readonly expectedSequence: bigint;
      readonly streamEpoch: bigint;
    }
  /** The key was used for another request. */
  | { readonly kind: "mismatch"; readonly record: OncewardRecord | undefined }
  /** An operator has to find out whether it happened. */
  | { readonly kind: "unresolved"; readonly record: OncewardRecord | undefined }
  /** The last attempt ended without an effect, and its back-off is not over. */
  | { readonly kind: "backingOff"; readonly retryAfterMs: number }
  | OutOfTurn
  | Unknown;

export type CompleteOutcome =
  | {
      readonly kind: "stored";
      /** The lease had lapsed and nobody had taken over. */
      readonly late: boolean;
      /** The store had lost the record, and this completion brought it back. */
      readonly restored: boolean;
      readonly resultOmitted: boolean;
      /** The back-off after `retryable`; 0 otherwise. */
      readonly retryAfterMs: number;
      readonly record: OncewardRecord | undefined;
    }
  /** The attempt had ended before: usually a repeat whose first answer was lost. */
  | {
      readonly kind: "alreadyStored";
      /** What is stored is something else: see `record`. */
      readonly resultDiffers: boolean;
      readonly resultOmitted: boolean;
      readonly retryAfterMs: number;
      readonly record: OncewardRecord | undefined;
    }
  /** Another attempt took over. Nothing was written. */
  | { readonly kind: "fenced"; readonly record: OncewardRecord | undefined }
  /** The result is kept, but the place in the stream has gone to another. */
  | { readonly kind: "superseded"; readonly resultOmitted: boolean; readonly record: OncewardRecord | undefined }
  /** The record is gone. Nothing was written. */
  | { readonly kind: "notFound" }
  | Unknown;

export type GetOutcome =
  | { readonly kind: "found"; readonly record: OncewardRecord }
  | { readonly kind: "notFound" }
  | Unknown;

/** The attempt is the caller's no more. */
export interface NotHeld {
  readonly kind: "fenced" | "finished" | "notFound";
}

/** `leaseMs`: what is left of the lease. */
export type RenewOutcome = { readonly kind: "renewed"; readonly leaseMs: number } | NotHeld | Unknown;
/** `stale`: a later step is saved already; the attempt is still the caller's. */
export type CheckpointOutcome = { readonly kind: "saved" | "stale"; readonly leaseMs: number } | NotHeld | Unknown;
export type ReleaseOutcome = { readonly kind: "released" } | NotHeld | Unknown;
