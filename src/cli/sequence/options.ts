import { type Command, InvalidArgumentError } from "commander";
import { printable } from "../format.ts";
import { type ConnectionOptions, withAudit, withConnection, withNamespace } from "../options.ts";
import type { Field } from "../output.ts";

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

/** Highest place of a stream: there is always one above it. */
const PLACE_MAX = 2n ** 64n - 2n;

/** A place stays a decimal string: it does not fit a number. */
export function place(text: string): string {
  if (/^\d{1,20}$/.test(text) && BigInt(text) <= PLACE_MAX) return String(BigInt(text));
  throw new InvalidArgumentError(`It must be a whole number from 0 to ${PLACE_MAX}.`);
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
