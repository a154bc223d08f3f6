import { randomInt } from "node:crypto";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { VARIANT_NAMES } from "./side-by-side/variants.ts";

/** How much is measured, and how long it may take. */
interface Size {
  readonly rounds: number;
  readonly burstMs: number;
  /** Before the first round, of every variant: V8 takes thousands of calls to settle. */
  readonly warmUpMs: number;
  /** Records that are present before the embedded store is measured. */
  readonly records: number;
  /** How long the embedded store is measured, s. */
  readonly embeddedSeconds: number;
  /** No round is begun that would end later than this, s: a slow machine gets fewer rounds, not a longer wait. */
  readonly secondsMax: number;
}

const QUICK: Size = { rounds: 5, burstMs: 400, warmUpMs: 1000, records: 50_000, embeddedSeconds: 10, secondsMax: 50 };
const WHOLE: Size = {
  rounds: 10,
  burstMs: 1000,
  warmUpMs: 5000,
  records: 500_000,
  embeddedSeconds: 30,
  secondsMax: 220,
};

const SUITES = ["side-by-side", "embedded"] as const;

export interface Options {
  readonly suite: (typeof SUITES)[number];
  readonly size: Size;
  readonly seed: number;
  /** Undefined = every variant. */
  readonly only: readonly string[] | undefined;
  /** Callers at once. Undefined = what the suite takes by itself. */
  readonly loops: number | undefined;
  readonly jsonFile: string | undefined;
  /** Where every sidecar leaves a CPU profile of its whole life. */
  readonly profileDirectory: string | undefined;
}

/** What is wrong with the command line, in words. */
export class UsageError extends Error {}

export const USAGE = `npm run bench -- [side-by-side | embedded] [options]

  side-by-side   every variant behind its own server, in turn, as ratios of one run (the default)
  embedded       the embedded store in process: durable pairs a second on top of ${WHOLE.records} records

  --quick        under a minute: fewer and shorter rounds, ${QUICK.records} records
  --only a,b     these variants, and the echo they are compared with
  --loops N      callers at once (64 side by side, 128 embedded)
  --seed N       order of the bursts, as an earlier run printed it
  --json FILE    everything that was measured, as JSON
  --cpu-prof DIR a CPU profile of every sidecar; what is measured beside it is then no figure
  --help

Variants: ${VARIANT_NAMES.join(" ")}
`;

/** Undefined when only help is asked for. */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  const [name = SUITES[0], ...more] = positionals;
  const suite = SUITES.find((one) => one === name);
  if (suite === undefined || more.length > 0) throw new UsageError(`there is no suite ${[name, ...more].join(" ")}`);
  const only = values.only?.split(",").map((one) => one.trim());
  const unknown = only?.filter((one) => !VARIANT_NAMES.includes(one)) ?? [];
  if (unknown.length > 0) throw new UsageError(`there is no variant ${unknown.join(", ")}`);
  return {
    suite,
    size: values.quick ? QUICK : WHOLE,
    seed: integer("seed", values.seed) ?? randomInt(2 ** 31),
    only,
    loops: integer("loops", values.loops),
    jsonFile: values.json,
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
        loops: { type: "string" },
        seed: { type: "string" },
        json: { type: "string" },
        "cpu-prof": { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function integer(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new UsageError(`--${name} must be a whole number from 1 on`);
  return value;
}
