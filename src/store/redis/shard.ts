import type { Clock } from "../../base/clock.ts";
import { OncewardError } from "../../base/errors.ts";
import type { Random } from "../../base/random.ts";
import type { DurationMs, FencingToken, Slot } from "../../base/units.ts";
import type { Logger } from "../../telemetry/logger.ts";
import type { ShardStatus } from "../port.ts";
import { type Argument, Connection, RETRY_AFTER_MS } from "../redis-client/connection.ts";
import type { RedisPlace } from "../redis-client/url.ts";
import { Bundler, type Call } from "./bundler.ts";
import type { Persistence } from "./inspect.ts";
import { Journal } from "./journal.ts";
import { Keeper, type KeeperDeps, LOOKING, type ShardState } from "./keeper.ts";
import type { Sight } from "./look.ts";
import type { ScriptName, Scripts, TransitionName } from "./scripts.ts";
import type { ShardTable } from "./table.ts";

export interface ShardDeps extends Pick<KeeperDeps, "beside"> {
  readonly name: string;
  readonly place: RedisPlace;
  readonly table: ShardTable;
  readonly scripts: Scripts;
  readonly strict: boolean;
  readonly commandTimeout: DurationMs;
  readonly connectTimeout: DurationMs;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random: Random;
  /** What is seen of this shard, or whether it is served, has changed. */
  readonly onChange: () => void;
}

/** One Redis of the table. Comes and goes by itself, and answers calls while its keeper says that it may. */
export class Shard {
  readonly journal: Journal;
  readonly #deps: ShardDeps;
  readonly #connection: Connection;
  readonly #bundler: Bundler;
  readonly #keeper: Keeper;
  #state: ShardState = { kind: "down", reason: "it has not been reached yet" };

  constructor(deps: ShardDeps) {
    this.#deps = deps;
    this.journal = new Journal({ shard: deps.name, clock: deps.clock, logger: deps.logger });
    this.#connection = new Connection({
      ...deps,
      onReady: () => this.#connected(),
      onDown: () => this.#disconnected(),
    });
    this.#bundler = new Bundler({
      ...{ name: deps.name, connection: this.#connection, scripts: deps.scripts, stamp: deps.table.stamp },
      onReplies: () => this.#keeper.seen(),
      wrongStamp: () => this.#stampIsWrong(),
    });
    this.#keeper = new Keeper({
      ...deps,
      connection: this.#connection,
      journal: this.journal,
      onSight: deps.onChange,
      state: () => this.#state,
      become: (state) => this.#become(state),
    });
  }

  get name(): string {
    return this.#deps.name;
  }

  get sight(): Sight {
    return this.#keeper.sight;
  }

  /** Reached, and judged one way or the other. */
  get settled(): boolean {
    return this.#state.kind === "serving" || this.#state.kind === "refused";
  }

  /** Undefined until it has been served. */
  get persistence(): Persistence | undefined {
    return this.#keeper.persistence;
  }

  open(): void {
    this.#connection.open();
  }

  close(): void {
    this.#state = { kind: "down", reason: "the store is closed" };
    this.#keeper.close();
    this.#connection.close();
  }

  status(): ShardStatus {
    const { name, place, table } = this.#deps;
    const about = { name, address: place.address, slots: table.slotsOf(name).length };
    const { kind } = this.#state;
    const state = kind === "serving" || kind === "refused" ? kind : "unavailable";
    const { removed } = this.#keeper;
    return { ...about, state, reason: reasonOf(this.#state), ...(removed && { removed }) };
  }

  /**
   * Carries out one transition. Nothing was done where the shard turns out not to carry our stamp, and nothing will be
   * until it is clear why: that, and a shard that is not served, is told to the call as STORE_UNAVAILABLE.
   */
  transition(script: TransitionName, call: Call): void {
    if (this.#state.kind === "serving") this.#bundler.add(script, call);
    else call.fail(this.#notServed());
  }

  /** @throws STORE_UNAVAILABLE unless it is served. */
  async run(script: ScriptName, keys: readonly string[], args: readonly Argument[]): Promise<unknown> {
    this.#assertServing();
    return this.#connection.run(this.#deps.scripts[script], keys, args);
  }

  /** @throws STORE_UNAVAILABLE unless it is served. */
  async send(command: string, ...args: readonly Argument[]): Promise<unknown> {
    this.#assertServing();
    return this.#connection.send(command, ...args);
  }

  noteToken(slot: Slot, token: FencingToken): void {
    this.#keeper.noteToken(slot, token);
  }

  lookIfWaiting(): void {
    if (this.#state.kind === "waiting") this.#keeper.look();
  }

  #connected(): void {
    this.#become(LOOKING);
    for (const script of Object.values(this.#deps.scripts)) {
      this.#connection.load(script).catch(() => {}); // a call that misses it loads it
    }
    this.#keeper.look();
  }

  #disconnected(): void {
    this.#become({ kind: "down", reason: "it cannot be reached" });
    this.#keeper.disconnected();
  }

  #become(state: ShardState): void {
    const before = this.#state;
    this.#state = state;
    if (before.kind === state.kind && (before.kind === "down" || reasonOf(before) === reasonOf(state))) return;
    const { logger, name, place, onChange } = this.#deps;
    const about = { shard: name, address: place.address };
    if (state.kind === "serving") logger.info(about, "the shard is served");
    else if (state.kind !== "looking") logger.warn({ ...about, reason: state.reason }, "the shard is not served");
    onChange();
  }

  #stampIsWrong(): OncewardError {
    if (this.#state.kind === "serving") {
      this.#become(LOOKING);
      this.#keeper.look();
    }
    return this.#unavailable("does not carry this sidecar's stamp");
  }

  #assertServing(): void {
    if (this.#state.kind !== "serving") throw this.#notServed();
  }

  #notServed(): OncewardError {
    return this.#unavailable(`is not served: ${reasonOf(this.#state)}`);
  }

  #unavailable(what: string): OncewardError {
    const details = { shard: this.name, retryAfterMs: RETRY_AFTER_MS };
    return new OncewardError("STORE_UNAVAILABLE", `shard ${this.name} ${what}`, details);
  }
}

function reasonOf(state: ShardState): string {
  return state.kind === "serving" ? "" : state.reason;
}
