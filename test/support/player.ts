/** Plays one history on several stores at once and gives back what each answered, in wrappings that compare. */
import { durationMs, epochMs } from "../../src/base/units.ts";
import { placeOf, type RecordAddress } from "../../src/domain/address.ts";
import { isFinished, resultAt, type Seen, type StoredRecord } from "../../src/domain/record.ts";
import type { Stream } from "../../src/domain/stream.ts";
import type { Harness } from "../conformance/harness.ts";
import { censusOf } from "./census.ts";
import * as commands from "./commands.ts";
import {
  ADDRESSES,
  type ClockStep,
  type Deadline,
  type Event,
  type StreamChoice,
  type TokenChoice,
} from "./history.ts";
import { plain } from "./plain.ts";
import type { ReferenceHarness } from "./reference-store.ts";

const PAGES_MAX = 100;

interface Round {
  readonly event: Event;
  /** One answer a store, in the order of the harnesses; the reference's first. */
  readonly answers: readonly unknown[];
}

/**
 * All addresses lie in one stream, and so in one slot: a store with a counter for each slot and one with a counter for
 * all then mint the same tokens, also while the clock is back, and plain equality holds. Each history has a stream of
 * its own, and begins with the clock ahead of every token and with one token minted.
 */
export async function* play(reference: ReferenceHarness, others: readonly Harness[], history: readonly Event[]) {
  const player = new Player(reference, others);
  await player.prepare();
  try {
    for (const event of history) yield { event, answers: await player.happen(event) } satisfies Round;
    for (let address = 0; address < ADDRESSES; address++) {
      const event = { call: "get", announce: false, address } as const;
      yield { event, answers: await player.happen(event) } satisfies Round;
    }
    const event = { call: "standing", address: 0 } as const;
    yield { event, answers: await player.happen(event) } satisfies Round;
  } finally {
    await player.leave();
  }
}

/** Brings harnesses that were opened one after the other to one instant. */
export async function align(harnesses: readonly Harness[]): Promise<void> {
  const latestUs = Math.max(...harnesses.map((harness) => harness.nowUs()));
  for (const harness of harnesses) await harness.advance((latestUs - harness.nowUs()) / 1000);
  if (harnesses.some((harness) => harness.nowUs() !== latestUs))
    throw new Error("the clocks cannot be brought together");
}

class Player {
  readonly #reference: ReferenceHarness;
  readonly #harnesses: readonly Harness[];
  readonly #scope = { namespace: commands.freshNamespace(), stream: "one" };
  readonly #primer: RecordAddress = { ...this.#scope, operation: "", key: "primer" };
  readonly #addresses: readonly RecordAddress[];
  readonly #tokens: bigint[][] = Array.from({ length: ADDRESSES }, () => []);
  /** The clock's highest stand so far, µs. */
  #highUs = 0;

  constructor(reference: ReferenceHarness, others: readonly Harness[]) {
    this.#reference = reference;
    this.#harnesses = [reference, ...others];
    const name = (n: number) => ({ operation: n === 0 ? "" : "charge", key: `key-${n}` });
    this.#addresses = Array.from({ length: ADDRESSES }, (_, n) => ({ ...this.#scope, ...name(n) }));
  }

  async prepare(): Promise<void> {
    await this.#advance(commands.SECOND);
    const primer = commands.beginCommand();
    await this.#each((harness) => harness.store.begin(this.#primer, primer));
  }

  /** Leaves the clock ahead of every token but those minted in one instant. */
  async leave(): Promise<void> {
    await this.#advance(Math.max(0, this.#highUs - this.#reference.nowUs()) / 1000);
  }

  async happen(event: Event): Promise<readonly unknown[]> {
    const answers = await this.#answers(event);
    const record = this.#reference.store.recordAt(this.#at(event));
    const seen = this.#tokens[event.address];
    if (record !== undefined && !seen?.includes(record.token)) seen?.push(record.token);
    return answers.map((answer) => comparable(answer));
  }

