import { assertNever, invariant } from "../base/assert.ts";
import { monotonicMs } from "../base/clock.ts";
import { OncewardError } from "../base/errors.ts";
import { type DurationMs, durationMs, type FencingToken, timeLeft } from "../base/units.ts";
import { placeOf, type RecordAddress } from "../domain/address.ts";
import type { BeginCommand, BeginOutcome } from "../domain/begin.ts";
import {
  type AcquireCommand,
  type AcquireOutcome,
  type CheckFenceOutcome,
  type ForceReleaseOutcome,
  type HeldLease,
  LEASE_KNOWN_MS,
  type LeaseAddress,
  type LeaseProof,
  type LeaseReleaseOutcome,
  type LeaseRenewCommand,
  type LeaseRenewOutcome,
  validityOf,
} from "../domain/lease.ts";
import { isLive, type RunningRecord, type Seen, type StoredRecord } from "../domain/record.ts";
import type { IdempotencyStore, LeaseQuery, LeaseStore, LeaseStoreStatus, LeaseWatch } from "./port.ts";

/** No caller can name it: the namespaces of callers have no colon. */
const NAMESPACE_PREFIX = "lease:";

/** Of a lease that is over, or was taken away. */
const RETENTION = { result: LEASE_KNOWN_MS, tombstone: LEASE_KNOWN_MS, unfinished: LEASE_KNOWN_MS };
/** Renewals have no end: 100 years. From any start it fits into the 48 bits of a packed instant. */
const LEASE_TOTAL = durationMs(36_500 * 86_400_000);

/** What CheckFence asks a renewal for where no record is left, ms. */
const PROBE = durationMs(1);

const FENCE_WORDS = {
  embedded: "one node, the store on this disk; tokens repeat only if the disk loses data and its clock is set back",
  redis:
    "one node, the store of the records; a failover to a replica that lacks the last writes may hand out a held " +
    "lease again, under a higher token unless the new primary's clock is behind by more than the outage",
} as const;

/** The record that stands for the lease of a resource. */
export function recordOfLease({ namespace, resource }: LeaseAddress): RecordAddress {
  return { namespace: NAMESPACE_PREFIX + namespace, operation: "", stream: "", key: resource };
}

/**
 * Leases with the store of the records as their only node: a lease is an attempt that nobody completes. So what keeps
 * attempts apart keeps holders apart, and the fence of a resource is the fence of its record. A token belongs to one
 * attempt for ever, which is why a lease id may be compared by reading first: whatever happens between the read and
 * the step, the step compares the token, and the token's lease id is the one that was read.
 */
export class LeasesOnRecords implements LeaseStore {
  readonly #store: IdempotencyStore;
  /** How many watch a resource, by the id of its record: only then is the store asked to announce. */
  readonly #watched = new Map<string, number>();

  constructor(store: IdempotencyStore) {
    this.#store = store;
  }

