import { Command } from "commander";
import { systemClock } from "../../base/clock.ts";
import type { Lease__Output } from "../../transport/grpc/gen/onceward/v1/Lease.ts";
import { call } from "../client.ts";
import { EXIT, exiting } from "../exit.ts";
import { localTime, msOf, printable, relative, roughly } from "../format.ts";
import { type ConnectionOptions, type ResourceOptions, withConnection, withExample, withResource } from "../options.ts";
import { answer, type Field, labelled } from "../output.ts";
import { ask } from "../sidecar.ts";
import { headline, no, yes } from "../verdict.ts";

interface InspectOptions extends ConnectionOptions, ResourceOptions {}

export function inspectCommand(): Command {
  const command = withResource(new Command("inspect")).description(
    "Shows who holds the lease of a resource. By the time it is printed it may be untrue.",
  );
  withConnection(command).addHelpText("after", "\nExit status: 0 if somebody holds it, 1 otherwise.");
  return withExample(command, "onceward lease inspect --resource nightly-report").action(exiting(inspect));
}

async function inspect(options: InspectOptions) {
  const { namespace, resource } = options;
  const response = await ask(options, ({ leases }, deadlineMs) =>
    call(leases, leases.inspect, { namespace, resource }, deadlineMs),
  );
  const { lease } = response;
  answer(response, options, () => {
    if (lease === null) {
      const told = headline("FREE", no("nobody holds it", "quiet"));
      return `${told}\n${labelled([...resourceFields(options)])}`;
    }
    return `${headline("HELD", yes("somebody holds it"))}\n${labelled(leaseFields(lease, systemClock.now()))}`;
  });
  return response.held ? EXIT.done : EXIT.no;
}

export function resourceFields({ namespace, resource }: ResourceOptions): Field[] {
  return [
    ["resource", printable(resource)],
    ["namespace", printable(namespace)],
  ];
}

function leaseFields(lease: Lease__Output, now: number): Field[] {
  const { owner, fencingToken, ttlMs, acquiredAt } = lease;
  const at = acquiredAt === null ? undefined : msOf(acquiredAt);
  return [
    ...resourceFields(lease),
    owner === "" ? undefined : ["owner", printable(owner)],
    ["token", fencingToken],
    ["left", roughly(Number(ttlMs))],
    at === undefined ? undefined : ["acquired", `${localTime(at)} (${relative(at, now)})`],
  ];
}
