import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { uniqueId } from "../../src/base/random.ts";
import { freshNamespace, MINUTE, SECOND } from "../support/commands.ts";
import { badFields, refusalOf } from "../support/grpc.ts";
import { breakable, unavailable } from "../support/interposed.ts";
import { openReference } from "../support/reference-store.ts";
import { serveStore } from "../support/sidecar.ts";
import { openWire, type Wire } from "../support/wire.ts";

const TOKEN_MAX = String(2n ** 64n - 1n);

let wire: Wire;
beforeEach(async () => {
  wire = await openWire();
});
afterEach(() => wire.stop());

/** A lease of a resource nobody else uses, as Renew and the others take it. */
async function held(parts: { namespace?: string; ttlMs?: number; owner?: string } = {}) {
  const resource = uniqueId();
  const { namespace = "", ...rest } = parts;
  const answer = await wire.client.acquire({ namespace, resource, ...rest });
  expect(answer.outcome).toBe("ACQUIRED");
  return { namespace, resource, leaseId: answer.leaseId, fencingToken: answer.fencingToken, answer };
}

describe("LeaseService", () => {
  it("acquires, renews and releases", async () => {
    const { answer, ...lease } = await held();
    expect(answer).toMatchObject({ owner: "", retryAfterMs: "0" });
    expect(answer.leaseId).toHaveLength(22);
    expect(Number(answer.validityMs)).toBeGreaterThan(20 * SECOND);
    expect(Number(answer.validityMs)).toBeLessThan(30 * SECOND);
    const renewed = await wire.client.renewLease({ ...lease, ttlMs: MINUTE });
    expect(renewed.outcome).toBe("RENEWED");
    expect(Number(renewed.validityMs)).toBeGreaterThan(50 * SECOND);
    expect(await wire.client.releaseLease(lease)).toEqual({ outcome: "RELEASED" });
    expect(await wire.client.releaseLease(lease)).toEqual({ outcome: "RELEASED" });
    expect(await wire.client.renewLease(lease)).toEqual({ outcome: "LOST", validityMs: "0" });
  });

  it("answers BUSY with the holder and a time to ask again, and tells neither lease id nor token", async () => {
    const { resource } = await held({ owner: "pod-7" });
    const busy = await wire.client.acquire({ resource });
    expect(busy).toMatchObject({ outcome: "BUSY", owner: "pod-7", leaseId: "", fencingToken: "0", validityMs: "0" });
    expect(Number(busy.retryAfterMs)).toBeGreaterThanOrEqual(1);
    expect(Number(busy.retryAfterMs)).toBeLessThanOrEqual(30 * SECOND);
  });

  it("gives a repeated Acquire its own lease back", async () => {
    const request = { resource: uniqueId(), attemptId: uniqueId() };
    const first = await wire.client.acquire(request);
    const second = await wire.client.acquire(request);
    expect(second).toMatchObject({ outcome: "ACQUIRED", leaseId: first.leaseId, fencingToken: first.fencingToken });
  });

  it("takes the default length from the settings, and holds Acquire and Renew to the longest", async () => {
    const env = { ONCEWARD_LEASE_TTL: "2s", ONCEWARD_LEASE_TTL_MAX: "10s" };
    const other = await openWire({ env });
    const { validityMs } = await other.client.acquire({ resource: "r" });
    expect(Number(validityMs)).toBeLessThan(2 * SECOND);
    const refusal = await refusalOf(other.client.acquire({ resource: "r", ttlMs: 10_001 }));
    expect(refusal.badRequest?.fieldViolations).toMatchObject([
      { field: "ttl_ms", description: "must be 100 to 10000 milliseconds, or 0 for the default" },
    ]);
    await other.stop();
  });

  it("tells who holds what, and lists it in pages", async () => {
    const namespace = freshNamespace();
    const leases = await Promise.all([1, 2, 3].map(() => held({ namespace, owner: "pod-7" })));
    const [{ resource = "", fencingToken = "" } = {}] = leases;
    const { held: isHeld, lease } = await wire.client.inspect({ namespace, resource });
    expect(isHeld).toBe(true);
    expect(lease).toMatchObject({ namespace, resource, owner: "pod-7", fencingToken, ttlMs: String(30 * SECOND) });
    expect(Number(lease?.acquiredAt?.seconds)).toBe(Math.floor(wire.nowUs() / 1e6));
    const first = await wire.client.listLeases({ namespace, pageSize: 2 });
    const rest = await wire.client.listLeases({ namespace, pageSize: 2, pageToken: first.nextPageToken });
    const listed = [...first.leases, ...rest.leases].map((one) => one.resource);
    expect(listed.sort()).toEqual(leases.map((one) => one.resource).sort());
    expect(rest.nextPageToken).toBe("");
    expect(await wire.client.inspect({ namespace, resource: "free" })).toEqual({ held: false, lease: null });
  });

  it("checks a fence, before and after the lease is taken away", async () => {
    const { answer: _, leaseId, ...fence } = await held();
    expect(await wire.client.checkFence(fence)).toEqual({ outcome: "CURRENT" });
    const { namespace, resource } = fence;
    const release = { namespace, resource, reason: "the pod is gone", actor: "ops@example.com" };
    expect(await wire.client.forceRelease(release)).toEqual({ outcome: "RELEASED" });
    expect(await wire.client.forceRelease(release)).toEqual({ outcome: "NOT_HELD" });
    expect(await wire.client.checkFence(fence)).toEqual({ outcome: "STALE" });
    expect(await wire.client.renewLease({ ...fence, leaseId })).toMatchObject({ outcome: "LOST" });
    const above = await refusalOf(wire.client.checkFence({ ...fence, fencingToken: TOKEN_MAX }));
    expect(above).toMatchObject({ code: "UNAVAILABLE", errorInfo: { reason: "STORE_UNAVAILABLE" } });
    expect(above.message).toMatch(/the store has lost data/);
  });

  it("leaves one line for the audit of a forced release, without the resource's name", async () => {
    const lines: object[] = [];
    const note = (line: object) => void lines.push(line);
    const logger = { debug: note, info: note, warn: note, error: note };
    const harness = await openReference();
    const served = await serveStore(harness.store, { logger });
    await served.client.acquire({ resource: "secret-job" });
    await served.client.forceRelease({ resource: "secret-job", reason: "stuck", actor: "ops" });
    expect(lines).toContainEqual(
      expect.objectContaining({ audit: "lease_force_release", outcome: "released", reason: "stuck", actor: "ops" }),
    );
    expect(JSON.stringify(lines)).not.toContain("secret-job");
    await served.stop();
  });

  it("is UNAVAILABLE while the store is, never BUSY or LOST", async () => {
    const { store, broken } = breakable((await openReference()).store);
    const served = await serveStore(store);
    const { leaseId, fencingToken } = await served.client.acquire({ resource: "r" });
    broken.fault = unavailable();
    const proof = { resource: "r", leaseId, fencingToken };
    for (const call of [
      served.client.acquire({ resource: "r" }),
      served.client.renewLease(proof),
      served.client.releaseLease(proof),
      served.client.inspect({ resource: "r" }),
      served.client.listLeases({}),
      served.client.forceRelease({ resource: "r", reason: "x" }),
      served.client.checkFence({ resource: "r", fencingToken }),
    ]) {
      expect(await refusalOf(call)).toMatchObject({ code: "UNAVAILABLE", errorInfo: { reason: "STORE_UNAVAILABLE" } });
    }
    await served.stop();
  });
});