  async acquire(at: LeaseAddress, command: AcquireCommand): Promise<AcquireOutcome> {
    const askedAt = monotonicMs();
    const address = recordOfLease(at);
    // Nobody reads how often a lease was asked for in vain: it was counted before, so to speak.
    const options = { announce: this.#watched.has(placeOf(address).id), askedBefore: true };
    const outcome = await this.#store.begin(address, beginOf(command), options);
    switch (outcome.kind) {
      case "started": {
        const { record, now } = outcome;
        return {
          kind: "acquired",
          token: record.token,
          validity: reliedOn(timeLeft(record.leaseUntil, now), askedAt),
        };
      }
      case "in_progress": {
        const { record, now } = outcome;
        return { kind: "busy", owner: record.owner, left: durationMs(Math.max(1, timeLeft(record.leaseUntil, now))) };
      }
      case "replay":
      case "backing_off":
      case "unresolved":
      case "mismatch":
      case "stale":
      case "gap":
      case "conflict":
      case "stream_busy":
        return impossible(outcome);
      default:
        return assertNever(outcome);
    }
  }

  async renew(at: LeaseAddress, command: LeaseRenewCommand): Promise<LeaseRenewOutcome> {
    const askedAt = monotonicMs();
    const address = recordOfLease(at);
    const held = await this.#held(address);
    if (held === undefined || !isProofOf(held.record, command)) return { kind: "lost" };
    const { token, ttl: leaseFor } = command;
    const outcome = await this.#store.renew(address, {
      token,
      leaseFor,
      leaseTotal: LEASE_TOTAL,
      retention: RETENTION,
    });
    if (outcome.kind !== "renewed") return { kind: "lost" };
    return { kind: "renewed", validity: reliedOn(outcome.leaseLeft, askedAt) };
  }

  async release(at: LeaseAddress, proof: LeaseProof): Promise<LeaseReleaseOutcome> {
    const address = recordOfLease(at);
    const seen = await this.#store.get(address);
    // One that was given back has no lease id any more: then the token alone tells, and nothing changes.
    const another = seen.kind === "found" && seen.record.state === "in_progress" && !isProofOf(seen.record, proof);
    if (another) return { kind: "lost" };
    const { kind } = await this.#store.release(address, { token: proof.token, retention: RETENTION });
    return { kind: kind === "released" ? "released" : "lost" };
  }

  async inspect(at: LeaseAddress): Promise<HeldLease | undefined> {
    const held = await this.#held(recordOfLease(at));
    return held && leaseOf(held);
  }

  async list({ namespace, limit, cursor }: LeaseQuery) {
    const { records, next } = await this.#store.list({
      namespace: NAMESPACE_PREFIX + namespace,
      states: new Set(["in_progress"]),
      olderThan: durationMs(0),
      limit,
      cursor,
    });
    return { leases: records.filter(isHeld).map(leaseOf), next };
  }

  /** Somebody who acquires between the look and the step loses the lease as well, and is told as nobody. */
  async forceRelease(at: LeaseAddress): Promise<ForceReleaseOutcome> {
    const address = recordOfLease(at);
    const held = await this.#held(address);
    const { kind } = await this.#store.forget(address, { fenceFor: LEASE_KNOWN_MS });
    return { kind: held !== undefined && kind === "forgotten" ? "released" : "not_held" };
  }

  async checkFence(at: LeaseAddress, token: FencingToken): Promise<CheckFenceOutcome> {
    const address = recordOfLease(at);
    const seen = await this.#store.get(address);
    if (seen.kind === "not_found") return this.#checkTombstone(address, token);
    const known = seen.record.token;
    if (token > known) throw lostData();
    return { kind: token === known ? "current" : "stale" };
  }

  /**
   * The record is gone, and Get does not tell the fence that a forceRelease left: a renewal with the token does, which
   * is refused as fenced below it. It takes hold of nothing. The token was minted before the read found no record, and
   * a resource never has one token twice, so no record that appeared since can have it; and even for a token made up,
   * a renewal by so little makes no lease longer.
   */
  async #checkTombstone(address: RecordAddress, token: FencingToken): Promise<CheckFenceOutcome> {
    const probe = { token, leaseFor: PROBE, leaseTotal: LEASE_TOTAL, retention: RETENTION };
    const { kind } = await this.#store.renew(address, probe);
    switch (kind) {
      case "fenced":
        return { kind: "stale" };
      case "renewed":
      case "finished":
        return { kind: "current" };
      case "not_found":
        throw lostData();
      default:
        return assertNever(kind);
    }
  }

  watch(at: LeaseAddress, wake: () => void): LeaseWatch {
    const address = recordOfLease(at);
    const { id } = placeOf(address);
    const watch = this.#store.watch(address, wake);
    this.#watched.set(id, (this.#watched.get(id) ?? 0) + 1);
    let open = true;
    return {
      hears: true,
      close: () => {
        watch.close();
        const left = (this.#watched.get(id) ?? 0) - (open ? 1 : 0);
        open = false;
        if (left > 0) this.#watched.set(id, left);
        else this.#watched.delete(id);
      },
    };
  }

  status(): LeaseStoreStatus {
    const { kind, serving, reason } = this.#store.status();
    // The store's warnings are told as its own.
    return { kind: "store", serving, reason, nodes: [], fence: FENCE_WORDS[kind], warnings: [] };
  }

  /** The store belongs to whoever opened it. */
  async close(): Promise<void> {}

  async #held(address: RecordAddress): Promise<Seen<RunningRecord> | undefined> {
    const seen = await this.#store.get(address);
    return seen.kind === "found" && isHeld(seen) ? seen : undefined;
  }
}

function beginOf({ leaseId, owner, ttl }: AcquireCommand): BeginCommand {
  return {
    fingerprints: [],
    attemptId: leaseId,
    owner,
    leaseFor: ttl,
    retentionFor: durationMs(0),
    lapsePolicy: "take_over",
    maxAttempts: 0,
    traceparent: "",
    ordering: undefined,
    retention: RETENTION,
  };
}

/** Nobody completes such a record, holds or orders it, and it has no fingerprint. */
function impossible({ kind }: BeginOutcome): never {
  invariant(false, `the record of a lease is running or released, and its Begin is never ${kind}`);
}

function isHeld(seen: Seen<StoredRecord>): seen is Seen<RunningRecord> {
  return seen.record.state === "in_progress" && isLive(seen.record, seen.now);
}

function isProofOf(record: RunningRecord, { leaseId, token }: LeaseProof): boolean {
  return record.attemptId === leaseId && record.token === token;
}

function leaseOf({ record, now }: Seen<RunningRecord>): HeldLease {
  const { address, owner, token, startedAt, leaseUntil } = record;
  return {
    namespace: address.namespace.slice(NAMESPACE_PREFIX.length),
    resource: address.key,
    owner,
    token,
    left: timeLeft(leaseUntil, now),
    acquiredAt: startedAt,
  };
}

/**
 * How long a lease may be relied on from now: the store counted what is left at some time after the question.
 * @throws {OncewardError} STORE_UNAVAILABLE when the way took all of it.
 */
function reliedOn(left: DurationMs, askedAt: number): DurationMs {
  const validity = validityOf(left, monotonicMs() - askedAt);
  if (validity > 0) return durationMs(validity);
  throw new OncewardError("STORE_UNAVAILABLE", "the answer took so long that nothing of the lease is left to rely on");
}

function lostData(): OncewardError {
  const known =
    "nothing so high is known of this resource: the store has lost data, or the token is another resource's";
  return new OncewardError("STORE_UNAVAILABLE", known);
}
