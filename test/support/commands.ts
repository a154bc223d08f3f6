/** Commands as a service would send them, with defaults a test overrides by name; plain numbers stand for durations. */
import { uniqueId } from "../../src/base/random.ts";
import { durationMs, fencingToken } from "../../src/base/units.ts";
import type { RecordAddress } from "../../src/domain/address.ts";
import type { BeginCommand } from "../../src/domain/begin.ts";
import type { CheckpointCommand } from "../../src/domain/checkpoint.ts";
import type { CompleteCommand } from "../../src/domain/complete.ts";
import type { Fingerprint } from "../../src/domain/fingerprint.ts";
import type { ForgetCommand } from "../../src/domain/forget.ts";
import type { Retention } from "../../src/domain/record.ts";
import type { ReleaseCommand } from "../../src/domain/release.ts";
import type { RenewCommand } from "../../src/domain/renew.ts";
import type { ResolveCommand } from "../../src/domain/resolve.ts";
import { type ResultInput, type StoredResult, storeResult } from "../../src/domain/result.ts";

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Length of a lease where a test does not say, ms. */
export const LEASE = 30 * SECOND;
/** The namespace's retentions where a test does not say, ms. */
export const RETENTION = { result: HOUR, tombstone: DAY, unfinished: 2 * DAY } as const;
/** Longest lease by renewals where a test does not say, ms. */
const LEASE_TOTAL = HOUR;
/** Above every token a store mints. */
export const HIGHEST_TOKEN = 2n ** 64n - 1n;
/** Longest body kept in a record where a test does not say, bytes. */
const INLINE_BYTES_MAX = 256 * 1024;

type RetentionParts = Partial<Record<keyof Retention, number>>;
type Durations = "leaseFor" | "leaseTotal" | "retentionFor" | "retryAfter" | "retention";
type Plain<Command> = Partial<Omit<Command, Durations | "token">> & {
  readonly [name in Extract<keyof Command, Exclude<Durations, "retention">>]?: number;
} & { readonly [name in Extract<keyof Command, "retention">]?: RetentionParts };

export type BeginParts = Plain<BeginCommand>;
export type CompleteParts = Plain<CompleteCommand>;
export type RenewParts = Plain<RenewCommand>;
export type CheckpointParts = Plain<CheckpointCommand>;
export type ReleaseParts = Plain<ReleaseCommand>;
export type ResolveParts = Plain<ResolveCommand> & { readonly token?: bigint };

/** An address nobody else uses. */
export function address(parts: Partial<RecordAddress> = {}): RecordAddress {
  return { namespace: "default", operation: "charge", stream: "", key: uniqueId(), ...parts };
}

/** A namespace nobody else uses. */
export function freshNamespace(): string {
  return `ns-${Buffer.from(uniqueId(), "base64url").toString("hex")}`;
}

/** A Begin of a fresh attempt, without fingerprint. */
export function beginCommand(parts: BeginParts = {}): BeginCommand {
  return {
    fingerprints: [],
    attemptId: uniqueId(),
    owner: "worker-1",
    lapsePolicy: "take_over",
    maxAttempts: 0,
    traceparent: "",
    ordering: undefined,
    ...parts,
    leaseFor: durationMs(parts.leaseFor ?? LEASE),
    retentionFor: durationMs(parts.retentionFor ?? 0),
    retention: retention(parts.retention),
  };
}

/** A successful completion with a small result. */
export function completeCommand(token: bigint, parts: CompleteParts = {}): CompleteCommand {
  return {
    kind: "succeeded",
    result: result(),
    error: "",
    backoff: { base: durationMs(SECOND), cap: durationMs(5 * MINUTE) },
    jitter: 0.5,
    ...parts,
    token: fencingToken(token),
    retryAfter: durationMs(parts.retryAfter ?? 0),
    retentionFor: durationMs(parts.retentionFor ?? 0),
    retention: retention(parts.retention),
  };
}

export function renewCommand(token: bigint, parts: RenewParts = {}): RenewCommand {
  return {
    token: fencingToken(token),
    leaseFor: durationMs(parts.leaseFor ?? 0),
    leaseTotal: durationMs(parts.leaseTotal ?? LEASE_TOTAL),
    retention: retention(parts.retention),
  };
}

export function checkpointCommand(token: bigint, parts: CheckpointParts = {}): CheckpointCommand {
  return { name: "charged", step: 0n, data: Buffer.from("half-way"), ...parts, ...renewCommand(token, parts) };
}

export function releaseCommand(token: bigint, parts: ReleaseParts = {}): ReleaseCommand {
  return { token: fencingToken(token), retention: retention(parts.retention) };
}

/** An operator's `retry` of whatever is there. */
export function resolveCommand(parts: ResolveParts = {}): ResolveCommand {
  return {
    resolution: "retry",
    result: undefined,
    reason: "",
    ...parts,
    token: fencingToken(parts.token ?? 0n),
    retention: retention(parts.retention),
  };
}

export function forgetCommand(fenceFor: number = RETENTION.result): ForgetCommand {
  return { fenceFor: durationMs(fenceFor) };
}

export function fingerprint(text: string, algorithm = "sha256"): Fingerprint {
  return { algorithm, digest: Buffer.from(text) };
}

export function result(parts: Partial<ResultInput> = {}, inlineMax = INLINE_BYTES_MAX): StoredResult {
  return storeResult({ body: Buffer.from("done"), contentType: "", metadata: {}, reference: "", ...parts }, inlineMax);
}

/** A result whose body is that many bytes of no pattern a store could shorten. */
export function resultOf(size: number, inlineMax = INLINE_BYTES_MAX): StoredResult {
  return result({ body: Buffer.from(Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8)) % 256)) }, inlineMax);
}

function retention(parts: RetentionParts = {}): Retention {
  const all = { ...RETENTION, ...parts };
  return {
    result: durationMs(all.result),
    tombstone: durationMs(all.tombstone),
    unfinished: durationMs(all.unfinished),
  };
}
