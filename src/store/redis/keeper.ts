import { assertNever } from "../../base/assert.ts";
import { type Clock, monotonicMs } from "../../base/clock.ts";
import { epochMs, type FencingToken, SLOT_COUNT, type Slot } from "../../base/units.ts";
import { every, later } from "../../base/wait.ts";
import type { Logger } from "../../telemetry/logger.ts";
import type { Removed } from "../port.ts";
import { type Connection, isLoading } from "../redis-client/connection.ts";
import type { Persistence } from "./inspect.ts";
import type { Journal } from "./journal.ts";
import { judge, type Memory, type Situation, type Told, type Verdict } from "./judge.ts";
import { ACCEPT_LOSS_KEY, GENERATION_KEY, headerKey } from "./keys.ts";
import { inspect, isOfWonTable, type Look, lookAt, newMarker, type Sight, wonMarker } from "./look.ts";
import type { Scripts } from "./scripts.ts";
import type { ShardTable } from "./table.ts";

/** How often the server's own word, and the marker, are read again. */
const INSPECT_EVERY_MS = 60_000;
/** How often a shard that is reached but not served is looked at again: an operator is waiting then. */
const LOOK_AGAIN_MS = 2000;
/** Long enough for another sidecar to finish stamping the shards of a new table; and for a server to load some data. */
const SECOND_LOOK_MS = 500;

export type ShardState =
  | { readonly kind: "down" | "looking" | "waiting" | "refused"; readonly reason: string }
  | { readonly kind: "serving" };

export const LOOKING: ShardState = { kind: "looking", reason: "it is being looked at" };

export interface KeeperDeps {
  readonly name: string;
  readonly table: ShardTable;
  readonly scripts: Scripts;
  readonly strict: boolean;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly connection: Connection;
  readonly journal: Journal;
  /** What is seen of the other shards. */
  readonly beside: () => Pick<Situation, "others" | "before">;
  /** Something else is seen of this shard than before. */
  readonly onSight: () => void;
  readonly state: () => ShardState;
  readonly become: (state: ShardState) => void;
}

/** Of a token in what a look brings. */
const TOKEN_BYTES = 8;

/**
 * Decides whether a shard is served: looks at it at every connection, judges, stamps, and remembers what it takes to
 * notice a loss.
 */
export class Keeper {
  readonly #deps: KeeperDeps;
  readonly #stopInspecting: () => void;
  /** Highest token of each slot that this process was given; 0 = none. */
  readonly #highest = new Float64Array(SLOT_COUNT);
  #sight: Sight = { kind: "unseen" };
  #memory: Omit<Memory, "seenAt" | "seenAgoMs"> | undefined;
  #removed: Removed | undefined;
  #seenAt = epochMs(0);
  /** The same moment by {@link monotonicMs}: a clock that steps is no restart of a server. */
  #seenAtMonotonic = 0;
  /** When it was first found empty beside shards that are not, by {@link monotonicMs}. */
  #emptySince: number | undefined;
  /** Counts connections: what was learnt on an older one does not count. */
  #epoch = 0;
  #looking = false;
  #lookAgain = false;
  #cancelLook = () => {};

  constructor(deps: KeeperDeps) {
    this.#deps = deps;
    this.#stopInspecting = every(INSPECT_EVERY_MS, () => void this.#inspect());
  }

  get sight(): Sight {
    return this.#sight;
  }

  get persistence(): Persistence | undefined {
    return this.#memory?.persistence;
  }

  /** As of the last inspection; undefined = not known. */
  get removed(): Removed | undefined {
    return this.#removed;
  }

  /** The shard has just answered with its data. */
  seen(): void {
    this.#seenAt = this.#deps.clock.now();
    this.#seenAtMonotonic = monotonicMs();
  }

