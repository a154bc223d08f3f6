import { Command } from "commander";
import { withExample } from "../options.ts";
import { forceReleaseCommand } from "./force-release.ts";
import { inspectCommand } from "./inspect.ts";
import { listCommand } from "./list.ts";
import { runCommand } from "./run.ts";

export function leaseCommand(): Command {
  const command = new Command("lease")
    .description("Exclusive leases on resources: run a command while holding one, see who holds what, take one away.")
    // What stands behind `run` belongs to it, and what stands behind `--` to the command that it runs.
    .enablePositionalOptions()
    .addCommand(runCommand().summary("run a command while holding a lease"))
    .addCommand(listCommand().summary("list the leases that are held in a namespace"))
    .addCommand(inspectCommand().summary("show who holds a lease"))
    .addCommand(forceReleaseCommand().summary("take a lease away from its holder"));
  return withExample(
    command,
    "onceward lease run --resource nightly-report --ttl 30s -- ./report.sh",
    "onceward lease list --namespace payments",
  );
}
