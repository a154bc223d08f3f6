import { Command, InvalidArgumentError, Option } from "commander";
import { NAMESPACE_PATTERN } from "../../base/limits.ts";
import { exiting } from "../exit.ts";
import { ACT_NAMES } from "./approaches.ts";
import { CLIENT_ARGS } from "./client-process.ts";
import type { CommandOptions } from "./perform.ts";
import { EVENTS_MAX, EVENTS_MIN } from "./plan.ts";

const SEED_MAX = 2 ** 32 - 1;

const ABOUT = [
  "Delivers real GitHub webhooks, each several times, to several client processes that are killed and paused, whose",
  "calls lose their replies, and whose payloads are changed. The effect is a line appended to a file. Then reads the",
  "file back and counts: once with onceward, and once for each of three ways to do without it. A second act delivers",
  "the life of an issue and of a pull request shuffled, and looks whether a mirror of them ends right.",
].join(" ");

const AFTER = `
Exit status:
  0   with onceward every event had its effect exactly once, and in order where that matters, by the files
  1   it had not, or the demo was not over in time

Example:
  $ onceward demo
  $ onceward demo --act order
  $ onceward demo --events 329 --seed 42 --keep`;

/** Only declares: this file is also what each of the demo's many processes loads first. */
export function demoCommand(): Command {
  const command = new Command("demo")
    .description(ABOUT)
    .usage("[options]")
    .helpCommand(false)
    .option("--address <host:port>", "a running sidecar, instead of one of its own (which is killed half-way, too)")
    .addOption(
      new Option("-n, --namespace <name>", "namespace of the demo's records").default("demo").argParser(namespace),
    )
    .addOption(new Option("--act <name>", "only this act: faults and repetitions, or order").choices(ACT_NAMES))
    .addOption(whole("--events <n>", "events of the first act", EVENTS_MIN, EVENTS_MAX).default(200))
    .addOption(whole("--copies <n>", "how often the sender sends each of these", 1, 10).default(3))
    .addOption(whole("--clients <n>", "client processes", 3, 32).default(6))
    .addOption(whole("--seed <n>", "of the plan: which payloads, which faults, in what order", 0, SEED_MAX).default(7))
    .option("--keep", "keep the files with the effects")
    .option("--json", "print only one JSON object, with all numbers")
    .addHelpText("after", AFTER)
    .action(exiting(async (options: CommandOptions) => (await import("./perform.ts")).performDemo(options)));
  command.addCommand(clientCommand(), { hidden: true });
  return command;
}

/** The process that plays a client; started by the demo only. */
function clientCommand(): Command {
  return new Command(CLIENT_ARGS[1]).action(async () => (await import("./client-main.ts")).serveAsClient());
}

function whole(flags: string, description: string, min: number, max: number): Option {
  return new Option(flags, `${description} (${min} to ${max})`).argParser((text) => {
    const value = Number(text);
    if (/^\d{1,10}$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  });
}

function namespace(text: string): string {
  if (NAMESPACE_PATTERN.test(text)) return text;
  throw new InvalidArgumentError("It must be lower-case letters, digits, dots, dashes or underscores, at most 63.");
}
