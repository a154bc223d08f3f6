import { type Environment, readSettings } from "../config/load.ts";
import { openLogger } from "../telemetry/logger.ts";
import { prettyLine } from "../telemetry/pretty.ts";
import { openLines } from "./lines.ts";
import { collectOldSeldom } from "./old-generation.ts";
import { EXIT, explain, terminated } from "./process.ts";
import { type Sidecar, startSidecar } from "./sidecar.ts";
import { letCallsDieYoung, letYoungGenerationGrow, optimizeCallsEarly } from "./young-generation.ts";

/**
 * The whole life of a sidecar process: settings, start, the ready line, a signal, drain. Returns the exit code; what
 * stopped it from starting is on stderr.
 */
export async function serve(environment: Environment): Promise<number> {
  // Whatever is logged while starting comes behind the ready line.
  const lines = openLines();
  const end = terminated();
  let sidecar: Sidecar;
  try {
    const { settings, unknown } = await readSettings(environment);
    const { log_level: level, log_redact: redact, log_format: format } = settings;
    const pretty = format === "pretty" || (format === "auto" && process.stdout.isTTY);
    const out = pretty ? { write: (line: string) => lines.write(prettyLine(line)) } : lines;
    const logger = openLogger({ level, redact, out });
    letCallsDieYoung();
    sidecar = await startSidecar(settings, { logger, environment });
    const { listen, ops, store } = sidecar;
    // Not a matter of the log level: whoever started the process waits for it.
    const line = { level: 30, time: new Date().toISOString(), listen, ops, store, msg: "onceward is ready" };
    const ready = `${JSON.stringify(line)}\n`;
    lines.begin(pretty ? prettyLine(ready) : ready);
    for (const name of unknown) logger.warn({ name }, "this variable is no setting of onceward and is ignored");
    optimizeCallsEarly();
    collectOldSeldom(store);
    letYoungGenerationGrow();
    await end;
    logger.info("stopping");
  } catch (error) {
    lines.begin();
    return explain(error);
  }
  await sidecar.stop();
  return EXIT.ok;
}
