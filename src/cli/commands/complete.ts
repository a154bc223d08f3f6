import { Command, Option } from "commander";
import { systemClock } from "../../base/clock.ts";
import { RETENTION_MS_MAX, RETENTION_MS_MIN, RETRY_AFTER_MS_MAX } from "../../base/limits.ts";
import type { DurationMs } from "../../base/units.ts";
import { duration } from "../../config/values.ts";
import type { CompleteRequest } from "../../transport/grpc/gen/onceward/v1/CompleteRequest.ts";
import type { CompleteResponse__Output } from "../../transport/grpc/gen/onceward/v1/CompleteResponse.ts";
import { call } from "../client.ts";
import { exiting, misuse } from "../exit.ts";
import { roughly } from "../format.ts";
import { type ResultOptions, resultOf, withResult } from "../input.ts";
import {
  type AddressOptions,
  addressOf,
  by,
  type ConnectionOptions,
  choiceOf,
  withAddress,
  withConnection,
  withExample,
  withToken,
} from "../options.ts";
import { answer, type Field, labelled } from "../output.ts";
import { addressFields, recordFields } from "../record.ts";
import { ask } from "../sidecar.ts";
import { headline, no, type Verdicts, verdictOf, yes } from "../verdict.ts";

interface CompleteOptions extends ConnectionOptions, AddressOptions, ResultOptions {
  readonly token: string;
  readonly succeeded?: true;
  readonly failed?: true;
  readonly retryable?: true;
  readonly error?: string;
  readonly retryAfter?: DurationMs;
  readonly retention?: DurationMs;
}

const VERDICTS = {
  STORED: yes("this is how the attempt ended"),
  ALREADY_STORED: yes("the attempt had ended before, nothing was changed"),
  FENCED: no("another attempt took over, or an operator forgot the record: nothing was written"),
  SUPERSEDED: no("the result is kept, but its place in the stream went to another", "doubtful"),
  NOT_FOUND: no("the record is gone: nothing was written"),
} satisfies Verdicts<CompleteResponse__Output["outcome"]>;
/** Nothing is lost, but what later callers see is not what was said here. */
const DIFFERS = no("the attempt had ended before, and differently: what is stored stays", "doubtful");

const EXIT_HELP = `
Exit status: 0 for STORED, and for ALREADY_STORED of the same; 1 for any other outcome.
Call it again until it is answered: a repeat is harmless.`;

export function completeCommand(): Command {
  const command = withToken(withAddress(new Command("complete"))).description("Ends an attempt with its result.");
  choiceOf(command, {
    succeeded: "the effect happened: the result is replayed to every later begin",
    failed: "the effect failed for good: the result is replayed to every later begin",
    retryable: "the effect did not happen, and another attempt may start",
  });
  const retention = by(duration({ min: RETENTION_MS_MIN, max: RETENTION_MS_MAX }));
  const retryAfter = by(duration({ min: 0, max: RETRY_AFTER_MS_MAX }));
  withResult(command, "retryable")
    .addOption(new Option("--retention <duration>", "how long it is kept").argParser(retention).conflicts("retryable"))
    .addOption(new Option("--error <text>", "what went wrong, for people").conflicts("succeeded"))
    .addOption(
      new Option("--retry-after <duration>", "when another attempt may start (default: a growing back-off)")
        .argParser(retryAfter)
        .conflicts(["succeeded", "failed"]),
    );
  withConnection(command).addHelpText("after", EXIT_HELP);
  return withExample(
    command,
    "onceward complete order-17 -o charge --token 1795356426000000 --succeeded --result ok",
  ).action(exiting(complete));
}

async function complete(key: string, options: CompleteOptions) {
  const request: CompleteRequest = {
    address: addressOf(key, options),
    fencingToken: options.token,
    kind: kindOf(options),
    ...(!options.retryable && { result: await resultOf(options) }),
    error: options.error ?? "",
    retryAfterMs: options.retryAfter ?? 0,
    retentionMs: options.retention ?? 0,
  };
  const response = await ask(options, ({ idempotency }, deadlineMs) =>
    call(idempotency, idempotency.complete, request, deadlineMs),
  );
  const verdict = response.resultDiffers ? DIFFERS : verdictOf(VERDICTS, response.outcome);
  answer(response, options, () => `${headline(response.outcome, verdict)}\n${labelled(fieldsOf(response, request))}`);
  return verdict.exit;
}

function kindOf({ succeeded, failed, retryable }: CompleteOptions): NonNullable<CompleteRequest["kind"]> {
  if (succeeded) return "SUCCEEDED";
  if (failed) return "FAILED";
  if (retryable) return "RETRYABLE";
  throw misuse("say how the attempt ended: --succeeded, --failed or --retryable");
}

function fieldsOf(response: CompleteResponse__Output, { address = null }: CompleteRequest): Field[] {
  const { late, restored, resultOmitted, record, retryAfterMs } = response;
  const notes = [
    late && "it was late: the lease had lapsed, and nobody had taken over",
    restored && "the store had lost the record: this brought it back, without fingerprint and place in a stream",
    resultOmitted && "the body was too long to keep, everything else of the result was kept",
  ];
  const told = notes.filter((note) => note !== false);
  return [
    told.length === 0 ? undefined : ["note", told.join("\n")],
    retryAfterMs === "0" ? undefined : ["next attempt", `in ${roughly(Number(retryAfterMs))}`],
    ...(record === null ? addressFields(address) : recordFields(record, systemClock.now())),
  ];
}