  async #answers(event: Event): Promise<readonly unknown[]> {
    const at = this.#at(event);
    switch (event.call) {
      case "begin": {
        const command = commands.beginCommand(event.parts);
        return this.#each(({ store }) => store.begin(at, command, { announce: event.announce }));
      }
      case "complete": {
        const command = commands.completeCommand(this.#token(event.token, event), event.parts);
        return this.#each(({ store }) => store.complete(at, command));
      }
      case "renew": {
        const command = commands.renewCommand(this.#token(event.token, event), event.parts);
        return this.#each(({ store }) => store.renew(at, command));
      }
      case "checkpoint": {
        const command = commands.checkpointCommand(this.#token(event.token, event), event.parts);
        return this.#each(({ store }) => store.checkpoint(at, command));
      }
      case "release": {
        const command = commands.releaseCommand(this.#token(event.token, event), event.parts);
        return this.#each(({ store }) => store.release(at, command));
      }
      case "resolve": {
        const token = event.token === undefined ? 0n : this.#token(event.token, event);
        const command = commands.resolveCommand({ ...event.parts, token });
        return this.#each(({ store }) => store.resolve(at, command));
      }
      case "forget":
        return this.#each(({ store }) => store.forget(at, commands.forgetCommand(event.fenceFor)));
      case "get":
        return this.#each(({ store }) => store.get(at, { announce: event.announce }));
      case "lose":
        return this.#each((harness) => harness.lose(at));
      case "put_stream": {
        const stream = event.stream && this.#streamOf(event.stream, at);
        return this.#each((harness) => harness.putStream(this.#scope, stream));
      }
      case "advance":
        return this.#each(({ store }) => store.sequences.advance(this.#scope, event.command));
      case "reset": {
        const standing = await this.#reference.store.sequences.read(this.#scope);
        const last = standing === undefined || standing.last < 0n ? undefined : standing.last;
        const command = { ...event.command, expectedLast: event.sees === "last" ? last : event.sees };
        return this.#each(({ store }) => store.sequences.reset(this.#scope, command));
      }
      case "standing":
        return this.#each(({ store }) => store.sequences.read(this.#scope));
      case "step":
        return this.#advance(this.#stepMs(event.step, at));
      case "list":
        return this.#each((harness) => this.#list(harness, event));
    }
  }

  #at(event: Event): RecordAddress {
    const at = this.#addresses[event.address];
    if (at === undefined) throw new Error(`no address ${event.address}`);
    return at;
  }

  #streamOf({ updatedMsAgo, reservation, ...rest }: StreamChoice, at: RecordAddress): Stream {
    const now = Math.floor(this.#reference.nowUs() / 1000);
    const updatedAt = epochMs(now - updatedMsAgo);
    const token = this.#reference.store.recordAt(at)?.token;
    if (reservation === undefined || token === undefined) return { ...rest, updatedAt, reservation: undefined };
    const { place, revoked, leftMs } = reservation;
    const { sequence, tiebreak } = place;
    const held = { recordId: placeOf(at).id, token, sequence, tiebreak, revoked, until: epochMs(now + leftMs) };
    return { ...rest, updatedAt, reservation: held };
  }

  /** A token is never 0 and has 64 bits, as on the wire. */
  #token(choice: TokenChoice, event: Event): bigint {
    const token = this.#tokenOf(choice, event);
    return token < 1n ? 1n : token > commands.HIGHEST_TOKEN ? commands.HIGHEST_TOKEN : token;
  }

  #tokenOf(choice: TokenChoice, event: Event): bigint {
    const seen = this.#tokens[event.address] ?? [];
    const now = BigInt(this.#reference.nowUs());
    switch (choice.of) {
      case "record":
        return (this.#reference.store.recordAt(this.#at(event))?.token ?? seen.at(-1) ?? now) + choice.plus;
      case "earlier":
        return seen.at(-1 - choice.back) ?? now;
      case "clock":
        return now + choice.plus;
      case "window": {
        const retention = "parts" in event ? event.parts.retention?.result : undefined;
        return now - BigInt(retention ?? commands.RETENTION.result) * 1000n + choice.plus;
      }
      case "slot":
        return this.#tokens.flat().reduce((a, b) => (a > b ? a : b), now) + choice.plus;
      case "literal":
        return choice.token;
    }
  }

  /** 0 where the record has no such instant, or has it behind it. */
  #stepMs(step: ClockStep, at: RecordAddress): number {
    const now = this.#reference.nowUs() / 1000;
    if (step.to === "later") return step.ms;
    if (step.to === "earlier") return Math.max(now - step.ms, this.#earliestMs()) - now;
    const record: Partial<Record<Deadline, number>> = this.#reference.store.recordAt(at) ?? {};
    return Math.max(0, (record[step.of] ?? 0) + step.plusMs - now);
  }

  /**
   * The clock does not go back over an end of retention that it has passed: what lies beyond it may have been swept or
   * not, and the contract says nothing of a record that is there again.
   */
  #earliestMs(): number {
    const records = [this.#primer, ...this.#addresses].map((at) => this.#reference.store.recordAt(at));
    const ends = records.flatMap((record) => (record === undefined ? [] : endsOf(record)));
    return Math.max(0, ...ends.filter((end) => end * 1000 <= this.#highUs));
  }

  async #advance(ms: number): Promise<readonly unknown[]> {
    if (ms !== 0) for (const harness of this.#harnesses) await harness.advance(ms);
    this.#highUs = Math.max(this.#highUs, this.#reference.nowUs());
    return this.#harnesses.map((harness) => harness.nowUs());
  }

  #each<Answer>(call: (harness: Harness) => Promise<Answer>): Promise<readonly Answer[]> {
    return Promise.all(this.#harnesses.map(call));
  }

  async #list({ store }: Harness, event: Extract<Event, { call: "list" }>): Promise<unknown> {
    const query = { namespace: this.#scope.namespace, states: new Set(event.states), limit: event.limit };
    const found: Seen[] = [];
    let cursor = "";
    for (let n = 0; n === 0 || (cursor !== "" && n < PAGES_MAX); n++) {
      const page = await store.list({ ...query, olderThan: durationMs(event.olderThan), cursor });
      found.push(...page.records);
      cursor = page.next;
    }
    const records = found.sort((a, b) => (a.record.address.key < b.record.address.key ? -1 : 1)).map(comparable);
    return { records, census: await censusOf(store, query.namespace, event.limit) };
  }
}

/** A record that a change left expired may be swept at once, and with it the instant of that change. */
function endsOf(record: StoredRecord): number[] {
  const end = Math.max(record.expiresAt, record.expiresAt <= record.updatedAt ? record.updatedAt : 0);
  return isFinished(record) ? [record.resultUntil, end] : [end];
}

/** Without the count of duplicates, which is best effort; with the result as a caller would be given it. */
function comparable(answer: unknown): unknown {
  if (typeof answer !== "object" || answer === null || !("record" in answer)) return plain(answer);
  const { record, now } = answer as Seen; // every answer with a record has the instant it was judged at
  const result = isFinished(record) ? { result: resultAt(record, now) } : {};
  return plain({ ...answer, record: { ...record, ...result, duplicates: 0 } });
}
