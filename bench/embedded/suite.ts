import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { budgetTable, type Checked, marksOf } from "../budgets.ts";
import type { Panel } from "../chart.ts";
import { runLoops, type Work } from "../load/loops.ts";
import type { Burst } from "../load/protocol.ts";
import { openStoreOf, storeWork } from "../load/store-work.ts";
import { describeMachine, machineLines } from "../machine.ts";
import type { Options } from "../options.ts";
import { resultsOf } from "../results.ts";
import { mergedAndSorted, percentile, type Spread, spread } from "../statistics.ts";
import type { SuiteDeps, SuiteResult } from "../suite.ts";
import { decimals, table, whole } from "../table.ts";

const LOOPS = 128;
/** Callers while the records are laid in: many, since nobody waits for one of them. */
const PRELOAD_LOOPS = 1024;
const PRELOAD_STEP_MS = 1000;
/** Longest that may take, of the time there is; with fewer records the run goes on, and says so. */
const PRELOAD_SHARE_MAX = 0.7;
/** Left alone after that, ms, so that what the database still merges is not part of the first window. */
const SETTLE_MS = 2000;
const WINDOW_MS = 1000;
/** The event loop is asked this often whether it is late, ms. Node counts that wait as part of the delay; we do not. */
const DELAY_RESOLUTION_MS = 1;
const NS_PER_MS = 1e6;
const MIB = 2 ** 20;

interface Figures {
  readonly records: number;
  readonly loops: number;
  readonly pairsPerSecond: Spread;
  readonly cpuUsPerPair: number;
  /** How many cores the process had, its threads together; below 1 = it waited, for the disk or for a core. */
  readonly cores: number;
  readonly latencies: Readonly<Record<string, Record<"p50" | "p95" | "p99" | "max", number>>>;
  readonly delayMs: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly residentMib: number;
  readonly diskMib: number;
}

/** The embedded store without gRPC: durable pairs a second with random keys on top of many records. */
export async function embedded(options: Options, { workplace, progress, signal }: SuiteDeps): Promise<SuiteResult> {
  const { size, loops = LOOPS } = options;
  const machine = describeMachine(workplace.directory);
  const directory = join(workplace.directory, "store");
  const store = await openStoreOf(`embedded:${directory}`);
  try {
    const work = storeWork(store);
    const preloadMs = size.secondsMax * 1000 * PRELOAD_SHARE_MAX;
    const show = (n: number) => progress.show(`laying in records: ${whole(n)} of ${whole(size.records)}`);
    const records = await preload(work, { records: size.records, msMax: preloadMs, signal, show });
    await pause(SETTLE_MS, undefined, { signal });
    const windows = Math.ceil((size.embeddedSeconds * 1000) / WINDOW_MS);
    const showWindow = (n: number) => progress.show(`second ${n} of ${windows}`);
    const measured = await measure(work, { windows, loops, signal, show: showWindow });
    const figures: Figures = { records, loops, ...measured, diskMib: sizeOf(directory) / MIB };
    const budgets: Checked[] = [
      { id: "P5", measured: figures.pairsPerSecond },
      { id: "P6", measured: spread([figures.delayMs.p99]) },
    ];
    const text = [machineLines(machine).join("\n"), report(figures), budgetTable(budgets)].join("\n\n");
    const run = { seconds: size.embeddedSeconds, loops };
    const variants = [{ name: "embedded-store", ...figures }];
    const results = resultsOf({ suite: options.suite, machine, budgets, variants, run });
    return { text, panels: panelsOf(figures), results };
  } finally {
    await store.close();
  }
}

interface Preload {
  readonly records: number;
  readonly msMax: number;
  readonly signal: AbortSignal;
  readonly show: (records: number) => void;
}

/** Resolves with how many records are there. */
async function preload(work: Work, { records, msMax, signal, show }: Preload): Promise<number> {
  const from = performance.now();
  let there = 0;
  while (there < records && performance.now() - from < msMax) {
    signal.throwIfAborted();
    show(there);
    there += (await runLoops(work, { loops: PRELOAD_LOOPS, ms: PRELOAD_STEP_MS })).calls / 2;
  }
  return there;
}

