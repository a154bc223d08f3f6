import type { DurationMs, EpochMs, FencingToken, Slot } from "../base/units.ts";
import type { RecordAddress, StreamAddress } from "../domain/address.ts";
import type { AdvanceCommand, AdvanceOutcome } from "../domain/advance.ts";
import type { BeginCommand, BeginOutcome } from "../domain/begin.ts";
import type { CheckpointCommand, CheckpointOutcome } from "../domain/checkpoint.ts";
import type { CompleteCommand, CompleteOutcome } from "../domain/complete.ts";
import type { ForgetCommand, ForgetOutcome } from "../domain/forget.ts";
import type { GetOutcome } from "../domain/get.ts";
import type {
  AcquireCommand,
  AcquireOutcome,
  CheckFenceOutcome,
  ForceReleaseOutcome,
  HeldLease,
  LeaseAddress,
  LeaseProof,
  LeaseReleaseOutcome,
  LeaseRenewCommand,
  LeaseRenewOutcome,
} from "../domain/lease.ts";
import type { Seen, UnfinishedRecord, VisibleState } from "../domain/record.ts";
import type { ReleaseCommand, ReleaseOutcome } from "../domain/release.ts";
import type { RenewCommand, RenewOutcome } from "../domain/renew.ts";
import type { ResetCommand, ResetOutcome } from "../domain/reset.ts";
import type { ResolveCommand, ResolveOutcome } from "../domain/resolve.ts";
import type { Standing } from "../domain/standing.ts";

export interface ReadOptions {
  /**
   * Asks that whatever ends the attempt being read wake the watchers of this address, in this process and others.
   * Watch first, then read: an attempt that ends in between is then not missed.
   */
  readonly announce?: boolean;
  /** A Begin that only asks again while it waits: it was counted as a duplicate the first time. */
  readonly askedBefore?: boolean;
}

/** One call among many. */
export interface Ask<Command> {
  readonly at: RecordAddress;
  readonly command: Command;
}

/**
 * Records, and the one atomic step each call is. Every call rejects with `STORE_UNAVAILABLE` when its answer is
 * unknown: call again with the same arguments, the record decides. No call is ever sent twice by the store itself.
 * Every call settles within the store's own time limit.
 */
export interface IdempotencyStore {
  begin(at: RecordAddress, command: BeginCommand, options?: ReadOptions): Promise<BeginOutcome>;
  complete(at: RecordAddress, command: CompleteCommand): Promise<CompleteOutcome>;
  /** As many calls of {@link begin}, in their order and each by itself: one that is refused stops no other. */
  beginMany(asks: ReadonlyArray<Ask<BeginCommand>>): Promise<ReadonlyArray<PromiseSettledResult<BeginOutcome>>>;
  /** As {@link beginMany}. */
  completeMany(
    asks: ReadonlyArray<Ask<CompleteCommand>>,
  ): Promise<ReadonlyArray<PromiseSettledResult<CompleteOutcome>>>;
  renew(at: RecordAddress, command: RenewCommand): Promise<RenewOutcome>;
  checkpoint(at: RecordAddress, command: CheckpointCommand): Promise<CheckpointOutcome>;
  release(at: RecordAddress, command: ReleaseCommand): Promise<ReleaseOutcome>;
  resolve(at: RecordAddress, command: ResolveCommand): Promise<ResolveOutcome>;
  forget(at: RecordAddress, command: ForgetCommand): Promise<ForgetOutcome>;
  get(at: RecordAddress, options?: ReadOptions): Promise<GetOutcome>;
  /** The streams that the records of this store have their places in. */
  readonly sequences: SequenceStore;
  /** Unfinished records of one namespace, from an index; never by scanning records. */
  list(query: ListQuery): Promise<ListPage>;
  /** The same records, counted; cheaper than to read them. */
  census(query: CensusQuery): Promise<CensusPage>;
  /** Calls `wake` whenever an attempt of the address may have ended: a hint, not a promise, so pair it with a timer. */
  watch(at: RecordAddress, wake: () => void): Watch;
  /** Name of the shard that holds an address: for people, not for deciding. */
  shardOf(at: RecordAddress): string;
  /** Whether calls can be answered now, and what an operator should know. Reads no disk and no network. */
  status(): StoreStatus;
  close(): Promise<void>;
}

/** Streams without records: atomic steps on the same state. Settles and rejects as {@link IdempotencyStore}. */
export interface SequenceStore {
  advance(at: StreamAddress, command: AdvanceCommand): Promise<AdvanceOutcome>;
  reset(at: StreamAddress, command: ResetCommand): Promise<ResetOutcome>;
  /** Undefined = nobody knows the stream. */
  read(at: StreamAddress): Promise<Standing | undefined>;
}

/**
 * Exclusive leases. The tokens of one resource strictly increase. Every call settles within the store's own time limit,
 * and rejects with `STORE_UNAVAILABLE` when its answer is unknown: call again with the same arguments. Trouble with the
 * nodes is never told as `busy` or `lost`.
 */
