import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** What a process is in a run: what is measured, Redis beneath it, or who calls. */
export type Role = "server" | "redis" | "caller";

/** Which cores each role is kept on; undefined = wherever the system puts it. */
export type Pins = Readonly<Record<Role, readonly number[]>> | undefined;

/**
 * A core for servers, one for Redis, the rest for the callers. Of two cores Redis gets whichever is free: on one core
 * with its caller it would be called by whole turns of the caller's event loop, and seem cheaper than it ever is.
 * Undefined where there is nothing to choose from.
 */
export function choosePins(cores: readonly number[]): Pins {
  const [first, second, ...rest] = cores;
  if (first === undefined || second === undefined) return undefined;
  if (rest.length === 0) return { server: [first], redis: [first, second], caller: [second] };
  return { server: [first], redis: [second], caller: rest };
}

/** The cores that this process may use, where that is known and `taskset` is there to choose among them. */
export function coresToPin(): readonly number[] {
  if (spawnSync("taskset", ["--version"], { timeout: 5000 }).status !== 0) return [];
  try {
    const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    return list === undefined ? [] : coresOf(list);
  } catch {
    return [];
  }
}

/** `0,2-4` reads 0, 2, 3, 4. */
export function coresOf(list: string): number[] {
  return list.split(",").flatMap((part) => {
    const [from = 0, to = from] = part.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}

export function pinsInWords(pins: Pins): string {
  if (pins === undefined) return "nothing is pinned to a core";
  const { server, redis, caller } = pins;
  const places = [`servers on ${server}`, `Redis on ${redis.join(" or ")}`, `callers on ${caller.join(" or ")}`];
  return places.join(", ");
}
