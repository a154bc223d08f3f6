import { monotonicMs } from "../../base/clock.ts";
import { OncewardError } from "../../base/errors.ts";
import type { Random } from "../../base/random.ts";
import type { DurationMs } from "../../base/units.ts";
import type { LeaseNodeStatus } from "../port.ts";
import { type Argument, Connection, RETRY_AFTER_MS } from "../redis-client/connection.ts";
import type { RedisPlace } from "../redis-client/url.ts";
import { inspect, pairs, type Sight } from "./inspect.ts";
import type { View } from "./judge.ts";
import { FENCE_KEY, FORGOTTEN_KEY, MARKER_KEY, NEW_KEY, WEAKENED_KEY } from "./keys.ts";
import { type MarkerKind, markerAfter } from "./marker.ts";
import type { ScriptName, Scripts } from "./scripts.ts";

/** Tag first, then what the script's head says under Returns; byte strings are Buffers. */
export type Reply = readonly [tag: Buffer, ...fields: unknown[]];

export interface LeaseNodeDeps {
  readonly place: RedisPlace;
  readonly scripts: Scripts;
  /** Hard deadline of every single command. */
  readonly nodeTimeout: DurationMs;
  readonly connectTimeout: DurationMs;
  readonly random: Random;
  /** Something else is seen of the node than before. */
  readonly onSight: () => void;
}

type Counters = ReadonlyMap<string, string>;

/** One lease node. It is asked only while it votes; its connection comes back by itself, and is looked at anew then. */
export class LeaseNode {
  readonly address: string;
  readonly #deps: LeaseNodeDeps;
  readonly #connection: Connection;
  #sight: Sight | undefined;
  /** By {@link monotonicMs}: since when the node has been seen just so, in one run with one marker. */
  #seenSince = 0;
  #seenAs = "";
  #connected = false;
  /** Counts connections: what was learnt on an older one does not count. */
  #epoch = 0;
  #looking: Promise<void> | undefined;
  /** The look that follows the one in flight, which may have begun too early. */
  #lookNext: Promise<void> | undefined;
  #tried = false;
  /** The last look at it got no answer, though it is connected. */
  #missed = false;
  /** Empty unless it votes. */
  #votingAs = "";
  #reason = "it has not been reached yet";
  #fault = "";

