import { Command } from "commander";
import { EXIT, type ExitCode, exiting, say } from "../exit.ts";
import { printable } from "../format.ts";
import { type Condition, conditionOf } from "../health.ts";
import { type ConnectionOptions, withConnection, withExample } from "../options.ts";
import { print, printJson } from "../output.ts";

interface CheckOptions extends ConnectionOptions {
  readonly service: string;
}

export function checkCommand(): Command {
  const command = new Command("check")
    .description("Asks a sidecar whether it is ready, by grpc.health.v1. Exit status 0 = it is, 1 = it says no.")
    .option("--service <name>", "a service's full name, such as onceward.v1.LeaseService", "");
  return withExample(withConnection(command), "onceward check --address unix:/run/onceward/onceward.sock").action(
    exiting(check),
  );
}

async function check({ address, service, timeout, json }: CheckOptions): Promise<ExitCode> {
  const condition = await conditionOf({ address, service, timeoutMs: timeout });
  if (json) printJson({ address, service, condition: condition.kind });
  else if (condition.kind !== "unreachable") print(condition.kind);
  if (condition.kind === "unreachable") say(`nobody answers at ${address}: ${printable(condition.why)}`);
  return exitCodeOf(condition);
}

function exitCodeOf({ kind }: Condition): ExitCode {
  if (kind === "serving") return EXIT.done;
  return kind === "unreachable" ? EXIT.unavailable : EXIT.no;
}
