import { Command, Option } from "commander";
import { LEASE_MS_MAX, LEASE_MS_MIN } from "../../base/limits.ts";
import type { DurationMs } from "../../base/units.ts";
import { duration, integer } from "../../config/values.ts";
import type { CheckpointResponse__Output } from "../../transport/grpc/gen/onceward/v1/CheckpointResponse.ts";
import { call } from "../client.ts";
import { exiting } from "../exit.ts";
import { roughly } from "../format.ts";
import { readInput } from "../input.ts";
import {
  type AddressOptions,
  addressOf,
  by,
  type ConnectionOptions,
  withAddress,
  withConnection,
  withExample,
  withToken,
} from "../options.ts";
import { answer, labelled } from "../output.ts";
import { addressFields } from "../record.ts";
import { ask } from "../sidecar.ts";
import { exitHelp, headline, no, type Verdicts, verdictOf, yes } from "../verdict.ts";

interface CheckpointOptions extends ConnectionOptions, AddressOptions {
  readonly token: string;
  readonly name: string;
  readonly data?: string;
  readonly dataFile?: string;
  readonly step?: number;
  readonly lease?: DurationMs;
}

const VERDICTS = {
  SAVED: yes("the next attempt will be handed it, and the lease is renewed"),
  STALE: no("a later step is saved already, and stays", "doubtful"),
  FENCED: no("the attempt is another's: stop the effect if you can, then complete"),
  FINISHED: no("the attempt has ended", "doubtful"),
  NOT_FOUND: no("the record is gone: stop if you can, otherwise go on and complete"),
} satisfies Verdicts<CheckpointResponse__Output["outcome"]>;

export function checkpointCommand(): Command {
  const command = withToken(withAddress(new Command("checkpoint")))
    .description("Saves a named recovery point of an attempt, which is handed to the next, and renews the lease.")
    .requiredOption("--name <name>", "where the effect has got to")
    .addOption(new Option("--data <text>", "what the next attempt needs to go on").conflicts("dataFile"))
    .option("--data-file <path>", "the same from a file, - for stdin")
    .option("--step <n>", "number of the checkpoint, rising", by(integer({ min: 0, max: Number.MAX_SAFE_INTEGER })))
    .option(
      "--lease <duration>",
      "length from now (default: as at begin)",
      by(duration({ min: LEASE_MS_MIN, max: LEASE_MS_MAX })),
    );
  withConnection(command).addHelpText("after", exitHelp(VERDICTS));
  return withExample(
    command,
    "onceward checkpoint order-17 -o charge --token 1795356426000000 --name charged --step 1",
  ).action(exiting(checkpoint));
}

async function checkpoint(key: string, options: CheckpointOptions) {
  const address = addressOf(key, options);
  const { token: fencingToken, name, step = 0, lease: leaseMs = 0, dataFile } = options;
  const data = dataFile === undefined ? Buffer.from(options.data ?? "") : await readInput(dataFile);
  const request = { address, fencingToken, name, data, step, leaseMs };
  const response = await ask(options, ({ idempotency }, deadlineMs) =>
    call(idempotency, idempotency.checkpoint, request, deadlineMs),
  );
  const verdict = verdictOf(VERDICTS, response.outcome);
  answer(response, options, () => {
    const left = response.leaseMs === "0" ? undefined : (["lease left", roughly(Number(response.leaseMs))] as const);
    return `${headline(response.outcome, verdict)}\n${labelled([left, ...addressFields(address)])}`;
  });
  return verdict.exit;
}
