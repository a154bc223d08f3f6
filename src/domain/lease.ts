/** Exclusive leases on resources: the words that every store of them shares. */
import { type DurationMs, durationMs, type EpochMs, type FencingToken } from "../base/units.ts";

/**
 * How long a resource's last token is known after the last sign of its lease, for CheckFence and for whoever renews
 * too late: a day, so that a batch of last night can still be asked about, and twice the longest lease (an hour).
 */
export const LEASE_KNOWN_MS = durationMs(26 * 3_600_000);

/**
 * What is taken off a lease because the holder's clock may run slower than the store's: 1 % and 2 ms, as Redlock has
 * it. Crystals differ by less than a thousandth; the rest is for machines whose clocks are being slewed.
 */
const DRIFT_SHARE = 0.01;
const DRIFT_MS = 2;

/** What is held. */
export interface LeaseAddress {
  readonly namespace: string;
  readonly resource: string;
}

/** What its holder proves it by: the id is the holder's secret, the token is told to everybody it writes to. */
export interface LeaseProof {
  readonly leaseId: string;
  readonly token: FencingToken;
}

export interface AcquireCommand {
  /** The holder's nonce for this try, and the id of the lease; never empty here. */
  readonly leaseId: string;
  readonly owner: string;
  readonly ttl: DurationMs;
}

export type AcquireOutcome =
  /** `validity`: how long it may be relied on from now, net of what taking it took and of clock drift; above 0. */
  | { readonly kind: "acquired"; readonly token: FencingToken; readonly validity: DurationMs }
  /** `left`: of the holder's lease, as far as it is known; at least 1. `owner`: empty where it is not known. */
  | { readonly kind: "busy"; readonly owner: string; readonly left: DurationMs };

export interface LeaseRenewCommand extends LeaseProof {
  readonly ttl: DurationMs;
}

export type LeaseRenewOutcome = { readonly kind: "renewed"; readonly validity: DurationMs } | { readonly kind: "lost" };

export type LeaseReleaseOutcome = { readonly kind: "released" | "lost" };

/** A lease that is held. */
export interface HeldLease extends LeaseAddress {
  readonly owner: string;
  readonly token: FencingToken;
  readonly left: DurationMs;
  /** Undefined where it is not known. */
  readonly acquiredAt: EpochMs | undefined;
}

export type ForceReleaseOutcome = { readonly kind: "released" | "not_held" };
export type CheckFenceOutcome = { readonly kind: "current" | "stale" };

/**
 * How long a lease may still be relied on, whole ms, when its store was asked `elapsedMs` ago and holds it for
 * `leaseMs` from some moment after that. 0 or less = not at all.
 */
export function validityOf(leaseMs: number, elapsedMs: number): number {
  return Math.floor(leaseMs - elapsedMs - (leaseMs * DRIFT_SHARE + DRIFT_MS));
}
