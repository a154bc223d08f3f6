import { LEVELS, type Level } from "./levels.ts";

const UNCOUNTED = LEVELS.indexOf("uncounted");
const COUNTED = LEVELS.indexOf("counted");
const TRACED = LEVELS.indexOf("traced");

/** As it is shipped, until something else is said. */
let level = COUNTED;

process.on("message", (wanted: Level) => {
  level = LEVELS.indexOf(wanted);
  process.send?.(wanted);
});
// Whether the sidecar goes on is not for this to say.
process.channel?.unref();

/** The code of telemetry runs; it asks whether it traces, and does nothing else. */
export function runs(): boolean {
  return level >= UNCOUNTED;
}

export function counts(): boolean {
  return level >= COUNTED;
}

export function traces(): boolean {
  return level >= TRACED;
}
