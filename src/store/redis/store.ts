import { placeOf, type RecordAddress } from "../../domain/address.ts";
import type { BeginCommand, BeginOutcome } from "../../domain/begin.ts";
import type { CheckpointCommand, CheckpointOutcome } from "../../domain/checkpoint.ts";
import type { CompleteCommand, CompleteOutcome } from "../../domain/complete.ts";
import type { ForgetCommand, ForgetOutcome } from "../../domain/forget.ts";
import type { GetOutcome } from "../../domain/get.ts";
import type { ReleaseCommand, ReleaseOutcome } from "../../domain/release.ts";
import type { RenewCommand, RenewOutcome } from "../../domain/renew.ts";
import type { ResolveCommand, ResolveOutcome } from "../../domain/resolve.ts";
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
import * as args from "./arguments.ts";
import { Beginning, Prepared, type Read, type Transition } from "./asking.ts";
import type { Fleet } from "./fleet.ts";
import { DURABILITY } from "./inspect.ts";
import { listRecords } from "./listing.ts";
import * as replies from "./replies.ts";
import { Sequences } from "./sequences.ts";
import { settledTogether, type Told } from "./settled-together.ts";
import type { Subscriber } from "./subscriber.ts";
import { surveyRecords } from "./survey.ts";

export interface StoreDeps {
  readonly fleet: Fleet;
  /** One for each shard, in the order of the fleet's. */
  readonly subscribers: readonly Subscriber[];
}

/** Records in one Redis, or in several independent ones: one script a transition, on the shard that holds the slot. */
export class RedisStore implements IdempotencyStore {
  readonly sequences: SequenceStore;
  readonly #fleet: Fleet;
  readonly #subscribers: readonly Subscriber[];

  constructor(deps: StoreDeps) {
    this.#fleet = deps.fleet;
    this.sequences = new Sequences(deps.fleet);
    this.#subscribers = deps.subscribers;
  }

  begin(at: RecordAddress, command: BeginCommand, options?: ReadOptions): Promise<BeginOutcome> {
    return new Promise((resolve, reject) => this.#begin({ at, command }, { resolve, reject }, options));
  }

  complete(at: RecordAddress, command: CompleteCommand): Promise<CompleteOutcome> {
    return new Promise((resolve, reject) => this.#complete({ at, command }, { resolve, reject }));
  }

  beginMany(asks: ReadonlyArray<Ask<BeginCommand>>) {
    return settledTogether<Ask<BeginCommand>, BeginOutcome>(asks, (ask, told) => this.#begin(ask, told));
  }

  completeMany(asks: ReadonlyArray<Ask<CompleteCommand>>) {
    return settledTogether<Ask<CompleteCommand>, CompleteOutcome>(asks, (ask, told) => this.#complete(ask, told));
  }

  renew(at: RecordAddress, command: RenewCommand): Promise<RenewOutcome> {
    return this.#askWord(
      at,
      { script: "renew", keys: args.keysWithoutBody, args: args.renewArguments(command) },
      (reply, asked) => {
        const { kind } = replies.wordOf(reply, asked, ["renewed", "fenced", "finished", "not_found"]);
        return kind === "renewed" ? { kind, leaseLeft: replies.leaseLeftIn(reply) } : { kind };
      },
    );
  }

  checkpoint(at: RecordAddress, command: CheckpointCommand): Promise<CheckpointOutcome> {
    const given = args.checkpointArguments(command);
    return this.#askWord(at, { script: "checkpoint", keys: args.keysWithoutBody, args: given }, (reply, asked) => {
      const { kind } = replies.wordOf(reply, asked, ["saved", "stale", "fenced", "finished", "not_found"]);
      return kind === "saved" || kind === "stale" ? { kind, leaseLeft: replies.leaseLeftIn(reply) } : { kind };
    });
  }

  release(at: RecordAddress, command: ReleaseCommand): Promise<ReleaseOutcome> {
    const given = args.releaseArguments(command);
    return this.#askWord(at, { script: "release", keys: args.keysWithoutBody, args: given }, (reply, asked) =>
      replies.wordOf(reply, asked, ["released", "fenced", "finished", "not_found"]),
    );
  }

