import type { Clock } from "../../base/clock.ts";
import { OncewardError } from "../../base/errors.ts";
import type { EpochMs } from "../../base/units.ts";
import { pause } from "../../base/wait.ts";
import type { Logger } from "../../telemetry/logger.ts";
import { inWords } from "./cause.ts";
import type { Database } from "./database.ts";

export const SHARD = "main";

/** First wait before the database is opened again after a failure, ms; each further one is twice as long. */
const REOPEN_AFTER_MS = 100;
/** Longest such wait, ms: a disk that was full should be noticed soon after somebody made room. */
const REOPEN_AFTER_MS_MAX = 5000;
/** Longest that closing waits for a disk that gives no answer, ms. What was acknowledged is on it already. */
const CLOSE_MS_MAX = 5000;

export interface DiskDeps {
  readonly directory: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Opens it again after a failure. */
  readonly reopen: () => Promise<Database>;
}

interface Trouble {
  readonly reason: string;
  readonly since: EpochMs;
}

/**
 * The open database, or the way back to it. After a failed write nothing is known about the end of the log, and writing
 * on could bury what was acknowledged: the database is closed, and opening it again reads back what really is on disk.
 */
export class Disk {
  readonly #deps: DiskDeps;
  readonly #closing = new AbortController();
  #database: Database;
  #trouble: Trouble | undefined;
  #retryAfterMs = REOPEN_AFTER_MS;

  constructor(database: Database, deps: DiskDeps) {
    this.#database = database;
    this.#deps = deps;
  }

  /** @throws {OncewardError} STORE_UNAVAILABLE while there is none. */
  database(): Database {
    if (this.#closing.signal.aborted) throw this.fault(new Error("the store is closed"));
    if (this.#trouble !== undefined) throw this.fault(new Error(this.#trouble.reason));
    return this.#database;
  }

  /** What callers are told, whatever it was. */
  fault(cause: unknown): OncewardError {
    const details = { cause, shard: SHARD, retryAfterMs: this.#retryAfterMs };
    return new OncewardError("STORE_UNAVAILABLE", "the embedded store gave no answer", details);
  }

  trouble(): Trouble | undefined {
    return this.#trouble;
  }

  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** A write failed: closes the database, and opens it again until that works. */
  failed(cause: unknown): void {
    if (this.#trouble !== undefined || this.closed) return;
    this.#trouble = { reason: `a write failed: ${inWords(cause)}`, since: this.#deps.clock.now() };
    this.#deps.logger.error({ err: cause, directory: this.#deps.directory }, "the embedded store cannot write");
    void this.#reopen();
  }

  async #reopen(): Promise<void> {
    const { signal } = this.#closing;
    const since = this.#trouble?.since ?? this.#deps.clock.now();
    await this.#database.close().catch(() => {});
    for (this.#retryAfterMs = REOPEN_AFTER_MS; (await pause(this.#retryAfterMs, signal)) === "elapsed"; ) {
      try {
        const database = await this.#deps.reopen();
        if (signal.aborted) return await database.close();
        this.#database = database;
        this.#trouble = undefined;
        this.#deps.logger.warn({ directory: this.#deps.directory, since }, "the embedded store serves again");
        return;
      } catch (cause) {
        this.#trouble = { reason: `cannot open the database again: ${inWords(cause)}`, since };
        this.#retryAfterMs = Math.min(2 * this.#retryAfterMs, REOPEN_AFTER_MS_MAX);
      }
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const closed = new AbortController();
    void this.#shut().then(() => closed.abort());
    await pause(CLOSE_MS_MAX, closed.signal);
  }

  /** Whatever does not work any more can be left: the next start reads the log. */
  async #shut(): Promise<void> {
    if (this.#trouble === undefined) await this.#database.flush().catch(() => {});
    await this.#database.close().catch(() => {});
  }
}
