import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monotonicMs } from "../../base/clock.ts";
import { introductionOfOnce, type OnceReport, performOnce } from "./act-once.ts";
import { type OrderReport, performOrder } from "./act-order.ts";
import type { Display } from "./display.ts";
import { loadPayloads } from "./payloads.ts";
import { SidecarProcess } from "./sidecar-process.ts";
import { type DemoOptions, describe, type Sidecar, type Stage } from "./stage.ts";
import { problemsIn } from "./verdict.ts";

interface ActReports {
  /** Undefined = not performed. */
  readonly once: OnceReport | undefined;
  readonly order: OrderReport | undefined;
}

export interface DemoReport extends ActReports {
  readonly options: DemoOptions;
  /** Where the files are, if they were kept: asked for, or something was wrong. */
  readonly folder: string | undefined;
  readonly sidecar: { readonly address: string; readonly own: boolean; readonly crashes: number };
}

/** Performs the acts. Rejects with the signal's reason when that says stop; nothing is left then. */
export async function runDemo(options: DemoOptions, display: Display, signal: AbortSignal): Promise<DemoReport> {
  // Before anything else is done: a wrong address is no news for the last run.
  if (options.address !== undefined) await describe(options.address);
  const folder = mkdtempSync(join(tmpdir(), "onceward-demo-"));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.once("exit", remove);
  // Aborted with the reason why the demo cannot go on.
  const failing = new AbortController();
  const both = AbortSignal.any([signal, failing.signal]);
  let kept = false;
  try {
    if (options.act !== "order") for (const line of introductionOfOnce(options)) display.line(line);
    const payloads = loadPayloads();
    const setting = { options, payloads, folder, display, signal: both };
    const acted = await withSidecar(setting, failing, (sidecar) => performActs({ ...setting, sidecar }));
    kept = options.keep === true || problemsIn(acted).length > 0;
    return { ...acted, options, folder: kept ? folder : undefined };
  } catch (error) {
    // What was under way fails in its own way when it is told to stop; the reason is the news.
    throw both.aborted ? both.reason : error;
  } finally {
    process.off("exit", remove);
    if (!kept) remove();
  }
}

async function performActs(stage: Stage): Promise<ActReports> {
  const { act } = stage.options;
  const once = act === "order" ? undefined : await performOnce(stage);
  if (act === undefined) stage.display.line("\n");
  const order = act === "once" ? undefined : await performOrder(stage);
  return { once, order };
}

async function withSidecar(
  { options, folder, display, signal }: Omit<Stage, "sidecar">,
  failing: AbortController,
  act: (sidecar: Sidecar) => Promise<ActReports>,
): Promise<ActReports & Pick<DemoReport, "sidecar">> {
  if (options.address !== undefined) {
    const { address } = options;
    return { ...(await act({ address, crash() {} })), sidecar: { address, own: false, crashes: 0 } };
  }
  const own = await SidecarProcess.start(folder, signal);
  const kill = () => own.kill();
  // Before the folder is removed.
  process.prependOnceListener("exit", kill);
  let crashes = 0;
  const crash = () => {
    if (crashes > 0) return;
    crashes += 1;
    crashAndRestart(own, display).catch((error: unknown) => failing.abort(error));
  };
  try {
    const acted = await act({ address: own.address, crash });
    return { ...acted, sidecar: { address: own.address, own: true, crashes } };
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
