/** What the processes that serve until a signal have in common. */
import { writeSync } from "node:fs";
import { ConfigError } from "../config/load.ts";
import { StoreOpenError } from "../store/port.ts";

export const EXIT = { ok: 0, failure: 1, configuration: 78 } as const;
const STDERR = 2;

/**
 * Resolves at the first SIGTERM or SIGINT. Listened to until the end: npm and a terminal send a signal twice, and the
 * second must not break off the drain.
 */
export function terminated(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => resolve());
  });
}

/** Says on stderr why a process cannot start. Returns its exit code. */
export function explain(error: unknown): number {
  if (error instanceof ConfigError) {
    for (const problem of error.problems) writeSync(STDERR, `${problem}\n`);
    return EXIT.configuration;
  }
  writeSync(STDERR, `onceward cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  return error instanceof StoreOpenError ? EXIT.configuration : EXIT.failure;
}
