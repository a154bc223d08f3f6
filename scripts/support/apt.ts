/** Programs of the system: whether they are there, and how they are got from Debian where they are missing. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ROOT, run } from "./run.ts";

/** Where npm looks for programs first. */
export const BIN = join(ROOT, "node_modules", ".bin");
const APT_MINUTES_MAX = 5;

/** Undefined where there is none; what an earlier run linked into {@link BIN} does not count. */
export function onPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== BIN);
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

export function canInstall(): boolean {
  return isRoot() && onPath("apt-get") !== undefined;
}

export function install(...packages: readonly string[]): boolean {
  return aptGet(["install", "--yes", "--no-install-recommends", ...packages]);
}

function apt(args: readonly string[], cwd: string): boolean {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const waitForLock = ["-o", "DPkg::Lock::Timeout=120"];
  return run("apt-get", [...waitForLock, ...args], { output: "inherit", minutesMax: APT_MINUTES_MAX, env, cwd }).ok;
}

/** Tried again after `update`: a fresh container has no package lists, and old ones name files that are gone. */
export function aptGet(args: readonly string[], cwd = ROOT): boolean {
  if (onPath("apt-get") === undefined) return false;
  return apt(args, cwd) || (isRoot() && apt(["update"], cwd) && apt(args, cwd));
}
