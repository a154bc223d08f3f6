/** Servers, stores and proxies of one test file's own, gone at the end of each test. */
import { Redis } from "ioredis";
import { afterEach } from "vitest";
import { slot } from "../../src/base/units.ts";
import type { IdempotencyStore } from "../../src/store/port.ts";
import { headerKey } from "../../src/store/redis/keys.ts";
import { openRedisStore, type RedisStoreOptions } from "../../src/store/redis/open.ts";
import type { Harness } from "../conformance/harness.ts";
import { RedisProxy } from "./proxy.ts";
import { storeOptions } from "./redis-harness.ts";
import { RedisServer, type RedisServerOptions } from "./redis-server.ts";

/** What a store's status comes to, on a busy machine, ms. */
export const SOON = { timeout: 20_000, interval: 5 };

type Shards = RedisStoreOptions["shards"];

export function redisLab() {
  const closing: (() => unknown)[] = [];
  const atEnd = <Thing>(thing: Thing, close: () => unknown): Thing => {
    closing.unshift(close);
    return thing;
  };
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });
  const client = (server: RedisServer, db = 0) => {
    const redis = new Redis({ path: server.socket, db });
    redis.on("error", () => {}); // servers come and go in these tests
    return atEnd(redis, () => redis.disconnect());
  };
  return {
    server: async (options?: RedisServerOptions) => {
      const server = await RedisServer.start(options);
      return atEnd(server, () => server.remove());
    },
    proxy: async (server: RedisServer) => {
      const proxy = await RedisProxy.start(server.socket);
      return atEnd(proxy, () => proxy.close());
    },
    /** A store under the true clock. */
    open: async (shards: Shards, parts?: Partial<RedisStoreOptions>): Promise<IdempotencyStore> => {
      const store = await openRedisStore(storeOptions(shards, parts));
      return atEnd(store, () => store.close());
    },
    client,
    /** How many slots of a server carry a header. */
    stamped: async (server: RedisServer) => {
      const headers = Array.from({ length: 4096 }, (_, n) => headerKey(slot(n)));
      return client(server).exists(...headers);
    },
  };
}

/** A store as the cases take it; its clock is the true one, so that nobody moves it. */
export function live(store: IdempotencyStore): Harness {
  const not = () => Promise.reject(new Error("a store under the true clock"));
  return {
    store,
    nowUs: () => Date.now() * 1000,
    advance: not,
    lose: not,
    putStream: not,
    close: () => store.close(),
  };
}

/** One shard named `main`. */
export function main(where: { url(db?: number): string }, db = 0): Shards {
  return [{ name: "main", url: where.url(db) }];
}
