import { Redis } from "ioredis";
import { later } from "../../base/wait.ts";
import type { Logger } from "../../telemetry/logger.ts";
import type { Watch } from "../port.ts";
import { type ConnectionDeps, redisOptions } from "../redis-client/connection.ts";
import { ENDED_CHANNEL } from "./keys.ts";

/** A server that refuses to be subscribed to may come to allow it; waiters have their timers meanwhile. */
const RESUBSCRIBE_MS = 5000;

export type SubscriberDeps = Omit<ConnectionDeps, "onReady" | "onDown"> & { readonly logger: Logger };

/**
 * Hears of ended attempts on one shard, and wakes who watches them. The connection is made at the first watch and then
 * kept: a sidecar whose callers never wait needs none, and what is missed until it stands is made good by waking
 * everybody once it does, as after every reconnection.
 */
export class Subscriber {
  readonly #deps: SubscriberDeps;
  readonly #watchers = new Map<string, Set<() => void>>();
  #redis: Redis | undefined;
  #closed = false;
  #cancelRetry = () => {};

  constructor(deps: SubscriberDeps) {
    this.#deps = deps;
  }

  watch(id: string, wake: () => void): Watch {
    this.#connect();
    const own = () => wake(); // two watches may share one function
    const watching = this.#watchers.get(id) ?? new Set();
    this.#watchers.set(id, watching.add(own));
    return {
      close: () => {
        watching.delete(own);
        if (watching.size === 0 && this.#watchers.get(id) === watching) this.#watchers.delete(id);
      },
    };
  }

  close(): void {
    this.#closed = true;
    this.#cancelRetry();
    this.#redis?.disconnect();
    this.#watchers.clear();
  }

  #connect(): void {
    if (this.#closed || this.#redis !== undefined) return;
    const redis = new Redis({ ...redisOptions(this.#deps), autoResubscribe: false });
    this.#redis = redis;
    redis.on("error", () => {}); // told by the shard's other connection
    redis.on("ready", () => void this.#subscribe(redis));
    redis.on("message", (_channel: string, id: string) => this.#wake(id));
    redis.connect().catch(() => {}); // tried again by itself
  }

  async #subscribe(redis: Redis): Promise<void> {
    if (this.#closed || redis.status !== "ready") return;
    try {
      await redis.subscribe(ENDED_CHANNEL);
    } catch (err) {
      this.#deps.logger.debug({ err, shard: this.#deps.name }, "waiters are not woken: subscribing failed");
      this.#cancelRetry();
      this.#cancelRetry = later(RESUBSCRIBE_MS, () => void this.#subscribe(redis));
    }
    for (const id of this.#watchers.keys()) this.#wake(id);
  }

  #wake(id: string): void {
    for (const wake of [...(this.#watchers.get(id) ?? [])]) wake();
  }
}
