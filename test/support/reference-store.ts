import { type EpochMs, type EpochUs, epochUs, fencingToken, msOf } from "../../src/base/units.ts";
import { placeOf, type RecordAddress, type StreamAddress, streamPlaceOf } from "../../src/domain/address.ts";
import { decideAdvance, type StreamDecision } from "../../src/domain/advance.ts";
import { type BeginCommand, decideBegin } from "../../src/domain/begin.ts";
import { type CheckpointCommand, decideCheckpoint } from "../../src/domain/checkpoint.ts";
import { type CompleteCommand, decideComplete } from "../../src/domain/complete.ts";
import { decideForget, type ForgetCommand } from "../../src/domain/forget.ts";
import { decideGet, type GetOutcome } from "../../src/domain/get.ts";
import { type Moment, nowFor } from "../../src/domain/moment.ts";
import { type Decision, isFinished, isPresent, type StoredRecord, visibleState } from "../../src/domain/record.ts";
import { decideRelease, type ReleaseCommand } from "../../src/domain/release.ts";
import { decideRenew, type RenewCommand } from "../../src/domain/renew.ts";
import { decideReset } from "../../src/domain/reset.ts";
import { decideResolve, type ResolveCommand } from "../../src/domain/resolve.ts";
import { standingOf } from "../../src/domain/standing.ts";
import type { Stream } from "../../src/domain/stream.ts";
import { censusByList } from "../../src/store/census.ts";
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
} from "../../src/store/port.ts";
import type { Harness } from "../conformance/harness.ts";

interface Entry {
  readonly record: StoredRecord;
  /** Somebody asked to be woken when the attempt ends. */
  readonly waited: boolean;
}

/** The decide functions over a Map: the shortest store that can be right, and what the others are compared with. */
class ReferenceStore implements IdempotencyStore {
  readonly #entries = new Map<string, Entry>();
  readonly #streams = new Map<string, Stream>();
  readonly #watches = new Map<string, Set<() => void>>();
  readonly #nowUs: () => EpochUs;
  #lastToken = fencingToken(0n);

  constructor(deps: { readonly nowUs: () => EpochUs }) {
    this.#nowUs = deps.nowUs;
  }

  shardOf(): string {
    return "reference";
  }

