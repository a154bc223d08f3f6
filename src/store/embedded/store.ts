import type { Clock } from "../../base/clock.ts";
import { OncewardError } from "../../base/errors.ts";
import { type EpochMs, type FencingToken, SLOT_COUNT } from "../../base/units.ts";
import { placeOf, type RecordAddress, type RecordPlace } from "../../domain/address.ts";
import { type BeginCommand, decideBegin } from "../../domain/begin.ts";
import { type CheckpointCommand, decideCheckpoint } from "../../domain/checkpoint.ts";
import { type CompleteCommand, decideComplete } from "../../domain/complete.ts";
import { decideForget, type ForgetCommand } from "../../domain/forget.ts";
import { decideGet } from "../../domain/get.ts";
import type { Moment } from "../../domain/moment.ts";
import type { Decision, StoredRecord } from "../../domain/record.ts";
import { decideRelease, type ReleaseCommand } from "../../domain/release.ts";
import { decideRenew, type RenewCommand } from "../../domain/renew.ts";
import { decideResolve, type ResolveCommand } from "../../domain/resolve.ts";
import type { Logger } from "../../telemetry/logger.ts";
import { censusByList } from "../census.ts";
import type {
  Ask,
  CensusPage,
  CensusQuery,
  IdempotencyStore,
  ListPage,
  ListQuery,
  ReadOptions,
  SequenceStore,
  StoreStatus,
  Watch,
} from "../port.ts";
import { type Flush, GroupCommit } from "./commit.ts";
import type { Database, Write } from "./database.ts";
import { Disk, SHARD } from "./disk.ts";
import { DuplicateCounts } from "./duplicates.ts";
import { change, sweepAtOfStart } from "./held.ts";
import { listUnfinished } from "./listing.ts";
import { bodyIsMissing, type Found, Records } from "./records.ts";
import { RunningRecords } from "./running.ts";
import { Sequences } from "./sequences.ts";
import { Streams, writeOf } from "./streams.ts";
import { Sweep } from "./sweep.ts";
import { Watchers } from "./watchers.ts";

/** Longest a write to disk may take before its callers are told that nothing is known, ms. */
const WRITE_MS_MAX = 10_000;

export interface EmbeddedDeps {
  readonly directory: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly database: Database;
  /** The last fencing token on disk. */
  readonly lastToken: FencingToken;
  /** Opens the database again after a failure. */
  readonly reopen: () => Promise<{ readonly database: Database; readonly lastToken: FencingToken }>;
  readonly sweepEveryMs: number;
  readonly running?: RunningRecords | undefined;
}

interface Transition<Outcome> {
  readonly decide: (record: StoredRecord | undefined, at: Moment) => Decision<Outcome>;
  /** When the sweep had best look at what is written; its expiry where nothing is said. */
  readonly sweepAt?: (record: StoredRecord) => EpochMs;
  /** What cannot be read counts as a record that can be forgotten. */
  readonly forgets?: boolean;
}

/** Records in a LevelDB of one directory, owned by this process. The domain decides; this keeps what it decided. */
export class EmbeddedStore implements IdempotencyStore {
  readonly sequences: SequenceStore;
  readonly #directory: string;
  readonly #clock: Clock;
  readonly #disk: Disk;
  readonly #commit: GroupCommit;
  readonly #counts: DuplicateCounts;
  readonly #records: Records;
  readonly #streams: Streams;
  readonly #sweep: Sweep;
  readonly #watchers = new Watchers();
  /** Of the whole process: no two tokens are ever alike, whatever the address. */
  #lastToken: FencingToken;
  #closed: Promise<void> | undefined;

