import Table from "cli-table3";
import pc from "picocolors";
import { type Json, jsonLine, jsonOf } from "./json.ts";

export type Tone = "good" | "waiting" | "doubtful" | "bad" | "quiet";

/** One labelled line; undefined = there is nothing to say. Further lines of the text are put below the first. */
export type Field = readonly [label: string, text: string] | undefined;

const colours = pc.createColors(wantsColour());
const TONES: Readonly<Record<Tone, (text: string) => string>> = {
  good: colours.green,
  waiting: colours.cyan,
  doubtful: colours.yellow,
  bad: colours.red,
  quiet: colours.dim,
};
/** cli-table3 without its frame. */
const NO_FRAME = Object.fromEntries(
  ["top", "bottom", "left", "right", "mid"].flatMap((side) => [
    [side, ""],
    [`${side}-left`, ""],
    [`${side}-mid`, ""],
    [`${side}-right`, ""],
  ]),
);

/** picocolors would colour a pipe too where `CI` is set. */
function wantsColour(): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "") return FORCE_COLOR !== "0";
  return process.stdout.isTTY === true && TERM !== "dumb";
}

export function paint(tone: Tone, text: string): string {
  return TONES[tone](text);
}

/** Prints the one answer of a command: the message as it came for programs, or what `forPeople` makes of it. */
export function answer(message: object, options: { readonly json?: true }, forPeople: () => string): void {
  if (options.json) printJson(jsonOf(message));
  else print(forPeople());
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: Json): void {
  print(jsonLine(value));
}

export function labelled(fields: readonly Field[]): string {
  const present = fields.filter((field) => field !== undefined);
  const width = Math.max(...present.map(([label]) => label.length)) + 2;
  const indented = (text: string) => text.replaceAll("\n", `\n${" ".repeat(width)}`);
  return present.map(([label, text]) => paint("quiet", label.padEnd(width)) + indented(text)).join("\n");
}

/** Columns as wide as they show on a terminal, without a frame, so that a line can be cut and copied. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const style = { head: [], border: [], "padding-left": 0, "padding-right": 0 };
  const chars = { ...NO_FRAME, middle: "  " };
  const made = new Table({ head: head.map((name) => paint("quiet", name)), chars, style });
  for (const row of rows) made.push([...row]);
  return made
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
