/** What a setting's value may be: turns what an environment or a YAML file holds into one type, or says why not. */
import * as z from "zod";
import { type DurationMs, durationMs } from "../base/units.ts";

const MS_PER_UNIT = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const BYTES_PER_UNIT = { B: 1, KiB: 1024, MiB: 1024 * 1024 } as const;

interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** YAML reads `4096` as a number, which is fine; a list, a mapping or nothing reads as empty text, and is refused. */
const scalar = z.preprocess((raw) => (typeof raw === "string" || typeof raw === "number" ? `${raw}` : ""), z.string());

/** A number with its unit, such as `30s` or `24h`; both bounds in ms, inclusive. */
export function duration({ min, max }: Bounds): z.ZodType<DurationMs> {
  return quantity(MS_PER_UNIT, { min, max }, showDuration).transform((ms) => durationMs(ms));
}

/** A number with its unit, such as `256KiB`; both bounds in bytes, inclusive. */
export function size({ min, max }: Bounds): z.ZodType<number> {
  return quantity(BYTES_PER_UNIT, { min, max }, showSize);
}

export function integer({ min, max }: Bounds): z.ZodType<number> {
  return scalar
    .refine((text) => /^\d{1,15}$/.test(text), "must be a whole number")
    .transform(Number)
    .refine((n) => n >= min && n <= max, `must be ${min} to ${max}`);
}

export const flag: z.ZodType<boolean> = z.union(
  [z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")],
  "must be true or false",
);

/** Plain names, separated by commas; empty = none. */
export const names: z.ZodType<readonly string[]> = z.string().transform((text, context) => {
  const found = text.split(",").map((name) => name.trim());
  if (text.trim() === "") return [];
  if (found.every((name) => /^[A-Za-z_]\w*$/.test(name))) return found;
  context.addIssue("must be names, separated by commas");
  return z.NEVER;
});

/** `host:port` (port 0 picks one) or `unix:/path`. */
export const listenAddress: z.ZodType<string> = z.string().refine((text) => {
  if (text.startsWith("unix:")) return text.length > "unix:".length;
  const port = /^(?:\[[0-9a-fA-F:]+\]|[^:\s]+):(\d{1,5})$/.exec(text)?.[1];
  return port !== undefined && Number(port) <= 65_535;
}, "must be host:port or unix:/path");

/** Three octal digits, as `chmod` takes them; a zero may stand before them. */
export const fileMode: z.ZodType<number> = scalar
  .refine((text) => /^0?[0-7]{3}$/.test(text), "must be three octal digits, such as 600")
  .transform((text) => Number.parseInt(text, 8));

function quantity(units: Readonly<Record<string, number>>, bounds: Bounds, show: (n: number) => string) {
  const names = Object.keys(units).join(", ");
  return scalar.transform((text, context) => {
    const [, digits, unit] = /^(\d{1,12})([a-zA-Z]+)$/.exec(text) ?? [];
    const factor = unit !== undefined && Object.hasOwn(units, unit) ? units[unit] : undefined;
    if (digits === undefined || factor === undefined) {
      context.addIssue(`must be a whole number with a unit (${names}), such as ${show(bounds.max)}`);
      return z.NEVER;
    }
    const value = Number(digits) * factor;
    if (value < bounds.min || value > bounds.max) {
      context.addIssue(`must be ${show(bounds.min)} to ${show(bounds.max)}`);
      return z.NEVER;
    }
    return value;
  });
}

export function showDuration(ms: number): string {
  return show(ms, MS_PER_UNIT);
}

export function showSize(bytes: number): string {
  return show(bytes, BYTES_PER_UNIT);
}

/** In the largest unit that leaves a whole number. */
function show(value: number, units: Readonly<Record<string, number>>): string {
  const entries = Object.entries(units).reverse();
  const [unit, factor] = entries.find(([, f]) => value !== 0 && value % f === 0) ?? entries.at(-1) ?? ["", 1];
  return `${value / factor}${unit}`;
}