  /** Remembers the highest token of a slot, to notice when the shard comes back without it. */
  noteToken(slot: Slot, token: FencingToken): void {
    const known = Number(token); // a token of ours is a time in µs, exact as a double
    if (known > (this.#highest[slot] ?? 0)) this.#highest[slot] = known;
  }

  /** What was learnt so far is of an older connection. */
  disconnected(): void {
    this.#forgetConnection();
    const { kind } = this.#sight;
    // Others are stamped or served on the word of these two, so they hold only while they can be looked at.
    if (kind === "empty" || (kind === "ours" && !isOfWonTable(this.#sight))) this.#see({ kind: "unseen" });
  }

  close(): void {
    this.#forgetConnection();
    this.#stopInspecting();
  }

  /** Looks at the shard, now, and judges it anew. */
  look(): void {
    this.#cancelLook();
    if (this.#deps.state().kind === "down") return;
    this.#lookAgain = this.#looking;
    if (!this.#looking) void this.#lookOnce();
  }

  #forgetConnection(): void {
    this.#epoch += 1;
    this.#cancelLook();
  }

  async #lookOnce(): Promise<void> {
    const epoch = this.#epoch;
    this.#looking = true;
    this.#lookAgain = false;
    // As they are before it: the shard may be serving, and what it mints meanwhile may be missing in what is seen.
    const known = this.#highest.slice();
    try {
      const look = await lookAt({ ...this.#deps, headersScript: this.#deps.scripts.headers });
      if (epoch === this.#epoch) await this.#judge(look, known, epoch);
    } catch (fault) {
      if (epoch === this.#epoch) this.#couldNotLook(fault);
    } finally {
      this.#looking = false;
    }
    if (this.#lookAgain) this.look();
  }

  #couldNotLook(err: unknown): void {
    const loading = isLoading(err);
    const reason = loading ? "it is loading its data" : "it is reached, but could not be looked at";
    if (!loading) this.#deps.logger.warn({ err, shard: this.#deps.name }, "a shard could not be looked at");
    this.#deps.become({ kind: "waiting", reason });
    this.#lookIn(loading ? SECOND_LOOK_MS : LOOK_AGAIN_MS);
  }

  async #judge(look: Look, known: Float64Array, epoch: number): Promise<void> {
    const { journal, beside, strict } = this.#deps;
    if (look.sight.kind !== "empty") this.#emptySince = undefined;
    this.#see(look.sight); // so that others know it when they are judged
    journal.found(look.findings);
    const verdict = judge({
      ...beside(),
      look,
      memory: this.#memory && {
        ...this.#memory,
        seenAt: this.#seenAt,
        seenAgoMs: monotonicMs() - this.#seenAtMonotonic,
      },
      fellBack: this.#fellBack(look, known),
      stillEmpty: this.#emptySince !== undefined && monotonicMs() - this.#emptySince >= SECOND_LOOK_MS,
      strict,
    });
    await this.#obey(verdict, look, epoch);
  }

  #see(sight: Sight): void {
    this.#sight = sight;
    this.#deps.onSight();
  }

  async #obey(verdict: Verdict, look: Look, epoch: number): Promise<void> {
    switch (verdict.kind) {
      case "serve":
        return this.#serve(look, look.sight.kind === "ours" ? look.sight.generation : "", verdict.loss);
      case "claim":
        await this.#stamp(look, JSON.stringify(this.#newMarker(look, false)));
        if (epoch === this.#epoch) this.look(); // a look after all stamping decides
        return;
      case "win": {
        const { sight } = look;
        if (sight.kind !== "ours") return;
        const stamped = await this.#stamp(look, wonMarker(look.marker));
        if (epoch !== this.#epoch) return;
        if (!stamped) return this.look();
        this.#see({ ...sight, tableWon: true });
        return this.#serve(look, sight.generation, verdict.loss);
      }
      case "stamp": {
        const marker = this.#newMarker(look, verdict.tableWon);
        const stamped = await this.#stamp(look, JSON.stringify(marker));
        if (epoch !== this.#epoch) return;
        if (!stamped) return this.look();
        this.#lost(verdict.loss);
        const { generation, accepted, tableWon } = marker;
        this.#see({ kind: "ours", generation, accepted, tableWon });
        return tableWon ? this.#serve(look, generation, undefined) : this.look();
      }
      case "wait":
        if (verdict.soon) this.#emptySince ??= monotonicMs();
        this.#deps.become({ kind: "waiting", reason: verdict.reason });
        return this.#lookIn(verdict.soon ? SECOND_LOOK_MS : LOOK_AGAIN_MS);
      case "refuse":
        this.#deps.become({ kind: "refused", reason: verdict.reason });
        return this.#lookIn(LOOK_AGAIN_MS);
      default:
        return assertNever(verdict);
    }
  }

  #newMarker({ facts, acceptLoss }: Look, tableWon: boolean) {
    const { table, name } = this.#deps;
    return newMarker(table, { shard: name, runId: facts?.runId ?? "", accepted: acceptLoss, tableWon });
  }

  /** False when somebody else was here between the look and this. */
  async #stamp(look: Look, marker: string): Promise<boolean> {
    const { connection, table, name, scripts } = this.#deps;
    const keys = [GENERATION_KEY, ACCEPT_LOSS_KEY, ...table.slotsOf(name).map(headerKey)];
    const args = [table.stamp, look.marker, marker];
    const [outcome] = (await connection.run(scripts.stamp, keys, args)) as [Buffer]; // a word leads the reply
    return outcome.toString() === "stamped";
  }

  #lost(loss: Told | undefined): void {
    if (loss !== undefined) this.#deps.journal.lost(loss.what, loss.from);
  }

  #serve({ facts }: Look, generation: string, loss: Told | undefined): void {
    this.#lost(loss);
    if (generation !== this.#memory?.generation) this.#highest.fill(0);
    const { runId = "", persistence, snapshotAt = epochMs(0) } = facts ?? {};
    this.#memory = { generation, runId, persistence, snapshotAt };
    this.#removed = facts?.removed;
    this.seen();
    this.#deps.become({ kind: "serving" });
  }

  /** `known`: the highest token of each slot when the look began. */
  #fellBack({ lastTokens }: Look, known: Float64Array): Situation["fellBack"] {
    let slots = 0;
    let lowest = Number.POSITIVE_INFINITY;
    for (const [n, slot] of this.#deps.table.slotsOf(this.#deps.name).entries()) {
      const highest = known[slot] ?? 0;
      if (highest === 0) continue;
      const token = Number(lastTokens.readBigUInt64BE(n * TOKEN_BYTES));
      if (token >= highest) continue;
      slots += 1;
      lowest = Math.min(lowest, token);
    }
    return { slots, since: epochMs(slots === 0 ? 0 : Math.floor(lowest / 1000)) };
  }

  /** Between looks: findings change, and another sidecar may have noticed a loss that this one slept through. */
  async #inspect(): Promise<void> {
    const idle = () => this.#deps.state().kind === "serving" && !this.#looking;
    if (!idle()) return;
    try {
      const server = await inspect(this.#deps.connection, this.#deps.clock);
      if (!idle()) return;
      this.#deps.journal.found(server.findings);
      this.#removed = server.facts?.removed;
      const otherData = !server.marker.includes(this.#memory?.generation ?? "");
      if (otherData || (this.#deps.strict && server.findings.length > 0)) this.look();
      else this.seen();
    } catch {
      // Calls notice by themselves, and a lost connection brings a look.
    }
  }

  #lookIn(ms: number): void {
    this.#cancelLook();
    this.#cancelLook = later(ms, () => this.look());
  }
}
