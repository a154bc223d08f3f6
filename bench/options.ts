import { randomInt } from "node:crypto";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { QUICK_NAMES, VARIANT_NAMES } from "./side-by-side/variants.ts";
import { QUICK, type Size, WHOLE } from "./size.ts";

const SUITES = ["side-by-side", "embedded", "scale", "process"] as const;

export interface Options {
  readonly suite: (typeof SUITES)[number];
  readonly size: Size;
  readonly seed: number;
  /** Undefined = every variant. */
  readonly only: readonly string[] | undefined;
  /** Callers at once. Undefined = what the suite takes by itself. */
  readonly loops: number | undefined;
  /** Calls a second that are offered for the latencies. Undefined = half of what the slowest variant served. */
  readonly rate: number | undefined;
  /** Whether processes are kept on cores of their own where that is possible. */
  readonly pin: boolean;
  readonly jsonFile: string | undefined;
  readonly chartFile: string | undefined;
  /** Where every sidecar leaves a CPU profile of its whole life. */
  readonly profileDirectory: string | undefined;
}

/** What is wrong with the command line, in words. */
export class UsageError extends Error {}

export const USAGE = `npm run bench -- [side-by-side | embedded | scale | process] [options]

  side-by-side    every variant behind its own server, in turn, as ratios of one run; the default, ten minutes
  embedded        the embedded store in process: durable pairs a second on top of ${WHOLE.records} records
  scale           both stores: what a record costs, in process and through a sidecar, among
                  ${WHOLE.scaleRecords.join(", ")},
                  how fast it expires, and what a pair costs on one, two and three Redis processes
  process         a sidecar's memory when idle and under load, and the time from its start until it is ready

  --quick         under a minute: fewer and shorter rounds, ${QUICK.records} records (embedded),
                  ${QUICK.scaleRecords.join(" and ")} (scale), and side by side only these variants:
                  ${inLines(QUICK_NAMES)}
  --only a,b      these variants, and the echo they are compared with
  --records a,b   how many records there are (scale), smallest first; 10000000 takes its time
  --rate N        calls a second that are offered for the latencies (half of what the slowest variant served)
  --rounds N      bursts of each variant side by side (${WHOLE.rounds}), however long that takes
  --lives N       sets of processes that share those rounds, one after the other (1): copies of a program differ
  --burst N       how long each of them is, ms (${WHOLE.burstMs})
  --warm-up N     how long each variant is called before the first round, ms (${WHOLE.warmUpMs}): what one call of a
                  hundred does, as being traced at 1 %, is optimized after a hundred times as many calls
  --loops N       callers at once (64 side by side and process, 128 embedded)
  --no-pin        leaves every process wherever the system puts it
  --seed N        order of the bursts, as an earlier run printed it
  --json FILE     everything that was measured, as JSON
  --chart FILE    the same as bars, as SVG
  --cpu-prof DIR  a CPU profile of every sidecar; what is measured beside it is then no figure
  --help

Variants: ${inLines(VARIANT_NAMES)}
`;

/** No line of the usage text is wider than a terminal. */
function inLines(names: readonly string[]): string {
  const lines = [""];
  for (const name of names) {
    const line = lines[lines.length - 1] ?? "";
    if (line.length + name.length < 90) lines[lines.length - 1] = `${line} ${name}`.trim();
    else lines.push(name);
  }
  return lines.join("\n                  ");
}

/** Undefined when only help is asked for. */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  const [name = SUITES[0], ...more] = positionals;
  const suite = SUITES.find((one) => one === name);
  if (suite === undefined || more.length > 0) throw new UsageError(`there is no suite ${[name, ...more].join(" ")}`);
  const size = values.quick ? QUICK : WHOLE;
  const only = values.only?.split(",").map((one) => one.trim());
  const unknown = only?.filter((one) => !VARIANT_NAMES.includes(one)) ?? [];
  if (unknown.length > 0) throw new UsageError(`there is no variant ${unknown.join(", ")}`);
  const rounds = integer("rounds", values.rounds);
  return {
    suite,
    size: {
      ...size,
      scaleRecords: recordsOf(values.records) ?? size.scaleRecords,
      burstMs: integer("burst", values.burst) ?? size.burstMs,
      warmUpMs: integer("warm-up", values["warm-up"]) ?? size.warmUpMs,
      lives: integer("lives", values.lives) ?? size.lives,
      ...(rounds !== undefined && { rounds, secondsMax: Number.POSITIVE_INFINITY }),
    },
    seed: integer("seed", values.seed) ?? randomInt(2 ** 31),
    only: only ?? (values.quick ? QUICK_NAMES : undefined),
    loops: integer("loops", values.loops),
    rate: integer("rate", values.rate),
    pin: !values["no-pin"],
    jsonFile: values.json,
    chartFile: values.chart,
    profileDirectory: values["cpu-prof"] && resolve(values["cpu-prof"]),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        quick: { type: "boolean" },
        only: { type: "string" },
        records: { type: "string" },
        rate: { type: "string" },
        rounds: { type: "string" },
        lives: { type: "string" },
        burst: { type: "string" },
        "warm-up": { type: "string" },
        loops: { type: "string" },
        "no-pin": { type: "boolean" },
        seed: { type: "string" },
        json: { type: "string" },
        chart: { type: "string" },
        "cpu-prof": { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function recordsOf(text: string | undefined): readonly number[] | undefined {
  const sizes = text?.split(",").map((part) => integer("records", part.trim()) ?? 0);
  const rising = sizes?.every((size, index) => index === 0 || size > (sizes[index - 1] ?? 0)) ?? true;
  if (!rising) throw new UsageError("--records must rise");
  return sizes;
}

function integer(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new UsageError(`--${name} must be a whole number from 1 on`);
  return value;
}
