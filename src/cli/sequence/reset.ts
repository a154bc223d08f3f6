import { Command } from "commander";
import type { ResetResponse__Output } from "../../transport/grpc/gen/onceward/v1/ResetResponse.ts";
import { call } from "../client.ts";
import { exiting } from "../exit.ts";
import { withExample } from "../options.ts";
import { ask } from "../sidecar.ts";
import { exitHelp, no, type Verdicts, yes } from "../verdict.ts";
import { type MoveOptions, moveRequest, tellMove, uint64, withMove } from "./options.ts";

const VERDICTS = {
  RESET: yes("the stream stands there now"),
  CONFLICT: no("the stream does not stand where you saw it: look again"),
} satisfies Verdicts<ResetResponse__Output["outcome"]>;

export function resetCommand(): Command {
  const command = withMove(new Command("reset"), "where it is to stand: the next place is the one after").description(
    "Sets where a stream stands, forward or back, or makes an unknown one known. Back, places may run again.",
  );
  command.option("--epoch <number>", "the epoch of its producer (default: the one it is in; 0 if unknown)", uint64);
  command.addHelpText("after", exitHelp(VERDICTS));
  const example = 'onceward sequence reset order-17 --to 41 --reason "the store was restored from a backup"';
  return withExample(command, example).action(exiting(reset));
}

async function reset(stream: string, options: MoveOptions & { readonly epoch?: string }) {
  const { epoch } = options;
  const request = { ...moveRequest(stream, options), ...(epoch !== undefined && { epoch }) };
  const response = await ask(options, ({ sequences }, deadlineMs) =>
    call(sequences, sequences.reset, request, deadlineMs),
  );
  return tellMove(stream, options, response, VERDICTS);
}
