import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where package.json lies, with a slash at the end. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const MINUTE_MS = 60_000;

export interface RunOptions {
  /** `inherit` shows the output as it comes; `pipe` keeps it for the caller. */
  readonly output: "inherit" | "pipe";
  /** After this the command is killed, and has failed. */
  readonly minutesMax: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Where it runs; in the project's folder if nothing is said. */
  readonly cwd?: string;
}

export interface RunResult {
  readonly ok: boolean;
  /** Both streams when piped; empty when inherited. Says why when the command could not be started at all. */
  readonly output: string;
}

/** Runs a command; what npm installed there, Node among it, is found before anything else. */
export function run(command: string, args: readonly string[], options: RunOptions): RunResult {
  const path = [join(ROOT, "node_modules", ".bin"), process.env.PATH ?? ""].join(delimiter);
  const done = spawnSync(command, args, {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, ...options.env, PATH: path },
    stdio: ["ignore", options.output, options.output],
    encoding: "utf8",
    timeout: options.minutesMax * MINUTE_MS,
    killSignal: "SIGKILL",
  });
  const fault = done.error === undefined ? "" : `${command}: ${done.error.message}\n`;
  return { ok: done.status === 0, output: `${done.stdout ?? ""}${done.stderr ?? ""}${fault}` };
}
