import { once } from "node:events";
import { writeSync } from "node:fs";
import { ConfigError, type Environment, loadSettings } from "../config/load.ts";
import { StoreOpenError } from "../store/port.ts";
import { openLogger } from "../telemetry/logger.ts";
import { type Sidecar, startSidecar } from "./sidecar.ts";

const EXIT = { ok: 0, failure: 1, configuration: 78 } as const;
const STDOUT = 1;
const STDERR = 2;

/**
 * The whole life of a sidecar process: settings, start, the ready line, a signal, drain. Returns the exit code; what
 * stopped it from starting is on stderr.
 */
export async function serve(environment: Environment): Promise<number> {
  // Programs wait for the first line of stdout, so whatever is logged while starting comes behind it.
  const held: string[] = [];
  let ready = false;
  const write = (line: string) => (ready ? writeSync(STDOUT, line) : held.push(line));
  const release = () => {
    ready = true;
    for (const line of held.splice(0)) writeSync(STDOUT, line);
  };
  const terminated = Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
  let sidecar: Sidecar;
  try {
    const { settings, unknown } = loadSettings(environment);
    const logger = openLogger(settings.log_level, { write });
    sidecar = await startSidecar(settings, { logger });
    const { listen, ops, store } = sidecar;
    // Not a matter of the log level: whoever started the process waits for it.
    const line = { level: 30, time: new Date().toISOString(), listen, ops, store, msg: "onceward is ready" };
    held.unshift(`${JSON.stringify(line)}\n`);
    release();
    for (const name of unknown) logger.warn({ name }, "this variable is no setting of onceward and is ignored");
    await terminated;
    logger.info("stopping");
  } catch (error) {
    release();
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
