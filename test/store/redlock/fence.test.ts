import { describe, expect, it } from "vitest";
import { durationMs, fencingToken } from "../../../src/base/units.ts";
import type { LeaseStore } from "../../../src/store/port.ts";
import { placeOf } from "../../../src/store/redlock/keys.ts";
import { ADDRESS, acquired, leaseLab, leaseOf } from "../../support/lease-lab.ts";

const SOON = { timeout: 20_000, interval: 20 };
const UNAVAILABLE = expect.objectContaining({ code: "STORE_UNAVAILABLE" });

describe("the fence", () => {
  const lab = leaseLab();
  const open = async () => {
    const nodes = await lab.nodes(3);
    return { nodes, store: await lab.open(nodes) };
  };
  const lease = async (store: LeaseStore, at = ADDRESS) => {
    const command = leaseOf(1000);
    const { token } = acquired(await store.acquire(at, command));
    await store.release(at, { ...command, token });
    return token;
  };

  it("holds the latest token for current, also after its release, and each before it for stale", async () => {
    const { store } = await open();
    const [first, second] = [await lease(store), await lease(store)];
    expect(await store.checkFence(ADDRESS, second)).toEqual({ kind: "current" });
    expect(await store.checkFence(ADDRESS, first)).toEqual({ kind: "stale" });
    expect(await store.checkFence(ADDRESS, fencingToken(0n))).toEqual({ kind: "stale" });
  });

  it("does not judge a token above all that is known", async () => {
    const { store } = await open();
    const token = await lease(store);
    await expect(store.checkFence(ADDRESS, fencingToken(token + 1n))).rejects.toEqual(UNAVAILABLE);
    const nowhere = { ...ADDRESS, resource: "never held" };
    await expect(store.checkFence(nowhere, fencingToken(5n))).rejects.toEqual(UNAVAILABLE);
  });

  it("holds a token for stale of a resource that nobody knows, when its bucket has reached it", async () => {
    const { store, nodes } = await open();
    const token = await lease(store);
    for (const node of nodes) await lab.client(node).del(placeOf(ADDRESS).last);
    expect(await store.checkFence(ADDRESS, token)).toEqual({ kind: "stale" });
  });

  it("does not vouch for a token where nodes may have forgotten a later one", async () => {
    const { store, nodes } = await open();
    const { bucket, last } = placeOf(ADDRESS);
    const token = await lease(store);
    // Two nodes accepted a later token, and have come back since with the counters alone.
    for (const node of nodes.slice(1)) {
      await lab.client(node).del(last);
      await lab.client(node).hset("onceward:lease:fence", bucket, String(token + 1n));
      await lab.client(node).hset("onceward:lease:forgotten", bucket, String(token + 1n));
    }
    await expect(store.checkFence(ADDRESS, token)).rejects.toEqual(UNAVAILABLE);
    expect(await store.checkFence(ADDRESS, await lease(store))).toEqual({ kind: "current" });
  });

  it("does not call a token current on the word of a node that came back with an older one", async () => {
    const nodes = await lab.nodes(3);
    const store = await lab.open(nodes, { nodeTimeout: durationMs(200), ttlMax: durationMs(1700) });
    const state = (n: number) => store.status().nodes[n]?.state;
    const vote = () => expect.poll(() => [0, 1, 2].map(state), SOON).toEqual(["voting", "voting", "voting"]);
    const first = await lease(store);
    await lab.client(nodes[2]!).save();
    nodes[0]!.hold(); // it misses the second
    await expect.poll(() => state(0), SOON).not.toBe("voting");
    const second = await lease(store);
    nodes[0]!.letGo();
    await vote();
    expect(await store.checkFence(ADDRESS, first)).toEqual({ kind: "stale" });
    await nodes[2]!.restart();
    await expect.poll(() => state(2), SOON).not.toBe("voting");
    await vote();
    await nodes[1]!.kill(); // the only one left that remembers the second
    await expect.poll(() => state(1), SOON).not.toBe("voting");
    await expect(store.checkFence(ADDRESS, first)).rejects.toEqual(UNAVAILABLE);
    await expect(store.checkFence(ADDRESS, second)).rejects.toEqual(UNAVAILABLE);
    expect(await store.checkFence(ADDRESS, await lease(store))).toEqual({ kind: "current" });
  });

  it("rises by bucket, so that a resource's tokens have gaps but never fall", async () => {
    const { store } = await open();
    const { bucket } = placeOf(ADDRESS);
    const names = Array.from({ length: 20_000 }, (_, n) => `n${n}`);
    const resource = names.find((name) => placeOf({ ...ADDRESS, resource: name }).bucket === bucket) ?? "";
    const first = await lease(store);
    const neighbour = await lease(store, { ...ADDRESS, resource });
    expect(neighbour).toBeGreaterThan(first);
    expect(await store.checkFence(ADDRESS, first)).toEqual({ kind: "current" });
    expect(await lease(store)).toBeGreaterThan(neighbour);
  });

  it("counts beyond 2^52 without losing one", async () => {
    const { store, nodes } = await open();
    const high = 2n ** 53n - 100n;
    for (const node of nodes) {
      await lab.client(node).hset("onceward:lease:fence", placeOf(ADDRESS).bucket, String(high));
    }
    expect(await lease(store)).toBe(high + 1n);
    expect(await lease(store)).toBe(high + 2n);
  });

  it("survives servers that forget their scripts", async () => {
    const { store, nodes } = await open();
    const before = await lease(store);
    for (const node of nodes) await lab.client(node).script("FLUSH");
    const kind = () =>
      store.acquire(ADDRESS, leaseOf(100)).then(
        (outcome) => outcome.kind,
        () => "unavailable",
      );
    await expect.poll(kind, SOON).toBe("acquired");
    await expect.poll(() => store.acquire(ADDRESS, leaseOf(100)), SOON).toMatchObject({ kind: "acquired" });
    await expect.poll(() => store.inspect(ADDRESS), SOON).toBeUndefined();
    expect(await lease(store)).toBeGreaterThan(before);
  });

  it("warns of nodes that may forget", async () => {
    const nodes = await lab.nodes(1, { args: ["--maxmemory-policy", "allkeys-lru"] });
    const store = await lab.open(nodes, { ttlMax: durationMs(1000) });
    expect(
      store
        .status()
        .warnings.map(({ code }) => code)
        .sort(),
    ).toEqual(["MAXMEMORY_POLICY", "NOT_AOF_ALWAYS"]);
    expect(JSON.stringify(store.status())).not.toMatch(/redis\+unix/);
  });
});
