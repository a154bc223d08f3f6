import { Command } from "commander";
import { LEASE_MS_MAX, LEASE_MS_MIN } from "../../base/limits.ts";
import type { DurationMs } from "../../base/units.ts";
import { duration } from "../../config/values.ts";
import type { RenewResponse__Output } from "../../transport/grpc/gen/onceward/v1/RenewResponse.ts";
import { call } from "../client.ts";
import { exiting } from "../exit.ts";
import { roughly } from "../format.ts";
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

interface RenewOptions extends ConnectionOptions, AddressOptions {
  readonly token: string;
  readonly lease?: DurationMs;
}

const VERDICTS = {
  RENEWED: yes("the attempt is yours for longer"),
  FENCED: no("the attempt is another's: stop the effect if you can, then complete"),
  FINISHED: no("the attempt has ended", "doubtful"),
  NOT_FOUND: no("the record is gone: stop if you can, otherwise go on and complete"),
} satisfies Verdicts<RenewResponse__Output["outcome"]>;

export function renewCommand(): Command {
  const command = withToken(withAddress(new Command("renew")))
    .description("Moves the lease of an attempt forward; a lapsed one too, until somebody takes over.")
    .option(
      "--lease <duration>",
      "length from now (default: as at begin)",
      by(duration({ min: LEASE_MS_MIN, max: LEASE_MS_MAX })),
    );
  withConnection(command).addHelpText("after", exitHelp(VERDICTS));
  return withExample(command, "onceward renew order-17 -o charge --token 1795356426000000").action(exiting(renew));
}

async function renew(key: string, options: RenewOptions) {
  const address = addressOf(key, options);
  const request = { address, fencingToken: options.token, leaseMs: options.lease ?? 0 };
  const response = await ask(options, ({ idempotency }, deadlineMs) =>
    call(idempotency, idempotency.renew, request, deadlineMs),
  );
  const { outcome, leaseMs } = response;
  const verdict = verdictOf(VERDICTS, outcome);
  answer(response, options, () => {
    const left = leaseMs === "0" ? undefined : (["lease left", roughly(Number(leaseMs))] as const);
    return `${headline(outcome, verdict)}\n${labelled([left, ...addressFields(address)])}`;
  });
  return verdict.exit;
}
