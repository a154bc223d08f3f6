import { Command, Option } from "commander";
import { monotonicMs } from "../../base/clock.ts";
import { LEASE_MS_MAX, WAIT_MS_MAX } from "../../base/limits.ts";
import { uniqueId } from "../../base/random.ts";
import { type DurationMs, durationMs } from "../../base/units.ts";
import { duration } from "../../config/values.ts";
import type { AcquireResponse__Output } from "../../transport/grpc/gen/onceward/v1/AcquireResponse.ts";
import { type Clients, call } from "../client.ts";
import { EXIT, misuse, say } from "../exit.ts";
import { isServiceError } from "../failure.ts";
import { printable, roughly } from "../format.ts";
import { jsonOf } from "../json.ts";
import {
  by,
  type ConnectionOptions,
  type ResourceOptions,
  withConnection,
  withExample,
  withResource,
} from "../options.ts";
import { printJson } from "../output.ts";
import { ask } from "../sidecar.ts";
import { whoAmI } from "../whoami.ts";
import { NotStarted } from "./child.ts";
import { Grip, type Lease } from "./grip.ts";
import { runUnder } from "./supervise.ts";

interface RunOptions extends ConnectionOptions, ResourceOptions {
  readonly ttl: DurationMs;
  readonly wait: DurationMs;
  readonly owner: string;
}

/** Below it there is no time to end a command in, ms. */
const TTL_MS_MIN = 1000;
const TTL_DEFAULT = durationMs(30_000);

const HELP = `
The command is told ONCEWARD_NAMESPACE, ONCEWARD_RESOURCE, ONCEWARD_LEASE_ID and ONCEWARD_FENCING_TOKEN. It should
pass the token with every write, so that the resource can refuse a holder whose time is over.

When the lease is lost, or cannot be renewed in time, the command gets SIGTERM, and SIGKILL before anybody else can get
the lease; so does whatever it started in its process group. Should this program itself be killed with SIGKILL or be
stopped, nothing ends the command: then only the token guards the resource.

Exit status: that of the command, 128 and the signal that ended it, 126 or 127 if it cannot be run; 1 if somebody else
holds the lease or if it was lost; 69 if no sidecar or no store answers.`;

export function runCommand(): Command {
  const command = withResource(new Command("run"))
    .usage("--resource <name> [options] -- <command> [argument...]")
    .argument("<command...>", "what to run, behind --")
    .description("Runs a command while holding a lease, and ends it before the lease can be somebody else's.")
    .addOption(
      new Option("--ttl <duration>", "length of the lease")
        .default(TTL_DEFAULT, "30s")
        .argParser(by(duration({ min: TTL_MS_MIN, max: LEASE_MS_MAX }))),
    )
    .addOption(
      new Option("--wait <duration>", "wait while somebody else holds it")
        .default(durationMs(0), "do not wait")
        .argParser(by(duration({ min: 0, max: WAIT_MS_MAX }))),
    )
    .option("--owner <name>", "who holds it, for people", whoAmI())
    .passThroughOptions();
  withConnection(command).addHelpText("after", HELP);
  const example = "onceward lease run --resource nightly-report --ttl 30s --wait 10s -- ./report.sh --all";
  return withExample(command, example).action(async (given: readonly string[], options: RunOptions) => {
    process.exitCode = await run(given, options);
  });
}

async function run(command: readonly string[], options: RunOptions): Promise<number> {
  if (command[0] === "") throw misuse("there is nothing to run: name a command behind --");
  const { wait: waitMs, timeout } = options;
  return await ask(
    options,
    async (clients, deadlineMs) => {
      const { leases } = clients;
      const sentAt = monotonicMs();
      const given = await call(leases, leases.acquire, requestOf(options), deadlineMs);
      if (given.outcome !== "ACQUIRED") return busy(given, options);
      const lease = leaseOf(given, options);
      const grip = new Grip(leases, lease, sentAt + Number(given.validityMs));
      // An answer that was waited for does not say when it was made: another call does.
      const held = waitMs === 0 || (await grip.renew(timeout));
      if (!held) return lost(options, "it was taken away before the command was started");
      return runHolding(command, { clients, lease, grip, options });
    },
    { waitMs },
  );
}

interface Holding {
  readonly clients: Clients;
  readonly lease: Lease;
  readonly grip: Grip;
  readonly options: RunOptions;
}

async function runHolding(command: readonly string[], holding: Holding): Promise<number> {
  const { grip, lease, options } = holding;
  try {
    const { namespace, resource, leaseId, fencingToken } = lease;
    const { code, lostFor } = await runUnder(grip, {
      command,
      ttlMs: lease.ttlMs,
      env: {
        ...process.env,
        ONCEWARD_NAMESPACE: namespace,
        ONCEWARD_RESOURCE: resource,
        ONCEWARD_LEASE_ID: leaseId,
        ONCEWARD_FENCING_TOKEN: fencingToken,
      },
    });
    if (lostFor !== undefined) return lost(options, `${lostFor}, so the command was ended`);
    return (await giveBack(holding)) ? code : lost(options, "it was no longer ours when the command ended");
  } catch (error) {
    if (!(error instanceof NotStarted)) throw error;
    await giveBack(holding);
    say(`cannot run ${printable(command[0] ?? "")}: ${printable(error.message)}`);
    return error.exitCode;
  }
}

function requestOf({ namespace, resource, ttl, wait, owner }: RunOptions) {
  return { namespace, resource, ttlMs: ttl, waitMs: wait, owner, attemptId: uniqueId() };
}

function leaseOf({ leaseId, fencingToken }: AcquireResponse__Output, { namespace, resource, ttl }: RunOptions): Lease {
  return { namespace, resource, leaseId, fencingToken, ttlMs: ttl };
}

function busy(answer: AcquireResponse__Output, { resource, json }: RunOptions): number {
  const { owner, retryAfterMs } = answer;
  const who = owner === "" ? "somebody else holds" : `${printable(owner)} holds`;
  if (json) printJson(jsonOf(answer));
  say(`BUSY: ${who} the lease of ${printable(resource)}, ask again in ${roughly(Number(retryAfterMs))}`);
  return EXIT.no;
}

function lost({ resource }: RunOptions, why: string): number {
  say(`LOST: the lease of ${printable(resource)}: ${printable(why)}`);
  return EXIT.no;
}

/** False when there was nothing to give back any more. A sidecar that does not answer costs the next one the rest. */
async function giveBack({ clients: { leases }, lease, options, grip }: Holding): Promise<boolean> {
  const { ttlMs: _, ...proof } = lease;
  try {
    const { outcome } = await call(leases, leases.release, proof, options.timeout);
    return outcome === "RELEASED";
  } catch (error) {
    if (!isServiceError(error)) throw error;
    const left = roughly(Math.max(0, grip.validUntil - monotonicMs()));
    say(
      `the lease of ${printable(lease.resource)} was not given back (${printable(error.details)}): it ends in ${left}`,
    );
    return true;
  }
}
