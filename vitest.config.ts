import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { Tally } from "./test/support/tally.ts";

/** Tests that start no server and need no Redis: what `npm run check` runs while one works. */
const QUICK = [
  "test/tidy.test.ts",
  "test/{base,config,domain,inject,scripts,telemetry}/**/*.test.ts",
  "test/{store,conformance}/embedded*{.test.ts,/**/*.test.ts}",
  "test/store/packed.test.ts",
];

/** Tests that need tools of others first; scripts/verify.ts fetches or builds them. */
const CHART = ["test/chart/**/*.test.ts"];
const IMAGE = ["test/image/**/*.test.ts"];
const ADMISSION = ["test/admission/**/*.test.ts"];
const NOT_SERVERS = [...QUICK, ...CHART, ...IMAGE, ...ADMISSION];

export default defineConfig({
  test: {
    // A test waits for real leases and real servers; on a busy two-core machine a second can take ten.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    // Files run side by side, each in its own process: one that dies in a native addon takes nothing with it. One more
    // than there are cores, since most of a store's test is waiting.
    pool: "forks",
    maxWorkers: availableParallelism() + 1,
    reporters: ["default", new Tally()],
    projects: [
      { extends: true, test: { name: "quick", include: QUICK } },
      {
        extends: true,
        test: { name: "servers", include: ["test/**/*.test.ts"], exclude: NOT_SERVERS },
      },
      { extends: true, test: { name: "chart", include: CHART } },
      { extends: true, test: { name: "admission", include: ADMISSION } },
      { extends: true, test: { name: "image", include: IMAGE } },
    ],
  },
});
