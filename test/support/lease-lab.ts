/** Lease nodes, quorum lease stores and proxies of one test file's own, gone at the end of each test. */
import { Redis } from "ioredis";
import { afterEach } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { systemRandom, uniqueId } from "../../src/base/random.ts";
import { durationMs, type FencingToken } from "../../src/base/units.ts";
import type { AcquireCommand, AcquireOutcome, LeaseAddress } from "../../src/domain/lease.ts";
import type { LeaseStore } from "../../src/store/port.ts";
import { openQuorumLeases, type QuorumLeaseOptions } from "../../src/store/redlock/open.ts";
import { silentLogger } from "../../src/telemetry/logger.ts";
import { startLeaseNode } from "./lease-nodes.ts";
import { RedisProxy } from "./proxy.ts";
import type { RedisServer, RedisServerOptions } from "./redis-server.ts";

export const ADDRESS: LeaseAddress = { namespace: "payments", resource: "ledger/42" };

type Nodes = readonly { url(): string }[];

/** Node timeouts are long here, since a busy machine may answer late; a test of silence asks for a shorter one. */
function quorumOptions(nodes: Nodes, parts: Partial<QuorumLeaseOptions> = {}): QuorumLeaseOptions {
  return {
    nodes: nodes.map((node) => node.url()),
    nodeTimeout: durationMs(2000),
    connectTimeout: durationMs(5000),
    ttlMax: durationMs(60_000),
    clockFloor: false,
    firstVerifyTimeout: durationMs(15_000),
    logger: silentLogger,
    clock: systemClock,
    random: systemRandom,
    ...parts,
  };
}

/** Of a lease of its own id, unless it is given. */
export function leaseOf(ttlMs = 30_000, leaseId = uniqueId()): AcquireCommand {
  return { leaseId, owner: `owner of ${leaseId}`, ttl: durationMs(ttlMs) };
}

/** @throws unless it was acquired. */
export function acquired(outcome: AcquireOutcome): { token: FencingToken; validity: number } {
  if (outcome.kind !== "acquired") throw new Error(`not acquired: ${JSON.stringify(outcome)}`);
  return outcome;
}

export function leaseLab() {
  const closing: (() => unknown)[] = [];
  const atEnd = <Thing>(thing: Thing, close: () => unknown): Thing => {
    closing.unshift(close);
    return thing;
  };
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });
  return {
    nodes: async (count: number, options?: RedisServerOptions) => {
      const servers = await Promise.all(Array.from({ length: count }, () => startLeaseNode(options)));
      for (const server of servers) atEnd(server, () => server.remove());
      return servers;
    },
    proxy: async (server: RedisServer) => {
      const proxy = await RedisProxy.start(server.socket);
      return atEnd(proxy, () => proxy.close());
    },
    client: (server: RedisServer) => {
      const redis = new Redis({ path: server.socket });
      redis.on("error", () => {}); // servers come and go in these tests
      return atEnd(redis, () => redis.disconnect());
    },
    open: async (nodes: Nodes, parts?: Partial<QuorumLeaseOptions>): Promise<LeaseStore> => {
      const store = await openQuorumLeases(quorumOptions(nodes, parts));
      return atEnd(store, () => store.close());
    },
  };
}
