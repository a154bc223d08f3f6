import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { join } from "node:path";

export function codeFolder(folder: string): string {
  return join(folder, "code");
}

interface SelfOptions {
  readonly args: readonly string[];
  /** Folder where compiled code is kept: the demo starts this program some dozen times. */
  readonly code: string;
  readonly stdio: SpawnOptions["stdio"];
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Starts this program again with other arguments: from source, from the bundle and through a link alike. */
export function spawnSelf({ args, code, stdio, env = process.env }: SelfOptions): ChildProcess {
  const [, program = ""] = process.argv;
  return spawn(process.execPath, [...process.execArgv, program, ...args], {
    env: { NODE_COMPILE_CACHE: code, ...env },
    ...(stdio !== undefined && { stdio }),
  });
}
