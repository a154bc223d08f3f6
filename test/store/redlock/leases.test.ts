import { describe, expect, it } from "vitest";
import { durationMs, fencingToken } from "../../../src/base/units.ts";
import { ADDRESS, acquired, leaseLab, leaseOf } from "../../support/lease-lab.ts";

describe.each([1, 3, 5])("a lease on %i nodes", (count) => {
  const lab = leaseLab();
  const open = async () => {
    const nodes = await lab.nodes(count);
    return { nodes, store: await lab.open(nodes), other: await lab.open(nodes) };
  };

  it("is given to one, and to the next with a higher token after its release", async () => {
    const { store, other } = await open();
    const first = leaseOf();
    const { token, validity } = acquired(await store.acquire(ADDRESS, first));
    expect(validity).toBeGreaterThan(0);
    expect(validity).toBeLessThan(first.ttl);
    const busy = await other.acquire(ADDRESS, leaseOf());
    expect(busy).toMatchObject({ kind: "busy", owner: first.owner });
    expect(await store.release(ADDRESS, { leaseId: first.leaseId, token })).toEqual({ kind: "released" });
    const next = acquired(await other.acquire(ADDRESS, leaseOf()));
    expect(next.token).toBeGreaterThan(token);
    expect(await store.release(ADDRESS, { leaseId: first.leaseId, token })).toEqual({ kind: "lost" });
  });

  it("is given back, not extended, to who asks again with its id", async () => {
    const { store, other } = await open();
    const command = leaseOf();
    const first = acquired(await store.acquire(ADDRESS, command));
    const again = acquired(await other.acquire(ADDRESS, { ...command, ttl: durationMs(60_000) }));
    expect(again.token).toBe(first.token);
    expect(again.validity).toBeLessThanOrEqual(command.ttl);
  });

  it("is one lease for two that ask with one id at once", async () => {
    const { store } = await open();
    const command = leaseOf();
    const both = await Promise.all([store.acquire(ADDRESS, command), store.acquire(ADDRESS, command)]);
    expect(acquired(both[0]).token).toBe(acquired(both[1]).token);
  });

  it("is renewed by its holder alone, and never made shorter", async () => {
    const { store, other } = await open();
    const { leaseId, ...command } = leaseOf();
    const { token } = acquired(await store.acquire(ADDRESS, { leaseId, ...command }));
    const longer = await other.renew(ADDRESS, { leaseId, token, ttl: durationMs(60_000) });
    expect(longer).toMatchObject({ kind: "renewed" });
    const shorter = await store.renew(ADDRESS, { leaseId, token, ttl: durationMs(100) });
    expect(shorter.kind === "renewed" && shorter.validity).toBeGreaterThan(30_000);
    const wrongToken = { leaseId, token: fencingToken(token + 1n), ttl: durationMs(1000) };
    if (count === 1) expect(await store.renew(ADDRESS, { ...wrongToken, leaseId: "x" })).toEqual({ kind: "lost" });
    expect(await store.renew(ADDRESS, { ...wrongToken, leaseId: "another" })).toEqual({ kind: "lost" });
  });

  it("is refused when it is longer than nodes wait that have lost their data", async () => {
    const { store } = await open();
    const refused = expect.objectContaining({ code: "INVALID_ARGUMENT" });
    await expect(store.acquire(ADDRESS, leaseOf(60_001))).rejects.toEqual(refused);
  });

  it("ends by itself", async () => {
    const { store } = await open();
    const { leaseId, ttl, owner } = leaseOf(200);
    const { token } = acquired(await store.acquire(ADDRESS, { leaseId, ttl, owner }));
    await expect.poll(() => store.inspect(ADDRESS), { timeout: 10_000 }).toBeUndefined();
    expect(await store.renew(ADDRESS, { leaseId, token, ttl })).toEqual({ kind: "lost" });
    expect(acquired(await store.acquire(ADDRESS, leaseOf())).token).toBeGreaterThan(token);
  });

  it("is told to who inspects or lists, page by page", async () => {
    const { store, other } = await open();
    const names = Array.from({ length: 7 }, (_, n) => `r${n}`);
    for (const resource of names) acquired(await store.acquire({ ...ADDRESS, resource }, leaseOf()));
    const command = leaseOf();
    const { token } = acquired(await store.acquire({ namespace: "other", resource: "r0" }, command));
    const seen: string[] = [];
    let cursor = "";
    do {
      const page = await other.list({ namespace: ADDRESS.namespace, limit: 3, cursor });
      seen.push(...page.leases.map(({ resource }) => resource));
      cursor = page.next;
    } while (cursor !== "");
    expect(seen).toEqual(names);
    const lease = await other.inspect({ namespace: "other", resource: "r0" });
    expect(lease).toMatchObject({ namespace: "other", resource: "r0", owner: command.owner, token });
    expect(await other.inspect({ namespace: "other", resource: "r1" })).toBeUndefined();
  });

  it("is ended by force, its holder fenced", async () => {
    const { store, other } = await open();
    const command = leaseOf();
    const { token } = acquired(await store.acquire(ADDRESS, command));
    expect(await other.checkFence(ADDRESS, token)).toEqual({ kind: "current" });
    expect(await other.forceRelease(ADDRESS)).toEqual({ kind: "released" });
    expect(await store.checkFence(ADDRESS, token)).toEqual({ kind: "stale" });
    expect(await store.renew(ADDRESS, { ...command, token })).toEqual({ kind: "lost" });
    expect(await other.forceRelease(ADDRESS)).toEqual({ kind: "not_held" });
    expect(acquired(await store.acquire(ADDRESS, leaseOf())).token).toBeGreaterThan(token + 1n);
  });

  it("leaves nothing behind but its last token", async () => {
    const { store, nodes } = await open();
    const command = leaseOf();
    const { token } = acquired(await store.acquire(ADDRESS, command));
    await store.release(ADDRESS, { ...command, token });
    for (const node of nodes) {
      const left = () => lab.client(node).keys("onceward:lease:*:payments*");
      await expect.poll(left, { timeout: 10_000 }).toEqual(["onceward:lease:last:payments:ledger/42"]);
    }
  });
});
