import { repeat, Stopwatch, type Work } from "../load/loops.ts";
import { seeded, shuffled } from "../random.ts";
import { mergedAndSorted, pairedRatios, percentile, type Spread, spread } from "../statistics.ts";
import type { SuiteDeps } from "../suite.ts";
import { whole } from "../table.ts";
import { Filled } from "./filled.ts";
import type { Grounds } from "./grounds.ts";
import { compareServed, LOOPS, REPLAYS, type Served } from "./served.ts";

/** Of one burst: fewer than replays, since each leaves a record behind. */
const BEGINS = 100;

/** A store among this many records, beside a small one of the same kind. */
export interface Size {
  readonly store: string;
  readonly records: number;
  readonly replayMs: { readonly p50: number; readonly p99: number };
  readonly beginMs: { readonly p50: number; readonly p99: number };
  /** Medians of bursts, paired with those on the small store. */
  readonly replayRatio: Spread;
  readonly beginRatio: Spread;
  /** The same replays through a sidecar. */
  readonly served: Served;
  /** From opening the store again until a record is replayed, ms. */
  readonly reopenMs: number;
  /** From starting a Redis that has everything in its append-only file until it answers, ms; NaN for others. */
  readonly restartMs: number;
  /** Of the store's memory (Redis) or files (embedded), what one record takes, bytes. */
  readonly bytesPerRecord: number;
  /** What Redis says of a single record, bytes; NaN for others. */
  readonly bytesOfRecord: number;
}

export interface SizesOptions {
  readonly sizes: readonly number[];
  readonly rounds: number;
  readonly seed: number;
}

/** Cost against size: one store stays as small as the smallest size, another grows, and they are called in turn. */
export async function measureSizes(
  grounds: Grounds,
  { sizes, rounds, seed }: SizesOptions,
  { workplace, progress, signal }: SuiteDeps,
): Promise<Size[]> {
  const [least = 1] = sizes;
  const random = seeded(seed);
  // Whatever fails: what is open would go on looking for a server that is gone, and the run would never end.
  await using ends = new AsyncDisposableStack();
  const prepare = async (name: string) => ends.adopt(await grounds.prepare(name), (place) => place.close());
  const smallPlace = await prepare(`${grounds.name}-small`);
  const largePlace = await prepare(`${grounds.name}-large`);
  let small = new Filled(await smallPlace.open());
  ends.defer(() => small.store.close());
  let large = new Filled(await largePlace.open());
  ends.defer(() => large.store.close());
  const found: Size[] = [];
  await small.fillTo(least, { signal, show: () => progress.show(`${grounds.name}: the small store`) });
  const reopenSmall = async () => {
    await small.store.close();
    small = new Filled(await smallPlace.open(), small.records);
  };
  await reopenSmall(); // as the large one is: what it has is in files, and not in a write buffer
  for (const records of sizes) {
    const before = await largePlace.bytes();
    const added = records - large.records;
    const show = (n: number) => progress.show(`${grounds.name}: laying in ${whole(n)} of ${whole(records)}`);
    await large.fillTo(records, { signal, show });
    const bytesPerRecord = ((await largePlace.bytes()) - before) / added;
    const bytesOfRecord = await largePlace.bytesOfRecord(records);
    await large.store.close();
    progress.show(`${grounds.name}: starting anew with ${whole(records)}`);
    const restartMs = await largePlace.restart(signal);
    const from = performance.now();
    large = new Filled(await largePlace.open(), records);
    await large.replays(() => 0).step(new Stopwatch());
    const reopenMs = performance.now() - from;
    progress.show(`${grounds.name}: among ${whole(records)}`);
    const compared = await compare(small, large, { rounds, random, signal });
    const starts = { reopenMs, restartMs };
    progress.show(`${grounds.name}: through a sidecar, among ${whole(records)}`);
    await Promise.all([small.store.close(), large.store.close()]); // one process owns a directory
    const inSmall = { url: smallPlace.url, records: small.records };
    const inLarge = { url: largePlace.url, records };
    const served = await compareServed(inSmall, inLarge, { workplace, rounds, random, signal });
    small = new Filled(await smallPlace.open(), small.records);
    large = new Filled(await largePlace.open(), records);
    found.push({ store: grounds.name, records, ...compared, served, ...starts, bytesPerRecord, bytesOfRecord });
  }
  return found;
}

interface Compare {
  readonly rounds: number;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

async function compare(small: Filled, large: Filled, { rounds, random, signal }: Compare) {
  const kinds = [
    { name: "replay", steps: REPLAYS, work: (filled: Filled): Work => filled.replays(random) },
    { name: "begin", steps: BEGINS, work: (filled: Filled): Work => filled.begins() },
  ] as const;
  const bursts = { replay: new Map<Filled, Float64Array[]>(), begin: new Map<Filled, Float64Array[]>() };
  for (let round = 0; round <= rounds; round++) {
    for (const { name, steps, work } of kinds) {
      for (const filled of shuffled([small, large], random)) {
        signal.throwIfAborted();
        const stopwatch = new Stopwatch();
        const one = work(filled);
        await repeat(steps, LOOPS, async () => void (await one.step(stopwatch)));
        // The first round warms up.
        const latencies = stopwatch.burst(0).latencies[name] ?? new Float64Array();
        if (round > 0) bursts[name].set(filled, [...(bursts[name].get(filled) ?? []), latencies.sort()]);
      }
    }
  }
  const of = (name: "replay" | "begin", filled: Filled) => bursts[name].get(filled) ?? [];
  const medians = (name: "replay" | "begin", filled: Filled) => of(name, filled).map((list) => percentile(list, 0.5));
  const ratio = (name: "replay" | "begin") => spread(pairedRatios(medians(name, large), medians(name, small)));
  const latency = (name: "replay" | "begin") => {
    const sorted = mergedAndSorted(of(name, large));
    return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) };
  };
  return {
    replayMs: latency("replay"),
    beginMs: latency("begin"),
    replayRatio: ratio("replay"),
    beginRatio: ratio("begin"),
  };
}
