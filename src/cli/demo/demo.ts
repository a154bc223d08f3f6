import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monotonicMs } from "../../base/clock.ts";
import { durationMs } from "../../base/units.ts";
import { call } from "../client.ts";
import { printable } from "../format.ts";
import { paint } from "../output.ts";
import { ask } from "../sidecar.ts";
import { APPROACH_NAMES, APPROACHES, type Approach } from "./approaches.ts";
import type { Watch } from "./books.ts";
import type { Display } from "./display.ts";
import { loadPayloads, type SentEvent, sentEvent } from "./payloads.ts";
import { makePlan, type Plan } from "./plan.ts";
import { type RunReport, runApproach } from "./run.ts";
import { SidecarProcess } from "./sidecar-process.ts";
import { Stories } from "./stories.ts";
import { CALL_MS } from "./timing.ts";
import { problemsOf } from "./verdict.ts";

export interface DemoOptions {
  /** A running sidecar; absent = the demo starts its own. */
  readonly address?: string;
  readonly namespace: string;
  readonly seed: number;
  readonly events: number;
  readonly copies: number;
  readonly clients: number;
  readonly keep?: true;
}

export interface DemoReport {
  readonly plan: Plan;
  readonly clients: number;
  readonly runs: readonly RunReport[];
  /** Where the files are, if they were kept: asked for, or something was wrong. */
  readonly folder: string | undefined;
  readonly sidecar: { readonly address: string; readonly own: boolean; readonly crashes: number };
}

/** What the runs of one demo share. */
interface Stage {
  readonly options: DemoOptions;
  readonly plan: Plan;
  readonly events: readonly SentEvent[];
  readonly folder: string;
  readonly display: Display;
  /** Aborted with the reason why the demo cannot go on. */
  readonly failing: AbortController;
  readonly signal: AbortSignal;
}

/** Runs every approach on one plan. Rejects with the signal's reason when that says stop; nothing is left then. */
export async function runDemo(options: DemoOptions, display: Display, signal: AbortSignal): Promise<DemoReport> {
  // Before anything else is done: a wrong address is no news for the last run.
  if (options.address !== undefined) await describe(options.address);
  const payloads = loadPayloads();
  const plan = makePlan({ ...options, payloads: payloads.length });
  const events = plan.events.map(({ index, payload }) => sentEvent(index, at(payloads, payload)));
  const folder = mkdtempSync(join(tmpdir(), "onceward-demo-"));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.once("exit", remove);
  const failing = new AbortController();
  const both = AbortSignal.any([signal, failing.signal]);
  const stage: Stage = { options, plan, events, folder, display, failing, signal: both };
  let kept = false;
  try {
    for (const line of introduction(options)) display.line(line);
    const runs: RunReport[] = [];
    for (const approach of APPROACH_NAMES.filter((name) => name !== "onceward")) {
      runs.push(await perform(stage, approach, undefined));
    }
    const { run, sidecar } = await performWithSidecar(stage);
    kept = options.keep === true || problemsOf(run).length > 0;
    return { plan, clients: options.clients, runs: [...runs, run], folder: kept ? folder : undefined, sidecar };
  } catch (error) {
    // What was under way fails in its own way when it is told to stop; the reason is the news.
    throw both.aborted ? both.reason : error;
  } finally {
    process.off("exit", remove);
    if (!kept) remove();
  }
}

function introduction({ events, copies, clients, seed }: DemoOptions): string[] {
  return [
    `${events} real GitHub webhooks, each sent ${copies} times to ${clients} client processes, seed ${seed}.`,
    "The effect is a line in a file. Its keeper compares fencing tokens where it gets them; it never deduplicates.",
    "The same deliveries and the same faults for each way to handle them:",
  ];
}

async function performWithSidecar(stage: Stage): Promise<{ run: RunReport; sidecar: DemoReport["sidecar"] }> {
  const { options, folder, signal, display } = stage;
  if (options.address !== undefined) {
    const { address } = options;
    const run = await perform(stage, "onceward", { address });
    return { run, sidecar: { address, own: false, crashes: 0 } };
  }
  const own = await SidecarProcess.start(folder, signal);
  const kill = () => own.kill();
  // Before the folder is removed.
  process.prependOnceListener("exit", kill);
  let crashes = 0;
  const crash = () => {
    if (crashes > 0) return;
    crashes += 1;
    crashAndRestart(own, display).catch((error: unknown) => stage.failing.abort(error));
  };
  try {
    const run = await perform(stage, "onceward", { address: own.address, crash });
    return { run, sidecar: { address: own.address, own: true, crashes } };
  } finally {
    // Nobody needs its records any more when the demo is called off.
    await own.stop(signal.aborted ? "SIGKILL" : "SIGTERM");
    process.off("exit", kill);
  }
}

async function crashAndRestart(sidecar: SidecarProcess, display: Display): Promise<void> {
  const began = monotonicMs();
  const killed = `the sidecar killed half-way, process ${sidecar.pid}`;
  await sidecar.crash();
  const ms = Math.round(monotonicMs() - began);
  display.line(`  ${killed}\n    process ${sidecar.pid} serves the same records on the same port after ${ms} ms`);
}

/** `crash` is called half-way. */
interface Sidecar {
  readonly address: string;
  crash?(): void;
}

async function perform(stage: Stage, approach: Approach, sidecar: Sidecar | undefined): Promise<RunReport> {
  const { plan, events, folder, display, signal, options } = stage;
  const { title, does } = APPROACHES[approach];
  display.line(`\n${title}: ${does}`);
  if (sidecar !== undefined) display.line(`  sidecar ${await describe(sidecar.address)}`);
  const used = sidecar && { address: sidecar.address, namespace: options.namespace };
  const watch = watchFor(stage, approach, sidecar);
  display.begin();
  try {
    const { clients } = options;
    const run = await runApproach({ approach, plan, events, clients, folder, sidecar: used, watch }, signal);
    signal.throwIfAborted();
    display.end();
    display.line(`  ${summary(run)}`);
    return run;
  } finally {
    display.end();
  }
}

/** Stories are told where there is something to tell besides "it ran again". */
function watchFor({ plan, events, display }: Stage, approach: Approach, sidecar: Sidecar | undefined): Watch {
  const stories = approach === "onceward" ? new Stories(plan, events) : undefined;
  return {
    step: (event, pid, word) => stories?.step(event, pid, word),
    closed(event) {
      const story = stories?.tell(event);
      if (story !== undefined) display.line(`  ${story.title}\n    ${paint("quiet", story.text)}`);
    },
    progress(books, done) {
      display.progress(books, done);
      if (done.settled * 2 >= done.total) sidecar?.crash?.();
    },
  };
}

/** @throws {CommandFailed} when nobody answers there. */
async function describe(address: string): Promise<string> {
  const info = await ask({ address, timeout: durationMs(CALL_MS) }, ({ admin }, deadlineMs) =>
    call(admin, admin.getServerInfo, {}, deadlineMs),
  );
  const { version, storeKind, durability } = info;
  return `${address}, version ${printable(version)}, store ${printable(storeKind)}, ${printable(durability)}`;
}

function summary({ ledger, ms }: RunReport): string {
  const { effects, once, moreThanOnce, never } = ledger;
  const seconds = (ms / 1000).toFixed(1);
  const events = `${once} events ran once, ${moreThanOnce} more than once, ${never} never`;
  return `${effects} effects in the file: ${events} (${seconds} s)`;
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`nothing at ${index}`);
  return item;
}
