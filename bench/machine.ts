import { spawnSync } from "node:child_process";
import { closeSync, fdatasyncSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { availableParallelism, cpus, loadavg, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { ROOT } from "../scripts/support/run.ts";
import { percentile } from "./statistics.ts";

/** What a figure depends on besides the code. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly system: string;
  /** Runnable processes over the last minute, before we began: others at work make every figure worse. */
  readonly load: number;
  readonly node: string;
  readonly disk: Disk;
  readonly commit: string;
  readonly date: string;
}

interface Disk {
  readonly filesystem: string;
  /** ms, of 4 KiB. */
  readonly syncP50: number;
  readonly syncP95: number;
}

const GIB = 2 ** 30;
/** The magic numbers of statfs(2) for file systems people have. */
const FILESYSTEMS: Readonly<Record<number, string>> = {
  61267: "ext4",
  1481003842: "xfs",
  2435016766: "btrfs",
  2035054128: "overlay",
  16914836: "tmpfs (in memory: nothing is durable here)",
};
const SYNCS = 50;
const SYNC_BYTES = 4096;

/** @param directory where the embedded stores of this run lie */
export function describeMachine(directory: string): Machine {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryGib: Math.round(totalmem() / GIB),
    system: `${type()} ${release()}`,
    load: loadavg()[0] ?? Number.NaN,
    node: process.version,
    disk: describeDisk(directory),
    commit: commit(),
    date: new Date().toISOString(),
  };
}

export function machineLines(machine: Machine): string[] {
  const { cpu, cores, memoryGib, system, load, node, disk } = machine;
  return [
    `machine   ${cpu}, ${cores} cores, ${memoryGib} GiB, ${system}, load average ${load.toFixed(1)} before the run`,
    `disk      ${disk.filesystem}, fdatasync 4 KiB, ms: p50 ${disk.syncP50.toFixed(2)}, p95 ${disk.syncP95.toFixed(2)}`,
    `node      ${node}`,
    `commit    ${machine.commit}`,
    `date      ${machine.date}`,
  ];
}

function describeDisk(directory: string): Disk {
  const kind = statfsSync(directory).type;
  const file = join(directory, "sync-probe");
  const descriptor = openSync(file, "w");
  const block = Buffer.alloc(SYNC_BYTES, 1);
  const times = Array.from({ length: SYNCS }, () => {
    const from = performance.now();
    writeSync(descriptor, block);
    fdatasyncSync(descriptor);
    return performance.now() - from;
  }).sort((a, b) => a - b);
  closeSync(descriptor);
  rmSync(file);
  const filesystem = FILESYSTEMS[kind] ?? `file system 0x${kind.toString(16)}`;
  return { filesystem, syncP50: percentile(times, 0.5), syncP95: percentile(times, 0.95) };
}

function commit(): string {
  const head = git("rev-parse", "--short", "HEAD");
  if (head === "") return "none";
  return git("status", "--porcelain") === "" ? head : `${head} and changes that are not committed`;
}

function git(...args: readonly string[]): string {
  const options = { cwd: ROOT, encoding: "utf8", timeout: 10_000 } as const;
  return spawnSync("git", ["--no-optional-locks", ...args], options).stdout?.trim() ?? "";
}
