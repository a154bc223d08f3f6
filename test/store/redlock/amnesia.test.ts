import { describe, expect, it } from "vitest";
import { durationMs, type FencingToken } from "../../../src/base/units.ts";
import type { LeaseStore } from "../../../src/store/port.ts";
import { ADDRESS, acquired, leaseLab, leaseOf } from "../../support/lease-lab.ts";
import { sayNew } from "../../support/lease-nodes.ts";
import { AOF_ALWAYS, type RedisServer } from "../../support/redis-server.ts";

/** A node that lost its data is kept out for a little over eight node timeouts or the longest lease. */
const QUICK = { nodeTimeout: durationMs(200), ttlMax: durationMs(1700) };
/** So long that no test sees it end. */
const NEVER = { ttlMax: durationMs(3_600_000) };
const SOON = { timeout: 25_000, interval: 10 };
const UNAVAILABLE = expect.objectContaining({ code: "STORE_UNAVAILABLE" });

describe("nodes that come back", () => {
  const lab = leaseLab();
  const states = (store: LeaseStore) => store.status().nodes.map(({ state }) => state);
  const allVote = (store: LeaseStore) => expect.poll(() => new Set(states(store)), SOON).toEqual(new Set(["voting"]));

  /** Some leases on one resource, one after the other; the last one's token. */
  const wear = async (store: LeaseStore, count: number): Promise<FencingToken> => {
    let last = 0n as FencingToken;
    for (let n = 0; n < count; n++) {
      const command = leaseOf(1000);
      const { token } = acquired(await store.acquire(ADDRESS, command));
      expect(token).toBeGreaterThan(last);
      last = token;
      await store.release(ADDRESS, { ...command, token });
    }
    return last;
  };
  const restartEach = async (nodes: readonly RedisServer[], store: LeaseStore, seen: string[] = []) => {
    for (const [n, node] of nodes.entries()) {
      await node.restart();
      await expect.poll(() => store.status().nodes[n]?.state, SOON).not.toBe("unavailable");
      await expect.poll(() => states(store).filter((state) => state === "voting").length, SOON).toBeGreaterThan(1);
      seen.push(...states(store));
      await allVote(store);
    }
  };

  it("without their data, one after the other, keep tokens rising, and are kept out meanwhile", async () => {
    const nodes = await lab.nodes(3);
    const store = await lab.open(nodes, QUICK);
    const before = await wear(store, 5);
    const seen: string[] = [];
    await restartEach(nodes, store, seen);
    expect(seen).toContain("joining");
    expect(await wear(store, 1)).toBeGreaterThan(before);
  });

  it("without their data, all at once, are refused with what to do", async () => {
    const nodes = await lab.nodes(3);
    const store = await lab.open(nodes, QUICK);
    await wear(store, 2);
    for (const node of nodes) await node.restart();
    await expect.poll(() => store.status().reason, SOON).toMatch(/all nodes have lost their data; to begin anew/);
    await expect(store.acquire(ADDRESS, leaseOf(1000))).rejects.toEqual(UNAVAILABLE);
  });

  it("without their data, all at once, begin anew where the clock keeps tokens rising", async () => {
    const nodes = await lab.nodes(3);
    const store = await lab.open(nodes, { ...QUICK, clockFloor: true });
    const before = await wear(store, 2);
    expect(before).toBeGreaterThan(1_000_000_000_000_000n);
    for (const node of nodes) await node.restart();
    await expect.poll(() => states(store), SOON).toContain("joining");
    await allVote(store);
    expect(await wear(store, 1)).toBeGreaterThan(before);
  });

  it("without their data, all at once, wait for the leases of before, though no sidecar remembers them", async () => {
    const nodes = await lab.nodes(3);
    const store = await lab.open(nodes, NEVER);
    await wear(store, 1);
    await store.close();
    for (const node of nodes) await node.restart();
    const next = await lab.open(nodes, { ...NEVER, clockFloor: true, firstVerifyTimeout: durationMs(500) });
    expect(next.status().reason).toMatch(/it may have been emptied, and begins in \d+ s/);
    await expect(next.acquire(ADDRESS, leaseOf(1000))).rejects.toEqual(UNAVAILABLE);
    const soon = await lab.open(nodes, QUICK);
    await allVote(soon);
    acquired(await soon.acquire(ADDRESS, leaseOf(1000)));
  });

  it("without their data, a majority of them, come back after the wait where clocks keep tokens rising", async () => {
    const nodes = await lab.nodes(3);
    const store = await lab.open(nodes, { ...QUICK, clockFloor: true });
    const before = await wear(store, 2);
    for (const node of nodes.slice(1)) await node.restart();
    await expect.poll(() => store.status().serving, SOON).toBe(false);
    await allVote(store);
    expect(await wear(store, 1)).toBeGreaterThan(before);
  });

  it("without their data, a majority of them, are refused with what to do", async () => {
    const nodes = await lab.nodes(3);
    const store = await lab.open(nodes, QUICK);
    await wear(store, 2);
    for (const node of nodes.slice(1)) await node.restart();
    await expect.poll(() => store.status().reason, SOON).toMatch(/delete onceward:lease:marker on every lease node/);
    expect(store.status().serving).toBe(false);
  });

  it("are begun anew with the counters that survived, once the operator has removed the markers", async () => {
    const nodes = await lab.nodes(3);
    const store = await lab.open(nodes, QUICK);
    const before = await wear(store, 3);
    for (const node of nodes.slice(1)) await node.restart();
    await expect.poll(() => store.status().serving, SOON).toBe(false);
    await store.close();
    for (const node of nodes) await lab.client(node).del("onceward:lease:marker");
    const next = await lab.open(nodes, QUICK);
    await allVote(next);
    expect(await wear(next, 1)).toBeGreaterThan(before);
  });

  it("with all their data vote at once", async () => {
    const nodes = await lab.nodes(3, { args: AOF_ALWAYS });
    const store = await lab.open(nodes, NEVER);
    expect(store.status().warnings).toEqual([]);
    const before = await wear(store, 3);
    const command = leaseOf(60_000);
    const { token } = acquired(await store.acquire({ ...ADDRESS, resource: "held" }, command));
    await restartEach(nodes, store);
    expect(await wear(store, 1)).toBeGreaterThan(before);
    expect(acquired(await store.acquire({ ...ADDRESS, resource: "held" }, command)).token).toBe(token);
  });

  it("that stopped syncing every write are not taken back as if they had, whatever their disk says", async () => {
    const nodes = await lab.nodes(3, { args: AOF_ALWAYS });
    const store = await lab.open(nodes, NEVER);
    const [first, second] = nodes;
    const marker = (node: RedisServer) => lab.client(node).get("onceward:lease:marker");
    await lab.client(first!).config("SET", "appendonly", "no"); // an operator, while the disk is full
    await lab.client(second!).config("SET", "appendfsync", "everysec");
    await expect.poll(() => marker(first!), SOON).toMatch(/^voting:less:/);
    await expect.poll(() => marker(second!), SOON).toMatch(/^voting:less:/);
    await expect.poll(() => lab.client(nodes[2]!).scard("onceward:lease:weakened"), SOON).toBe(2);
    await allVote(store);
    acquired(await store.acquire(ADDRESS, leaseOf()));
    await first!.restart();
    await expect.poll(() => store.status().nodes[0]?.reason, SOON).toMatch(/may have lost data, and joins in/);
    // A sidecar that was not there knows it from the others.
    const after = await lab.open(nodes, { ...NEVER, firstVerifyTimeout: durationMs(300) });
    await expect.poll(() => states(after), SOON).toEqual(["joining", "voting", "voting"]);
    await second!.restart();
    await expect.poll(() => store.status().nodes[1]?.reason, SOON).toMatch(/may have lost data/);
  });

  it("with an older snapshot are kept out until they have learnt what they missed", async () => {
    const nodes = await lab.nodes(3);
    const store = await lab.open(nodes, QUICK);
    await wear(store, 1);
    await lab.client(nodes[0]!).save();
    const before = await wear(store, 5);
    await nodes[0]!.restart();
    await expect.poll(() => states(store)[0], SOON).toBe("joining");
    await allVote(store);
    expect(Number(await lab.client(nodes[0]!).hvals("onceward:lease:fence"))).toBeGreaterThanOrEqual(Number(before));
  });

  it("are noticed when they were emptied while they ran", async () => {
    const nodes = await lab.nodes(3);
    const store = await lab.open(nodes, NEVER);
    const before = await wear(store, 3);
    await lab.client(nodes[1]!).flushall();
    expect(await wear(store, 1)).toBeGreaterThan(before);
    await expect.poll(() => store.status().nodes[1]?.reason, SOON).toMatch(/may have lost data, and joins in \d+ s/);
    expect(states(store)).toEqual(["voting", "joining", "voting"]);
  });

  it("are learnt from by a sidecar that was not there before", async () => {
    const nodes = await lab.nodes(3);
    const [store, other] = [await lab.open(nodes, QUICK), await lab.open(nodes, QUICK)];
    const before = await wear(store, 3);
    await nodes[2]!.restart();
    await Promise.all([allVote(store), allVote(other)]);
    expect(await wear(other, 1)).toBeGreaterThan(before);
    expect(await wear(store, 1)).toBeGreaterThan(before + 1n);
  });

  it("get a lease back that was renewed meanwhile", async () => {
    const nodes = await lab.nodes(3);
    const store = await lab.open(nodes, { ...QUICK, ttlMax: durationMs(2000) });
    const command = leaseOf(2000);
    const { token } = acquired(await store.acquire(ADDRESS, command));
    const renew = () => store.renew(ADDRESS, { ...command, token }).then(({ kind }) => kind);
    for (const node of nodes) {
      await node.restart();
      const healed = async () =>
        `${await renew()} ${await lab.client(node).exists("onceward:lease:lock:payments:ledger/42")}`;
      await expect.poll(healed, { ...SOON, interval: 100 }).toBe("renewed 1");
    }
    expect(await store.checkFence(ADDRESS, token)).toEqual({ kind: "current" });
    expect(await store.inspect(ADDRESS)).toMatchObject({ owner: command.owner, token });
  });

  it("start together: none votes before all are there", async () => {
    const nodes = await lab.nodes(3);
    await nodes[2]!.kill();
    const store = await lab.open(nodes, { ...NEVER, firstVerifyTimeout: durationMs(500) });
    expect(store.status()).toMatchObject({ serving: false });
    expect(store.status().reason).toMatch(/not all nodes answer/);
    await nodes[2]!.restart();
    await sayNew(nodes[2]!);
    await allVote(store);
    acquired(await store.acquire(ADDRESS, leaseOf()));
  });

  it("are begun and taken back once, however many sidecars see to it", async () => {
    const nodes = await lab.nodes(3);
    const stores = await Promise.all(Array.from({ length: 5 }, () => lab.open(nodes, QUICK)));
    await Promise.all(stores.map(allVote));
    let last = await wear(stores[0]!, 3);
    for (const node of nodes) {
      await node.restart();
      await expect.poll(() => stores.flatMap(states), SOON).toContain("joining");
      await Promise.all(stores.map(allVote));
      for (const store of stores) {
        const next = await wear(store, 1);
        expect(next).toBeGreaterThan(last);
        last = next;
      }
    }
  });

  it("vote once, however often they are named", async () => {
    const [node] = await lab.nodes(1);
    const proxies = [await lab.proxy(node!), await lab.proxy(node!), await lab.proxy(node!)];
    const store = await lab.open(proxies, { ...NEVER, firstVerifyTimeout: durationMs(300) });
    expect(store.status().serving).toBe(false);
    expect(store.status().reason).toMatch(/same server/);
  });
});
