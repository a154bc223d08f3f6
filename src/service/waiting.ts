import { monotonicMs } from "../base/clock.ts";
import { pause } from "../base/wait.ts";
import type { RecordAddress } from "../domain/address.ts";
import { placeOf } from "../domain/address.ts";
import type { IdempotencyStore } from "../store/port.ts";
import type { WaitEnd, Waits } from "../telemetry/waits.ts";
import type { Caller } from "./caller.ts";

/** Longest a waiter sleeps without reading again, ms: a wake-up is a hint and may be lost. */
export const RE_READ_MS_MAX = 1000;
/** What a waiting call keeps of the time until its deadline, for the last read and the way back; bounds in ms. */
const ANSWER_SHARE = 1 / 8;
const ANSWER_MS_MIN = 50;
const ANSWER_MS_MAX = 500;

interface Bounds {
  /** Waiters in this process. */
  readonly total: number;
  readonly perRecord: number;
}

interface Deps {
  readonly store: IdempotencyStore;
  readonly bounds: Bounds;
  readonly waits: Waits;
}

/** Where calls wait for an attempt to end. Over its bounds nobody is taken in, and the call answers at once. */
export class WaitingRoom {
  readonly #store: IdempotencyStore;
  readonly #bounds: Bounds;
  readonly #waits: Waits;
  readonly #perRecord = new Map<string, number>();
  #total = 0;

  constructor({ store, bounds, waits }: Deps) {
    this.#store = store;
    this.#bounds = bounds;
    this.#waits = waits;
  }

  get waiting(): number {
    return this.#total;
  }

  /**
   * Reads again and again until `read` says it is settled, the wait of `forMs` is over, or the caller is gone. `read`
   * is called at least once and must ask the store to announce; it says how long, ms, the answer stands unless it is
   * announced, or undefined when it is settled.
   */
  async until<T>(
    at: RecordAddress,
    forMs: number,
    caller: Caller,
    read: (announce: boolean) => Promise<{ readonly answer: T; readonly standsForMs: number | undefined }>,
  ): Promise<T> {
    const { id } = placeOf(at);
    if (forMs === 0) return (await read(false)).answer;
    if (!this.enter(id)) {
      this.#waits.refused("record");
      return (await read(false)).answer;
    }
    let ended: ((end: WaitEnd) => void) | undefined;
    let end: WaitEnd = "failed";
    let wake = new AbortController();
    const watch = this.#store.watch(at, () => wake.abort());
    const until = monotonicMs() + Math.min(forMs, timeToWait(caller.timeLeft()));
    try {
      for (;;) {
        wake = new AbortController();
        const { answer, standsForMs } = await read(true);
        const left = until - monotonicMs();
        const gone = caller.signal();
        if (standsForMs === undefined || left <= 0 || gone.aborted) {
          end = standsForMs === undefined ? "answered" : gone.aborted ? "gone" : "timed_out";
          return answer;
        }
        ended ??= this.#waits.started("record");
        await pause(Math.min(standsForMs, left, RE_READ_MS_MAX), AbortSignal.any([wake.signal, gone]));
        // Not read once more: a Begin for a caller who has gone would start an attempt that nobody runs.
        if (gone.aborted) {
          end = "gone";
          return answer;
        }
      }
    } finally {
      ended?.(end);
      watch.close();
      this.leave(id);
    }
  }

  /** Takes a place to wait for what `id` names; false = there is none, and nobody waits. */
  enter(id: string): boolean {
    const here = this.#perRecord.get(id) ?? 0;
    if (this.#total >= this.#bounds.total || here >= this.#bounds.perRecord) return false;
    this.#total++;
    this.#perRecord.set(id, here + 1);
    return true;
  }

  leave(id: string): void {
    const here = this.#perRecord.get(id) ?? 0;
    this.#total--;
    if (here <= 1) this.#perRecord.delete(id);
    else this.#perRecord.set(id, here - 1);
  }
}

/** Of the time until a deadline, both in ms. */
export function timeToWait(timeLeft: number): number {
  return timeLeft - Math.min(ANSWER_MS_MAX, Math.max(ANSWER_MS_MIN, timeLeft * ANSWER_SHARE));
}
