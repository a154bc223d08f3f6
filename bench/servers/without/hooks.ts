/**
 * For `node --import`: a sidecar without a part of its telemetry, so that the rest can be compared with it. Files are
 * replaced by ones that do nothing, from the same sources and in the same process otherwise.
 */
import { registerHooks } from "node:module";

/** What `BENCH_WITHOUT` may name, and the files that stand in for others. */
const WITHOUT = {
  /** Neither counts nor times nor traces. */
  telemetry: {
    "src/service/observe.ts": "observe.ts",
    "src/store/observed.ts": "observed-store.ts",
    "src/transport/grpc/observed.ts": "observed-call.ts",
  },
  /** Asks whether it traces, and does nothing else. */
  counting: {
    "src/telemetry/tally.ts": "tally.ts",
    "src/telemetry/durations.ts": "durations.ts",
    "src/telemetry/retry-watch.ts": "retry-watch.ts",
  },
} as const;

const what = process.env.BENCH_WITHOUT;
if (what !== "telemetry" && what !== "counting") throw new Error(`BENCH_WITHOUT is ${what}`);
const project = new URL("../../../", import.meta.url).href;
const replaced = new Map(
  Object.entries(WITHOUT[what]).map(([file, by]) => [project + file, new URL(by, import.meta.url).href]),
);

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    const by = replaced.get(found.url);
    // What stands in may still import types of what it stands in for; those are gone when it runs.
    return by === undefined ? found : { ...found, url: by };
  },
});
