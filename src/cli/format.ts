/** How values are written for people, and instants for programs. Nothing here asks for the time. */
import type { Timestamp__Output } from "../transport/grpc/gen/google/protobuf/Timestamp.ts";

const MS_PER_UNIT = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
] as const;
/** Below this an instant is now: clocks of two machines agree no better. */
const NOW_MS = 1000;

/** Characters that move the cursor, change colours or turn the direction of writing, sent by whoever chose a key. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

export function withoutUnprintable(text: string, spell: (code: number) => string): string {
  return text.replace(UNPRINTABLE, (character) => spell(character.charCodeAt(0)));
}

/** A caller's text on one line, so that it cannot pretend to be ours: `\n` for a line break, `\u{1b}` for an escape. */
export function printable(text: string): string {
  return withoutUnprintable(text, (code) => (code === 10 ? "\\n" : `\\u{${code.toString(16)}}`));
}

/** The bytes as text, or undefined if they are none. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** A length of time in its largest unit, with at most one decimal: `1.5m`. */
export function roughly(ms: number): string {
  const [unit, factor] = MS_PER_UNIT.find(([, each]) => ms >= each) ?? ["ms", 1];
  return `${Math.round((ms / factor) * 10) / 10}${unit}`;
}

/** How long ago, or how long until: `2m ago`, `in 30s`. */
export function relative(at: number, now: number): string {
  const distance = at - now;
  if (Math.abs(distance) < NOW_MS) return "now";
  return distance < 0 ? `${roughly(-distance)} ago` : `in ${roughly(distance)}`;
}

export function msOf({ seconds, nanos }: Timestamp__Output): number {
  return Number(seconds) * 1000 + Math.floor(nanos / 1e6);
}

/** ISO 8601 in the zone of whoever reads it, to the second: `2026-11-22T14:07:06+01:00`. */
export function localTime(ms: number): string {
  const { date, offset } = partsOf(ms);
  return date + offset;
}

/** RFC 3339 as protobuf's JSON has it: UTC, with 0, 3, 6 or 9 digits of a second. */
export function utcTime(instant: Timestamp__Output): string {
  const nanos = String(instant.nanos).padStart(9, "0");
  const fraction = nanos.replace(/(000){1,3}$/, "");
  return `${partsOf(Number(instant.seconds) * 1000, "UTC").date}${fraction === "" ? "" : `.${fraction}`}Z`;
}

function partsOf(ms: number, timeZone?: string): { readonly date: string; readonly offset: string } {
  const format = new Intl.DateTimeFormat("en-GB-u-ca-iso8601-nu-latn", {
    ...{ year: "numeric", month: "2-digit", day: "2-digit" },
    ...{ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZoneName: "longOffset" },
    ...(timeZone !== undefined && { timeZone }),
  });
  const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
  const [year, month, day] = [parts.get("year"), parts.get("month"), parts.get("day")];
  const [hour, minute, second] = [parts.get("hour"), parts.get("minute"), parts.get("second")];
  const offset = parts.get("timeZoneName")?.replace("GMT", "") ?? "";
  return { date: `${year}-${month}-${day}T${hour}:${minute}:${second}`, offset: offset === "" ? "Z" : offset };
}
