/**
 * `npm test` (everything) and `npm run check` (`--quick`: no server is started). First what can be said without running
 * the program, all of it even when an early part fails, then the tests. The last line is always "N passed, N failed".
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

/** Longest a step may take. A whole test run takes a few minutes; ten times that is a hang. */
const STEP_MINUTES_MAX = 10;
const TESTS_MINUTES_MAX = 60;

function holds(step: Step): boolean {
  const from = performance.now();
  const { ok, output } = run(step.command, step.args, { output: "pipe", minutesMax: STEP_MINUTES_MAX });
  const seconds = ((performance.now() - from) / 1000).toFixed(1);
  process.stdout.write(`${ok ? "ok    " : "FAILED"} ${step.name} (${seconds} s)\n`);
  if (!ok) process.stdout.write(`${output.trimEnd()}\n${step.remedy === undefined ? "" : `-> ${step.remedy}\n`}\n`);
  return ok;
}

const quick = process.argv.includes("--quick");
const steps = quick ? STATIC : [REDIS, ...STATIC];
const failed = steps.filter((step) => !holds(step)).map((step) => step.name);

if (failed.length > 0) {
  process.stdout.write(`No test was run; mend first: ${failed.join(", ")}.\n0 passed, ${failed.length} failed\n`);
  process.exitCode = 1;
} else {
  const project = quick ? ["--project", "quick"] : [];
  const tests = run("vitest", ["run", ...project], { output: "inherit", minutesMax: TESTS_MINUTES_MAX });
  process.stdout.write(tests.output);
  process.exitCode = tests.ok ? 0 : 1;
}
