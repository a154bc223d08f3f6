/** What a command is given besides words: text or files for payloads and results. */
import { createReadStream } from "node:fs";
import { type Command, InvalidArgumentError, Option } from "commander";
import { MESSAGE_BYTES_MAX } from "../base/limits.ts";
import type { Result } from "../transport/grpc/gen/onceward/v1/Result.ts";
import { misuse } from "./exit.ts";
import { printable, utf8 } from "./format.ts";

const STDIN = "-";

/** The bytes of a file, or of stdin for `-`; never more than fit into one message. */
export async function readInput(path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of path === STDIN ? process.stdin : createReadStream(path)) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MESSAGE_BYTES_MAX) break;
    }
  } catch (error) {
    throw misuse(`cannot read ${printable(path)}: ${error instanceof Error ? error.message : String(error)}`, error);
  }
  if (size > MESSAGE_BYTES_MAX)
    throw misuse(`${printable(path)} is over ${MESSAGE_BYTES_MAX} bytes, too long for a call`);
  return Buffer.concat(chunks);
}

/** As {@link readInput}, for what has to be text. */
export async function readText(path: string): Promise<string> {
  const text = utf8(await readInput(path));
  if (text === undefined) throw misuse(`${printable(path)} is not UTF-8 text`);
  return text;
}

export interface ResultOptions {
  readonly result?: string;
  readonly resultFile?: string;
  readonly contentType?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly reference?: string;
}

/** What to replay to later callers; none of it goes with the choice that keeps no result. */
export function withResult(command: Command, without: string): Command {
  const option = (flags: string, meaning: string) => new Option(flags, meaning).conflicts(without);
  return command
    .addOption(option("--result <text>", "what later callers are given").conflicts("resultFile"))
    .addOption(option("--result-file <path>", "the same from a file, - for stdin"))
    .addOption(option("--content-type <type>", "media type of the result"))
    .addOption(option("--metadata <name=value>", "goes with the result; may be given again").argParser(pair))
    .addOption(option("--reference <url>", "where you keep a result too large to store"));
}

export async function resultOf(options: ResultOptions): Promise<Result> {
  const { result, resultFile, contentType = "", metadata = {}, reference = "" } = options;
  const body = resultFile === undefined ? Buffer.from(result ?? "") : await readInput(resultFile);
  return { body, contentType, metadata: { ...metadata }, reference };
}

function pair(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const equals = text.indexOf("=");
  if (equals < 1) throw new InvalidArgumentError("It must be name=value.");
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) };
}
