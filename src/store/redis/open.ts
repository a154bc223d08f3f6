import type { DurationMs } from "../../base/units.ts";
import { type IdempotencyStore, StoreOpenError } from "../port.ts";
import { parseRedisUrl } from "../redis-client/url.ts";
import { Fleet, type FleetDeps } from "./fleet.ts";
import { readScripts } from "./scripts.ts";
import { RedisStore } from "./store.ts";
import { Subscriber } from "./subscriber.ts";

export interface RedisStoreOptions extends Omit<FleetDeps, "scripts"> {
  /** Longest wait for the first look at all shards. */
  readonly firstVerifyTimeout: DurationMs;
  /** For tests that move the clock: Lua in place of `lua/lib/clock.lua`. */
  readonly clockSnippet?: string;
}

/**
 * Opens the store on one Redis (a shard named `main`) or on several. Returns within `firstVerifyTimeout`, served or
 * not: a Redis that is down is no error, and is served as soon as it is there. See url.ts for the forms of a URL.
 * @throws {StoreOpenError} when a shard that was reached in that time carries the stamp of another table.
 */
export async function openRedisStore(options: RedisStoreOptions): Promise<IdempotencyStore> {
  const fleet = new Fleet({ ...options, scripts: readScripts(options.clockSnippet) });
  const urls = new Map(options.shards.map(({ name, url }) => [name, url]));
  const subscribers = fleet.shards.map(
    ({ name }) => new Subscriber({ ...options, name, place: parseRedisUrl(urls.get(name) ?? "") }),
  );
  const store = new RedisStore({ fleet, subscribers });
  await fleet.open(options.firstVerifyTimeout);
  const { conflict } = fleet;
  if (conflict === undefined) return store;
  await store.close();
  const what = conflict.sight.kind === "foreign" ? conflict.sight.what : "it carries another stamp";
  throw new StoreOpenError(`shard ${conflict.name}: ${what}`);
}
