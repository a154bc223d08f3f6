/**
 * Makes sure that tests can start `redis-server` by name. Debian's package of that name would also start a service on
 * port 6379, at once or at the next boot; `redis-tools` holds the same program (it acts as what it is called) and
 * starts nothing. So a link called `redis-server` beside the other tools of the project is all that is needed.
 */
import { spawnSync } from "node:child_process";
import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { BIN, canInstall, install, onPath } from "./support/apt.ts";

const LINK = join(BIN, "redis-server");
/** The file in `redis-tools` that is the whole of Redis. */
const TWIN = "redis-check-rdb";

/** Scripts and tests use what came with Redis 7. */
const REDIS_MAJOR_MIN = 7;

function isServer(file: string): boolean {
  const { stdout } = spawnSync(file, ["--version"], { encoding: "utf8", timeout: 10_000 });
  const major = /^(?:Redis|Valkey) server v=(\d+)\./.exec(stdout ?? "")?.[1];
  return Number(major ?? 0) >= REDIS_MAJOR_MIN;
}

/** True when `redis-server` can now be started by name from any npm script. */
function serverIsThere(): boolean {
  const installed = onPath("redis-server");
  if (installed !== undefined && isServer(installed)) return true;
  const twin = onPath(TWIN);
  if (twin === undefined) return false;
  rmSync(LINK, { force: true });
  symlinkSync(twin, LINK);
  return isServer(LINK);
}

if (!serverIsThere() && !(canInstall() && install("redis-tools") && serverIsThere())) {
  process.stderr.write(
    "Tests need redis-server 7 or later: install Debian's package redis-tools, or any redis-server.\n",
  );
  process.exitCode = 1;
}
