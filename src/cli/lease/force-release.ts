import { Command } from "commander";
import type { ForceReleaseResponse__Output } from "../../transport/grpc/gen/onceward/v1/ForceReleaseResponse.ts";
import { call } from "../client.ts";
import { exiting } from "../exit.ts";
import {
  type ConnectionOptions,
  type ResourceOptions,
  withAudit,
  withConnection,
  withExample,
  withResource,
} from "../options.ts";
import { answer, labelled } from "../output.ts";
import { ask } from "../sidecar.ts";
import { exitHelp, headline, no, type Verdicts, verdictOf, yes } from "../verdict.ts";
import { resourceFields } from "./inspect.ts";

interface ForceReleaseOptions extends ConnectionOptions, ResourceOptions {
  readonly reason: string;
  readonly actor: string;
}

const VERDICTS = {
  RELEASED: yes("the holder has lost it, and hears of it when it next renews: its token is below the next one's"),
  NOT_HELD: no("nobody held it", "doubtful"),
} satisfies Verdicts<ForceReleaseResponse__Output["outcome"]>;

export function forceReleaseCommand(): Command {
  const command = withAudit(withResource(new Command("force-release"))).description(
    "Takes a lease away from its holder, who may go on working until it next renews: nothing but the token stops it.",
  );
  withConnection(command).addHelpText("after", exitHelp(VERDICTS));
  const example = 'onceward lease force-release --resource nightly-report --reason "its host is gone"';
  return withExample(command, example).action(exiting(forceRelease));
}

async function forceRelease(options: ForceReleaseOptions) {
  const { namespace, resource, reason, actor } = options;
  const request = { namespace, resource, reason, actor };
  const response = await ask(options, ({ leases }, deadlineMs) =>
    call(leases, leases.forceRelease, request, deadlineMs),
  );
  const verdict = verdictOf(VERDICTS, response.outcome);
  answer(response, options, () => `${headline(response.outcome, verdict)}\n${labelled(resourceFields(options))}`);
  return verdict.exit;
}
