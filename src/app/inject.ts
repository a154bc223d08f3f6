import { loadInjectSettings } from "../config/inject.ts";
import type { Environment } from "../config/load.ts";
import { openLogger } from "../telemetry/logger.ts";
import { type Injector, startInjector } from "./injector.ts";
import { openLines } from "./lines.ts";
import { EXIT, explain, terminated } from "./process.ts";

/** The whole life of an injector's process, as {@link serve} is that of a sidecar's. Returns the exit code. */
export async function inject(environment: Environment): Promise<number> {
  const lines = openLines();
  const end = terminated();
  let injector: Injector;
  try {
    const { settings, unknown } = loadInjectSettings(environment);
    const logger = openLogger({ level: settings.log_level, out: lines });
    injector = await startInjector(settings, { logger, environment });
    const { listen, ops } = injector;
    const line = { level: 30, time: new Date().toISOString(), listen, ops, msg: "onceward injects" };
    lines.begin(`${JSON.stringify(line)}\n`);
    for (const name of unknown) logger.warn({ name }, "this variable is no setting of onceward and is ignored");
    await end;
    logger.info("stopping");
  } catch (error) {
    lines.begin();
    return explain(error);
  }
  await injector.stop();
  return EXIT.ok;
}
