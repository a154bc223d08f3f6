import { Command } from "commander";
import type { ForgetResponse__Output } from "../../transport/grpc/gen/onceward/v1/ForgetResponse.ts";
import { call } from "../client.ts";
import { exiting } from "../exit.ts";
import {
  type AddressOptions,
  addressOf,
  type ConnectionOptions,
  withAddress,
  withAudit,
  withConnection,
  withExample,
} from "../options.ts";
import { answer, labelled } from "../output.ts";
import { addressFields } from "../record.ts";
import { ask } from "../sidecar.ts";
import { exitHelp, headline, no, type Verdicts, verdictOf, yes } from "../verdict.ts";

interface ForgetOptions extends ConnectionOptions, AddressOptions {
  readonly reason: string;
  readonly actor: string;
}

const VERDICTS = {
  FORGOTTEN: yes("the next begin starts anew"),
  NOT_FOUND: no("there was no record"),
} satisfies Verdicts<ForgetResponse__Output["outcome"]>;

export function forgetCommand(): Command {
  const command = withAudit(withAddress(new Command("forget"))).description(
    "Removes a record, whatever its state: its effect may run again. A live attempt loses its token, not its effect.",
  );
  withConnection(command).addHelpText("after", exitHelp(VERDICTS));
  return withExample(command, 'onceward forget order-17 --operation charge --reason "test order"').action(
    exiting(forget),
  );
}

async function forget(key: string, options: ForgetOptions) {
  const address = addressOf(key, options);
  const request = { address, reason: options.reason, actor: options.actor };
  const response = await ask(options, ({ admin }, deadlineMs) => call(admin, admin.forget, request, deadlineMs));
  const verdict = verdictOf(VERDICTS, response.outcome);
  answer(response, options, () => `${headline(response.outcome, verdict)}\n${labelled(addressFields(address))}`);
  return verdict.exit;
}