export interface LeaseStore {
  /** Repeated with the id of a live lease it gives that lease back, with the same token. */
  acquire(at: LeaseAddress, command: AcquireCommand): Promise<AcquireOutcome>;
  /** Never makes a lease shorter. */
  renew(at: LeaseAddress, command: LeaseRenewCommand): Promise<LeaseRenewOutcome>;
  release(at: LeaseAddress, proof: LeaseProof): Promise<LeaseReleaseOutcome>;
  /** Undefined = nobody holds it. */
  inspect(at: LeaseAddress): Promise<HeldLease | undefined>;
  /** Leases that are held in a namespace; `cursor` as in {@link ListQuery}. */
  list(query: LeaseQuery): Promise<{ readonly leases: readonly HeldLease[]; readonly next: string }>;
  /** Ends a lease and raises the fence above its token. */
  forceRelease(at: LeaseAddress): Promise<ForceReleaseOutcome>;
  /** Rejects with `STORE_UNAVAILABLE` for a token above all that is known. */
  checkFence(at: LeaseAddress, token: FencingToken): Promise<CheckFenceOutcome>;
  /** As {@link IdempotencyStore.watch}, for the end of a lease. */
  watch(at: LeaseAddress, wake: () => void): LeaseWatch;
  status(): LeaseStoreStatus;
  close(): Promise<void>;
}

export interface LeaseQuery {
  readonly namespace: string;
  readonly limit: number;
  readonly cursor: string;
}

export interface LeaseStoreStatus {
  /** `store`: the store of the records, as the only node. */
  readonly kind: "store" | "quorum";
  readonly serving: boolean;
  /** Why not, for an operator; empty when serving. */
  readonly reason: string;
  /** Empty in kind `store`. */
  readonly nodes: readonly LeaseNodeStatus[];
  /** What keeps the tokens rising, in words. */
  readonly fence: string;
  readonly warnings: readonly Warning[];
}

export interface LeaseNodeStatus {
  /** Host and port; never a credential. */
  readonly address: string;
  /** `joining`: it answers, but has lost what it knew, and votes again when that is safe. */
  readonly state: "voting" | "unavailable" | "joining";
  /** Why it does not vote, for an operator; empty when it does. */
  readonly reason: string;
}

export interface Watch {
  close(): void;
}

export interface LeaseWatch extends Watch {
  /** False of a store that has no such hints, and never calls `wake`: who waits has to ask it often. */
  readonly hears: boolean;
}

export interface ListQuery {
  readonly namespace: string;
  /** Any of these; empty = every unfinished state. */
  readonly states: ReadonlySet<VisibleState>;
  /** Only records whose last change is at least this old, by the store's clock. */
  readonly olderThan: DurationMs;
  readonly limit: number;
  /** Where the page before ended; empty = from the start. Opaque, and made by {@link ListPage.next}. */
  readonly cursor: string;
}

export interface ListPage {
  readonly records: ReadonlyArray<Seen<UnfinishedRecord>>;
  /** Empty = there is nothing more. A page may be short, even empty, and still have a next. */
  readonly next: string;
}

export type CensusQuery = Pick<ListQuery, "namespace" | "limit" | "cursor">;

/** Records of one state. */
export interface Counted {
  readonly records: number;
  /** Age of the oldest from its first Begin, by the store's clock. */
  readonly oldest: DurationMs;
}

export interface CensusPage {
  /** Of a part of the namespace; a state of which it has none is left out. */
  readonly counted: ReadonlyMap<VisibleState, Counted>;
  /** As in {@link ListPage}. */
  readonly next: string;
}

export interface StoreStatus {
  readonly kind: "embedded" | "redis";
  /** Some address can be served. */
  readonly serving: boolean;
  /** Why not, for an operator; empty when serving. */
  readonly reason: string;
  readonly shards: readonly ShardStatus[];
  /** What an acknowledgement is worth, in words. */
  readonly durability: string;
  readonly warnings: readonly Warning[];
  /** Times during which a shard may have forgotten what it had acknowledged. */
  readonly gaps: readonly GapWindow[];
}

export interface ShardStatus {
  readonly name: string;
  /** Directory, or host and port; never a credential. */
  readonly address: string;
  /** `refused`: it answers, but is not to be used as it is. */
  readonly state: "serving" | "unavailable" | "refused";
  /** Why it does not serve, for an operator; empty when it does. */
  readonly reason: string;
  readonly slots: number;
  /** Absent = not known. */
  readonly removed?: Removed;
}

/** What was taken out of a shard, counted from the start of this process or of the shard's server. */
export interface Removed {
  /** By retention. */
  readonly expired: number;
  /** For want of memory: what no store should be allowed to do. */
  readonly evicted: number;
  /** How long ago the oldest expired that is still in the way, ms; absent where the server sweeps by itself. */
  readonly lagMs?: number;
}

export interface Warning {
  /** Closed list per store, UPPER_CASE. */
  readonly code: string;
  readonly message: string;
  readonly since: EpochMs;
}

export interface GapWindow {
  readonly shard: string;
  /** What was acknowledged from here on may be forgotten; 0 = unknown, so all that ever was. */
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Names a place in faults and logs. */
export function shardAndSlot(shard: string, slot: Slot): string {
  return `shard ${shard}, slot ${slot}`;
}

/**
 * Why a store cannot be opened as configured, in words for the operator: a directory that another process holds, data
 * of a newer version, shards that belong to another table. A Redis that is merely down is no such reason.
 */
export class StoreOpenError extends Error {}
