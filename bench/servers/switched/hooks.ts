/**
 * For `node --import`: a sidecar whose telemetry can be switched while it runs (`switch.ts`). Two processes of one and
 * the same program differ by a tenth for as long as they live, which is more than telemetry costs; one process with and
 * without is compared with itself. The files named here are replaced by ones that ask the switch, then do as the real
 * ones do, or nothing.
 *
 * What is there whether it runs or not is then no part of what is compared: the memory of OpenTelemetry's SDK and of
 * our own code, and the time to start. All levels pay for asking the switch, and for the garbage that others leave.
 */
import { existsSync } from "node:fs";
import { registerHooks } from "node:module";

/** By what stands in for each. */
const SWITCHED = {
  "src/service/observe.ts": "observe.ts",
  "src/store/observed.ts": "observed-store.ts",
  "src/transport/grpc/observed.ts": "observed-call.ts",
  "src/telemetry/tally.ts": "tally.ts",
  "src/telemetry/durations.ts": "durations.ts",
  "src/telemetry/retry-watch.ts": "retry-watch.ts",
  "src/telemetry/tracing.ts": "tracing.ts",
} as const;

const here = new URL("./", import.meta.url).href;
const project = new URL("../../../", import.meta.url).href;
const replaced = new Map(Object.entries(SWITCHED).map(([file, by]) => [project + file, here + by]));

for (const file of replaced.keys()) {
  // What has moved would be replaced no more, and every level would be alike.
  if (!existsSync(new URL(file))) throw new Error(`there is no ${file}: say in hooks.ts where it has gone`);
}

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    const by = replaced.get(found.url);
    // What stands in gets the real one.
    return by === undefined || context.parentURL?.startsWith(here) ? found : { ...found, url: by };
  },
});
