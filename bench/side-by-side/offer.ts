import { setTimeout as pause } from "node:timers/promises";
import { CALLS_PER_STEP, OFFERED } from "../load/protocol.ts";
import type { Progress } from "../progress.ts";
import { seeded, shuffled } from "../random.ts";
import { mergedAndSorted } from "../statistics.ts";
import type { Contestant } from "./arena.ts";
import { type Latency, latencyOf, type Summary } from "./summary.ts";
import { isSingle } from "./variants.ts";

/** Of what the slowest variant served: the load that is offered to all, so that each could carry it. */
const SHARE_OF_SLOWEST = 0.5;
/** Between two variants, ms. */
const SETTLE_MS = 100;

/** Latency at a load that is the same for all. A step of pairs is Begin and Complete, of anything else one call. */
export interface Offered {
  readonly variant: string;
  readonly callsPerSecond: number;
  /** Of a step, ms, from the moment it was due. */
  readonly step: Latency;
  /** How late the load process itself was, ms: as much of the above is not the server's. */
  readonly sentLate: Latency;
  /** Why there are no figures; undefined when there are. */
  readonly failure: string | undefined;
}

/** Calls a second; undefined when nothing was served that could be compared. */
export function rateFor(summaries: readonly Summary[], names: ReadonlySet<string>): number | undefined {
  const served = summaries.filter(({ name }) => names.has(name)).map(({ callsPerSecond }) => callsPerSecond.median);
  const slowest = Math.min(...served.filter(Number.isFinite));
  return Number.isFinite(slowest) ? Math.max(1, Math.round(slowest * SHARE_OF_SLOWEST)) : undefined;
}

export interface OfferRunOptions {
  readonly rounds: number;
  readonly ms: number;
  readonly callsPerSecond: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** Offers the same load to every variant whose calls carry one item, in another order each round. */
export async function offerLoad(contestants: readonly Contestant[], options: OfferRunOptions): Promise<Offered[]> {
  const { rounds, ms, callsPerSecond, seed, signal, progress } = options;
  const random = seeded(seed);
  const single = contestants.filter(({ variant }) => isSingle(variant));
  const lists = new Map(
    single.map(({ variant }) => [variant.name, { step: [] as Float64Array[], late: [] as Float64Array[] }]),
  );
  const failures = new Map<string, string>();
  for (let round = 1; round <= rounds; round++) {
    for (const { variant, loader, takeTurn, endTurn } of shuffled(single, random)) {
      signal.throwIfAborted();
      progress.show(`offering ${callsPerSecond} calls a second, ${round} of ${rounds}: ${variant.name}`);
      const stepsPerSecond = callsPerSecond / CALLS_PER_STEP[variant.calls];
      try {
        await takeTurn();
        const { latencies } = await loader.offer(variant.name, { stepsPerSecond, ms });
        await endTurn();
        lists.get(variant.name)?.step.push(latencies[OFFERED.step] ?? new Float64Array());
        lists.get(variant.name)?.late.push(latencies[OFFERED.sentLate] ?? new Float64Array());
      } catch (error) {
        failures.set(variant.name, error instanceof Error ? error.message : String(error));
      }
      await pause(SETTLE_MS, undefined, { signal });
    }
  }
  return [...lists].map(([variant, { step, late }]) => ({
    variant,
    callsPerSecond,
    step: latencyOf(mergedAndSorted(step)),
    sentLate: latencyOf(mergedAndSorted(late)),
    failure: failures.get(variant),
  }));
}

/** Those whose throughput the load is chosen by. */
export function singleNames(contestants: readonly Contestant[]): ReadonlySet<string> {
  return new Set(contestants.filter(({ variant }) => isSingle(variant)).map(({ variant }) => variant.name));
}
