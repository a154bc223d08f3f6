import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ROOT, run } from "../../scripts/support/run.ts";
import { budgetTable, type Checked, marksOf } from "../budgets.ts";
import type { Panel } from "../chart.ts";
import { describeMachine, machineLines } from "../machine.ts";
import type { Options } from "../options.ts";
import { resultsOf } from "../results.ts";
import { type Spread, spread } from "../statistics.ts";
import type { SuiteDeps, SuiteResult } from "../suite.ts";
import { cpuUsedUs } from "../support/cpu.ts";
import { Loader } from "../support/loader.ts";
import { ensureRedis, type SidecarOptions, startRedis, startSidecar } from "../support/servers.ts";
import { decimals, table, whole } from "../table.ts";
import { residentMb } from "./memory.ts";

const LOOPS = 64;
/** After a start, ms, until what was needed for it only may be gone. */
const IDLE_AFTER_MS = 2000;
/** How often memory is looked at under load, ms. */
const LOOK_EVERY_MS = 200;

/** What `npm run build` makes. */
const BUNDLE = join(ROOT, "dist", "onceward.mjs");
const BUILD_MINUTES_MAX = 2;

interface Start {
  readonly name: string;
  readonly program: "sources" | "bundle" | "bundle, compile cache";
  readonly options: SidecarOptions;
}

interface Memory extends Pick<Start, "name" | "program"> {
  readonly idleMb: Spread;
  readonly loadMb: Spread;
  readonly callsPerSecond: number;
}

interface Starts extends Pick<Start, "name" | "program"> {
  readonly readyMs: Spread;
  /** What the process itself used until then, on all its threads. */
  readonly cpuMs: Spread;
}

/** What a sidecar takes from its host: memory, and time until it serves. */
export async function processSuite(options: Options, deps: SuiteDeps): Promise<SuiteResult> {
  const { workplace, progress, signal } = deps;
  const { size, loops = LOOPS } = options;
  const machine = describeMachine(workplace.directory);
  progress.show("building the bundle");
  buildBundle();
  ensureRedis();
  const redis = await startRedis(workplace, "redis");
  const kinds = [
    ...startsOf("embedded", `embedded:${join(workplace.directory, "store")}`, workplace),
    ...startsOf("redis", `redis+unix://${redis.address}`, workplace),
  ];
  const starts = await measureStarts(kinds, size.starts, deps);
  const memory: Memory[] = [];
  for (const kind of kinds.filter(({ options: { env } }) => env === undefined)) {
    progress.show(`memory: ${kind.name}`);
    memory.push(await measureMemory(kind, { loops, seconds: size.loadSeconds, workplace, signal }));
  }
  const budgets = checksOf(starts, memory);
  const flags = "flags     none: V8 is left to itself, as under npm start";
  const tables = [startTable(starts), memoryTable(memory, loops), budgetTable(budgets)];
  return {
    text: [[...machineLines(machine), flags].join("\n"), ...tables].join("\n\n"),
    panels: panelsOf(starts, memory),
    results: resultsOf({
      suite: options.suite,
      machine,
      budgets,
      variants: [...starts.map((one) => ({ measured: "start", ...one })), ...memory],
      run: { starts: size.starts, loadSeconds: size.loadSeconds, loops, redis: redis.version },
    }),
  };
}

function buildBundle(): void {
  const { ok, output } = run("node", ["scripts/build.ts"], { output: "pipe", minutesMax: BUILD_MINUTES_MAX });
  if (!ok) throw new Error(output.trimEnd());
}

/** No flag of V8 is set. */
function startsOf(name: string, store: string, { directory }: SuiteDeps["workplace"]): Start[] {
  const plain = { store, flags: [] };
  const bundle = { ...plain, program: BUNDLE };
  const env = { NODE_COMPILE_CACHE: join(directory, "compile-cache") };
  return [
    { name: `${name}, sources`, program: "sources", options: plain },
    { name: `${name}, bundle`, program: "bundle", options: bundle },
    { name: `${name}, bundle, compile cache`, program: "bundle, compile cache", options: { ...bundle, env } },
  ];
}