  constructor(deps: LeaseNodeDeps) {
    this.#deps = deps;
    this.address = deps.place.address;
    this.#connection = new Connection({
      ...deps,
      name: `lease node ${this.address}`,
      commandTimeout: deps.nodeTimeout,
      onReady: () => this.#ready(),
      onDown: () => this.#down(),
    });
  }

  /** Why it did not answer last, for an operator; empty when it did. */
  get trouble(): string {
    return this.votes ? this.#fault : this.#reason;
  }

  get votes(): boolean {
    return this.#votingAs !== "";
  }

  /** It has been looked at, or could not be reached. */
  get tried(): boolean {
    return this.#tried;
  }

  get view(): View {
    return { sight: this.#sight, seenForMs: monotonicMs() - this.#seenSince };
  }

  open(): void {
    this.#connection.open();
  }

  close(): void {
    this.#votingAs = "";
    this.#connection.close();
  }

  status(): LeaseNodeStatus {
    const { address } = this;
    if (this.votes) return { address, state: "voting", reason: "" };
    const joining = this.#sight?.isMaster === true;
    return { address, state: joining ? "joining" : "unavailable", reason: this.#reason };
  }

  /** From here on it votes, as what is marked in it now. */
  admit(): void {
    this.#tried = true;
    this.#votingAs = this.#sight?.text ?? "";
    this.#reason = "";
  }

  keepOut(reason: string): void {
    this.#votingAs = "";
    this.#reason = reason;
  }

  /**
   * Runs a script once, with the marker as its first key and argument. Rejects with STORE_UNAVAILABLE within the node
   * timeout when there is no answer, and at once unless the node votes. A server that does not know the script is a
   * vote lost, not sent again: it would run after a later script on the same lock.
   */
  async ask(script: ScriptName, keys: readonly string[], args: readonly Argument[]): Promise<Reply> {
    const marker = this.#votingAs;
    if (marker === "") throw this.#unavailable(this.#reason);
    const { sha } = this.#deps.scripts[script];
    let reply: Reply;
    try {
      const sent = this.#connection.send("evalsha", sha, keys.length + 1, MARKER_KEY, ...keys, marker, ...args);
      reply = (await sent) as Reply; // every script answers so
      this.#fault = "";
    } catch (fault) {
      this.#fault = causeOf(fault);
      if (this.#fault.startsWith("NOSCRIPT")) this.#distrust("it has forgotten the scripts");
      throw fault;
    }
    if (String(reply[0]) !== "amnesia") return reply;
    if (marker === this.#votingAs) this.#distrust("it has lost its marker");
    throw this.#unavailable("it has lost its marker");
  }

  /** Looks at it, from now on or a moment later; what comes of it is told by `onSight`. Never rejects. */
  look(): Promise<void> {
    if (this.#looking === undefined) {
      const looking = this.#lookOnce().finally(() => {
        if (this.#looking === looking) this.#looking = undefined;
      });
      this.#looking = looking;
      return looking;
    }
    this.#lookNext ??= this.#looking.then(() => {
      this.#lookNext = undefined;
      return this.look();
    });
    return this.#lookNext;
  }

  /** Replaces the marker that was seen. False, and nothing was done, when the node is another one by now. */
  async mark(
    sight: Sight,
    as: MarkerKind,
    { counters, forgot }: { readonly counters: Counters; readonly forgot: boolean },
  ): Promise<boolean> {
    const { text, runId, marker, keepsAll } = sight;
    const next = markerAfter(as === "voting" && !forgot ? marker : undefined, { kind: as, keepsAll, runId });
    const given = JSON.stringify(Object.fromEntries(counters));
    const keys = [MARKER_KEY, FENCE_KEY, FORGOTTEN_KEY, NEW_KEY];
    const args = [text, runId, next, given, forgot ? 1 : 0];
    const [tag] = (await this.#connection.run(this.#deps.scripts.mark, keys, args)) as Reply; // every script answers so
    return String(tag) === "marked";
  }

  /** Has it remember which nodes keep no longer all. Rejects when it gives no answer. */
  async note(weakened: readonly string[]): Promise<void> {
    await this.#connection.send("sadd", WEAKENED_KEY, ...weakened);
  }

  /** The whole fence, as long as the marker is the one that was seen last. */
  async counters(): Promise<Counters> {
    const keys = [MARKER_KEY, FENCE_KEY];
    const reply = await this.#connection.run(this.#deps.scripts.counters, keys, [this.#sight?.text ?? ""]);
    const [tag, ...all] = reply as Reply; // every script answers so
    if (String(tag) === "amnesia") throw this.#unavailable("it has lost its marker");
    return new Map(pairs(all.map(String)));
  }

  async #lookOnce(): Promise<void> {
    const epoch = this.#epoch;
    if (!this.#connected) return;
    try {
      const unloaded = this.votes ? [] : Object.values(this.#deps.scripts); // one that has forgotten them does not vote
      await Promise.all(unloaded.map((script) => this.#connection.load(script)));
      const sight = await inspect(this.#connection);
      if (epoch === this.#epoch) this.#see(sight);
      this.#missed = false;
    } catch (fault) {
      const mayPass = this.votes && !this.#missed; // slow for a moment; a vote that it gives says whether it may
      this.#missed = true;
      if (epoch !== this.#epoch || mayPass) return;
      this.#loseSight(`it is reached, but could not be looked at: ${causeOf(fault)}`);
    }
  }

  #see(sight: Sight): void {
    const as = `${sight.runId} ${sight.text}`;
    if (as !== this.#seenAs) {
      this.#seenAs = as;
      this.#seenSince = monotonicMs();
      this.keepOut("it is being looked at");
    }
    this.#sight = sight;
    this.#deps.onSight();
  }

  /** A marker that was seen stands for how long it has, since no other is the same; its absence says nothing. */
  #loseSight(reason: string): void {
    this.#tried = true;
    this.#sight = undefined;
    if (this.#seenAs.endsWith(" ")) this.#seenAs = "";
    this.keepOut(reason);
    this.#deps.onSight();
  }

  #distrust(why: string): void {
    this.#seenAs = "";
    this.#loseSight(why);
    void this.look();
  }

  #ready(): void {
    this.#connected = true;
    this.#epoch += 1;
    void this.look();
  }

  #down(): void {
    this.#connected = false;
    this.#epoch += 1;
    this.#loseSight("it cannot be reached");
  }

  #unavailable(what: string): OncewardError {
    const details = { shard: this.address, retryAfterMs: RETRY_AFTER_MS };
    return new OncewardError("STORE_UNAVAILABLE", `lease node ${this.address}: ${what}`, details);
  }
}

/** In the words of the driver or the server. */
function causeOf(fault: unknown): string {
  const { cause = fault } = fault instanceof OncewardError ? fault : {};
  return cause instanceof Error ? cause.message : String(cause);
}
