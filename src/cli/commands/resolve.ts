import { Command, Option } from "commander";
import type { ResolveRequest } from "../../transport/grpc/gen/onceward/v1/ResolveRequest.ts";
import type { ResolveResponse__Output } from "../../transport/grpc/gen/onceward/v1/ResolveResponse.ts";
import { call } from "../client.ts";
import { exiting, misuse } from "../exit.ts";
import { type ResultOptions, resultOf, withResult } from "../input.ts";
import {
  type AddressOptions,
  addressOf,
  type ConnectionOptions,
  choiceOf,
  token,
  withAddress,
  withAudit,
  withConnection,
  withExample,
} from "../options.ts";
import { answer, labelled } from "../output.ts";
import { addressFields } from "../record.ts";
import { ask } from "../sidecar.ts";
import { exitHelp, headline, no, type Verdicts, verdictOf, yes } from "../verdict.ts";

interface ResolveOptions extends ConnectionOptions, AddressOptions, ResultOptions {
  readonly succeeded?: true;
  readonly failed?: true;
  readonly retry?: true;
  readonly reason: string;
  readonly actor: string;
  readonly token?: string;
}

const VERDICTS = {
  RESOLVED: yes("the record is settled"),
  IN_PROGRESS: no("an attempt is running it: nothing was changed", "waiting"),
  FINISHED: no("it was finished already: nothing was changed", "doubtful"),
  FENCED: no("the record has another token by now: look again, nothing was changed", "doubtful"),
  NOT_FOUND: no("there is no such record"),
} satisfies Verdicts<ResolveResponse__Output["outcome"]>;

export function resolveCommand(): Command {
  const command = withAddress(new Command("resolve")).description(
    "Settles a record by what you found out about its effect. Never touches a live attempt or a finished record.",
  );
  choiceOf(command, {
    succeeded: "the effect happened: the result is replayed to every later begin",
    failed: "it failed for good, or must not happen any more: the result is replayed",
    retry: "it did not happen: the next begin starts it at once",
  });
  withAudit(command).addOption(
    new Option("-t, --token <number>", "only if the record still has the token that list showed").argParser(token),
  );
  withConnection(withResult(command, "retry")).addHelpText("after", exitHelp(VERDICTS));
  return withExample(command, 'onceward resolve order-17 -o charge --succeeded --reason "seen at the bank"').action(
    exiting(resolve),
  );
}

async function resolve(key: string, options: ResolveOptions) {
  const address = addressOf(key, options);
  const request: ResolveRequest = {
    address,
    resolution: resolutionOf(options),
    ...(!options.retry && { result: await resultOf(options) }),
    reason: options.reason,
    actor: options.actor,
    fencingToken: options.token ?? "0",
  };
  const response = await ask(options, ({ admin }, deadlineMs) => call(admin, admin.resolve, request, deadlineMs));
  const verdict = verdictOf(VERDICTS, response.outcome);
  answer(response, options, () => `${headline(response.outcome, verdict)}\n${labelled(addressFields(address))}`);
  return verdict.exit;
}

function resolutionOf({ succeeded, failed, retry }: ResolveOptions): NonNullable<ResolveRequest["resolution"]> {
  if (succeeded) return "SUCCEEDED";
  if (failed) return "FAILED";
  if (retry) return "RETRY";
  throw misuse("say how to settle it: --succeeded, --failed or --retry");
}
