import { durationMs } from "../../base/units.ts";
import { call } from "../client.ts";
import { printable } from "../format.ts";
import { paint } from "../output.ts";
import { ask } from "../sidecar.ts";
import { type Act, APPROACHES, type Approach, needsSidecar } from "./approaches.ts";
import type { Watch } from "./books.ts";
import type { Display } from "./display.ts";
import type { Payload, SentEvent } from "./payloads.ts";
import type { Plan } from "./plan.ts";
import { type RunReport, runApproach } from "./run.ts";
import { Stories } from "./stories.ts";
import { CALL_MS } from "./timing.ts";

export interface DemoOptions {
  /** Absent = all of them. */
  readonly act?: Act;
  /** A running sidecar; absent = the demo starts its own. */
  readonly address?: string;
  readonly namespace: string;
  readonly seed: number;
  readonly events: number;
  readonly copies: number;
  readonly clients: number;
  readonly keep?: true;
}

/** What the acts of one demo share. */
export interface Stage {
  readonly options: DemoOptions;
  readonly payloads: readonly Payload[];
  readonly folder: string;
  readonly display: Display;
  readonly sidecar: Sidecar;
  readonly signal: AbortSignal;
}

export interface Sidecar {
  readonly address: string;
  /** Does nothing to a sidecar that is not the demo's own, nor a second time. */
  crash(): void;
}

/** One approach's part of an act. */
interface Part {
  readonly approach: Approach;
  readonly plan: Plan;
  readonly events: readonly SentEvent[];
  readonly clients: number;
  /** Called half-way. */
  halfWay?(): void;
}

export async function perform(stage: Stage, part: Part): Promise<RunReport> {
  const { folder, display, signal, options } = stage;
  const { approach } = part;
  const { title, does } = APPROACHES[approach];
  const sidecar = needsSidecar(approach) ? stage.sidecar : undefined;
  display.line(`\n${title}: ${does}`);
  if (sidecar !== undefined) display.line(`  sidecar ${await describe(sidecar.address)}`);
  const used = sidecar && { address: sidecar.address, namespace: options.namespace };
  display.begin();
  try {
    const run = await runApproach({ ...part, folder, sidecar: used, watch: watchFor(display, part) }, signal);
    signal.throwIfAborted();
    display.end();
    display.line(`  ${summary(run)}`);
    return run;
  } finally {
    display.end();
  }
}

/** Stories are told where there is something to tell besides "it ran again". */
function watchFor(display: Display, { approach, plan, events, halfWay }: Part): Watch {
  const stories = needsSidecar(approach) ? new Stories(plan, events) : undefined;
  return {
    step: (event, pid, word) => stories?.step(event, pid, word),
    closed(event) {
      const story = stories?.tell(event);
      if (story !== undefined) display.line(`  ${story.title}\n    ${paint("quiet", story.text)}`);
    },
    progress(books, done) {
      display.progress(books, done);
      if (done.settled * 2 >= done.total) halfWay?.();
    },
  };
}

/** @throws {CommandFailed} when nobody answers there. */
export async function describe(address: string): Promise<string> {
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
