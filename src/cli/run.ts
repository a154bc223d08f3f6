import { Command, CommanderError } from "commander";
import { readVersion } from "../base/version.ts";
import { COMMANDS } from "./commands.ts";
import { CommandFailed, EXIT, type ExitCode, say } from "./exit.ts";
import { printable } from "./format.ts";

const ABOUT = `
Exit status:
  0   done
  1   the answer is no: not started, fenced, not found …; each command's --help says which
  2   wrong use, or arguments that the sidecar refuses
  69  no sidecar or no store answered in time
  70  a defect
  78  bad configuration

Environment:
  ONCEWARD_ADDRESS  the sidecar to talk to, unless --address says so (127.0.0.1:7600)
  NO_COLOR          no colours; there are none in a pipe either
  ONCEWARD_*        settings of the sidecar itself: see "onceward config"

Example:
  $ onceward serve &
  $ onceward begin order-17 --operation charge`;

/** Runs one command line and sets the status of the process. Never rejects. */
export async function runCommandLine(given: readonly string[]): Promise<void> {
  process.stdout.on("error", stopWhenNobodyReads);
  try {
    await (await program(given)).parseAsync(given, { from: "user" });
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** Only the command that is asked for is loaded: what `begin` needs does not slow down `--version`. */
async function program(given: readonly string[]): Promise<Command> {
  const root = new Command("onceward")
    .description("Ask before an effect, record after it, run it once: the sidecar and its client.")
    .usage("<command> [options]")
    .version(readVersion())
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "onceward: ")) })
    .showHelpAfterError("Add --help to see what there is.")
    .commandsGroup("Help:")
    .helpCommand(true)
    .addHelpText("after", ABOUT);
  const wanted = given[0] === "help" ? given[1] : given[0];
  for (const { name, group, summary, load } of COMMANDS) {
    const command = name === wanted ? (await load())() : new Command(name);
    root.addCommand(command.copyInheritedSettings(root).summary(summary).helpGroup(group));
    for (const part of command.commands) part.copyInheritedSettings(root);
  }
  return root;
}

function report(error: unknown): ExitCode {
  // commander has said what is wrong itself.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof CommandFailed) {
    for (const line of error.lines) say(line);
    return error.exitCode;
  }
  say(`a defect of onceward, please report it: ${printable(error instanceof Error ? error.message : String(error))}`);
  return EXIT.defect;
}

/** `onceward list | head -1` is no reason for a stack trace. */
function stopWhenNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit();
}
