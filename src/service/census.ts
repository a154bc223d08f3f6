import { type Clock, monotonicMs } from "../base/clock.ts";
import type { EpochMs } from "../base/units.ts";
import { pause } from "../base/wait.ts";
import type { VisibleState } from "../domain/record.ts";
import { Count } from "../store/census.ts";
import type { Counted, IdempotencyStore } from "../store/port.ts";
import type { Logger } from "../telemetry/logger.ts";

/** Records read in one step, and the rest between steps, ms: a census is background work. */
const STEP_RECORDS = 200;
const STEP_PAUSE_MS = 200;
/** Least time from the start of one census to the start of the next, ms. */
const ROUND_MS = 15_000;

export interface Census {
  readonly counted: ReadonlyMap<VisibleState, Counted>;
  /** When it began: nothing in it is older. */
  readonly at: EpochMs;
}

interface Deps {
  readonly store: IdempotencyStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Namespaces to count. */
  readonly namespaces: () => readonly string[];
}

/** Counts unfinished records in the background, a page at a time, so that asking for the numbers costs nothing. */
export class CensusTaker {
  readonly #deps: Deps;
  readonly #taken = new Map<string, Census>();
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Every namespace that has been counted. */
  namespaces(): string[] {
    return [...this.#taken.keys()];
  }

  latest(namespace: string): Census | undefined {
    return this.#taken.get(namespace);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const began = monotonicMs();
      for (const namespace of this.#deps.namespaces()) await this.#count(namespace);
      await pause(Math.max(STEP_PAUSE_MS, ROUND_MS - (monotonicMs() - began)), signal);
    }
  }

  async #count(namespace: string): Promise<void> {
    const at = this.#deps.clock.now();
    const count = new Count();
    let cursor = "";
    try {
      do {
        if ((await pause(STEP_PAUSE_MS, this.#stop.signal)) === "aborted") return;
        const { counted, next } = await this.#deps.store.census({ namespace, limit: STEP_RECORDS, cursor });
        for (const [state, some] of counted) count.add(state, some);
        cursor = next;
      } while (cursor !== "");
      this.#taken.set(namespace, { counted: count.byState, at });
    } catch (error) {
      this.#deps.logger.debug({ err: error, namespace }, "the census was broken off");
    }
  }
}
