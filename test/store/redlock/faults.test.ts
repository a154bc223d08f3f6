import { describe, expect, it } from "vitest";
import { durationMs, type FencingToken } from "../../../src/base/units.ts";
import { StoreOpenError } from "../../../src/store/port.ts";
import { ADDRESS, acquired, leaseLab, leaseOf } from "../../support/lease-lab.ts";
import type { RedisServer } from "../../support/redis-server.ts";

/** Short enough that a silent node is given up in a test; a deadline of eight of these bounds every call. */
const IMPATIENT = { nodeTimeout: durationMs(400) };
/** Eight node timeouts, and what a busy machine adds. */
const DEADLINE_MS = 8 * 400 + 2000;
const SOON = { timeout: 20_000, interval: 10 };
const UNAVAILABLE = expect.objectContaining({ code: "STORE_UNAVAILABLE" });

describe("a quorum", () => {
  const lab = leaseLab();
  const locks = (node: RedisServer) => lab.client(node).keys("onceward:lease:lock:*");
  const within = async <Result>(call: Promise<Result>) => {
    const startedAt = performance.now();
    const outcome = await call.catch((fault: unknown) => fault);
    expect(performance.now() - startedAt).toBeLessThan(DEADLINE_MS);
    return outcome;
  };

  it.each([
    ["an even number", ["redis://a", "redis://b"], /must be an odd number of nodes/],
    ["a node named twice", ["redis://a", "redis://b", "redis://a/1"], /two nodes are on the same Redis/],
    ["too many", Array.from({ length: 9 }, (_, n) => `redis://h${n}`), /at most 7/],
    ["none", [], /no lease nodes/],
  ])("is refused with %s of nodes", async (_what, urls, reason) => {
    const opening = lab.open(urls.map((url) => ({ url: () => url })));
    await expect(opening).rejects.toThrow(StoreOpenError);
    await expect(opening).rejects.toThrow(reason);
  });

  it("goes on when a minority is gone", async () => {
    const nodes = await lab.nodes(5);
    const store = await lab.open(nodes);
    await nodes[0]!.kill();
    await nodes[3]!.kill();
    const command = leaseOf();
    const { token } = acquired(await store.acquire(ADDRESS, command));
    expect(await store.renew(ADDRESS, { ...command, token })).toMatchObject({ kind: "renewed" });
    expect(await store.acquire(ADDRESS, leaseOf())).toMatchObject({ kind: "busy", owner: command.owner });
    expect(await store.checkFence(ADDRESS, token)).toEqual({ kind: "current" });
    expect(await store.release(ADDRESS, { ...command, token })).toEqual({ kind: "released" });
    await expect.poll(() => store.status().nodes.map(({ state }) => state), SOON).toContain("unavailable");
    expect(store.status().serving).toBe(true);
  });

  it("says within its deadline that a majority is gone, and leaves nothing on the survivors", async () => {
    const nodes = await lab.nodes(3);
    const store = await lab.open(nodes, IMPATIENT);
    const command = leaseOf();
    const { token } = acquired(await store.acquire({ ...ADDRESS, resource: "held" }, command));
    await nodes[0]!.kill();
    nodes[1]!.hold();
    expect(await within(store.acquire(ADDRESS, leaseOf()))).toEqual(UNAVAILABLE);
    expect(await within(store.renew({ ...ADDRESS, resource: "held" }, { ...command, token }))).toEqual(UNAVAILABLE);
    expect(await within(store.forceRelease(ADDRESS))).toEqual(UNAVAILABLE);
    expect(await within(store.checkFence(ADDRESS, token))).toEqual(UNAVAILABLE);
    expect(await within(store.inspect(ADDRESS))).toEqual(UNAVAILABLE);
    expect(await within(store.list({ namespace: "payments", limit: 10, cursor: "" }))).toEqual(UNAVAILABLE);
    expect(await within(store.release(ADDRESS, { ...command, token }))).toEqual(UNAVAILABLE);
    await expect.poll(() => locks(nodes[2]!), SOON).toEqual(["onceward:lease:lock:payments:held"]);
    await expect.poll(() => store.status().serving, SOON).toBe(false);
    nodes[1]!.letGo();
    await expect.poll(() => store.status().serving, SOON).toBe(true);
    expect(store.status().reason).toBe("");
    expect(await store.renew({ ...ADDRESS, resource: "held" }, { ...command, token })).toMatchObject({
      kind: "renewed",
    });
  });

  it("does not wait for a node that hangs", async () => {
    const nodes = await lab.nodes(3);
    const store = await lab.open(nodes, { nodeTimeout: durationMs(20_000) });
    nodes[1]!.hold();
    const startedAt = performance.now();
    acquired(await store.acquire(ADDRESS, leaseOf()));
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    nodes[1]!.letGo();
  });

  it("tells the truth about replies that were dropped: unknown, and the lease is there for its id alone", async () => {
    const nodes = await lab.nodes(3);
    const proxies = await Promise.all(nodes.map((node) => lab.proxy(node)));
    const store = await lab.open(proxies, IMPATIENT);
    const command = leaseOf();
    for (const proxy of proxies.slice(0, 2)) proxy.swallowReplies();
    expect(await within(store.acquire(ADDRESS, command))).toEqual(UNAVAILABLE);
    for (const proxy of proxies.slice(0, 2)) proxy.pass();
    const acquire = () =>
      store.acquire(ADDRESS, command).then(
        ({ kind }) => kind,
        () => "unavailable",
      );
    await expect.poll(acquire, SOON).toBe("acquired");
    const { token } = acquired(await store.acquire(ADDRESS, command));
    expect(await store.acquire(ADDRESS, leaseOf())).toMatchObject({ kind: "busy", owner: command.owner });
    expect(acquired(await store.acquire(ADDRESS, command)).token).toBe(token);
  });

  it("hands out no lease that was over before the votes were in", async () => {
    const nodes = await lab.nodes(3);
    const proxies = await Promise.all(nodes.map((node) => lab.proxy(node)));
    const store = await lab.open(proxies);
    for (const proxy of proxies) proxy.hold();
    const acquiring = store.acquire(ADDRESS, leaseOf(100)).catch((fault: unknown) => fault);
    await new Promise((resolve) => setTimeout(resolve, 300));
    for (const proxy of proxies) proxy.pass();
    expect(await acquiring).toEqual(UNAVAILABLE);
    for (const node of nodes) expect(await locks(node)).toEqual([]);
  });

  it("gives back a split vote, and says busy only while it lasts", async () => {
    const nodes = await lab.nodes(3);
    const store = await lab.open(nodes);
    const plant = (node: RedisServer, id: string) =>
      lab.client(node).hset("onceward:lease:lock:payments:ledger/42", { id, owner: id, token: "", try: id });
    await plant(nodes[0]!, "one");
    await plant(nodes[1]!, "two");
    expect(await store.acquire(ADDRESS, leaseOf())).toMatchObject({ kind: "busy" });
    expect(await locks(nodes[2]!)).toEqual([]);
    await lab.client(nodes[1]!).del("onceward:lease:lock:payments:ledger/42");
    acquired(await store.acquire(ADDRESS, leaseOf()));
  });

  it("does not say busy for a lock on one node of three while another is silent, nor keeps anything", async () => {
    const nodes = await lab.nodes(3);
    const store = await lab.open(nodes);
    const orphan = { id: "nobody", owner: "nobody", token: "7", try: "" };
    await lab.client(nodes[0]!).hset("onceward:lease:lock:payments:ledger/42", orphan);
    await nodes[2]!.kill();
    await expect.poll(() => store.status().nodes[2]?.state, SOON).toBe("unavailable");
    expect(await within(store.acquire(ADDRESS, leaseOf()))).toEqual(UNAVAILABLE);
    expect(await locks(nodes[1]!)).toEqual([]);
  });

  it("says busy of a tie, two against two, and keeps nothing of its own", async () => {
    const nodes = await lab.nodes(5);
    const store = await lab.open(nodes);
    for (const [n, id] of ["one", "one", "two", "two"].entries()) {
      const lock = { id, owner: id, token: "", try: id };
      await lab.client(nodes[n]!).hset("onceward:lease:lock:payments:ledger/42", lock);
    }
    expect(await within(store.acquire(ADDRESS, leaseOf()))).toMatchObject({ kind: "busy" });
    expect(await locks(nodes[4]!)).toEqual([]);
  });

  it("gives one of many contenders the lease, and the tokens of all rise", async () => {
    const nodes = await lab.nodes(3);
    const stores = [await lab.open(nodes), await lab.open(nodes)];
    const tokens: FencingToken[] = [];
    const contend = async (n: number) => {
      for (let turn = 0; turn < 5; ) {
        const command = leaseOf();
        const store = stores[n % 2]!;
        const outcome = await store.acquire(ADDRESS, command);
        if (outcome.kind !== "acquired") continue;
        tokens.push(outcome.token);
        turn++;
        expect(await store.release(ADDRESS, { ...command, token: outcome.token })).toEqual({ kind: "released" });
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, n) => contend(n)));
    expect(tokens.length).toBe(40);
    expect(tokens).toEqual(tokens.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(new Set(tokens).size).toBe(tokens.length);
  });

  it("gives no lease away whose end came early on one node, and fences it where it does", async () => {
    const nodes = await lab.nodes(3);
    const [store, other] = [await lab.open(nodes), await lab.open(nodes)];
    const command = leaseOf();
    const { token } = acquired(await store.acquire(ADDRESS, command));
    const lapse = (node: RedisServer) => lab.client(node).pexpire("onceward:lease:lock:payments:ledger/42", 0);
    await lapse(nodes[0]!);
    expect(await other.acquire(ADDRESS, leaseOf())).toMatchObject({ kind: "busy" });
    expect(await store.renew(ADDRESS, { ...command, token })).toMatchObject({ kind: "renewed" });
    await expect.poll(async () => (await locks(nodes[0]!)).length, SOON).toBe(1);
    await lapse(nodes[0]!);
    await lapse(nodes[1]!);
    const next = acquired(await other.acquire(ADDRESS, leaseOf()));
    expect(next.token).toBeGreaterThan(token);
    expect(await store.renew(ADDRESS, { ...command, token })).toEqual({ kind: "lost" });
    expect(await store.checkFence(ADDRESS, token)).toEqual({ kind: "stale" });
  });

  it("takes the nodes' time as the least token where it is told to, whatever one of their clocks says", async () => {
    const nodes = await lab.nodes(3);
    const clock = `local now_us = tonumber(redis.call('GET', 'test:clock'))\n`;
    const times = [2_000_000_000_000_000, 1_000_000_000_000_000, 1_000_000_000_000_000];
    for (const [n, time] of times.entries()) await lab.client(nodes[n]!).set("test:clock", String(time));
    const store = await lab.open(nodes, { clockFloor: true, clockSnippet: clock });
    const tokens: FencingToken[] = [];
    for (let n = 0; n < 6; n++) {
      const command = leaseOf();
      const { token } = acquired(await store.acquire(ADDRESS, command));
      tokens.push(token);
      await store.release(ADDRESS, { ...command, token });
      await lab.client(nodes[n % 3]!).set("test:clock", String(times[(n + 1) % 3]));
    }
    expect(tokens[0]).toBeGreaterThanOrEqual(1_000_000_000_000_000n);
    expect(tokens).toEqual(tokens.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(new Set(tokens).size).toBe(6);
  });
});
