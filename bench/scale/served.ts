import { grpcReplays } from "../load/grpc-work.ts";
import { repeat, Stopwatch } from "../load/loops.ts";
import { shuffled } from "../random.ts";
import { mergedAndSorted, pairedRatios, percentile, type Spread, spread } from "../statistics.ts";
import { startSidecar } from "../support/servers.ts";
import type { Workplace } from "../support/workplace.ts";
import { recordAt } from "./filled.ts";

/** Callers at once: few, so that it is the store that is timed and no queue. */
export const LOOPS = 4;
/** Of one burst. */
export const REPLAYS = 1000;

/** A store that is closed, and the records in it. */
interface Stored {
  readonly url: string;
  readonly records: number;
}

export interface Served {
  /** Of a replay on the large store, as its caller sees it. */
  readonly p50: number;
  readonly p99: number;
  /** Medians of bursts, paired with those on the small store. */
  readonly ratio: Spread;
}

interface Options {
  readonly workplace: Workplace;
  readonly rounds: number;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/** Replays as callers have them: through a sidecar on each of two stores, called in turn. Latencies in ms. */
export async function compareServed(small: Stored, large: Stored, options: Options): Promise<Served> {
  const { workplace, rounds, random, signal } = options;
  await using ends = new AsyncDisposableStack();
  const serve = async (name: string, { url, records }: Stored) => {
    const sidecar = ends.adopt(await startSidecar(workplace, name, { store: url }), ({ end }) => end());
    const work = grpcReplays(sidecar.address, () => {
      const { address, digest } = recordAt(Math.floor(random() * records));
      return { key: address.key, digest };
    });
    return { work, bursts: [] as Float64Array[] };
  };
  const both = { small: await serve("sidecar-small", small), large: await serve("sidecar-large", large) };
  // The first round warms up.
  for (let round = 0; round <= rounds; round++) {
    for (const { work, bursts } of shuffled([both.small, both.large], random)) {
      signal.throwIfAborted();
      const stopwatch = new Stopwatch();
      await repeat(REPLAYS, LOOPS, async () => void (await work.step(stopwatch)));
      const latencies = stopwatch.burst(0).latencies.Begin;
      if (latencies === undefined) throw new Error("the replays took no time");
      if (round > 0) bursts.push(latencies.sort());
    }
  }
  const medians = ({ bursts }: typeof both.small) => bursts.map((list) => percentile(list, 0.5));
  const all = mergedAndSorted(both.large.bursts);
  return {
    p50: percentile(all, 0.5),
    p99: percentile(all, 0.99),
    ratio: spread(pairedRatios(medians(both.large), medians(both.small))),
  };
}
