import type { FencingToken } from "../../base/units.ts";
import { placeOf, type RecordAddress } from "../../domain/address.ts";
import type { BeginCommand, BeginOutcome } from "../../domain/begin.ts";
import type { CheckpointCommand, CheckpointOutcome } from "../../domain/checkpoint.ts";
import type { CompleteCommand, CompleteOutcome } from "../../domain/complete.ts";
import type { ForgetCommand, ForgetOutcome } from "../../domain/forget.ts";
import type { GetOutcome } from "../../domain/get.ts";
import type { ReleaseCommand, ReleaseOutcome } from "../../domain/release.ts";
import type { RenewCommand, RenewOutcome } from "../../domain/renew.ts";
import type { ResolveCommand, ResolveOutcome } from "../../domain/resolve.ts";
import {
  type IdempotencyStore,
  type ListPage,
  type ListQuery,
  type ReadOptions,
  type SequenceStore,
  type StoreStatus,
  shardAndSlot,
  type Watch,
} from "../port.ts";
import type { Argument } from "../redis-client/connection.ts";
import * as args from "./arguments.ts";
import type { Fleet } from "./fleet.ts";
import { DURABILITY } from "./inspect.ts";
import { listRecords } from "./listing.ts";
import * as replies from "./replies.ts";
import type { TransitionName } from "./scripts.ts";
import { Sequences } from "./sequences.ts";
import type { Subscriber } from "./subscriber.ts";

export interface StoreDeps {
  readonly fleet: Fleet;
  /** One for each shard, in the order of the fleet's. */
  readonly subscribers: readonly Subscriber[];
}

interface Transition {
  readonly script: TransitionName;
  readonly at: RecordAddress;
  /** Which keys of the record the script takes, in its order. */
  readonly keys: readonly (keyof args.RecordKeys)[];
  readonly args: readonly Argument[];
}

interface Answer {
  readonly reply: replies.Reply;
  readonly asked: replies.Asked;
  readonly noteToken: (token: FencingToken) => void;
}

const ALL_KEYS = ["header", "record", "body", "index", "stream"] as const;
const NO_BODY = ["header", "record", "index", "stream"] as const;
const NO_INDEX = ["header", "record", "body"] as const;

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

  async begin(at: RecordAddress, command: BeginCommand, options: ReadOptions = {}): Promise<BeginOutcome> {
    const given = args.beginArguments(at, command, options);
    const answer = await this.#run({ script: "begin", at, keys: ALL_KEYS, args: given });
    const outcome = replies.beginOutcome(answer.reply, answer.asked, command);
    if (outcome.kind === "started") answer.noteToken(outcome.record.token);
    return outcome;
  }

  async complete(at: RecordAddress, command: CompleteCommand): Promise<CompleteOutcome> {
    const given = args.completeArguments(command);
    const { reply, asked } = await this.#run({ script: "complete", at, keys: ALL_KEYS, args: given });
    return replies.completeOutcome(reply, asked, command);
  }

  async renew(at: RecordAddress, command: RenewCommand): Promise<RenewOutcome> {
    const given = args.renewArguments(command);
    const { reply, asked } = await this.#run({ script: "renew", at, keys: NO_BODY, args: given });
    const answer = replies.wordOf(reply, asked, ["renewed", "fenced", "finished", "not_found"]);
    return answer.kind === "renewed"
      ? { kind: answer.kind, leaseLeft: replies.leaseLeftIn(reply) }
      : { kind: answer.kind };
  }

  async checkpoint(at: RecordAddress, command: CheckpointCommand): Promise<CheckpointOutcome> {
    const given = args.checkpointArguments(command);
    const { reply, asked } = await this.#run({ script: "checkpoint", at, keys: NO_BODY, args: given });
    const { kind } = replies.wordOf(reply, asked, ["saved", "stale", "fenced", "finished", "not_found"]);
    return kind === "saved" || kind === "stale" ? { kind, leaseLeft: replies.leaseLeftIn(reply) } : { kind };
  }

  async release(at: RecordAddress, command: ReleaseCommand): Promise<ReleaseOutcome> {
    const given = args.releaseArguments(command);
    const { reply, asked } = await this.#run({ script: "release", at, keys: NO_BODY, args: given });
    return replies.wordOf(reply, asked, ["released", "fenced", "finished", "not_found"]);
  }

  async resolve(at: RecordAddress, command: ResolveCommand): Promise<ResolveOutcome> {
    const given = args.resolveArguments(command);
    const { reply, asked } = await this.#run({ script: "resolve", at, keys: ALL_KEYS, args: given });
    return replies.resolveOutcome(reply, asked, command);
  }

  async forget(at: RecordAddress, command: ForgetCommand): Promise<ForgetOutcome> {
    const given = args.forgetArguments(command);
    const { reply, asked } = await this.#run({ script: "forget", at, keys: ALL_KEYS, args: given });
    return replies.wordOf(reply, asked, ["forgotten", "not_found"]);
  }

  async get(at: RecordAddress, options: ReadOptions = {}): Promise<GetOutcome> {
    const given = args.getArguments(options);
    const { reply, asked } = await this.#run({ script: "get", at, keys: NO_INDEX, args: given });
    return replies.getOutcome(reply, asked);
  }

  async list(query: ListQuery): Promise<ListPage> {
    return listRecords(this.#fleet, query);
  }

  watch(at: RecordAddress, wake: () => void): Watch {
    const place = placeOf(at);
    const subscriber = this.#subscribers[this.#fleet.table.ownerOf(place.slot)];
    return subscriber?.watch(place.id, wake) ?? { close: () => {} };
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

  async #run({ script, at, keys, args: given }: Transition): Promise<Answer> {
    const place = placeOf(at);
    const shard = this.#fleet.shardOf(place.slot);
    const named = args.keysOf(at, place);
    const reply = await shard.transition(
      script,
      keys.map((key) => named[key]),
      given,
    );
    const asked = { address: at, where: shardAndSlot(shard.name, place.slot) };
    if (replies.tagOf(reply) === "damaged") throw replies.damaged(asked, "no record of this layout");
    return { reply, asked, noteToken: (token) => shard.noteToken(place.slot, token) };
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
