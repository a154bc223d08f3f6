import { Redis } from "ioredis";
import { systemClock } from "../../src/base/clock.ts";
import { systemRandom } from "../../src/base/random.ts";
import { durationMs } from "../../src/base/units.ts";
import { placeOf, streamPlaceOf } from "../../src/domain/address.ts";
import { packStream } from "../../src/store/packed-stream.ts";
import { bodyKey, recordKey, streamKey } from "../../src/store/redis/keys.ts";
import { openRedisStore, type RedisStoreOptions } from "../../src/store/redis/open.ts";
import { shardTable } from "../../src/store/redis/table.ts";
import { silentLogger } from "../../src/telemetry/logger.ts";
import type { Harness } from "../conformance/harness.ts";
import { RedisServer } from "./redis-server.ts";

const CLOCK_KEY = "test:clock";

/**
 * Stands in for `lua/lib/clock.lua`: the time is what a key says, and Redis sweeps by its own clock ten years late, so
 * that the test's clock alone decides what is there.
 */
const CLOCK_SNIPPET = `local now_us, sweep_after = tonumber(call('GET', '${CLOCK_KEY}')), 315360000000\n`;

/** Options for a store in a test: on a busy machine an answer may take long, and says so by its content alone. */
export function storeOptions(
  shards: RedisStoreOptions["shards"],
  parts: Partial<RedisStoreOptions> = {},
): RedisStoreOptions {
  return {
    shards,
    commandTimeout: durationMs(10_000),
    connectTimeout: durationMs(10_000),
    firstVerifyTimeout: durationMs(20_000),
    strict: false,
    logger: silentLogger,
    clock: systemClock,
    random: systemRandom,
    ...parts,
  };
}

/** `main` for one shard; `a`, `b`, `c` for three. */
export function shardsOn(servers: readonly RedisServer[], db = 0): { name: string; url: string }[] {
  const name = (n: number) => (servers.length === 1 ? "main" : String.fromCharCode(97 + n));
  return servers.map((server, n) => ({ name: name(n), url: server.url(db) }));
}

export interface RedisHarness extends Harness {
  readonly servers: readonly RedisServer[];
  /** Sends the first server a command, past the store. */
  call(command: string, ...args: readonly string[]): Promise<unknown>;
}

/** A store on so many Redis of its own, under a clock that only the test moves. */
export async function openRedis(count: number, parts: Partial<RedisStoreOptions> = {}): Promise<RedisHarness> {
  const servers = await Promise.all(Array.from({ length: count }, () => RedisServer.start()));
  const clients = servers.map((server) => new Redis({ path: server.socket }));
  let nowUs = Date.now() * 1000;
  const setClocks = () => Promise.all(clients.map((client) => client.set(CLOCK_KEY, String(nowUs))));
  await setClocks();
  const shards = shardsOn(servers);
  const table = shardTable(shards.map(({ name }) => name));
  const store = await openRedisStore(storeOptions(shards, { ...parts, clockSnippet: CLOCK_SNIPPET }));
  return {
    store,
    servers,
    call: async (command, ...args) => clients[0]?.call(command, ...args),
    nowUs: () => nowUs,
    advance: async (ms) => {
      nowUs += ms * 1000;
      await setClocks();
    },
    lose: async (address) => {
      const place = placeOf(address);
      await clients[table.ownerOf(place.slot)]?.del(recordKey(place), bodyKey(place));
    },
    putStream: async (at, stream) => {
      const place = streamPlaceOf(at);
      const client = clients[table.ownerOf(place.slot)];
      if (stream === undefined) await client?.del(streamKey(place));
      else await client?.set(streamKey(place), packStream(stream));
    },
    close: async () => {
      await store.close();
      for (const client of clients) client.disconnect();
      for (const server of servers) await server.remove();
    },
  };
}
