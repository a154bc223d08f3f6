/** What the calls take. Lengths of time are milliseconds; 0 or left out = the sidecar's default. */

/** All parts count: the same key with and without its stream or operation names two records. */
export interface Address {
  /** Left out or empty = `default`. */
  readonly namespace?: string | undefined;
  readonly operation?: string | undefined;
  readonly stream?: string | undefined;
  readonly key: string;
}

/** What the effect is asked to do, so that one key used for two requests is noticed. Keep to one way per operation. */
export type Fingerprint =
  /** The request's bytes (a string: its UTF-8), of which the sidecar keeps the SHA-256. */
  | { readonly payload: Uint8Array | string }
  /** One JSON text; the order of members and white space do not matter. */
  | { readonly json: string }
  | { readonly digest: Uint8Array; readonly algorithm: string };

export interface Ordering {
  readonly mode: "strictNext" | "monotonic" | "lastWriteWins" | "exact";
  readonly sequence: bigint;
  readonly epoch?: bigint | undefined;
  /** Decides between equal sequences in `lastWriteWins`. */
  readonly tiebreak?: bigint | undefined;
  /** First place of a new stream; left out = 1. */
  readonly initial?: bigint | undefined;
  readonly onUnknownStream?: "requireInitial" | "adopt" | undefined;
  readonly onTerminalFailure?: "block" | "skip" | undefined;
}

export interface CallOptions {
  /** Longest the call may take, all tries together; left out = as the client was opened. */
  readonly timeoutMs?: number | undefined;
  /** Gives the call up. What it had sent may still take effect. */
  readonly signal?: AbortSignal | undefined;
}

export interface BeginOptions extends CallOptions {
  readonly fingerprint?: Fingerprint | undefined;
  /** A fresh random id per try of the effect, never derived from key or host. Left out = the client makes one. */
  readonly attemptId?: string | undefined;
  /** Who asks, for people. */
  readonly owner?: string | undefined;
  readonly leaseMs?: number | undefined;
  /** How long to wait while another attempt of this address is live. Costs a call of its own. */
  readonly waitMs?: number | undefined;
  readonly retentionMs?: number | undefined;
  /** What a lapsed lease means: `takeOver` runs the effect again, `hold` waits for an operator. */
  readonly lapsePolicy?: "takeOver" | "hold" | undefined;
  /** 0 = unlimited. */
  readonly maxAttempts?: number | undefined;
  readonly ordering?: Ordering | undefined;
}

/** What later callers get. */
export interface ResultInput {
  /** A string stands for its UTF-8. */
  readonly body?: Uint8Array | string | undefined;
  readonly contentType?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly reference?: string | undefined;
}

interface Final extends CallOptions {
  readonly token: bigint;
  readonly result?: ResultInput | undefined;
  readonly retentionMs?: number | undefined;
}

export type CompleteOptions =
  /** The effect happened. */
  | (Final & { readonly kind: "succeeded" })
  /** It failed and must not be tried again. */
  | (Final & { readonly kind: "failed"; readonly error?: string | undefined })
  /** It did not happen. */
  | (CallOptions & {
      readonly kind: "retryable";
      readonly token: bigint;
      readonly error?: string | undefined;
      readonly retryAfterMs?: number | undefined;
    });

export interface GetOptions extends CallOptions {
  /** How long to wait until the record is finished. */
  readonly waitMs?: number | undefined;
}

export interface RenewOptions extends CallOptions {
  readonly token: bigint;
  /** Left out = the length given at Begin. */
  readonly leaseMs?: number | undefined;
}

export interface CheckpointOptions extends RenewOptions {
  readonly name: string;
  readonly data?: Uint8Array | string | undefined;
  /** Rising over all attempts of the record; left out = the last to arrive wins. */
  readonly step?: bigint | undefined;
}

export interface ReleaseOptions extends CallOptions {
  readonly token: bigint;
}