describe("a bad request to LeaseService", () => {
  const long = "x".repeat(513);

  it.each([
    [
      "Acquire",
      () =>
        wire.client.acquire({
          ...{ namespace: "A", resource: "", ttlMs: 99, waitMs: 30_001 },
          ...{ owner: "x".repeat(257), attemptId: "x".repeat(65) },
        }),
      ["attempt_id", "namespace", "owner", "resource", "ttl_ms", "wait_ms"],
    ],
    [
      "Renew",
      () => wire.client.renewLease({ namespace: "a:b", resource: long, ttlMs: 300_001 }),
      ["fencing_token", "lease_id", "namespace", "resource", "ttl_ms"],
    ],
    ["Release", () => wire.client.releaseLease({ leaseId: "x".repeat(65) }), ["fencing_token", "lease_id", "resource"]],
    ["Inspect", () => wire.client.inspect({ namespace: "lease:x" }), ["namespace", "resource"]],
    ["List", () => wire.client.listLeases({ namespace: "lease:x", pageSize: 1001 }), ["namespace", "page_size"]],
    ["ForceRelease", () => wire.client.forceRelease({ resource: "r", actor: "x".repeat(257) }), ["actor", "reason"]],
    ["CheckFence", () => wire.client.checkFence({}), ["fencing_token", "resource"]],
  ])("of %s is told field by field", async (_name, call, fields) => {
    const refusal = await refusalOf(call());
    expect(refusal.code).toBe("INVALID_ARGUMENT");
    expect(badFields(refusal)).toEqual(fields);
  });

  it("is one whose text is no UTF-8", async () => {
    const bytes = Buffer.from([0x12, 0x02, 0xc3, 0x28]);
    const refusal = await refusalOf(wire.client.raw("/onceward.v1.LeaseService/Acquire", bytes));
    expect(refusal.badRequest?.fieldViolations).toMatchObject([
      { field: "resource", description: "is not valid UTF-8" },
    ]);
  });
});

