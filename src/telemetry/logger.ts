import { type DestinationStream, type Logger as PinoLogger, pino } from "pino";
import type { LogLevel } from "../base/log-level.ts";
import { spanOfNow } from "./tracing.ts";

/** One JSON line an event on stdout. Keys and payloads never go into it at `info` or above. */
export type Logger = Pick<PinoLogger, "debug" | "info" | "warn" | "error">;

const REDACTED = "[redacted]";

interface LogOptions {
  readonly level: LogLevel;
  /** Fields whose values are not to be written. */
  readonly redact?: readonly string[];
  /** Lines are written synchronously: the line before a crash is the one that matters. */
  readonly out?: DestinationStream;
}

/** A line of a call that is traced names its span, as OpenTelemetry has it for logs that are text. */
export function openLogger({ level, redact = [], out = pino.destination({ fd: 1, sync: true }) }: LogOptions): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: [...redact], censor: REDACTED },
      mixin: () => {
        const span = spanOfNow();
        return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId, trace_flags: "01" };
      },
    },
    out,
  );
}

export const silentLogger: Logger = pino({ level: "silent" });
