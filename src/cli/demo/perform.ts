import { later } from "../../base/wait.ts";
import { listenAddress } from "../../config/values.ts";
import { CommandFailed, EXIT, type ExitCode, misuse, say } from "../exit.ts";
import { roughly } from "../format.ts";
import { print, printJson } from "../output.ts";
import { type DemoReport, runDemo } from "./demo.ts";
import { type Display, liveDisplay, plainDisplay, silentDisplay } from "./display.ts";
import { jsonOf } from "./json.ts";
import { orderSentence, orderTable } from "./order-report.ts";
import { closingSentence, closingTable } from "./report.ts";
import type { DemoOptions } from "./stage.ts";
import { DEMO_MS_MAX, EVENT_MS_MAX } from "./timing.ts";
import { problemsIn } from "./verdict.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Options as they are typed. */
export interface CommandOptions extends DemoOptions {
  readonly json?: true;
}

/** The command's body: a whole demo, within its time, with whatever it started put away at the end. */
export async function performDemo(options: CommandOptions): Promise<ExitCode> {
  if (options.address !== undefined && !listenAddress.safeParse(options.address).success) {
    throw misuse("--address must be host:port or unix:/path");
  }
  const stop = new AbortController();
  const handlers = SIGNALS.map((signal) => [signal, () => stop.abort(signal)] as const);
  for (const [signal, handler] of handlers) process.once(signal, handler);
  const longest = DEMO_MS_MAX + options.events * EVENT_MS_MAX;
  const late = `the demo was not over after ${roughly(longest)}: try fewer --events, or a machine with less to do`;
  const callOff = later(longest, () => stop.abort(new CommandFailed(EXIT.no, [late])));
  const forget = () => {
    callOff();
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
  try {
    return conclude(await runDemo(options, displayFor(options), stop.signal), options);
  } catch (error) {
    const signal = SIGNALS.find((name) => name === error);
    if (signal === undefined) throw error;
    say("called off; everything that was started is gone");
    // End as a process ends that this signal ends.
    forget();
    process.kill(process.pid, signal);
    return EXIT.no;
  } finally {
    forget();
  }
}

function displayFor({ json }: CommandOptions): Display {
  if (json) return silentDisplay;
  return process.stdout.isTTY && process.env.TERM !== "dumb" ? liveDisplay(process.stdout) : plainDisplay();
}

function conclude(report: DemoReport, { json }: CommandOptions): ExitCode {
  const { once, order, sidecar } = report;
  if (json) printJson(jsonOf(report));
  else {
    // The sentences of both acts last, where they are seen.
    if (once !== undefined) print(`\n${closingTable(once, sidecar)}`);
    if (order !== undefined) print(`\n${orderTable(order)}`);
    if (once !== undefined) print(`\n${closingSentence(once)}`);
    if (order !== undefined) print(`\n${orderSentence(order)}`);
    if (report.folder !== undefined) print(`\n${howToCount(report)}`);
  }
  return problemsIn(report).length === 0 ? EXIT.done : EXIT.no;
}

function howToCount({ once, order }: DemoReport): string {
  const runs = [...(once?.runs ?? []), ...(order?.runs ?? [])];
  const commands = runs.map(({ file }) => `  cut -d' ' -f1 ${file} | sort | uniq -d | wc -l`);
  return [
    "Count for yourself which events are there more than once; each line begins with its event:",
    ...commands,
  ].join("\n");
}