describe("a lease among the records", () => {
  it("is no record of anybody's: not listed, not counted, not to be read, settled or forgotten", async () => {
    const namespace = freshNamespace();
    const { resource, leaseId, fencingToken } = await held({ namespace });
    expect((await wire.client.listRecords({ namespace })).records).toEqual([]);
    const [counted] = (await wire.client.getStats({})).namespaces.filter((one) => one.namespace === namespace);
    expect(counted?.unfinished).toEqual([]);
    for (const name of [namespace, `lease:${namespace}`]) {
      const address = { namespace: name, operation: "", stream: "", key: resource };
      const [get, resolve] = [wire.client.get({ address }), wire.client.resolve({ address, resolution: "FAILED" })];
      const forget = wire.client.forget({ address });
      if (name === namespace) {
        expect(await get).toMatchObject({ found: false });
        expect(await resolve).toEqual({ outcome: "NOT_FOUND" });
        expect(await forget).toEqual({ outcome: "NOT_FOUND" });
      } else {
        for (const call of [get, resolve, forget]) expect((await refusalOf(call)).code).toBe("INVALID_ARGUMENT");
      }
    }
    const renewed = await wire.client.renewLease({ namespace, resource, leaseId, fencingToken });
    expect(renewed.outcome).toBe("RENEWED");
  });

  it("is counted by RPC and outcome under its own namespace", async () => {
    const namespace = freshNamespace();
    const { answer: _, ...lease } = await held({ namespace });
    await wire.client.acquire({ namespace, resource: lease.resource });
    await wire.client.renewLease(lease);
    await wire.client.releaseLease(lease);
    const [counted] = (await wire.client.getStats({})).namespaces.filter((one) => one.namespace === namespace);
    expect(counted?.outcomes).toEqual([
      { rpc: "LeaseAcquire", outcome: "ACQUIRED", count: "1" },
      { rpc: "LeaseAcquire", outcome: "BUSY", count: "1" },
      { rpc: "LeaseRenew", outcome: "RENEWED", count: "1" },
      { rpc: "LeaseRelease", outcome: "RELEASED", count: "1" },
    ]);
  });
});

describe("GetServerInfo", () => {
  it("tells where leases are kept, what keeps their tokens rising, and their limits", async () => {
    const info = await wire.client.getServerInfo({});
    expect(info.leases).toMatchObject({ kind: "store", serving: true, reason: "", nodes: [] });
    expect(info.leases?.fence).toMatch(/one node/);
    expect(info.limits).toMatchObject({ leaseTtlMinMs: "100", leaseTtlMaxMs: "300000", resourceMaxBytes: 512 });
    expect(info.defaults).toMatchObject({ leaseTtlMs: "30000" });
  });
});
