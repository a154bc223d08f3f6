import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { monotonicMs } from "../../base/clock.ts";
import { type Clients, openClients } from "../client.ts";
import type { Approach } from "./approaches.ts";
import type { Books, Watch } from "./books.ts";
import { countEffects, type LedgerCount } from "./ledger.ts";
import { resolveEvent } from "./operator.ts";
import type { SentEvent } from "./payloads.ts";
import type { Plan } from "./plan.ts";
import { codeFolder } from "./self.ts";
import { Sender } from "./sender.ts";
import { openTarget } from "./target.ts";

export interface RunOptions {
  readonly approach: Approach;
  readonly plan: Plan;
  readonly events: readonly SentEvent[];
  readonly clients: number;
  /** The demo's folder; the run makes one of its own in it. */
  readonly folder: string;
  /** Absent in runs without one. */
  readonly sidecar: { readonly address: string; readonly namespace: string } | undefined;
  readonly watch: Watch;
}

/** What the sender was told about deliveries that are done, compared with the file. */
interface AnswerCheck {
  /** Names the first effect of the event. */
  readonly right: number;
  /** Names another line. */
  readonly wrong: number;
  /** Says "done" and cannot say with what result. */
  readonly withoutResult: number;
  /** Says "done" to a payload that the id was not used for first. */
  readonly changedAccepted: number;
}

export interface RunReport {
  readonly approach: Approach;
  readonly ms: number;
  readonly books: Books;
  /** Read back from the file after the last client was gone. */
  readonly ledger: LedgerCount;
  readonly answers: AnswerCheck;
  readonly file: string;
}

/** Sends the plan's deliveries to clients of one approach, then reads back what they did. */
export async function runApproach(options: RunOptions, signal: AbortSignal): Promise<RunReport> {
  const { approach, plan, events, clients, sidecar, watch } = options;
  const folder = join(options.folder, approach);
  const marks = join(folder, "marks");
  await mkdir(marks, { recursive: true });
  const file = join(folder, "effects.log");
  const socket = join(folder, "t.sock");
  const target = await openTarget({ file, socket });
  const connection = sidecar === undefined ? undefined : openClients(sidecar.address);
  const began = monotonicMs();
  try {
    const namespace = sidecar?.namespace ?? "";
    const setup = { kind: "setup" as const, target: socket, marks, sidecar: sidecar?.address, namespace };
    const client = { setup, code: codeFolder(options.folder) };
    const resolve = (event: SentEvent) => resolveParked(connection, { event, namespace, file });
    const sender = new Sender({ approach, plan, events, clients, client, watch, resolve });
    const books = await sender.run(signal);
    const ms = monotonicMs() - began;
    await target.close();
    const ledger = countEffects(await readFile(file, "utf8"), events);
    return { approach, ms, books, ledger, answers: checkAnswers(books, events, ledger), file };
  } finally {
    connection?.close();
    await target.close();
  }
}

function resolveParked(connection: Clients | undefined, parked: Parameters<typeof resolveEvent>[1]) {
  return connection === undefined ? Promise.resolve(undefined) : resolveEvent(connection, parked);
}

function checkAnswers(books: Books, events: readonly SentEvent[], { receipts }: LedgerCount): AnswerCheck {
  const own = books.done.filter(({ changed }) => !changed);
  const told = own.filter(({ receipt }) => receipt !== undefined);
  const right = told.filter(({ event, receipt }) => receipt === receipts.get(events[event]?.id ?? ""));
  return {
    right: right.length,
    wrong: told.length - right.length,
    withoutResult: own.length - told.length,
    changedAccepted: books.done.length - own.length,
  };
}
