import { setTimeout as pause } from "node:timers/promises";
import type { Burst } from "../load/protocol.ts";
import type { Progress } from "../progress.ts";
import { seeded, shuffled } from "../random.ts";
import { cpuUsedUs } from "../support/cpu.ts";
import type { Contestant } from "./arena.ts";
import { isSingle } from "./variants.ts";

/** Calls at once where one call carries many items: as many as keep a server busy. */
const BATCH_LOOPS = 4;
/** How long a server is left alone after its burst, ms. What it still does then is part of what the burst cost. */
const SETTLE_MS = 100;

/** One burst of one variant. */
export interface Measurement {
  readonly round: number;
  readonly variant: string;
  readonly burst: Burst;
  /** CPU that the burst cost each process, µs; NaN = has no such process, or it is not known. */
  readonly serverUs: number;
  /** Of all shards together. */
  readonly redisUs: number;
  readonly clientUs: number;
}

export interface RunOptions {
  /** How many rounds have been measured already, with other processes, and how many there are to be in all. */
  readonly before: number;
  readonly inAll: number;
  readonly rounds: number;
  readonly burstMs: number;
  /** Length of a first burst, in which the code is compiled; it is not counted, ms. */
  readonly warmUpMs: number;
  readonly loops: number;
  readonly seed: number;
  /** By performance.now(): no round is begun that would not be over by then. */
  readonly endsAt: number;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** Short bursts of every variant, in another order each round, so that whatever the machine does hits them alike. */
export async function runRounds(contestants: readonly Contestant[], options: RunOptions): Promise<Measurement[]> {
  const { before, inAll, rounds, progress, endsAt } = options;
  const random = seeded(options.seed + before);
  const measured: Measurement[] = [];
  let longestMs = 0;
  for (let round = 0; round <= rounds; round++) {
    const from = performance.now();
    if (round > 1 && from + longestMs > endsAt) {
      progress.note(`time is up: ${before + round - 1} rounds of ${inAll} were measured`);
      break;
    }
    for (const contestant of shuffled(contestants, random)) {
      options.signal.throwIfAborted();
      const what = round === 0 ? "warming up" : `round ${before + round} of ${inAll}`;
      progress.show(`${what}: ${contestant.variant.name}`);
      const burstMs = round === 0 ? options.warmUpMs : options.burstMs;
      const measurement = await measure(contestant, { ...options, burstMs, round: before + round });
      if (round > 0) measured.push(measurement);
    }
    if (round > 0) longestMs = Math.max(longestMs, performance.now() - from);
  }
  return measured;
}

async function measure(
  { variant, loader, server, redis, takeTurn, endTurn }: Contestant,
  { round, loops, burstMs, signal }: RunOptions & { readonly round: number },
): Promise<Measurement> {
  await takeTurn();
  const before = { server: usedUs(server), redis: redis.map(cpuUsedUs), client: cpuUsedUs(loader.pid) };
  const burst = await loader.burst(variant.name, {
    loops: isSingle(variant) ? loops : BATCH_LOOPS,
    ms: burstMs,
  });
  await endTurn();
  await pause(SETTLE_MS, undefined, { signal });
  const redisUs = redis.map((pid, index) => cpuUsedUs(pid) - (before.redis[index] ?? Number.NaN));
  return {
    round,
    variant: variant.name,
    burst,
    serverUs: usedUs(server) - before.server,
    redisUs: redis.length === 0 ? Number.NaN : redisUs.reduce((sum, us) => sum + us, 0),
    clientUs: cpuUsedUs(loader.pid) - before.client,
  };
}

function usedUs(pid: number | undefined): number {
  return pid === undefined ? Number.NaN : cpuUsedUs(pid);
}
