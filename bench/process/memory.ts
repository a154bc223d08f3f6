import { readFileSync } from "node:fs";

const BYTES_PER_KIB = 1024;
const BYTES_PER_MB = 1e6;

/** What a process holds in memory now, MB (10^6 bytes); NaN where the system does not say (not Linux). */
export function residentMb(pid: number): number {
  try {
    const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return (Number(kib ?? Number.NaN) * BYTES_PER_KIB) / BYTES_PER_MB;
  } catch {
    return Number.NaN;
  }
}
