import { Command } from "commander";
import { systemClock } from "../../base/clock.ts";
import { PAGE_SIZE_MAX } from "../../base/limits.ts";
import type { Lease__Output } from "../../transport/grpc/gen/onceward/v1/Lease.ts";
import { call } from "../client.ts";
import { EXIT, exiting, say } from "../exit.ts";
import { msOf, printable, relative, roughly } from "../format.ts";
import { jsonOf } from "../json.ts";
import { type ConnectionOptions, withConnection, withExample, withNamespace } from "../options.ts";
import { print, printJson, table } from "../output.ts";
import { ask } from "../sidecar.ts";

interface ListOptions extends ConnectionOptions {
  readonly namespace: string;
}

const HEAD = ["RESOURCE", "OWNER", "TOKEN", "LEFT", "ACQUIRED"];

export function listCommand(): Command {
  const command = withNamespace(new Command("list")).description(
    "Lists the leases that are held in a namespace, all pages of them.",
  );
  withConnection(command).addHelpText("after", "\nWith --json, every lease is an object on a line of its own.");
  return withExample(command, "onceward lease list --namespace payments").action(exiting(list));
}

async function list(options: ListOptions) {
  const { namespace, json } = options;
  let count = 0;
  await ask(options, async ({ leases: client }, deadlineMs) => {
    let pageToken = "";
    do {
      const request = { namespace, pageSize: PAGE_SIZE_MAX, pageToken };
      const { leases, nextPageToken } = await call(client, client.list, request, deadlineMs);
      if (json) for (const lease of leases) printJson(jsonOf(lease));
      else if (leases.length > 0) print(table(HEAD, leases.map(cellsOf(systemClock.now()))));
      count += leases.length;
      pageToken = nextPageToken;
    } while (pageToken !== "");
  });
  if (count === 0) say(`nobody holds a lease in namespace ${printable(namespace)}`);
  return EXIT.done;
}

function cellsOf(now: number) {
  return ({ resource, owner, fencingToken, ttlMs, acquiredAt }: Lease__Output): string[] => {
    const acquired = acquiredAt === null ? "" : relative(msOf(acquiredAt), now);
    return [printable(resource), printable(owner), fencingToken, roughly(Number(ttlMs)), acquired];
  };
}
