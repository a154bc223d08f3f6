import { mergedAndSorted, pairedRatios, percentile, type Spread, spread } from "../statistics.ts";
import type { Measurement } from "./run.ts";
import { ECHO, makesPairs, SCRIPT, SCRIPT_BATCH, type Variant } from "./variants.ts";

/** Latency of one kind of call, ms, over all rounds. */
export interface Latency {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** What one variant came to. A spread is over rounds; NaN where there is nothing to measure. */
export interface Summary {
  readonly name: string;
  readonly title: string;
  readonly rounds: number;
  readonly callsPerSecond: Spread;
  /** NaN for a variant that does not make pairs. */
  readonly pairsPerSecond: Spread;
  /** Share of one core that the server used while it was called; near 1 = the server was the limit. */
  readonly serverBusy: Spread;
  readonly serverUsPerCall: Spread;
  readonly redisUsPerCall: Spread;
  readonly clientUsPerCall: Spread;
  readonly latencies: Readonly<Record<string, Latency>>;
  readonly ratios: Ratios;
}

/** Paired by round. */
interface Ratios {
  /** Calls a second : the echo's. */
  readonly throughput: Spread;
  /** Calls a second that one core of the server would serve : the echo's. */
  readonly perServerCore: Spread;
  /** CPU of Redis a call : the bare script's. Less is better. */
  readonly redisCpu: Spread;
}

/** A figure of one burst. */
export type Measure = (measurement: Measurement) => number;

const callsPerSecond: Measure = ({ burst }) => burst.calls / burst.seconds;
export const callsPerServerCore: Measure = ({ burst, serverUs }) => burst.calls / serverUs;
export const callsPerRedisCore: Measure = ({ burst, redisUs }) => burst.calls / redisUs;
export const clientUsPerCall: Measure = ({ burst, clientUs }) => clientUs / burst.calls;
export const redisUsPerCall: Measure = ({ burst, redisUs }) => redisUs / burst.calls;

/** One for each round; NaN where the variant was not measured in it. */
export function byRound(all: readonly Measurement[], name: string, measure: Measure): number[] {
  const rounds = Math.max(0, ...all.map(({ round }) => round));
  return Array.from({ length: rounds }, (_, index) => {
    const found = all.find((one) => one.variant === name && one.round === index + 1);
    return found === undefined ? Number.NaN : measure(found);
  });
}

export function summarize(variants: readonly Variant[], all: readonly Measurement[]): Summary[] {
  const rounds = Math.max(0, ...all.map(({ round }) => round));
  const spreadOf = (name: string, measure: Measure) => spread(byRound(all, name, measure).filter(Number.isFinite));
  const ratio = (name: string, base: string, measure: Measure) =>
    spread(pairedRatios(byRound(all, name, measure), byRound(all, base, measure)));
  return variants.map((variant) => {
    const { name, title } = variant;
    return {
      name,
      title,
      rounds,
      callsPerSecond: spreadOf(name, callsPerSecond),
      pairsPerSecond: spreadOf(name, (one) => (makesPairs(variant) ? callsPerSecond(one) / 2 : Number.NaN)),
      serverBusy: spreadOf(name, ({ burst, serverUs }) => serverUs / 1e6 / burst.seconds),
      serverUsPerCall: spreadOf(name, ({ burst, serverUs }) => serverUs / burst.calls),
      redisUsPerCall: spreadOf(name, redisUsPerCall),
      clientUsPerCall: spreadOf(name, clientUsPerCall),
      latencies: latenciesOf(all.filter((one) => one.variant === name)),
      ratios: {
        throughput: ratio(name, ECHO, callsPerSecond),
        perServerCore: ratio(name, ECHO, callsPerServerCore),
        redisCpu: ratio(name, scriptBeside(variant), redisUsPerCall),
      },
    };
  });
}

/** The script that does the same; there is none of a single Begin alone. */
function scriptBeside({ calls }: Variant): string {
  switch (calls) {
    case "begins":
    case "echoes":
      return "none";
    case "begins-100":
      return SCRIPT_BATCH;
    case "replays":
    case "mix":
      return `${SCRIPT}-${calls === "mix" ? "mix" : "replay"}`;
    default:
      return SCRIPT;
  }
}

function latenciesOf(measurements: readonly Measurement[]): Record<string, Latency> {
  const names = new Set(measurements.flatMap(({ burst }) => Object.keys(burst.latencies)));
  const sorted = (name: string) =>
    mergedAndSorted(measurements.map(({ burst }) => burst.latencies[name] ?? new Float64Array()));
  return Object.fromEntries([...names].map((name) => [name, latencyOf(sorted(name))]));
}

/** @param sorted ascending, ms */
export function latencyOf(sorted: Float64Array): Latency {
  return {
    count: sorted.length,
    p50: percentile(sorted, 0.5),
    p95: percentile(sorted, 0.95),
    p99: percentile(sorted, 0.99),
    max: percentile(sorted, 1),
  };
}
