import type { Panel } from "../chart.ts";
import { decimals, ratio, table, whole } from "../table.ts";
import type { Expiry } from "./expiry.ts";
import type { Sharding } from "./shards.ts";
import type { Size } from "./sizes.ts";

export function sizesTable(sizes: readonly Size[]): string {
  const header = [
    "store",
    "records",
    "replay p50, ms",
    "p99",
    "Begin p50, ms",
    "p99",
    "replay : small store",
    "Begin : small store",
    "replay through a sidecar p50, ms",
    "p99",
    ": small store",
    "bytes a record",
    "by its own word",
    "reopened, ms",
    "Redis restarted, ms",
  ];
  const rows = sizes.map((one) => [
    one.store,
    whole(one.records),
    ...[one.replayMs.p50, one.replayMs.p99, one.beginMs.p50, one.beginMs.p99].map((ms) => decimals(ms, 3)),
    ratio(one.replayRatio),
    ratio(one.beginRatio),
    decimals(one.served.p50, 3),
    decimals(one.served.p99, 3),
    ratio(one.served.ratio),
    whole(one.bytesPerRecord),
    whole(one.bytesOfRecord),
    whole(one.reopenMs),
    whole(one.restartMs),
  ]);
  const title = [
    "Among many records, four callers, in process unless a sidecar is named. Bytes are memory for Redis and files for",
    "the embedded store, with a result of 100 bytes each. The ratios are paired with a store of the smallest size that",
    "is called in turn.",
    "Reopened: from opening the store until a record is replayed; before it Redis was started anew, all of it being in",
    "a rewritten append-only file.",
  ].join("\n");
  return `${title}\n\n${table(header, rows)}`;
}

export function expiryTable(expiry: readonly Expiry[]): string {
  const rows = expiry.map(({ store, perSecond, usPerRecord, all }) => [
    store,
    `${whole(perSecond)}${all ? " and more" : ""}`,
    decimals(usPerRecord, 1),
  ]);
  const header = ["store", "records freed a second", "CPU of its process, µs a record"];
  return `Freeing what has expired, with nothing else to do.\n\n${table(header, rows)}`;
}

export function shardsTable(shards: readonly Sharding[]): string {
  const rows = shards.map((one) => [
    String(one.shards),
    decimals(one.redisUsPerPair.median, 1),
    ratio(one.ratio),
    whole(one.pairsPerBusiestCore.median),
    whole(one.pairsPerSecond.median),
  ]);
  const header = [
    "Redis processes",
    "Redis CPU a pair, µs",
    ": one",
    "pairs/s, a core for the busiest",
    "pairs/s here",
  ];
  return `Shards, in process, 64 callers.\n\n${table(header, rows)}`;
}

export interface Figures {
  readonly sizes: readonly Size[];
  readonly shards: readonly Sharding[];
}

export function panelsOf({ sizes, shards }: Figures): Panel[] {
  const label = ({ store, records }: Size) => `${store}, ${whole(records)}`;
  return [
    {
      title: "Replay among many records, less is better",
      unit: "ms, p50 and up to p99",
      parts: ["replay"],
      bars: sizes.map((one) => ({
        label: label(one),
        values: [one.replayMs.p50],
        iqr: [one.replayMs.p50, one.replayMs.p99] as const,
      })),
    },
    {
      title: "What a record takes",
      unit: "bytes of memory in Redis, of files in the embedded store",
      parts: ["bytes"],
      bars: sizes.map((one) => ({ label: label(one), values: [one.bytesPerRecord] })),
    },
    {
      title: "CPU of all Redis processes for a pair",
      unit: "µs, quartiles",
      parts: ["Redis"],
      bars: shards.map(({ shards: count, redisUsPerPair: { median, lowerQuartile, upperQuartile } }) => ({
        label: `${count} Redis`,
        values: [median],
        iqr: [lowerQuartile, upperQuartile] as const,
      })),
    },
  ];
}
