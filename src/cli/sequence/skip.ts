import { Command } from "commander";
import type { SkipResponse__Output } from "../../transport/grpc/gen/onceward/v1/SkipResponse.ts";
import { call } from "../client.ts";
import { exiting } from "../exit.ts";
import { withExample } from "../options.ts";
import { ask } from "../sidecar.ts";
import { exitHelp, no, type Verdicts, yes } from "../verdict.ts";
import { type MoveOptions, moveRequest, tellMove, withMove } from "./options.ts";

const VERDICTS = {
  SKIPPED: yes("the next place is the one after"),
  CONFLICT: no("the stream does not stand where you saw it: look again"),
  NOT_FOUND: no("nobody knows the stream: reset makes it known"),
} satisfies Verdicts<SkipResponse__Output["outcome"]>;

export function skipCommand(): Command {
  const command = withMove(new Command("skip"), "the last place to step over").description(
    "Steps over places of a stream that will never be committed: never sent, or failed for good.",
  );
  command.addHelpText("after", exitHelp(VERDICTS));
  const example = 'onceward sequence skip order-17 --expected-last 41 --to 42 --reason "event 42 was never sent"';
  return withExample(command, example).action(exiting(skip));
}

async function skip(stream: string, options: MoveOptions) {
  const response = await ask(options, ({ sequences }, deadlineMs) =>
    call(sequences, sequences.skip, moveRequest(stream, options), deadlineMs),
  );
  return tellMove(stream, options, response, VERDICTS);
}
