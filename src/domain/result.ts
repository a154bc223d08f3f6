import { hash } from "node:crypto";

/** The result of a finished record, as stored. */
export interface StoredResult {
  /** Undefined when it is not kept: over the inline limit, or past its retention. */
  readonly body: Uint8Array | undefined;
  readonly contentType: string;
  /** Ordered by name, so that equal results are equal byte by byte. */
  readonly metadata: ReadonlyArray<readonly [name: string, value: string]>;
  /** Where the caller keeps a large body. */
  readonly reference: string;
  /** Bytes of the body as the caller sent it, kept or not. */
  readonly bodySize: number;
  /** SHA-256 of that body; undefined where the body is kept inline and small, since it can be computed. */
  readonly bodySha256: Uint8Array | undefined;
}

/**
 * Longest body whose digest is not stored beside it, bytes. A longer one may leave the record before its tombstone
 * does, and only its digest can then tell whether a repeated completion says the same.
 */
export const SMALL_BODY_BYTES_MAX = 1024;

export interface ResultInput {
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly reference: string;
}

/** Makes a result ready for storing: over `inlineMax` bytes the body stays behind, its size and digest do not. */
export function storeResult(input: ResultInput, inlineMax: number): StoredResult {
  const kept = input.body.length <= inlineMax;
  return {
    body: kept ? input.body : undefined,
    contentType: input.contentType,
    metadata: Object.entries(input.metadata).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
    reference: input.reference,
    bodySize: input.body.length,
    bodySha256: kept && input.body.length <= SMALL_BODY_BYTES_MAX ? undefined : sha256(input.body),
  };
}

export function resultDigest(result: StoredResult): Uint8Array {
  return result.bodySha256 ?? sha256(result.body ?? new Uint8Array());
}

/** The same result without its body, which can no longer be replayed. */
export function withoutBody(result: StoredResult): StoredResult {
  return result.body === undefined ? result : { ...result, body: undefined, bodySha256: resultDigest(result) };
}

export function sameResult(a: StoredResult | undefined, b: StoredResult | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.contentType === b.contentType &&
    a.reference === b.reference &&
    a.bodySize === b.bodySize &&
    a.metadata.length === b.metadata.length &&
    a.metadata.every(([name, value], i) => b.metadata[i]?.[0] === name && b.metadata[i]?.[1] === value) &&
    Buffer.compare(resultDigest(a), resultDigest(b)) === 0
  );
}

function sha256(bytes: Uint8Array): Uint8Array {
  return hash("sha256", bytes, "buffer");
}
