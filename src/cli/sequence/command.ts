import { Command } from "commander";
import { withExample } from "../options.ts";
import { getCommand } from "./get.ts";
import { resetCommand } from "./reset.ts";
import { skipCommand } from "./skip.ts";

export function sequenceCommand(): Command {
  const command = new Command("sequence")
    .description("Where a stream stands, and what an operator needs to get it going again.")
    .addCommand(getCommand().summary("show where a stream stands"))
    .addCommand(skipCommand().summary("step over places that will never be committed"))
    .addCommand(resetCommand().summary("set where a stream stands, forward or back"));
  return withExample(
    command,
    "onceward sequence get order-17",
    'onceward sequence skip order-17 --expected-last 41 --to 42 --reason "event 42 was never sent"',
  );
}
