import type { Clock } from "../../base/clock.ts";
import { OncewardError } from "../../base/errors.ts";
import type { Random } from "../../base/random.ts";
import type { DurationMs, Slot } from "../../base/units.ts";
import { pause } from "../../base/wait.ts";
import type { Logger } from "../../telemetry/logger.ts";
import type { ShardStatus } from "../port.ts";
import { RETRY_AFTER_MS } from "../redis-client/connection.ts";
import { parseRedisUrl } from "../redis-client/url.ts";
import { isOfWonTable } from "./look.ts";
import type { Scripts } from "./scripts.ts";
import { Shard } from "./shard.ts";
import { type ShardTable, shardTable } from "./table.ts";

interface ShardAddress {
  readonly name: string;
  readonly url: string;
}

export interface FleetDeps {
  readonly shards: readonly ShardAddress[];
  readonly commandTimeout: DurationMs;
  readonly connectTimeout: DurationMs;
  readonly strict: boolean;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random: Random;
  readonly scripts: Scripts;
}

/** All shards of one table: each serves by itself, but none where any of them carries another table's stamp. */
export class Fleet {
  readonly table: ShardTable;
  /** In the table's order. */
  readonly shards: readonly Shard[];
  #seen = "";
  #onSettled = () => {};

  constructor(deps: FleetDeps) {
    this.table = shardTable(deps.shards.map(({ name }) => name));
    const urls = new Map(deps.shards.map(({ name, url }) => [name, url]));
    this.shards = this.table.names.map((name): Shard => {
      const place = parseRedisUrl(urls.get(name) ?? "");
      return new Shard({
        ...deps,
        ...{ name, place, table: this.table },
        beside: () => this.#beside(name),
        onChange: () => this.#changed(),
      });
    });
  }

  /** The shard that holds a slot. @throws SHARD_TABLE_CHANGED while any shard carries another table's stamp. */
  shardOf(slot: Slot): Shard {
    const conflict = this.conflict;
    if (conflict !== undefined) {
      const message = `shard ${conflict.name} carries another stamp than this sidecar's shard table`;
      throw new OncewardError("SHARD_TABLE_CHANGED", message, { shard: conflict.name, retryAfterMs: RETRY_AFTER_MS });
    }
    const shard = this.shards[this.table.ownerOf(slot)];
    if (shard === undefined) throw new Error("broken invariant: a slot without a shard");
    return shard;
  }

  /** The shard that carries another stamp, if any does. */
  get conflict(): Shard | undefined {
    return this.shards.find(({ sight }) => sight.kind === "foreign");
  }

  /** Connects, and waits until every shard is served or refused, but no longer than `limit`. */
  async open(limit: DurationMs): Promise<void> {
    const settled = new AbortController();
    this.#onSettled = () => settled.abort();
    for (const shard of this.shards) shard.open();
    await pause(limit, settled.signal);
  }

  statuses(): readonly ShardStatus[] {
    const { conflict } = this;
    return this.shards.map((shard) => {
      const status = shard.status();
      if (conflict === undefined || status.state !== "serving") return status;
      return { ...status, state: "refused", reason: `shard ${conflict.name} carries another table's stamp` };
    });
  }

  close(): void {
    for (const shard of this.shards) shard.close();
  }

  #beside(name: string) {
    const sights = (shards: readonly Shard[]) => shards.map(({ sight }) => sight);
    const at = this.table.names.indexOf(name);
    const [before, after] = [sights(this.shards.slice(0, at)), sights(this.shards.slice(at + 1))];
    return { others: [...before, ...after], before };
  }

  /** What is seen of one shard can settle what another waits for. */
  #changed(): void {
    const seen = this.shards.map(({ sight }) => (isOfWonTable(sight) ? `${sight.kind}, won` : sight.kind)).join();
    if (seen !== this.#seen) {
      this.#seen = seen;
      for (const shard of this.shards) shard.lookIfWaiting();
    }
    if (this.conflict !== undefined || this.shards.every(({ settled }) => settled)) this.#onSettled();
  }
}
