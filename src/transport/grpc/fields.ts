import { invalid, type Violation } from "../../base/errors.ts";
import {
  CONTENT_TYPE_BYTES_MAX,
  KEY_BYTES_MAX,
  METADATA_BYTES_MAX,
  OPERATION_BYTES_MAX,
  REFERENCE_BYTES_MAX,
  STREAM_BYTES_MAX,
} from "../../base/limits.ts";
import { type DurationMs, durationMs, type FencingToken, fencingToken } from "../../base/units.ts";
import { isNamespace } from "../../config/settings.ts";
import type { RecordAddress } from "../../domain/address.ts";
import type { ResultInput } from "../../domain/result.ts";
import { UINT64_MAX } from "../../domain/stream.ts";
import type { RecordAddress__Output } from "./gen/onceward/v1/RecordAddress.ts";
import type { Result__Output } from "./gen/onceward/v1/Result.ts";

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

const OPERATION: Bounds = { min: 0, max: OPERATION_BYTES_MAX };
const STREAM: Bounds = { min: 0, max: STREAM_BYTES_MAX };
const KEY: Bounds = { min: 1, max: KEY_BYTES_MAX };
const CONTENT_TYPE: Bounds = { min: 0, max: CONTENT_TYPE_BYTES_MAX };
const REFERENCE: Bounds = { min: 0, max: REFERENCE_BYTES_MAX };
const METADATA: Bounds = { min: 0, max: METADATA_BYTES_MAX };

/** Bytes that a character of a string takes at most in UTF-8. */
const CHARACTER_BYTES_MAX = 3;

const DEFAULT_NAMESPACE = "default";
const NOWHERE: RecordAddress = { namespace: DEFAULT_NAMESPACE, operation: "", stream: "", key: "" };

/** Reads the fields of one request, and collects everything that is wrong with them before anybody acts on them. */
export class Fields {
  #violations: Violation[] | undefined;

  refuse(field: string, problem: string): void {
    this.#violations ??= [];
    this.#violations.push({ field, problem });
  }

  /** @throws {OncewardError} INVALID_ARGUMENT naming every field refused so far. */
  check(): void {
    if (this.#violations !== undefined) throw invalid(this.#violations);
  }

  address(field: string, value: RecordAddress__Output | null): RecordAddress {
    if (value === null) {
      this.refuse(field, "is required");
      return NOWHERE;
    }
    return {
      namespace: this.namespace(`${field}.namespace`, value.namespace),
      operation: this.text(`${field}.operation`, value.operation, OPERATION),
      stream: this.text(`${field}.stream`, value.stream, STREAM),
      key: this.text(`${field}.key`, value.key, KEY),
    };
  }

  namespace(field: string, value: string): string {
    const namespace = value === "" ? DEFAULT_NAMESPACE : value;
    if (!isNamespace(namespace)) this.refuse(field, "must match [a-z0-9][a-z0-9._-]{0,62}");
    return namespace;
  }

  /** Bounds in bytes of UTF-8. */
  text(field: string, value: string, bounds: Bounds): string {
    // Counted only where it matters: a character takes three bytes at most.
    const certain = value.length >= bounds.min && value.length * CHARACTER_BYTES_MAX <= bounds.max;
    if (!certain) this.#length(field, Buffer.byteLength(value), bounds);
    return value;
  }

  bytes(field: string, value: Buffer, bounds: Bounds): Buffer {
    this.#length(field, value.length, bounds);
    return value;
  }

  /** Milliseconds, as a decimal string; 0 = not given, and always within bounds. */
  duration(field: string, value: string, { min, max }: Bounds): DurationMs {
    // What is over 2^53 loses its last digits, and is out of any bounds.
    const ms = Number(value);
    if (ms === 0 || (ms >= min && ms <= max)) return durationMs(ms);
    this.refuse(field, max === 0 ? "must be 0 here" : `must be ${min} to ${max} milliseconds, or 0 for the default`);
    return durationMs(0);
  }

  /** A token as a decimal string; 0 is only for those who run unguarded. */
  token(field: string, value: string, zeroAllowed: boolean): FencingToken {
    const token = BigInt(value);
    if (token === 0n && !zeroAllowed) this.refuse(field, "is required: the token that Begin or Acquire returned");
    return fencingToken(token);
  }

  /** A place in a stream as a decimal string; there is always one above it. */
  sequence(field: string, value: string): bigint {
    const sequence = BigInt(value);
    if (sequence === UINT64_MAX) this.refuse(field, "must be below 2^64-1");
    return sequence;
  }

  /** A value of an enum; its zero value stands for `fallback`, and where there is none it is refused. */
  choice<T>(field: string, value: string | number, table: Readonly<Record<string, T>>, fallback?: T): T {
    const chosen = typeof value === "string" && Object.hasOwn(table, value) ? table[value] : undefined;
    if (chosen !== undefined) return chosen;
    const unspecified = typeof value === "string";
    if (fallback !== undefined && unspecified) return fallback;
    this.refuse(field, `must be one of ${Object.keys(table).join(", ")}`);
    // The refusal ends the request; any member keeps the type whole until then.
    return Object.values(table)[0] as T;
  }

  /** An unset result and an empty one say the same: nothing. */
  result(field: string, value: Result__Output | null): ResultInput | undefined {
    if (value === null) return undefined;
    const { body, contentType, metadata, reference } = value;
    this.text(`${field}.content_type`, contentType, CONTENT_TYPE);
    this.text(`${field}.reference`, reference, REFERENCE);
    let metadataBytes = 0;
    for (const entry of Object.entries(metadata)) for (const text of entry) metadataBytes += Buffer.byteLength(text);
    this.#length(`${field}.metadata`, metadataBytes, METADATA);
    if (body.length === 0 && contentType === "" && reference === "" && metadataBytes === 0) return undefined;
    return { body, contentType, metadata, reference };
  }

  #length(field: string, length: number, { min, max }: Bounds): void {
    if (length < min) this.refuse(field, "must not be empty");
    else if (length > max) this.refuse(field, `is ${length} bytes long, at most ${max} are allowed`);
  }
}

/** `text` cut to at most `max` bytes of UTF-8, never inside a character. */
export function cutText(text: string, max: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= max) return text;
  let end = max;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString("utf8", 0, end);
}
