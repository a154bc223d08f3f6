import { systemClock } from "../base/clock.ts";
import { readVersion } from "../base/version.ts";
import type { Environment } from "../config/load.ts";
import type { Logger } from "../telemetry/logger.ts";
import { configured } from "../telemetry/otlp/configured.ts";
import type { Export } from "../telemetry/otlp/open.ts";

/** Undefined = nothing is to be exported, and nothing of OpenTelemetry's SDK was loaded. */
export async function openExportAsAsked(environment: Environment, logger: Logger): Promise<Export | undefined> {
  const asked = configured(environment);
  for (const what of asked.ignored) logger.warn({ what }, "a setting of OpenTelemetry is ignored");
  if (asked.traces === undefined && asked.metrics === undefined) return undefined;
  const { openExport } = await import("../telemetry/otlp/open.ts");
  const clock = systemClock;
  const exported = await openExport({ environment, configured: asked, version: readVersion(), clock, logger });
  logger.info({ traces: asked.traces, metrics: asked.metrics }, "telemetry is exported by OTLP");
  return exported;
}
