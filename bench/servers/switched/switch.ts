import { LEVELS, type Message, SEND_SPANS } from "./levels.ts";
import { sendSpans } from "./spans.ts";

const UNCOUNTED = LEVELS.indexOf("uncounted");
const COUNTED = LEVELS.indexOf("counted");
const TRACED = LEVELS.indexOf("traced");

/** As it is shipped, until something else is said. */
let level = COUNTED;

let switched = Promise.withResolvers<void>();

process.on("message", async (message: Message) => {
  if (message === SEND_SPANS) {
    await sendSpans();
  } else {
    const next = LEVELS.indexOf(message);
    if (next < 0) throw new Error(`no level of telemetry: ${message}`);
    level = next;
    switched.resolve();
    switched = Promise.withResolvers<void>();
  }
  process.send?.(message);
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

/** Resolves while it counts. */
export async function counting(): Promise<void> {
  while (!counts()) await switched.promise;
}

export function traces(): boolean {
  return level >= TRACED;
}
