import { Command, Option } from "commander";
import { monotonicMs } from "../../base/clock.ts";
import { type DurationMs, durationMs } from "../../base/units.ts";
import { pause } from "../../base/wait.ts";
import { duration } from "../../config/values.ts";
import { EXIT, type ExitCode, exiting, say } from "../exit.ts";
import { printable, roughly } from "../format.ts";
import { type Condition, conditionOf } from "../health.ts";
import { by, type ConnectionOptions, withConnection, withExample } from "../options.ts";
import { printJson } from "../output.ts";

interface WaitOptions extends ConnectionOptions {
  readonly for: DurationMs;
  readonly live?: true;
}

const FOR_DEFAULT = durationMs(60_000);
const FOR_MS_MAX = 3_600_000;
/** Between two questions, ms: what an app's start is delayed by at most. */
const AGAIN_MS = 100;

export function waitCommand(): Command {
  const command = new Command("wait")
    .description("Waits until a sidecar is ready. Exit status 0 = it is, 69 = it was not in time.")
    .addOption(
      new Option("--for <duration>", "longest to wait in all")
        .default(FOR_DEFAULT, "60s")
        .argParser(by(duration({ min: 1, max: FOR_MS_MAX }))),
    )
    .option("--live", "be content when it answers, ready or not: a store that is away does not keep a caller waiting");
  return withExample(withConnection(command), "onceward wait --for 30s && ./my-service").action(exiting(wait));
}

async function wait({ address, timeout, for: longest, live, json }: WaitOptions): Promise<ExitCode> {
  const end = monotonicMs() + longest;
  const left = () => Math.ceil(end - monotonicMs());
  let last: Condition;
  do {
    last = await conditionOf({ address, service: "", timeoutMs: Math.max(1, Math.min(timeout, left())) });
    if (isEnough(last, live === true)) {
      if (json) printJson({ address, condition: last.kind });
      return EXIT.done;
    }
    await pause(Math.max(0, Math.min(AGAIN_MS, left())));
    // What is left has to be enough for an answer: a question cut short would hide what the one before it found.
  } while (left() >= AGAIN_MS);
  if (json) printJson({ address, condition: last.kind });
  const why = last.kind === "unreachable" ? printable(last.why) : "it answers, and says that it is not ready";
  say(`the sidecar at ${address} was not ready within ${roughly(longest)}: ${why}`);
  return EXIT.unavailable;
}

function isEnough({ kind }: Condition, live: boolean): boolean {
  return kind === "serving" || (live && kind !== "unreachable");
}
