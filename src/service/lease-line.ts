import { monotonicMs } from "../base/clock.ts";
import type { Random } from "../base/random.ts";
import { durationMs } from "../base/units.ts";
import { pause } from "../base/wait.ts";
import { placeOf } from "../domain/address.ts";
import type { AcquireCommand, AcquireOutcome, LeaseAddress } from "../domain/lease.ts";
import { recordOfLease } from "../store/leases-on-records.ts";
import type { LeaseStore } from "../store/port.ts";
import type { WaitEnd, Waits } from "../telemetry/waits.ts";
import type { Caller } from "./caller.ts";
import { RE_READ_MS_MAX, timeToWait, type WaitingRoom } from "./waiting.ts";

/** Most that a look is put off by chance, ms, so that sidecars which saw one lease end do not look at one instant. */
const JITTER_MS_MAX = 50;
/** Where the store tells nobody of a lease's end, the head asks so often, ms: by chance, up to three times as long. */
const POLL_MS = 50;

type Busy = AcquireOutcome & { readonly kind: "busy" };

interface Deps {
  readonly leases: LeaseStore;
  /** Bounds what waits in this process: calls in line take their places from it. */
  readonly places: Pick<WaitingRoom, "enter" | "leave">;
  readonly waits: Waits;
  readonly random: Random;
}

/** A call in line; its turn comes when it is the first. */
interface Waiter {
  readonly turn: AbortController;
  /** Told how the wait ended; undefined until there is one. */
  ended: ((end: WaitEnd) => void) | undefined;
}

/** Those who wait for one resource, the one that came first at the head. Only the head asks the store. */
interface Line {
  readonly waiters: Waiter[];
  /** What the head was answered last, and when, on the monotonic clock. */
  heard: { readonly busy: Busy; readonly at: number } | undefined;
  /** Has the head ask at once, where the store itself does not. */
  wake: () => void;
}

/** A call that is the first of its line, until `end` on the monotonic clock, ms. */
interface Turn {
  readonly line: Line;
  readonly waiter: Waiter;
  readonly end: number;
}

export interface LeaseWait {
  /** 0 = answer at once. */
  readonly forMs: number;
  /** The lease id is the caller's own, so that the call may be the holder's, repeated for a lost answer. */
  readonly mayResume: boolean;
}

/**
 * Where calls wait for the lease of a resource, in the order in which they came. Over the bounds nobody is taken in,
 * and the call is answered at once. Nobody overtakes the line but a holder who asks for the lease it has.
 */
export class LeaseLine {
  readonly #deps: Deps;
  readonly #lines = new Map<string, Line>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Asks the store at least once, unless others are in line for the resource. */
  async acquire(at: LeaseAddress, command: AcquireCommand, wait: LeaseWait, caller: Caller): Promise<AcquireOutcome> {
    const { leases, places, waits } = this.#deps;
    const { id } = placeOf(recordOfLease(at));
    const before = this.#lines.get(id);
    const enters = wait.forMs !== 0 && places.enter(id);
    if (!enters) {
      if (wait.forMs !== 0) waits.refused("lease");
      if (before === undefined) return leases.acquire(at, command);
      return (await this.#resume(at, command, wait)) ?? busyIn(before);
    }
    const end = monotonicMs() + Math.min(wait.forMs, timeToWait(caller.timeLeft()));
    const line = before ?? { waiters: [], heard: undefined, wake: () => {} };
    this.#lines.set(id, line);
    const waiter: Waiter = { turn: new AbortController(), ended: undefined };
    line.waiters.push(waiter);
    let waited: WaitEnd = "failed";
    try {
      const outcome = await this.#inLine(at, command, wait, { line, waiter, end }, caller);
      waited = endOf(outcome, caller);
      return outcome;
    } finally {
      waiter.ended?.(waited);
      places.leave(id);
      this.#leave(id, line, waiter);
    }
  }

  /** A lease of the resource was given back or taken away through this process. */
  ended(at: LeaseAddress): void {
    this.#lines.get(placeOf(recordOfLease(at)).id)?.wake();
  }

  async #inLine(at: LeaseAddress, command: AcquireCommand, wait: LeaseWait, turn: Turn, caller: Caller) {
    const { line, waiter, end } = turn;
    if (line.waiters[0] !== waiter) {
      const own = await this.#resume(at, command, wait);
      if (own !== undefined) return own;
      waiter.ended = this.#deps.waits.started("lease");
      if (!(await comesToTurn(line, waiter, end, caller.signal()))) return busyIn(line);
    }
    return this.#atHead(at, command, turn, caller);
  }

  async #atHead(at: LeaseAddress, command: AcquireCommand, { line, waiter, end }: Turn, caller: Caller) {
    const { leases, random, waits } = this.#deps;
    let wake = new AbortController();
    const watch = leases.watch(at, () => wake.abort());
    if (!watch.hears) line.wake = () => wake.abort();
    const rest = (busy: Busy) =>
      watch.hears ? Math.min(busy.left, RE_READ_MS_MAX) + random() * JITTER_MS_MAX : POLL_MS * (1 + 2 * random());
    try {
      for (;;) {
        wake = new AbortController();
        const outcome = await leases.acquire(at, command);
        if (outcome.kind === "acquired") return outcome;
        line.heard = { busy: outcome, at: monotonicMs() };
        const left = end - monotonicMs();
        const gone = caller.signal();
        if (left <= 0 || gone.aborted) return outcome;
        waiter.ended ??= waits.started("lease");
        await pause(Math.min(rest(outcome), left), AbortSignal.any([wake.signal, gone]));
        // Not asked once more: the lease would go to a caller who has gone.
        if (gone.aborted) return outcome;
      }
    } finally {
      line.wake = () => {};
      watch.close();
    }
  }

  /**
   * The caller's own lease, if it is the holder. Asked for while the lease is held, so that a free one is left to the
   * line; should it come free between the two questions, it is the caller's all the same: taking it back might take it
   * from a repeat of the call that was answered elsewhere.
   */
  async #resume(at: LeaseAddress, command: AcquireCommand, wait: LeaseWait): Promise<AcquireOutcome | undefined> {
    if (!wait.mayResume || (await this.#deps.leases.inspect(at)) === undefined) return undefined;
    const outcome = await this.#deps.leases.acquire(at, command);
    return outcome.kind === "acquired" ? outcome : undefined;
  }

  #leave(id: string, line: Line, waiter: Waiter): void {
    const place = line.waiters.indexOf(waiter);
    line.waiters.splice(place, 1);
    if (place === 0) line.waiters[0]?.turn.abort();
    if (line.waiters.length === 0) this.#lines.delete(id);
  }
}

/** False when the time is over or the caller is gone before the turn comes. */
async function comesToTurn(line: Line, waiter: Waiter, end: number, gone: AbortSignal): Promise<boolean> {
  await pause(Math.max(0, end - monotonicMs()), AbortSignal.any([waiter.turn.signal, gone]));
  return line.waiters[0] === waiter && !gone.aborted;
}

function endOf(outcome: AcquireOutcome, caller: Caller): WaitEnd {
  if (outcome.kind === "acquired") return "answered";
  return caller.signal().aborted ? "gone" : "timed_out";
}

/** What those are told who are not first: the head's last answer, if it has one yet. */
function busyIn({ heard }: Line): Busy {
  if (heard === undefined) return { kind: "busy", owner: "", left: durationMs(RE_READ_MS_MAX) };
  const left = Math.floor(heard.busy.left - (monotonicMs() - heard.at));
  return { ...heard.busy, left: durationMs(Math.max(1, left)) };
}
