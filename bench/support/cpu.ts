import { readdirSync, readFileSync } from "node:fs";

/**
 * CPU time that all threads of a process have had so far, µs, from the kernel's own accounting in ns. What ended
 * threads had is lost, and none of our processes ends one in mid-run. NaN where there is none (not Linux).
 */
export function cpuUsedUs(pid: number): number {
  const threads = `/proc/${pid}/task`;
  try {
    return readdirSync(threads).reduce((sum, thread) => sum + threadUs(`${threads}/${thread}/schedstat`), 0);
  } catch {
    return Number.NaN;
  }
}

function threadUs(file: string): number {
  return Number(readFileSync(file, "utf8").split(" ")[0]) / 1000;
}
