import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { IdempotencyStore } from "../../src/store/port.ts";
import { openStoreOf } from "../load/store-work.ts";
import { startRedis } from "../support/servers.ts";
import type { Workplace } from "../support/workplace.ts";
import { RedisInfo } from "./redis-info.ts";

/** Where stores of one kind are made. */
export interface Grounds {
  readonly name: "embedded" | "redis";
  prepare(name: string): Promise<Place>;
}

/** Where one store lies, open or not. */
interface Place {
  /** As a sidecar is told it. */
  readonly url: string;
  open(): Promise<IdempotencyStore>;
  /** What everything in it takes: memory of Redis, files of the embedded store. */
  bytes(): Promise<number>;
  /** What one of so many records takes as the store itself says; NaN = it does not. */
  bytesOfRecord(records: number): Promise<number>;
  /**
   * Starts the server anew, all of it in its file; how long it took until it answered, ms. NaN = there is no server.
   * The store must be closed.
   */
  restart(signal: AbortSignal): Promise<number>;
  close(): Promise<void>;
}

export function embeddedGrounds(workplace: Workplace): Grounds {
  return {
    name: "embedded",
    async prepare(name) {
      const directory = join(workplace.directory, name);
      const url = `embedded:${directory}`;
      return {
        url,
        open: () => openStoreOf(url),
        bytes: async () => sizeOf(directory),
        bytesOfRecord: async () => Number.NaN,
        restart: async () => Number.NaN,
        close: async () => {},
      };
    },
  };
}

export function redisGrounds(workplace: Workplace): Grounds {
  return {
    name: "redis",
    async prepare(name) {
      const directory = join(workplace.directory, `${name}-files`);
      mkdirSync(directory);
      let server = await startRedis(workplace, name, { directory });
      let info = new RedisInfo(server.address);
      await info.forgetFile();
      const url = `redis+unix://${server.address}`;
      return {
        url,
        open: () => openStoreOf(url),
        bytes: () => info.usedMemory(),
        bytesOfRecord: (records) => info.memoryOfRecord(records),
        async restart(signal) {
          await info.persist(signal);
          info.close();
          await server.end();
          const from = performance.now();
          server = await startRedis(workplace, name, { directory });
          const ms = performance.now() - from;
          info = new RedisInfo(server.address);
          await info.forgetFile();
          return ms;
        },
        close: async () => info.close(),
      };
    },
  };
}

function sizeOf(directory: string): number {
  return readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
}
