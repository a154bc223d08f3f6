import { type Command, InvalidArgumentError } from "commander";
import { printable } from "../format.ts";
import { type ConnectionOptions, withAudit, withConnection, withNamespace } from "../options.ts";
import { answer, type Field, labelled } from "../output.ts";
import { headline, type Verdicts, verdictOf } from "../verdict.ts";

export interface StreamOptions extends ConnectionOptions {
  readonly namespace: string;
}

/** Options of the commands that set where a stream stands. */
export interface MoveOptions extends StreamOptions {
  readonly expectedLast?: string;
  readonly to: string;
  readonly reason: string;
  readonly actor: string;
}

const UINT64_MAX = 2n ** 64n - 1n;
/** Highest place of a stream: there is always one above it. */
const PLACE_MAX = UINT64_MAX - 1n;

/** A place in a stream. */
export function place(text: string): string {
  return upTo(PLACE_MAX, text);
}

/** An epoch or a tiebreak. */
export function uint64(text: string): string {
  return upTo(UINT64_MAX, text);
}

/** It stays a decimal string: it does not fit a number. */
function upTo(max: bigint, text: string): string {
  if (/^\d{1,20}$/.test(text) && BigInt(text) <= max) return String(BigInt(text));
  throw new InvalidArgumentError(`It must be a whole number from 0 to ${max}.`);
}

export function withStream(command: Command): Command {
  return withConnection(withNamespace(command.argument("<stream>", "the stream's name")));
}

export function withMove(command: Command, toMeaning: string): Command {
  return withAudit(withStream(command))
    .option("--expected-last <place>", "where it was seen to stand; left away: unknown, or before place 0", place)
    .requiredOption("--to <place>", toMeaning, place);
}

export function moveRequest(stream: string, { namespace, expectedLast, to, reason, actor }: MoveOptions) {
  return { namespace, stream, ...(expectedLast !== undefined && { expectedLast }), to, reason, actor };
}

export function streamFields(stream: string, { namespace }: StreamOptions, last: string | undefined): Field[] {
  return [
    ["stream", printable(stream)],
    ["namespace", printable(namespace)],
    last === undefined ? undefined : ["last", last],
  ];
}

/** Tells what became of a move, and the status to exit with. */
export function tellMove<Outcome extends string>(
  stream: string,
  options: MoveOptions,
  response: { readonly outcome: Outcome; readonly last?: string },
  verdicts: Verdicts<Outcome>,
) {
  const verdict = verdictOf(verdicts, response.outcome);
  const fields = labelled(streamFields(stream, options, response.last));
  answer(response, options, () => `${headline(response.outcome, verdict)}\n${fields}`);
  return verdict.exit;
}
