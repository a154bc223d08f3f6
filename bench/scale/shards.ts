import { runLoops, type Work } from "../load/loops.ts";
import { openStoreOf, storeWork } from "../load/store-work.ts";
import { seeded, shuffled } from "../random.ts";
import { pairedRatios, type Spread, spread } from "../statistics.ts";
import type { SuiteDeps } from "../suite.ts";
import { cpuUsedUs } from "../support/cpu.ts";
import { startRedis } from "../support/servers.ts";

const COUNTS = [1, 2, 3];
const LOOPS = 64;

/** A store of so many Redis processes. */
export interface Sharding {
  readonly shards: number;
  /** CPU of all of them together for a pair. */
  readonly redisUsPerPair: Spread;
  /** The same, paired with that of one Redis. */
  readonly ratio: Spread;
  /** Pairs a second that the busiest of them would serve with a core of its own: where the store as a whole ends. */
  readonly pairsPerBusiestCore: Spread;
  /** As many as there were, which is what the one process that calls them can do. */
  readonly pairsPerSecond: Spread;
}

export interface ShardsOptions {
  readonly rounds: number;
  readonly burstMs: number;
  readonly seed: number;
}

interface Contestant {
  readonly shards: number;
  readonly pids: readonly number[];
  readonly work: Work;
  readonly close: () => Promise<void>;
  readonly bursts: { readonly pairsPerSecond: number; readonly usPerPair: number; readonly busiestUsPerPair: number }[];
}

/** Pairs through the store port, on one, two and three Redis processes in turn. */
export async function measureShards({ rounds, burstMs, seed }: ShardsOptions, deps: SuiteDeps): Promise<Sharding[]> {
  const random = seeded(seed);
  const contestants = await Promise.all(COUNTS.map((shards) => bringUp(shards, deps)));
  try {
    for (let round = 0; round <= rounds; round++) {
      for (const contestant of shuffled(contestants, random)) {
        deps.signal.throwIfAborted();
        deps.progress.show(`shards: round ${round} of ${rounds}`);
        const measured = await burstOf(contestant, burstMs);
        // The first round warms up.
        if (round > 0) contestant.bursts.push(measured);
      }
    }
  } finally {
    await Promise.all(contestants.map(({ close }) => close()));
  }
  const one = contestants[0]?.bursts.map(({ usPerPair }) => usPerPair) ?? [];
  return contestants.map(({ shards, bursts }) => ({
    shards,
    redisUsPerPair: spread(bursts.map(({ usPerPair }) => usPerPair)),
    ratio: spread(
      pairedRatios(
        bursts.map(({ usPerPair }) => usPerPair),
        one,
      ),
    ),
    pairsPerBusiestCore: spread(bursts.map(({ busiestUsPerPair }) => 1e6 / busiestUsPerPair)),
    pairsPerSecond: spread(bursts.map(({ pairsPerSecond }) => pairsPerSecond)),
  }));
}

async function bringUp(shards: number, { workplace }: SuiteDeps): Promise<Contestant> {
  const names = Array.from({ length: shards }, (_, index) => `s${index}`);
  const servers = await Promise.all(names.map((name) => startRedis(workplace, `shards-${shards}-${name}`)));
  const setting = names.map((name, index) => `${name}=redis+unix://${servers[index]?.address}`).join();
  const store = await openStoreOf(setting);
  return {
    shards,
    pids: servers.map(({ pid }) => pid),
    work: storeWork(store),
    close: () => store.close(),
    bursts: [],
  };
}

async function burstOf({ pids, work }: Contestant, ms: number) {
  const before = pids.map(cpuUsedUs);
  const { calls, seconds } = await runLoops(work, { loops: LOOPS, ms });
  const used = pids.map((pid, index) => cpuUsedUs(pid) - (before[index] ?? Number.NaN));
  const pairs = calls / 2;
  const all = used.reduce((sum, us) => sum + us, 0);
  return { pairsPerSecond: pairs / seconds, usPerPair: all / pairs, busiestUsPerPair: Math.max(...used) / pairs };
}
