/**
 * Makes sure that tests can start `prometheus` and `promtool` by name. Installing Debian's package would also start a
 * service on port 9090; so the package is only downloaded and taken apart, and links to its two programs are put beside
 * the other tools of the project.
 */
import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { aptGet, BIN, onPath } from "./support/apt.ts";
import { ROOT, run } from "./support/run.ts";

const PROGRAMS = ["prometheus", "promtool"] as const;
const FOLDER = join(ROOT, "node_modules", ".cache", "prometheus");
const UNPACK_MINUTES_MAX = 2;

function runs(file: string): boolean {
  return spawnSync(file, ["--version"], { timeout: 10_000 }).status === 0;
}

/** True when both can now be started by name from any npm script. */
function areThere(): boolean {
  return PROGRAMS.every((name) => {
    const installed = onPath(name) ?? join(FOLDER, "usr", "bin", name);
    if (!existsSync(installed) || !runs(installed)) return false;
    const link = join(BIN, name);
    rmSync(link, { force: true });
    symlinkSync(installed, link);
    return true;
  });
}

function fetch(): boolean {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  if (!aptGet(["download", "prometheus"], FOLDER)) return false;
  const [file] = globSync("prometheus_*.deb", { cwd: FOLDER });
  if (file === undefined) return false;
  const unpack = run("dpkg-deb", ["--extract", file, "."], {
    output: "inherit",
    minutesMax: UNPACK_MINUTES_MAX,
    cwd: FOLDER,
  });
  rmSync(join(FOLDER, file));
  return unpack.ok;
}

if (!areThere() && !(fetch() && areThere())) {
  process.stderr.write("Tests need prometheus and promtool 2.40 or later: install Debian's package prometheus.\n");
  process.exitCode = 1;
}
