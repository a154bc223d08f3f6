import { styleText } from "node:util";

const LEVELS: Readonly<Record<number, readonly [name: string, colour: "gray" | "green" | "yellow" | "red"]>> = {
  20: ["DEBUG", "gray"],
  30: ["INFO", "green"],
  40: ["WARN", "yellow"],
  50: ["ERROR", "red"],
};
/** Whatever could move a terminal's cursor. */
const CONTROL = /\p{Cc}/gu;

/** A log line as people read it: time, level, what happened, what it is about; the stack of a fault below. */
export function prettyLine(line: string): string {
  const { level, time, msg, err, ...fields }: Record<string, unknown> = JSON.parse(line); // pino wrote it
  const [name, colour] = LEVELS[Number(level)] ?? ["", "gray"];
  const about = Object.entries(fields).map(([field, value]) => ` ${styleText("dim", `${field}=`)}${shown(value)}`);
  const clock = styleText("dim", String(time).slice("2026-01-01T".length, -1));
  const how = styleText(colour, name.padEnd(5));
  return `${clock} ${how} ${plain(msg)}${about.join("")}\n${stack(err)}`;
}

function shown(value: unknown): string {
  const text = typeof value === "string" && /^[\w.:/-]+$/.test(value) ? value : JSON.stringify(value);
  return plain(text);
}

function stack(err: unknown): string {
  if (typeof err !== "object" || err === null || !("stack" in err)) return "";
  const lines = String(err.stack).split("\n");
  return lines.map((line) => `  ${plain(line)}\n`).join("");
}

function plain(text: unknown): string {
  return String(text).replace(CONTROL, "");
}
