import { writeSync } from "node:fs";
import { ConfigError, type Environment, readSettings } from "../config/load.ts";
import { StoreOpenError } from "../store/port.ts";
import { openLogger } from "../telemetry/logger.ts";
import { openLines } from "./lines.ts";
import { type Sidecar, startSidecar } from "./sidecar.ts";
import { letYoungGenerationGrowOnce } from "./young-generation.ts";

const EXIT = { ok: 0, failure: 1, configuration: 78 } as const;
const STDERR = 2;

/**
 * The whole life of a sidecar process: settings, start, the ready line, a signal, drain. Returns the exit code; what
 * stopped it from starting is on stderr.
 */
export async function serve(environment: Environment): Promise<number> {
  // Whatever is logged while starting comes behind the ready line.
  const lines = openLines();
  // Listened to until the end: npm and a terminal send a signal twice, and the second must not break off the drain.
  const terminated = new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => resolve());
  });
  let sidecar: Sidecar;
  try {
    const { settings, unknown } = await readSettings(environment);
    const logger = openLogger(settings.log_level, lines);
    sidecar = await startSidecar(settings, { logger });
    const { listen, ops, store } = sidecar;
    // Not a matter of the log level: whoever started the process waits for it.
    const line = { level: 30, time: new Date().toISOString(), listen, ops, store, msg: "onceward is ready" };
    lines.begin(`${JSON.stringify(line)}\n`);
    for (const name of unknown) logger.warn({ name }, "this variable is no setting of onceward and is ignored");
    const stopLooking = letYoungGenerationGrowOnce();
    await terminated;
    stopLooking();
    logger.info("stopping");
  } catch (error) {
    lines.begin();
    return explain(error);
  }
  await sidecar.stop();
  return EXIT.ok;
}

function explain(error: unknown): number {
  if (error instanceof ConfigError) {
    for (const problem of error.problems) writeSync(STDERR, `${problem}\n`);
    return EXIT.configuration;
  }
  writeSync(STDERR, `onceward cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  return error instanceof StoreOpenError ? EXIT.configuration : EXIT.failure;
}
