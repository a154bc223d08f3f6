import { type DestinationStream, type Logger as PinoLogger, pino } from "pino";
import type { LogLevel } from "../base/log-level.ts";

/** One JSON line an event on stdout. Keys and payloads never go into it at `info` or above. */
export type Logger = Pick<PinoLogger, "debug" | "info" | "warn" | "error">;

/** Lines are written synchronously: the line before a crash is the one that matters. */
export function openLogger(level: LogLevel, out: DestinationStream = pino.destination({ fd: 1, sync: true })): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, out);
}

export const silentLogger: Logger = pino({ level: "silent" });
