/**
 * `npm test` (all that any developer's machine can run), `npm run check` (`--quick`: no server is started), some parts
 * alone (`--only chart,admission`) and all that continuous integration runs (`--all`). First what can be said without
 * running the program, all of it even when an early part fails, then the tests, in one run of vitest whatever they are
 * made of: the last line is always "N passed, N failed" over everything.
 */
import { run } from "./support/run.ts";

interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** What to do about a failure, where its own output does not say. */
  readonly remedy?: string;
}

const REDIS: Step = { name: "a Redis server to test with", command: "node", args: ["scripts/ensure-redis.ts"] };

const PROMETHEUS: Step = { name: "a Prometheus to test with", command: "node", args: ["scripts/ensure-prometheus.ts"] };

const KUBERNETES: Step = {
  name: "Helm, kubectl and schemas to test the charts with",
  command: "node",
  args: ["scripts/ensure-kubernetes.ts"],
};

const DOCKERFILE: Step = { name: "lint of the Dockerfile", command: "node", args: ["scripts/lint-dockerfile.ts"] };

const IMAGE: Step = { name: "the image, built", command: "node", args: ["scripts/build-image.ts"] };

const ADMISSION: Step = {
  name: "the API server's own code, built",
  command: "node",
  args: ["scripts/build-admission.ts"],
};

const STATIC: readonly Step[] = [
  {
    name: "format and lint",
    command: "biome",
    args: ["check", "--error-on-warnings", "--colors=off"],
    remedy: "npm run format mends the format and the order of imports",
  },
  { name: "types", command: "tsc", args: ["--pretty", "false"] },
  {
    name: "format of proto/",
    command: "buf",
    args: ["format", "--diff", "--exit-code", "proto"],
    remedy: "npm run format mends it",
  },
  { name: "lint of proto/", command: "buf", args: ["lint", "proto"] },
  {
    name: "generated files unchanged",
    command: "node",
    args: ["scripts/generate.ts", "--check"],
    remedy: "npm run generate writes them anew",
  },
  { name: "nothing unused", command: "knip", args: ["--no-progress"] },
];

/** Longest a step may take: more than compiling the API server's code for the first time, on a machine that is busy. */
const STEP_MINUTES_MAX = 30;
const TESTS_MINUTES_MAX = 60;

function holds(step: Step): boolean {
  const from = performance.now();
  const { ok, output } = run(step.command, step.args, { output: "pipe", minutesMax: STEP_MINUTES_MAX });
  const seconds = ((performance.now() - from) / 1000).toFixed(1);
  process.stdout.write(`${ok ? "ok    " : "FAILED"} ${step.name} (${seconds} s)\n`);
  if (!ok) process.stdout.write(`${output.trimEnd()}\n${step.remedy === undefined ? "" : `-> ${step.remedy}\n`}\n`);
  return ok;
}

/** A part of the tests: what has to be there first, and its projects in vitest.config.ts. */
interface Part {
  readonly prepare: readonly Step[];
  readonly projects: readonly string[];
}

const PARTS = {
  quick: { prepare: [], projects: ["quick"] },
  servers: { prepare: [REDIS, PROMETHEUS], projects: ["servers"] },
  chart: { prepare: [KUBERNETES], projects: ["chart"] },
  image: { prepare: [DOCKERFILE, IMAGE], projects: ["image"] },
  admission: { prepare: [KUBERNETES, ADMISSION], projects: ["admission"] },
} as const satisfies Record<string, Part>;
type PartName = keyof typeof PARTS;

/** `npm test`: no root and no other language's tools needed. */
const USUAL: readonly PartName[] = ["quick", "servers", "chart"];
/** What continuous integration runs. */
const ALL: readonly PartName[] = [...USUAL, "image", "admission"];

interface Wanted {
  readonly parts: readonly PartName[];
  /** Whether what can be said without running the program is looked at too. */
  readonly hasStatic: boolean;
}

function wanted(args: readonly string[]): Wanted {
  if (args.includes("--quick")) return { parts: ["quick"], hasStatic: true };
  if (args.includes("--all")) return { parts: ALL, hasStatic: true };
  const only = args.includes("--only") ? (args[args.indexOf("--only") + 1] ?? "").split(",") : [];
  const parts = ALL.filter((name) => only.includes(name));
  return parts.length === 0 ? { parts: USUAL, hasStatic: true } : { parts, hasStatic: false };
}

const { parts, hasStatic } = wanted(process.argv.slice(2));
const prepare: readonly Step[] = [...new Set(parts.flatMap((name): readonly Step[] => PARTS[name].prepare))];
const steps = hasStatic ? [...prepare, ...STATIC] : prepare;
const failed = steps.filter((step) => !holds(step)).map((step) => step.name);

if (failed.length > 0) {
  process.stdout.write(`No test was run; mend first: ${failed.join(", ")}.\n0 passed, ${failed.length} failed\n`);
  process.exitCode = 1;
} else {
  const projects = parts.flatMap((name) => PARTS[name].projects).flatMap((name) => ["--project", name]);
  const tests = run("vitest", ["run", ...projects], { output: "inherit", minutesMax: TESTS_MINUTES_MAX });
  process.stdout.write(tests.output);
  process.exitCode = tests.ok ? 0 : 1;
}
