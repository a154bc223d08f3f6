import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { startSidecar } from "../../src/app/sidecar.ts";
import { uniqueId } from "../../src/base/random.ts";
import { loadSettings } from "../../src/config/load.ts";
import { silentLogger } from "../../src/telemetry/logger.ts";
import { openClient } from "../support/grpc.ts";
import { startLeaseNode } from "../support/lease-nodes.ts";
import type { RedisServer } from "../support/redis-server.ts";
import { freshFolder, killAll, spawnSidecar } from "../support/sidecar.ts";

/** Longest that something is waited for, ms. */
const BOUND = { timeout: 20_000, interval: 20 };

let nodes: readonly RedisServer[];
const folder = freshFolder();
beforeAll(async () => {
  nodes = await Promise.all([1, 2, 3].map(() => startLeaseNode()));
});
afterEach(killAll);
afterAll(async () => {
  for (const node of nodes) await node.remove();
  folder.remove();
});

describe("a sidecar with lease nodes", () => {
  it("keeps leases on them and records in its store, and serves on while one of them is down", async () => {
    const { settings } = loadSettings({
      ONCEWARD_LISTEN: "127.0.0.1:0",
      ONCEWARD_OPS_LISTEN: "127.0.0.1:0",
      ONCEWARD_STORE: `embedded:${folder.path}/db`,
      ONCEWARD_LEASE_NODES: nodes.map((node) => node.url()).join(),
      ONCEWARD_LEASE_NODE_TIMEOUT: "2s",
      ONCEWARD_LEASE_TTL: "1s",
      ONCEWARD_LEASE_TTL_MAX: "1s",
    });
    const sidecar = await startSidecar(settings, { logger: silentLogger });
    const client = openClient(sidecar.listen);
    const info = async () => (await client.getServerInfo({})).leases;
    await vi.waitUntil(async () => (await info())?.serving === true, BOUND);
    expect(await info()).toMatchObject({ kind: "quorum", nodes: nodes.map(() => ({ state: "VOTING" })) });
    const resource = uniqueId();
    const first = await client.acquire({ resource });
    expect(first.outcome).toBe("ACQUIRED");
    await nodes[0]?.kill();
    await vi.waitUntil(async () => (await info())?.nodes.some(({ state }) => state === "UNAVAILABLE"), BOUND);
    const second = await client.acquire({ resource, waitMs: 10_000 });
    expect(second.outcome).toBe("ACQUIRED");
    expect(BigInt(second.fencingToken)).toBeGreaterThan(BigInt(first.fencingToken));
    expect((await client.begin({ address: { key: "order-17" } })).outcome).toBe("STARTED");
    client.close();
    await sidecar.stop();
  });

  it("does not start on an even number of them, and says why without their passwords", async () => {
    const nodesSetting = "redis://:hunter2@127.0.0.1:1,redis://:hunter2@127.0.0.1:2";
    const sidecar = spawnSidecar({
      ONCEWARD_STORE: `embedded:${folder.path}/none`,
      ONCEWARD_LEASE_NODES: nodesSetting,
    });
    expect(await sidecar.exited).toEqual({ code: 78, signal: null });
    expect(sidecar.stderr()).toMatch(/^ONCEWARD_LEASE_NODES: must be an odd number of nodes, not 2: .+\n$/);
    expect(sidecar.stderr()).not.toContain("hunter2");
  });
});
