import { setTimeout as pause } from "node:timers/promises";
import { Redis } from "ioredis";
import { placeOf } from "../../src/domain/address.ts";
import { recordKey } from "../../src/store/redis/keys.ts";
import { spread } from "../statistics.ts";
import { recordAt } from "./filled.ts";

/** Records whose memory is asked for one by one. */
const SAMPLES = 200;
const LOOK_EVERY_MS = 50;

/** Asks a Redis about itself. */
export class RedisInfo {
  readonly #redis: Redis;

  constructor(socket: string) {
    this.#redis = new Redis({ path: socket });
    // A fault is told by the question that met it.
    this.#redis.on("error", () => {});
  }

  usedMemory(): Promise<number> {
    return this.#number("memory", "used_memory");
  }

  expiredKeys(): Promise<number> {
    return this.#number("stats", "expired_keys");
  }

  /** Median of what Redis says of single records, of their keys included, bytes. */
  async memoryOfRecord(records: number): Promise<number> {
    const every = Math.max(1, Math.floor(records / SAMPLES));
    const numbers = Array.from({ length: Math.min(SAMPLES, records) }, (_, index) => index * every);
    const sizes = await Promise.all(
      numbers.map((number) => this.#redis.call("MEMORY", "USAGE", recordKey(placeOf(recordAt(number).address)))),
    );
    return spread(sizes.map(Number)).median;
  }

  /** Whether Redis looks for what has expired. It takes no notice of what nobody asks for while it does not. */
  async expires(on: boolean): Promise<void> {
    await this.#redis.call("DEBUG", "SET-ACTIVE-EXPIRE", on ? "1" : "0");
  }

  /** Has everything written to an append-only file, anew and whole, and waits until it is. */
  async persist(signal: AbortSignal): Promise<void> {
    await this.#redis.config("SET", "appendonly", "yes");
    while ((await this.#number("persistence", "aof_rewrite_in_progress")) !== 0) {
      await pause(LOOK_EVERY_MS, undefined, { signal });
    }
    const said = await this.#redis.info("persistence");
    if (!/^aof_last_bgrewrite_status:ok/m.test(said)) throw new Error("Redis could not write its append-only file");
  }

  /** Nothing more is written to a file, as everywhere else in a run. */
  async forgetFile(): Promise<void> {
    await this.#redis.config("SET", "appendonly", "no");
  }

  close(): void {
    this.#redis.disconnect();
  }

  async #number(section: string, name: string): Promise<number> {
    const line = new RegExp(`^${name}:(\\d+)`, "m").exec(await this.#redis.info(section));
    return Number(line?.[1] ?? Number.NaN);
  }
}