  async begin(at: RecordAddress, command: BeginCommand, options: ReadOptions = {}) {
    const outcome = this.#apply(at, (record, moment) => {
      const decision = decideBegin(record, at, command, moment);
      return options.askedBefore ? { ...decision, duplicate: false } : decision;
    });
    if (outcome.kind === "in_progress" && options.announce) this.#mark(at);
    return outcome;
  }

  async complete(at: RecordAddress, command: CompleteCommand) {
    return this.#apply(at, (record, moment) => decideComplete(record, at, command, moment));
  }

  beginMany(asks: ReadonlyArray<Ask<BeginCommand>>) {
    return Promise.allSettled(asks.map(({ at, command }) => this.begin(at, command)));
  }

  completeMany(asks: ReadonlyArray<Ask<CompleteCommand>>) {
    return Promise.allSettled(asks.map(({ at, command }) => this.complete(at, command)));
  }

  async renew(at: RecordAddress, command: RenewCommand) {
    return this.#apply(at, (record, moment) => decideRenew(record, command, moment));
  }

  async checkpoint(at: RecordAddress, command: CheckpointCommand) {
    return this.#apply(at, (record, moment) => decideCheckpoint(record, command, moment));
  }

  async release(at: RecordAddress, command: ReleaseCommand) {
    return this.#apply(at, (record, moment) => decideRelease(record, command, moment));
  }

  async resolve(at: RecordAddress, command: ResolveCommand) {
    return this.#apply(at, (record, moment) => decideResolve(record, command, moment));
  }

  async forget(at: RecordAddress, command: ForgetCommand) {
    return this.#apply(at, (record, moment) => decideForget(record, command, moment));
  }

  async get(at: RecordAddress, options: ReadOptions = {}): Promise<GetOutcome> {
    const outcome = decideGet(this.recordAt(at), this.#moment());
    if (outcome.kind === "found" && options.announce) this.#mark(at);
    return outcome;
  }

  async list(query: ListQuery): Promise<ListPage> {
    const moment = this.#moment();
    const found = [...this.#entries]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([id, { record }]) => {
        const now = nowFor(record, moment);
        if (id <= query.cursor || record.address.namespace !== query.namespace) return [];
        if (!isPresent(record, now) || isFinished(record) || now - record.updatedAt < query.olderThan) return [];
        const state = visibleState(record, now);
        if (query.states.size > 0 && (state === undefined || !query.states.has(state))) return [];
        return [{ id, seen: { record, now } }];
      });
    const page = found.slice(0, query.limit);
    return { records: page.map(({ seen }) => seen), next: found.length > page.length ? (page.at(-1)?.id ?? "") : "" };
  }

  census(query: CensusQuery): Promise<CensusPage> {
    return censusByList(this, query);
  }

  watch(at: RecordAddress, wake: () => void): Watch {
    const { id } = placeOf(at);
    const watchers = this.#watches.get(id) ?? new Set();
    this.#watches.set(id, watchers.add(wake));
    return { close: () => watchers.delete(wake) };
  }

  readonly sequences: SequenceStore = {
    advance: async (at, command) => this.#applyStream(at, (stream, now) => decideAdvance(stream, command, now)),
    reset: async (at, command) => this.#applyStream(at, (stream, now) => decideReset(stream, command, now)),
    read: async (at) => this.#applyStream(at, (stream, now) => ({ outcome: standingOf(stream, now) })),
  };

  #applyStream<Outcome>(
    at: StreamAddress,
    decide: (stream: Stream | undefined, now: EpochMs) => StreamDecision<Outcome>,
  ): Outcome {
    const { id } = streamPlaceOf(at);
    const { outcome, stream } = decide(this.#streams.get(id), msOf(this.#nowUs()));
    if (stream !== undefined) this.#streams.set(id, stream);
    return outcome;
  }

  status(): StoreStatus {
    const nothing = { shards: [], warnings: [], gaps: [] };
    return { kind: "embedded", serving: true, reason: "", durability: "none", ...nothing };
  }

  async close(): Promise<void> {}

  recordAt(at: RecordAddress): StoredRecord | undefined {
    return this.#entries.get(placeOf(at).id)?.record;
  }

  lose(at: RecordAddress): void {
    this.#entries.delete(placeOf(at).id);
  }

  putStream(at: StreamAddress, stream: Stream | undefined): void {
    const { id } = streamPlaceOf(at);
    if (stream === undefined) this.#streams.delete(id);
    else this.#streams.set(id, stream);
  }

  #moment(): Moment {
    return { nowUs: this.#nowUs(), lastToken: this.#lastToken };
  }

  #apply<Outcome>(
    at: RecordAddress,
    decide: (record: StoredRecord | undefined, moment: Moment) => Decision<Outcome>,
  ): Outcome {
    const { id, streamId } = placeOf(at);
    const before = this.#entries.get(id);
    const inStream = streamId && { recordId: id, stream: this.#streams.get(streamId) };
    const moment = { ...this.#moment(), ...(inStream && { inStream }) };
    const { outcome, write, lastToken, stream, duplicate } = decide(before?.record, moment);
    if (lastToken !== undefined) this.#lastToken = lastToken;
    if (stream !== undefined && streamId !== undefined) this.#streams.set(streamId, stream);
    const left = write ?? before?.record;
    if (left === undefined) return outcome;
    const ended = write !== undefined && write.state !== "in_progress";
    const record = duplicate ? { ...left, duplicates: left.duplicates + 1 } : left;
    this.#entries.set(id, { record, waited: !ended && (before?.waited ?? false) });
    if (ended && before?.waited) for (const wake of this.#watches.get(id) ?? []) setImmediate(wake);
    return outcome;
  }

  #mark(at: RecordAddress): void {
    const { id } = placeOf(at);
    const entry = this.#entries.get(id);
    if (entry !== undefined) this.#entries.set(id, { ...entry, waited: true });
  }
}

export interface ReferenceHarness extends Harness {
  readonly store: ReferenceStore;
}

/** A reference store under its own clock; `fromUs` where it shares the start of another's. */
export async function openReference(fromUs: number = Date.now() * 1000): Promise<ReferenceHarness> {
  let nowUs = fromUs;
  const store = new ReferenceStore({ nowUs: () => epochUs(nowUs) });
  return {
    store,
    nowUs: () => nowUs,
    advance: async (ms) => {
      nowUs += ms * 1000;
    },
    lose: async (at) => store.lose(at),
    putStream: async (at, stream) => store.putStream(at, stream),
    close: () => store.close(),
  };
}
