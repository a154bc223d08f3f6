import { Command } from "commander";
import { systemClock } from "../../base/clock.ts";
import { PAGE_SIZE_MAX, TOMBSTONE_MS_MAX } from "../../base/limits.ts";
import type { DurationMs } from "../../base/units.ts";
import { duration, integer } from "../../config/values.ts";
import type { Record__Output as RecordMessage } from "../../transport/grpc/gen/onceward/v1/Record.ts";
import type { Clients } from "../client.ts";
import { call } from "../client.ts";
import { EXIT, exiting, say } from "../exit.ts";
import { msOf, printable, relative } from "../format.ts";
import { jsonOf } from "../json.ts";
import {
  by,
  type ConnectionOptions,
  state,
  type UnfinishedState,
  withConnection,
  withExample,
  withNamespace,
} from "../options.ts";
import { print, printJson, table } from "../output.ts";
import { stateOf } from "../record.ts";
import { ask } from "../sidecar.ts";

interface ListOptions extends ConnectionOptions {
  readonly namespace: string;
  readonly state?: readonly UnfinishedState[];
  readonly olderThan?: DurationMs;
  readonly limit?: number;
}

/** How many rows share the widths of their columns and a head; more are not held back. */
const ROWS_PER_TABLE = PAGE_SIZE_MAX;
/** Longest owner or error in a table, characters. */
const CELL_MAX = 60;
const HEAD = ["KEY", "OPERATION", "STREAM", "STATE", "ATTEMPTS", "UPDATED", "LEASE", "TOKEN", "OWNER", "LAST ERROR"];

export function listCommand(): Command {
  const command = withNamespace(new Command("list"))
    .description("Lists the unfinished records of a namespace, all pages of them. Read a finished one with get.")
    .option("--state <state>", "only in-progress, unknown, retryable or dead-lettered; may be given again", state)
    .option("--older-than <duration>", "only if unchanged for so long", by(duration({ min: 0, max: TOMBSTONE_MS_MAX })))
    .option("--limit <n>", "stop after so many", by(integer({ min: 1, max: Number.MAX_SAFE_INTEGER })));
  withConnection(command).addHelpText("after", "\nWith --json, every record is an object on a line of its own.");
  return withExample(command, "onceward list --namespace payments --state unknown --older-than 5m").action(
    exiting(list),
  );
}

async function list(options: ListOptions) {
  const printer = options.json ? linePrinter() : tablePrinter();
  await ask(options, async (clients, deadlineMs) => {
    for await (const records of pages(clients, options, deadlineMs)) printer.add(records);
  });
  if (printer.end() === 0) say(`no such unfinished record in namespace ${printable(options.namespace)}`);
  return EXIT.done;
}

/** The pages one after the other, until the last or until the limit is reached. */
async function* pages({ admin }: Clients, options: ListOptions, deadlineMs: number) {
  const { namespace, state: states = [], olderThan: olderThanMs = 0, limit = Number.POSITIVE_INFINITY } = options;
  let left = limit;
  let pageToken = "";
  do {
    const pageSize = Math.min(left, PAGE_SIZE_MAX);
    const request = { namespace, states: [...states], olderThanMs, pageSize, pageToken };
    const { records, nextPageToken } = await call(admin, admin.listRecords, request, deadlineMs);
    yield records.slice(0, left);
    left -= records.length;
    pageToken = nextPageToken;
  } while (pageToken !== "" && left > 0);
}

interface Printer {
  add(records: readonly RecordMessage[]): void;
  /** Prints what is held back; tells how many there were in all. */
  end(): number;
}

function linePrinter(): Printer {
  let count = 0;
  return {
    add(records) {
      for (const record of records) printJson(jsonOf(record));
      count += records.length;
    },
    end: () => count,
  };
}

function tablePrinter(): Printer {
  let count = 0;
  let held: string[][] = [];
  const flush = () => {
    if (held.length > 0) print(table(HEAD, held));
    held = [];
  };
  return {
    add(records) {
      const now = systemClock.now();
      held.push(...records.map((record) => cellsOf(record, now)));
      count += records.length;
      if (held.length >= ROWS_PER_TABLE) flush();
    },
    end() {
      flush();
      return count;
    },
  };
}

/** What does not tell one record from another is cut in a table; get and --json have all of it. */
function cut(text: string): string {
  return text.length > CELL_MAX ? `${text.slice(0, CELL_MAX)}…` : text;
}

function cellsOf(record: RecordMessage, now: number): string[] {
  const { address, attempts, updatedAt, leaseUntil, fencingToken, owner, lastError } = record;
  const when = (instant: typeof updatedAt) => (instant === null ? "" : relative(msOf(instant), now));
  return [
    printable(address?.key ?? ""),
    printable(address?.operation ?? ""),
    printable(address?.stream ?? ""),
    stateOf(record),
    String(attempts),
    when(updatedAt),
    when(leaseUntil),
    fencingToken,
    printable(cut(owner)),
    printable(cut(lastError)),
  ];
}
