import { Redis } from "ioredis";
import { OncewardError } from "../../base/errors.ts";
import type { Random } from "../../base/random.ts";
import type { DurationMs } from "../../base/units.ts";
import { Encoded } from "./encoded.ts";
import { RespWriter } from "./resp-writer.ts";
import type { Script } from "./script.ts";
import type { RedisPlace } from "./url.ts";

export interface ConnectionDeps {
  /** Of the shard, for faults. */
  readonly name: string;
  readonly place: RedisPlace;
  readonly commandTimeout: DurationMs;
  readonly connectTimeout: DurationMs;
  readonly random: Random;
  /** The server may be asked; also after every reconnection. */
  readonly onReady: () => void;
  /** The connection, or an attempt at one, is gone. */
  readonly onDown: () => void;
}

export type Argument = string | number | Buffer;

/** The server answers, but has not yet read its data from disk. */
export function isLoading(fault: unknown): boolean {
  const { cause } = fault instanceof OncewardError ? fault : {};
  return cause instanceof Error && cause.message.startsWith("LOADING");
}

/** When to ask again after a fault: a reconnection mostly takes less. */
export const RETRY_AFTER_MS = 250;

const RECONNECT_MS_MIN = 50;
const RECONNECT_MS_MAX = 1000;
const RECONNECT_JITTER_MS = 100;

/** Notices a server that vanished without closing the connection, ms. */
const KEEP_ALIVE_MS = 5000;

/**
 * A connection on which nothing at all came back for so many command time-outs is given up and made anew: a slow
 * server recovers in that time, a peer that is gone does not.
 */
const SILENT_TIMEOUTS_MAX = 4;

/**
 * How every connection to Redis is set up. The driver never sends a command twice: a script whose reply was lost may
 * have run, so only the caller, who gets a fault, may decide to call again. `maxRetriesPerRequest` 0 makes a lost
 * connection settle what is in flight, `commandTimeout` a lost reply; no offline queue, since a queued call would run
 * after its caller gave up. RESP2 suffices for everything we ask and is spoken by every proxy.
 */
export function redisOptions(deps: Pick<ConnectionDeps, "place" | "commandTimeout" | "connectTimeout" | "random">) {
  return {
    ...deps.place.options,
    protocol: 2,
    lazyConnect: true,
    enableReadyCheck: false, // the first look tells whether the server is ready
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    enableAutoPipelining: false,
    commandTimeout: deps.commandTimeout,
    connectTimeout: deps.connectTimeout,
    socketTimeout: deps.commandTimeout * SILENT_TIMEOUTS_MAX,
    keepAlive: KEEP_ALIVE_MS,
    retryStrategy: (times: number) =>
      Math.min(RECONNECT_MS_MIN * 2 ** Math.min(times, 10), RECONNECT_MS_MAX) + deps.random() * RECONNECT_JITTER_MS,
  } as const;
}

/** One connection to one Redis, which comes back by itself; and the only code that sends commands to it. */
export class Connection {
  readonly #name: string;
  readonly #redis: Redis;
  readonly #loading = new Map<string, Promise<unknown>>();

  constructor(deps: ConnectionDeps) {
    this.#name = deps.name;
    this.#redis = new Redis(redisOptions(deps));
    this.#redis.on("ready", deps.onReady);
    this.#redis.on("close", deps.onDown);
    // Every fault also ends in "close", which says what matters; without a listener the driver prints it.
    this.#redis.on("error", () => {});
  }

  open(): void {
    this.#redis.connect().catch(() => {}); // told by onDown, and tried again by itself
  }

  /** Byte strings in the reply are Buffers. Rejects with STORE_UNAVAILABLE on every fault, the server's included. */
  async send(name: string, ...args: readonly Argument[]): Promise<unknown> {
    try {
      return await this.#write(name, encoded(name, args));
    } catch (cause) {
      throw this.#unavailable(cause);
    }
  }

  /** Runs a script once, or not at all, or (on STORE_UNAVAILABLE) nobody knows. */
  run(script: Script, keys: readonly string[], args: readonly Argument[]): Promise<unknown> {
    return this.runEncoded(script, encoded("evalsha", [script.sha, keys.length, ...keys, ...args]));
  }

  /** As {@link run}; `command` is the whole EVALSHA of that script, as it goes out. */
  async runEncoded(script: Script, command: Buffer): Promise<unknown> {
    try {
      return await this.#write("evalsha", command);
    } catch (cause) {
      if (!isNoScript(cause)) throw this.#unavailable(cause);
    }
    // The server did not know the script, so it did not run, and only then may it be sent again.
    await this.load(script);
    try {
      return await this.#write("evalsha", command);
    } catch (cause) {
      throw this.#unavailable(cause);
    }
  }

  /** Tells the server a script; calls that miss it together load it once. */
  async load(script: Script): Promise<void> {
    const loading = this.#loading.get(script.sha) ?? this.send("script", "LOAD", script.text);
    this.#loading.set(script.sha, loading);
    try {
      await loading;
    } finally {
      this.#loading.delete(script.sha);
    }
  }

  close(): void {
    this.#redis.disconnect();
  }

  /** The commands that `act` sends go out in one write, and so are mostly read by the server in one. */
  together(act: () => void): void {
    const { stream } = this.#redis; // another one after each reconnection
    stream?.cork();
    try {
      act();
    } finally {
      stream?.uncork();
    }
  }

  #write(name: string, bytes: Buffer): Promise<unknown> {
    return this.#redis.sendCommand(new Encoded(name, bytes)) as Promise<unknown>; // typed `unknown`; it is a promise
  }

  #unavailable(fault: unknown): OncewardError {
    if (fault instanceof OncewardError) return fault;
    const cause = fault instanceof Error ? withoutArguments(fault) : fault;
    const details = { cause, shard: this.#name, retryAfterMs: RETRY_AFTER_MS };
    return new OncewardError("STORE_UNAVAILABLE", `shard ${this.#name} gave no answer`, details);
  }
}

const writer = new RespWriter();

/** The driver makes several strings and buffers of each argument where any is a buffer. */
function encoded(name: string, args: readonly Argument[]): Buffer {
  writer.restart();
  writer.array(args.length + 1);
  writer.text(name);
  for (const arg of args) writer.argument(arg);
  return writer.finish();
}

function isNoScript(fault: unknown): boolean {
  return fault instanceof Error && fault.message.startsWith("NOSCRIPT");
}

/** The driver hangs the command on its errors, and with it keys and payloads, which no log may show. */
function withoutArguments(fault: Error): Error {
  const cause = new Error(fault.message);
  cause.name = fault.name;
  return cause;
}