/** One start of each kind after the other, again and again, so that what the machine does hits them alike. */
async function measureStarts(kinds: readonly Start[], times: number, deps: SuiteDeps): Promise<Starts[]> {
  const found = kinds.map(() => ({ ready: [] as number[], cpu: [] as number[] }));
  // The first of each fills the compile cache and the disk's, and is not counted.
  for (let time = 0; time <= times; time++) {
    for (const [index, { name, options }] of kinds.entries()) {
      deps.signal.throwIfAborted();
      deps.progress.show(`start ${time} of ${times}: ${name}`);
      const from = performance.now();
      const sidecar = await startSidecar(deps.workplace, name, options);
      const readyMs = performance.now() - from;
      const cpuMs = cpuUsedUs(sidecar.pid) / 1000;
      await sidecar.end();
      if (time === 0) continue;
      found[index]?.ready.push(readyMs);
      found[index]?.cpu.push(cpuMs);
    }
  }
  return kinds.map(({ name, program }, index) => ({
    name,
    program,
    readyMs: spread(found[index]?.ready ?? []),
    cpuMs: spread(found[index]?.cpu ?? []),
  }));
}

interface Load {
  readonly loops: number;
  readonly seconds: number;
  readonly workplace: SuiteDeps["workplace"];
  readonly signal: AbortSignal;
}

async function measureMemory(kind: Start, { loops, seconds, workplace, signal }: Load): Promise<Memory> {
  const sidecar = await startSidecar(workplace, kind.name, kind.options);
  await pause(IDLE_AFTER_MS, undefined, { signal });
  const idleMb = residentMb(sidecar.pid);
  const loader = await Loader.start(workplace, `the load process (${kind.name})`);
  await loader.prepare(kind.name, { client: "grpc", address: sidecar.address, calls: "mix" });
  const looks: number[] = [];
  const watching = setInterval(() => looks.push(residentMb(sidecar.pid)), LOOK_EVERY_MS);
  const burst = await loader.burst(kind.name, { loops, ms: seconds * 1000 }).finally(() => clearInterval(watching));
  await sidecar.end();
  // The first half is growth, and no state that lasts.
  const settled = looks.slice(Math.floor(looks.length / 2));
  const callsPerSecond = burst.calls / burst.seconds;
  return { name: kind.name, program: kind.program, idleMb: spread([idleMb]), loadMb: spread(settled), callsPerSecond };
}

/** Of the bundle, without a compile cache; of two stores the one that does worse counts. */
function checksOf(starts: readonly Starts[], memory: readonly Memory[]): Checked[] {
  const bundle = <One extends { readonly program: string }>(all: readonly One[]) =>
    all.filter(({ program }) => program === "bundle");
  return [
    { id: "P9-idle", measured: largest(bundle(memory).map(({ idleMb }) => idleMb)) },
    { id: "P9-load", measured: largest(bundle(memory).map(({ loadMb }) => loadMb)) },
    { id: "P10", measured: largest(bundle(starts).map(({ readyMs }) => readyMs)) },
  ];
}

function largest(spreads: readonly Spread[]): Spread {
  return spreads.toSorted((a, b) => b.median - a.median)[0] ?? spread([]);
}

function startTable(starts: readonly Starts[]): string {
  const rows = starts.map(({ name, readyMs, cpuMs }) => [
    name,
    whole(readyMs.median),
    `${whole(readyMs.lowerQuartile)}–${whole(readyMs.upperQuartile)}`,
    whole(cpuMs.median),
  ]);
  const header = ["sidecar", "start to ready, ms, median", "quartiles", "CPU until then, ms"];
  return `The budgets are held to the bundle, as npm run build makes it.\n\n${table(header, rows)}`;
}

function memoryTable(memory: readonly Memory[], loops: number): string {
  const rows = memory.map(({ name, idleMb, loadMb, callsPerSecond }) => [
    name,
    decimals(idleMb.median, 1),
    decimals(loadMb.median, 1),
    whole(callsPerSecond),
  ]);
  const header = ["sidecar", "resident when idle, MB", "under load, MB", "calls/s then"];
  return `Load: ${loops} callers, new keys with 5 % duplicates.\n\n${table(header, rows)}`;
}

function panelsOf(starts: readonly Starts[], memory: readonly Memory[]): Panel[] {
  const ready = starts.map(({ name, readyMs: { median, lowerQuartile, upperQuartile } }) => ({
    label: name,
    values: [median],
    iqr: [lowerQuartile, upperQuartile] as const,
  }));
  const resident = memory.flatMap(({ name, idleMb, loadMb }) => [
    { label: `${name}, idle`, values: [idleMb.median] },
    { label: `${name}, under load`, values: [loadMb.median] },
  ]);
  return [
    {
      title: "Start to ready, less is better",
      unit: "ms, quartiles",
      parts: ["start"],
      bars: ready,
      marks: marksOf("P10"),
    },
    {
      title: "Resident memory, less is better",
      unit: "MB",
      parts: ["memory"],
      bars: resident,
      marks: marksOf("P9-load"),
    },
  ];
}
