import { Command } from "commander";
import { systemClock } from "../../base/clock.ts";
import { WAIT_MS_MAX } from "../../base/limits.ts";
import type { DurationMs } from "../../base/units.ts";
import { duration } from "../../config/values.ts";
import type { GetResponse__Output } from "../../transport/grpc/gen/onceward/v1/GetResponse.ts";
import { call } from "../client.ts";
import { EXIT, exiting } from "../exit.ts";
import {
  type AddressOptions,
  addressOf,
  by,
  type ConnectionOptions,
  withAddress,
  withConnection,
  withExample,
} from "../options.ts";
import { answer, labelled } from "../output.ts";
import { addressFields, recordFields } from "../record.ts";
import { ask } from "../sidecar.ts";
import { headline, no } from "../verdict.ts";

interface GetOptions extends ConnectionOptions, AddressOptions {
  readonly wait?: DurationMs;
}

const ABSENT = no("nothing has begun at this address, or it was forgotten, has expired or was lost");

const EXIT_HELP = `
Exit status: 0 if there is a record, with --wait if it is finished; 1 otherwise.`;

export function getCommand(): Command {
  const command = withAddress(new Command("get"))
    .description("Reads a record. Never changes anything.")
    .option("--wait <duration>", "wait until it is finished", by(duration({ min: 0, max: WAIT_MS_MAX })));
  withConnection(command).addHelpText("after", EXIT_HELP);
  return withExample(command, "onceward get order-17 --operation charge --wait 10s").action(exiting(get));
}

async function get(key: string, options: GetOptions) {
  const request = { address: addressOf(key, options), waitMs: options.wait ?? 0 };
  const response = await ask(
    options,
    ({ idempotency }, deadlineMs) => call(idempotency, idempotency.get, request, deadlineMs),
    { waitMs: options.wait },
  );
  const { record } = response;
  answer(response, options, () => {
    if (record !== null) return labelled(recordFields(record, systemClock.now()));
    return `${headline("NOT_FOUND", ABSENT)}\n${labelled(addressFields(request.address))}`;
  });
  return isWanted(response, options) ? EXIT.done : EXIT.no;
}

function isWanted({ record }: GetResponse__Output, { wait }: GetOptions): boolean {
  if (record === null) return false;
  return wait === undefined || record.state === "SUCCEEDED" || record.state === "FAILED";
}
