import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Clock, systemClock } from "../../src/base/clock.ts";
import { durationMs, epochMs, epochUs } from "../../src/base/units.ts";
import { openDatabase } from "../../src/store/embedded/database.ts";
import { openEmbeddedStore } from "../../src/store/embedded/open.ts";
import { silentLogger } from "../../src/telemetry/logger.ts";
import { openStoreOf } from "../load/store-work.ts";
import type { SuiteDeps } from "../suite.ts";
import { cpuUsedUs } from "../support/cpu.ts";
import { startRedis } from "../support/servers.ts";
import { Filled } from "./filled.ts";
import { RedisInfo } from "./redis-info.ts";

/** Past every retention of the commands: all that lies in the store has then expired. */
const AHEAD_MS = 31 * 24 * 3_600_000;
/** How long the embedded store's sweep is watched, ms: not long enough for all of it. */
const SWEEP_MS = 1000;
/** How often that sweep looks for more while it is watched, ms. */
const SWEEP_EVERY_MS = 10;
/** Of Redis: retention of what is to expire, and how long its expiry is watched at most, ms. */
const RETENTION_MS = 1000;
const WATCH_MS_MAX = 15_000;
const LOOK_EVERY_MS = 20;
/** Records of the embedded store, by the first byte of their key. */
const RECORDS = { gte: Buffer.from("r"), lt: Buffer.from("s") };

/** How fast a store frees what has expired when it has nothing else to do. */
export interface Expiry {
  readonly store: string;
  readonly perSecond: number;
  /** CPU of the process that does it. */
  readonly usPerRecord: number;
  /** Everything was freed before the time was up: it may be faster than that. */
  readonly all: boolean;
}

/** The clock is set forward, the sweep is watched for a second, and what is left is counted. */
export async function embeddedExpiry(records: number, { workplace, progress, signal }: SuiteDeps): Promise<Expiry> {
  const directory = join(workplace.directory, "embedded-expiry");
  let aheadMs = 0;
  const clock: Clock = {
    now: () => epochMs(systemClock.now() + aheadMs),
    nowUs: () => epochUs(systemClock.nowUs() + aheadMs * 1000),
  };
  const store = await openEmbeddedStore({ directory, clock, logger: silentLogger, sweepEveryMs: SWEEP_EVERY_MS });
  const show = () => progress.show("embedded: records that will expire");
  await new Filled(store).fillTo(records, { signal, show }).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  aheadMs = AHEAD_MS;
  const cpu = process.cpuUsage();
  const from = performance.now();
  await pause(SWEEP_MS);
  await store.close();
  const seconds = (performance.now() - from) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const database = await openDatabase(directory);
  const left = (await database.keys(RECORDS, records)).length;
  await database.close();
  const freed = records - left;
  return { store: "embedded", perSecond: freed / seconds, usPerRecord: (user + system) / freed, all: left === 0 };
}

/** Redis is kept from looking until everything has expired, and watched from when it may. */
export async function redisExpiry(records: number, { workplace, progress, signal }: SuiteDeps): Promise<Expiry> {
  const server = await startRedis(workplace, "redis-expiry");
  const info = new RedisInfo(server.address);
  const store = await openStoreOf(`redis+unix://${server.address}`);
  try {
    await info.expires(false);
    const short = durationMs(RETENTION_MS);
    const retention = { result: short, tombstone: short, unfinished: durationMs(AHEAD_MS) };
    const show = () => progress.show("redis: records that will expire");
    await new Filled(store).fillTo(records, { retention, signal, show });
    await pause(RETENTION_MS, undefined, { signal });
    const before = { keys: await info.expiredKeys(), us: cpuUsedUs(server.pid) };
    const from = performance.now();
    await info.expires(true);
    let freed = 0;
    while (freed < records && performance.now() - from < WATCH_MS_MAX) {
      await pause(LOOK_EVERY_MS, undefined, { signal });
      freed = (await info.expiredKeys()) - before.keys;
    }
    const seconds = (performance.now() - from) / 1000;
    const us = cpuUsedUs(server.pid) - before.us;
    return { store: "redis", perSecond: freed / seconds, usPerRecord: us / freed, all: freed >= records };
  } finally {
    info.close();
    await store.close();
  }
}
