/** Calls on their way to a record and back. */
import { placeOf, type RecordAddress, type RecordPlace } from "../../domain/address.ts";
import type { BeginCommand, BeginOutcome } from "../../domain/begin.ts";
import type { RunningRecord } from "../../domain/record.ts";
import { type Ask, type ReadOptions, shardAndSlot } from "../port.ts";
import type { Argument } from "../redis-client/connection.ts";
import type { RespWriter } from "../redis-client/resp-writer.ts";
import * as args from "./arguments.ts";
import type { Call } from "./bundler.ts";
import type { Fleet } from "./fleet.ts";
import * as replies from "./replies.ts";
import type { TransitionName } from "./scripts.ts";
import type { Told } from "./settled-together.ts";
import type { Shard } from "./shard.ts";

export interface Transition {
  readonly script: TransitionName;
  readonly keys: args.KeysOf;
  readonly args: readonly Argument[];
}

export type Read<T> = (reply: replies.Reply, asked: replies.Asked) => T;

/** One call on its way to a record and back: all that is made for it. */
abstract class Asking<T> implements Call, replies.Asked {
  readonly address: RecordAddress;
  readonly shard: Shard;
  readonly place: RecordPlace;
  readonly #told: Told<T>;

  constructor(address: RecordAddress, fleet: Fleet, told: Told<T>) {
    this.address = address;
    this.place = placeOf(address);
    this.shard = fleet.shardOf(this.place.slot);
    this.#told = told;
  }

  abstract readonly script: TransitionName;
  abstract writeKeys(out: RespWriter): number;
  abstract writeArguments(out: RespWriter): number;
  protected abstract read(reply: replies.Reply): T;

  get where(): this {
    return this;
  }

  /** Where it is about: for faults. */
  toString(): string {
    return shardAndSlot(this.shard.name, this.place.slot);
  }

  settle(reply: replies.Reply): void {
    try {
      if (!Buffer.isBuffer(reply) && replies.tagOf(reply) === "damaged") {
        throw replies.damaged(this, "no record of this layout");
      }
      this.#told.resolve(this.read(reply));
    } catch (fault) {
      this.#told.reject(fault);
    }
  }

  fail(fault: unknown): void {
    this.#told.reject(fault);
  }
}

export class Beginning extends Asking<BeginOutcome> {
  readonly script = "begin";
  readonly #command: BeginCommand;
  readonly #options: ReadOptions;
  readonly #first: RunningRecord;

  constructor(ask: Ask<BeginCommand>, fleet: Fleet, told: Told<BeginOutcome>, options: ReadOptions = {}) {
    super(ask.at, fleet, told);
    this.#command = ask.command;
    this.#options = options;
    this.#first = args.firstAttempt(ask.at, ask.command);
  }

  writeKeys(out: RespWriter): number {
    return args.allKeys(out, this.address, this.place);
  }

  writeArguments(out: RespWriter): number {
    return args.writeBegin(out, this.#first, this.#command, this.#options);
  }

  protected read(reply: replies.Reply): BeginOutcome {
    const outcome = replies.beginOutcome(reply, this, this.#command, this.#first);
    if (outcome.kind === "started") this.shard.noteToken(this.place.slot, outcome.record.token);
    return outcome;
  }
}

/** Any other: its arguments are made beforehand. */
export class Prepared<T> extends Asking<T> {
  readonly #transition: Transition;
  readonly #read: Read<T>;

  constructor(address: RecordAddress, fleet: Fleet, told: Told<T>, transition: Transition, read: Read<T>) {
    super(address, fleet, told);
    this.#transition = transition;
    this.#read = read;
  }

  get script(): TransitionName {
    return this.#transition.script;
  }

  writeKeys(out: RespWriter): number {
    return this.#transition.keys(out, this.address, this.place);
  }

  writeArguments(out: RespWriter): number {
    const { args: given } = this.#transition;
    for (const arg of given) out.argument(arg);
    return given.length;
  }

  protected read(reply: replies.Reply): T {
    return this.#read(reply, this);
  }
}