  resolve(at: RecordAddress, command: ResolveCommand): Promise<ResolveOutcome> {
    const given = args.resolveArguments(command);
    return this.#askWord(at, { script: "resolve", keys: args.allKeys, args: given }, (reply, asked) =>
      replies.resolveOutcome(reply, asked, command),
    );
  }

  forget(at: RecordAddress, command: ForgetCommand): Promise<ForgetOutcome> {
    const given = args.forgetArguments(command);
    return this.#askWord(at, { script: "forget", keys: args.allKeys, args: given }, (reply, asked) =>
      replies.wordOf(reply, asked, ["forgotten", "not_found"]),
    );
  }

  get(at: RecordAddress, options: ReadOptions = {}): Promise<GetOutcome> {
    const given = args.getArguments(options);
    return this.#askWord(at, { script: "get", keys: args.keysOfReading, args: given }, replies.getOutcome);
  }

  async list(query: ListQuery): Promise<ListPage> {
    return listRecords(this.#fleet, query);
  }

  async census(query: CensusQuery): Promise<CensusPage> {
    return surveyRecords(this.#fleet, query);
  }

  watch(at: RecordAddress, wake: () => void): Watch {
    const place = placeOf(at);
    const subscriber = this.#subscribers[this.#fleet.table.ownerOf(place.slot)];
    return subscriber?.watch(place.id, wake) ?? { close: () => {} };
  }

  shardOf(at: RecordAddress): string {
    return this.#fleet.table.names[this.#fleet.table.ownerOf(placeOf(at).slot)] ?? "";
  }

  status(): StoreStatus {
    const shards = this.#fleet.statuses();
    const serving = shards.some(({ state }) => state === "serving");
    const reasons = shards
      .filter(({ state }) => state !== "serving")
      .map(({ name, reason }) => `shard ${name}: ${reason}`);
    const journals = this.#fleet.shards.map(({ journal }) => journal);
    return {
      kind: "redis",
      serving,
      reason: serving ? "" : reasons.join("; "),
      shards,
      durability: this.#durability(),
      warnings: journals.flatMap(({ warnings }) => warnings),
      gaps: journals.flatMap(({ gaps }) => gaps),
    };
  }

  async close(): Promise<void> {
    for (const subscriber of this.#subscribers) subscriber.close();
    this.#fleet.close();
  }

  #begin(ask: Ask<BeginCommand>, told: Told<BeginOutcome>, options?: ReadOptions): void {
    const call = new Beginning(ask, this.#fleet, told, options);
    call.shard.transition(call.script, call);
  }

  #complete({ at, command }: Ask<CompleteCommand>, told: Told<CompleteOutcome>): void {
    const given = args.completeArguments(command);
    const read = (reply: replies.Reply, asked: replies.Asked) => replies.completeOutcome(reply, asked, command);
    this.#send(at, { script: "complete", keys: args.allKeys, args: given }, read, told);
  }

  /** As {@link #ask}, of a transition that always says a word. */
  #askWord<T>(
    at: RecordAddress,
    transition: Transition,
    read: (reply: replies.Tagged, asked: replies.Asked) => T,
  ): Promise<T> {
    return this.#ask(at, transition, (reply, asked) => read(replies.tagged(reply, asked), asked));
  }

  #ask<T>(at: RecordAddress, transition: Transition, read: Read<T>): Promise<T> {
    return new Promise((resolve, reject) => this.#send(at, transition, read, { resolve, reject }));
  }

  #send<T>(at: RecordAddress, transition: Transition, read: Read<T>, told: Told<T>): void {
    const call = new Prepared(at, this.#fleet, told, transition, read);
    call.shard.transition(call.script, call);
  }

  /** One text where all shards are alike, else one for each. */
  #durability(): string {
    const texts = this.#fleet.shards.map(({ name, persistence }) => ({
      name,
      text: persistence === undefined ? "not known yet" : DURABILITY[persistence],
    }));
    const [first] = texts;
    if (first !== undefined && texts.every(({ text }) => text === first.text)) return first.text;
    return texts.map(({ name, text }) => `shard ${name}: ${text}`).join("; ");
  }
}
