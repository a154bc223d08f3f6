/** Programs of the system: whether they are there, and how a root on Debian gets them. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "./run.ts";

const APT_MINUTES_MAX = 5;

/** Where a program is found by its name, except in `not`. */
export function onPath(name: string, not?: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find((file) => file !== not && existsSync(file));
}

export function canInstall(): boolean {
  return process.getuid?.() === 0 && onPath("apt-get") !== undefined;
}

function apt(...args: readonly string[]): boolean {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const waitForLock = ["-o", "DPkg::Lock::Timeout=120"];
  return run("apt-get", [...waitForLock, ...args], { output: "inherit", minutesMax: APT_MINUTES_MAX, env }).ok;
}

/** Tried again after `update`: a fresh container has no package lists, and old ones name files that are gone. */
export function install(...packages: readonly string[]): boolean {
  const wanted = ["install", "--yes", "--no-install-recommends", ...packages];
  return apt(...wanted) || (apt("update") && apt(...wanted));
}
