import { Command } from "commander";
import { systemClock } from "../../base/clock.ts";
import type { GetStatsResponse__Output } from "../../transport/grpc/gen/onceward/v1/GetStatsResponse.ts";
import { call } from "../client.ts";
import { EXIT, exiting } from "../exit.ts";
import { msOf, printable, relative, roughly } from "../format.ts";
import { type ConnectionOptions, withConnection, withExample } from "../options.ts";
import { answer, labelled, table } from "../output.ts";
import { ask } from "../sidecar.ts";

export function statsCommand(): Command {
  const command = new Command("stats").description(
    "Shows what the sidecar that answers has decided since it started, and how many records are unfinished.",
  );
  return withExample(withConnection(command), "onceward stats").action(exiting(stats));
}

async function stats(options: ConnectionOptions) {
  const response = await ask(options, ({ admin }, deadlineMs) => call(admin, admin.getStats, {}, deadlineMs));
  answer(response, options, () => describe(response));
  return EXIT.done;
}

function describe({ namespaces, uptimeMs, inFlight, waiters, ...retried }: GetStatsResponse__Output): string {
  const now = systemClock.now();
  const rows = namespaces.flatMap(({ namespace, outcomes, unfinished, censusAt }) => {
    const counted = censusAt === null ? "" : relative(msOf(censusAt), now);
    return [
      ...outcomes.map(({ rpc, outcome, count }) => [printable(namespace), rpc, outcome, count, "since the start"]),
      ...unfinished.map(({ state, count }) => [printable(namespace), "(unfinished)", state, count, counted]),
    ];
  });
  const process = labelled([
    ["uptime", roughly(Number(uptimeMs))],
    ["in flight", String(inFlight)],
    ["waiting", String(waiters)],
  ]);
  const tables = [
    ...(rows.length === 0 ? [] : [table(["NAMESPACE", "CALL", "OUTCOME", "COUNT", "AS OF"], rows)]),
    ...retriedTables(retried),
  ];
  return [process, ...tables].join("\n\n");
}

type Retried = Pick<GetStatsResponse__Output, "retriedOperations" | "retriedRecords">;

/** What was asked for again and again of late; nothing where nothing was. */
function retriedTables({ retriedOperations, retriedRecords }: Retried): string[] {
  const operations = retriedOperations.map(({ namespace, operation, duplicatesAtLeast }) => [
    ...[printable(namespace), printable(operation), duplicatesAtLeast],
  ]);
  const records = retriedRecords.map(({ address, duplicatesAtLeast }) => [
    ...[printable(address?.namespace ?? ""), printable(address?.operation ?? "")],
    ...[printable(address?.stream ?? ""), printable(address?.key ?? ""), duplicatesAtLeast],
  ]);
  return [
    ...(operations.length === 0 ? [] : [table(["NAMESPACE", "OPERATION", "DUPLICATES OF LATE"], operations)]),
    ...(records.length === 0
      ? []
      : [table(["NAMESPACE", "OPERATION", "STREAM", "KEY", "DUPLICATES OF LATE"], records)]),
  ];
}
