import { Command } from "commander";
import type { ReleaseResponse__Output } from "../../transport/grpc/gen/onceward/v1/ReleaseResponse.ts";
import { call } from "../client.ts";
import { exiting } from "../exit.ts";
import {
  type AddressOptions,
  addressOf,
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

interface ReleaseOptions extends ConnectionOptions, AddressOptions {
  readonly token: string;
}

const VERDICTS = {
  RELEASED: yes("the next begin starts at once"),
  FENCED: no("the attempt is another's: there was nothing to give up"),
  FINISHED: no("the attempt had ended otherwise: there was nothing to give up", "doubtful"),
  NOT_FOUND: no("the record is gone: there was nothing to give up"),
} satisfies Verdicts<ReleaseResponse__Output["outcome"]>;

export function releaseCommand(): Command {
  const command = withToken(withAddress(new Command("release"))).description(
    "Gives an attempt up whose effect did not run: the next begin starts at once, and the attempt is not counted.",
  );
  withConnection(command).addHelpText("after", exitHelp(VERDICTS));
  return withExample(command, "onceward release order-17 -o charge --token 1795356426000000").action(exiting(release));
}

async function release(key: string, options: ReleaseOptions) {
  const address = addressOf(key, options);
  const request = { address, fencingToken: options.token };
  const response = await ask(options, ({ idempotency }, deadlineMs) =>
    call(idempotency, idempotency.release, request, deadlineMs),
  );
  const verdict = verdictOf(VERDICTS, response.outcome);
  answer(response, options, () => `${headline(response.outcome, verdict)}\n${labelled(addressFields(address))}`);
  return verdict.exit;
}
