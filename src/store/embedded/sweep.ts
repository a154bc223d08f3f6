import { type Clock, monotonicMs } from "../../base/clock.ts";
import { type FencingToken, later } from "../../base/units.ts";
import { every, pause } from "../../base/wait.ts";
import { isFinished, stillFences } from "../../domain/record.ts";
import type { Logger } from "../../telemetry/logger.ts";
import type { Removed } from "../port.ts";
import type { GroupCommit } from "./commit.ts";
import type { Database, Write } from "./database.ts";
import { type Disk, SHARD } from "./disk.ts";
import type { DuplicateCounts } from "./duplicates.ts";
import { drop, moveExpiry, sweepAtOf, unpackAnyhow } from "./held.ts";
import {
  bodyKey,
  type ExpiryEntry,
  expiryKey,
  expiryStart,
  justAfter,
  parseExpiryKey,
  recordKey,
  secondOf,
} from "./keys.ts";
import type { RunningRecords } from "./running.ts";

/** How often the sweep looks for what has come due, ms, where nothing else is said. */
export const SWEEP_EVERY_MS = 1000;
/** Entries of one step: what is decided without a pause, so a millisecond or two of the event loop. */
const SLICE_ENTRIES_MAX = 50;
/** After which the sweep comes again by a record that it could not read, s: it stays, for a human. */
const UNREADABLE_AGAIN_S = 24 * 60 * 60;

export interface SweepDeps {
  readonly disk: Disk;
  readonly commit: GroupCommit;
  readonly counts: DuplicateCounts;
  readonly running: RunningRecords;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly everyMs: number;
}

/**
 * Frees the room of what has expired: records and bodies, from an index in order of time, in small steps that go to
 * disk with everybody else's transitions. Nobody can tell whether it ran: what has expired counts as absent without it.
 */
export class Sweep {
  readonly #deps: SweepDeps;
  readonly #stop = new AbortController();
  readonly #callOff: () => void;
  /** Everything before has been dealt with; looking there again would mean stepping over what was deleted. */
  #from = expiryStart(0);
  #current: Promise<void> | undefined;
  #removed = 0;
  /** When the first entry came due that is left, epoch seconds; undefined = none is. */
  #dueSince: number | undefined;

  constructor(deps: SweepDeps) {
    this.#deps = deps;
    this.#callOff = every(deps.everyMs, () => {
      this.#current ??= this.#run().finally(() => {
        this.#current = undefined;
      });
    });
  }

  /** The database was opened anew: what was done may have been lost. */
  restart(): void {
    this.#from = expiryStart(0);
  }

  /** Records taken out since the start, and how far behind the sweep is. */
  removed(): Removed {
    const now = this.#deps.clock.now();
    const lagMs = this.#dueSince === undefined ? 0 : Math.max(0, now - this.#dueSince * 1000);
    return { expired: this.#removed, evicted: 0, lagMs };
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#callOff();
    await this.#current;
  }

  async #run(): Promise<void> {
    try {
      while (!this.#stop.signal.aborted) {
        const from = monotonicMs();
        if (!(await this.#slice())) return;
        // Half of the time at most: a large backlog must not slow down the callers.
        await pause(monotonicMs() - from, this.#stop.signal);
      }
    } catch {
      // The disk is in trouble, which it says by itself; the next round begins from what is on it then.
    }
  }

  /** One step; true when there may be more. */
  async #slice(): Promise<boolean> {
    const { disk, commit, clock } = this.#deps;
    const database = disk.database();
    // Strictly before this second: new entries never stand before it, so nothing appears behind `#from`.
    const due = expiryStart(Math.floor(clock.now() / 1000));
    if (due.compare(this.#from) < 0) this.#from = due; // the clock was set back
    const keys = await database.keys({ gte: this.#from, lt: due }, SLICE_ENTRIES_MAX);
    const entries = keys.map(parseExpiryKey);
    await database.warm(entries.flatMap(({ id, token }) => (token === undefined ? [recordKey(id)] : [])));
    if (disk.database() !== database) return false;
    const left = entries.findIndex((entry) => !this.#settle(entry, database));
    const more = keys.length === SLICE_ENTRIES_MAX;
    this.#dueSince = entries[left]?.second ?? (more ? entries[entries.length - 1]?.second : undefined);
    this.#from = keys[left] ?? (more ? justAfter(keys[keys.length - 1] ?? due) : due);
    await commit.quiet();
    return more;
  }

  /** Deals with one entry that has come due; false when its record is on its way to disk, so that it is not known. */
  #settle({ id, second, token }: ExpiryEntry, database: Database): boolean {
    const { commit } = this.#deps;
    const own = { key: expiryKey(second, id, token), value: undefined };
    if (commit.pending(id) !== undefined) return false;
    const value = database.read(recordKey(id));
    if (token !== undefined) {
      // A completion restored under the same token has a body of its own, and an entry of its own for it.
      const body = { key: bodyKey(id, token), value: undefined };
      commit.tidy(keepsBodyPast(value, token, second) ? [own] : [own, body]);
      return true;
    }
    if (value === undefined || sweepAtOf(value) !== second) commit.tidy([own]);
    else this.#judge(id, value);
    return true;
  }

  /** Deals with a record whose own entry has come due. */
  #judge(id: string, value: Buffer): void {
    const { commit, clock, counts, running, logger } = this.#deps;
    const held = unpackAnyhow(value);
    const writes: Write[] = [];
    if (held === undefined) {
      logger.error({ shard: SHARD }, "the sweep cannot read a stored record, and leaves it");
      moveExpiry(id, value, secondOf(clock.now()) + UNREADABLE_AGAIN_S, writes);
      running.forget(id); // what it had in memory knows another second
      commit.tidy(writes);
    } else if (stillFences(held.record, later(held.record.updatedAt, clock.now()))) {
      const sweepAtS = secondOf(held.record.expiresAt);
      moveExpiry(id, value, sweepAtS, writes);
      commit.add({ id, held: { ...held, sweepAtS }, writes, housekeeping: true });
    } else {
      drop(id, held, writes);
      counts.settle(id);
      this.#removed++;
      commit.add({ id, held: undefined, writes, housekeeping: true });
    }
  }
}

/** Whether the record's body is that of the attempt with this token, and due later than `second`. */
function keepsBodyPast(value: Buffer | undefined, token: FencingToken, second: number): boolean {
  const held = unpackAnyhow(value);
  if (held === undefined || !held.bodyApart || !isFinished(held.record)) return false;
  return held.record.token === token && secondOf(held.record.resultUntil) > second;
}