interface Measure {
  readonly windows: number;
  readonly loops: number;
  readonly signal: AbortSignal;
  readonly show: (window: number) => void;
}

async function measure(work: Work, { windows, loops, signal, show }: Measure) {
  await runLoops(work, { loops, ms: WINDOW_MS });
  const bursts: Burst[] = [];
  const cpu = process.cpuUsage();
  const from = performance.now();
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  delay.enable();
  for (let window = 1; window <= windows; window++) {
    signal.throwIfAborted();
    show(window);
    bursts.push(await runLoops(work, { loops, ms: WINDOW_MS }));
  }
  delay.disable();
  const elapsedMs = performance.now() - from;
  const { user, system } = process.cpuUsage(cpu);
  const cpuUs = user + system;
  const pairs = bursts.reduce((sum, { calls }) => sum + calls / 2, 0);
  const late = (ns: number) => Math.max(0, ns / NS_PER_MS - DELAY_RESOLUTION_MS);
  return {
    pairsPerSecond: spread(bursts.map(({ calls, seconds }) => calls / 2 / seconds)),
    cpuUsPerPair: cpuUs / pairs,
    cores: cpuUs / 1000 / elapsedMs,
    latencies: { Begin: latencyOf(bursts, "Begin"), Complete: latencyOf(bursts, "Complete") },
    delayMs: { p50: late(delay.percentile(50)), p99: late(delay.percentile(99)), max: late(delay.max) },
    residentMib: process.memoryUsage.rss() / MIB,
  };
}

function latencyOf(bursts: readonly Burst[], call: string) {
  const sorted = mergedAndSorted(bursts.map(({ latencies }) => latencies[call] ?? new Float64Array()));
  const [p50, p95, p99, max] = [0.5, 0.95, 0.99, 1].map((share) => percentile(sorted, share));
  return { p50: p50 ?? Number.NaN, p95: p95 ?? Number.NaN, p99: p99 ?? Number.NaN, max: max ?? Number.NaN };
}

function sizeOf(directory: string): number {
  return readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
}

function report(figures: Figures): string {
  const { median, lowerQuartile, upperQuartile } = figures.pairsPerSecond;
  const { delayMs } = figures;
  const rows = [
    ["durable pairs a second, median of seconds", whole(median)],
    ["  its quartiles", `${whole(lowerQuartile)}–${whole(upperQuartile)}`],
    ["CPU of the process a pair, callers included, µs", decimals(figures.cpuUsPerPair, 1)],
    ["cores that it had meanwhile, of all its threads", decimals(figures.cores, 2)],
    ...Object.entries(figures.latencies).map(([call, { p50, p95, p99, max }]) => [
      `${call}, ms: p50 / p95 / p99 / max`,
      [p50, p95, p99, max].map((ms) => decimals(ms, 1)).join(" / "),
    ]),
    [
      "event-loop delay, ms: p50 / p99 / max",
      [delayMs.p50, delayMs.p99, delayMs.max].map((ms) => decimals(ms, 1)).join(" / "),
    ],
    ["resident memory, MiB", whole(figures.residentMib)],
    ["files, MiB", whole(figures.diskMib)],
  ];
  const title = `Embedded store: ${whole(figures.records)} records present, ${figures.loops} callers, random keys.`;
  return `${title}\n\n${table(["", "measured"], rows)}`;
}

function panelsOf({ pairsPerSecond: { median, lowerQuartile, upperQuartile }, delayMs }: Figures): Panel[] {
  const pairs = { label: "pairs", values: [median], iqr: [lowerQuartile, upperQuartile] as const };
  return [
    {
      title: "Durable pairs, more is better",
      unit: "a second, quartiles",
      parts: ["pairs"],
      bars: [pairs],
      marks: marksOf("P5"),
    },
    {
      title: "Event-loop delay meanwhile, less is better",
      unit: "ms, p99",
      parts: ["delay"],
      bars: [{ label: "delay", values: [delayMs.p99] }],
      marks: marksOf("P6"),
    },
  ];
}