  constructor(deps: EmbeddedDeps) {
    const { clock, logger, running = new RunningRecords() } = deps;
    this.#directory = deps.directory;
    this.#clock = clock;
    this.#lastToken = deps.lastToken;
    const disk = new Disk(deps.database, { ...deps, reopen: () => this.#reopened(deps.reopen) });
    const commit = new GroupCommit({
      write: async (writes) => disk.database().write(writes),
      onFailure: (cause) => disk.failed(cause),
      faultOf: (cause) => disk.fault(cause),
      writeMsMax: WRITE_MS_MAX,
      running,
    });
    const counts = new DuplicateCounts({ disk, commit });
    this.#disk = disk;
    this.#commit = commit;
    this.#counts = counts;
    this.#records = new Records({ disk, commit, counts, running, logger });
    this.#streams = new Streams({ disk, commit });
    this.sequences = new Sequences({ streams: this.#streams, commit, clock });
    this.#sweep = new Sweep({ disk, commit, counts, running, clock, logger, everyMs: deps.sweepEveryMs });
  }

  begin(at: RecordAddress, command: BeginCommand, options: ReadOptions = {}) {
    return this.#transit(at, {
      decide: (record, moment) => {
        const decision = decideBegin(record, at, command, moment);
        return options.askedBefore ? { ...decision, duplicate: false } : decision;
      },
      sweepAt: (record) => sweepAtOfStart(record, command.retention),
    });
  }

  complete(at: RecordAddress, command: CompleteCommand) {
    return this.#transit(at, { decide: (record, moment) => decideComplete(record, at, command, moment) });
  }

  beginMany(asks: ReadonlyArray<Ask<BeginCommand>>) {
    return Promise.allSettled(asks.map(({ at, command }) => this.begin(at, command)));
  }

  completeMany(asks: ReadonlyArray<Ask<CompleteCommand>>) {
    return Promise.allSettled(asks.map(({ at, command }) => this.complete(at, command)));
  }

  renew(at: RecordAddress, command: RenewCommand) {
    return this.#transit(at, { decide: (record, moment) => decideRenew(record, command, moment) });
  }

  checkpoint(at: RecordAddress, command: CheckpointCommand) {
    return this.#transit(at, { decide: (record, moment) => decideCheckpoint(record, command, moment) });
  }

  release(at: RecordAddress, command: ReleaseCommand) {
    return this.#transit(at, { decide: (record, moment) => decideRelease(record, command, moment) });
  }

  resolve(at: RecordAddress, command: ResolveCommand) {
    return this.#transit(at, { decide: (record, moment) => decideResolve(record, command, moment) });
  }

  forget(at: RecordAddress, command: ForgetCommand) {
    return this.#transit(at, { decide: (record, moment) => decideForget(record, command, moment), forgets: true });
  }

  get(at: RecordAddress) {
    return this.#transit(at, { decide: (record, moment) => ({ outcome: decideGet(record, moment) }) });
  }

  async list(query: ListQuery): Promise<ListPage> {
    try {
      return await listUnfinished(query, {
        disk: this.#disk,
        commit: this.#commit,
        counts: this.#counts,
        clock: this.#clock,
      });
    } catch (cause) {
      throw cause instanceof OncewardError ? cause : this.#disk.fault(cause);
    }
  }

  census(query: CensusQuery): Promise<CensusPage> {
    return censusByList(this, query);
  }

  watch(at: RecordAddress, wake: () => void): Watch {
    return this.#watchers.add(placeOf(at).id, wake);
  }

  shardOf(): string {
    return SHARD;
  }

  status(): StoreStatus {
    const trouble = this.#disk.trouble();
    const serving = trouble === undefined && !this.#disk.closed;
    const state = serving ? "serving" : "unavailable";
    const reason = trouble?.reason ?? (serving ? "" : "closed");
    const shard = { name: SHARD, address: this.#directory, state, reason, slots: SLOT_COUNT } as const;
    return {
      kind: "embedded",
      serving,
      reason,
      shards: [{ ...shard, removed: this.#sweep.removed() }],
      durability: "group commit, synced to disk before each answer",
      warnings: trouble === undefined ? [] : [{ code: "DISK_TROUBLE", message: trouble.reason, since: trouble.since }],
      gaps: [],
    };
  }

  async close(): Promise<void> {
    this.#closed ??= this.#shut();
    await this.#closed;
  }

  /** From reading the record to holding what was decided nothing else runs: this is the atomic step. */
  async #transit<Outcome extends { readonly kind: string }>(at: RecordAddress, transition: Transition<Outcome>) {
    const place = placeOf(at);
    const found = transition.forgets ? this.#records.readToForget(place, at) : this.#records.read(place, at);
    const inStream = this.#streams.around(place, transition.forgets);
    const moment = { nowUs: this.#clock.nowUs(), lastToken: this.#lastToken, ...(inStream && { inStream }) };
    const decision = transition.decide(found.held?.record, moment);
    const flush = this.#keep(place, found, decision, transition.sweepAt);
    if (flush !== undefined) await flush.done;
    else {
      await found.awaited?.done;
      await inStream?.awaited?.done;
    }
    const { outcome } = decision;
    return bodyIsMissing(outcome, found) ? await this.#records.withBody(outcome, place.id) : outcome;
  }

  #keep(
    { id, streamId = "" }: RecordPlace,
    found: Found,
    decision: Decision<unknown>,
    sweepAt: Transition<unknown>["sweepAt"],
  ): Flush | undefined {
    const { write, lastToken, duplicate } = decision;
    const stream = decision.stream && { id: streamId, stream: decision.stream };
    const writes: Write[] = stream === undefined ? [] : [writeOf(streamId, stream.stream)];
    if (write === undefined) {
      if (duplicate) this.#counts.count(id);
      return stream && this.#commit.addStream(stream, writes);
    }
    const next = duplicate ? { ...write, duplicates: write.duplicates + 1 } : write;
    const held = change({ id, before: found.held, next, sweepAt: sweepAt?.(next) ?? next.expiresAt }, writes);
    if (lastToken !== undefined) this.#lastToken = lastToken;
    this.#counts.settle(id);
    const before = found.held?.record;
    const ends = before?.state === "in_progress" && (next.state !== "in_progress" || next.token !== before.token);
    const onDurable = ends && this.#watchers.has(id) ? () => this.#watchers.wake(id) : undefined;
    return this.#commit.add({ id, held, stream, writes, lastToken, onDurable });
  }

  async #reopened(reopen: EmbeddedDeps["reopen"]): Promise<Database> {
    const { database, lastToken } = await reopen();
    if (lastToken > this.#lastToken) this.#lastToken = lastToken; // another process had it meanwhile
    this.#sweep.restart();
    return database;
  }

  async #shut(): Promise<void> {
    await this.#sweep.close();
    if (this.#disk.trouble() === undefined) this.#counts.close();
    await this.#commit.quiet().catch(() => {}); // its callers have been told
    await this.#disk.close();
  }
}
