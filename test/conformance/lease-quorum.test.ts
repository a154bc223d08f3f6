import { systemClock } from "../../src/base/clock.ts";
import { systemRandom } from "../../src/base/random.ts";
import { durationMs } from "../../src/base/units.ts";
import { pause } from "../../src/base/wait.ts";
import { openQuorumLeases } from "../../src/store/redlock/open.ts";
import { silentLogger } from "../../src/telemetry/logger.ts";
import { startLeaseNode } from "../support/lease-nodes.ts";
import { leaseConformance } from "./lease.cases.ts";

/** Three nodes under the true clock, generous with a busy machine. */
leaseConformance("three nodes", async () => {
  const nodes = await Promise.all([1, 2, 3].map(() => startLeaseNode()));
  const leases = await openQuorumLeases({
    nodes: nodes.map((node) => node.url()),
    nodeTimeout: durationMs(5000),
    connectTimeout: durationMs(10_000),
    ttlMax: durationMs(60_000),
    clockFloor: true,
    firstVerifyTimeout: durationMs(20_000),
    logger: silentLogger,
    clock: systemClock,
    random: systemRandom,
  });
  return {
    leases,
    pass: async (ms) => void (await pause(ms)),
    close: async () => {
      await leases.close();
      for (const node of nodes) await node.remove();
    },
  };
});
