import { describe, expect, it } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import { epochMs, slot } from "../../../src/base/units.ts";
import { placeOf } from "../../../src/domain/address.ts";
import type { IdempotencyStore } from "../../../src/store/port.ts";
import { ACCEPT_LOSS_KEY, GENERATION_KEY, headerKey, recordKey } from "../../../src/store/redis/keys.ts";
import { address } from "../../support/commands.ts";
import { shardsOn } from "../../support/redis-harness.ts";
import { live, main, redisLab, SOON } from "../../support/redis-lab.ts";
import { AOF_ALWAYS, type RedisServer } from "../../support/redis-server.ts";
import { subjectOf } from "../../support/subject.ts";

const lab = redisLab();

const start = (store: IdempotencyStore, at = address()) => subjectOf(live(store), at).start();
const codes = (store: IdempotencyStore) => store.status().warnings.map(({ code }) => code);
const lost = (store: IdempotencyStore) => codes(store).includes("DATA_LOST");

/** Ends every connection to a server but the one that says so: stores come back at once, and look. */
const cut = (server: RedisServer) => lab.client(server).call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");

describe("a loss", () => {
  it("by a flush is noticed by the next call, told as a gap, and the shard is stamped anew and served", async () => {
    const server = await lab.server();
    const store = await lab.open(main(server));
    const at = address();
    const { record } = await start(store, at);
    const goodUntil = Date.now();
    await lab.client(server).flushall();
    await expect(start(store)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", shard: "main" });
    await expect.poll(() => store.status().serving, SOON).toBe(true);
    const [gap] = store.status().gaps;
    expect(gap).toMatchObject({ shard: "main", from: 0 });
    expect(gap?.to).toBeGreaterThanOrEqual(goodUntil);
    expect(codes(store)).toContain("DATA_LOST");
    expect(await lab.stamped(server)).toBe(4096);
    expect((await start(store, at)).record.token).toBeGreaterThan(record.token);
  });

  it("is told by every sidecar, whoever noticed it first", async () => {
    const server = await lab.server();
    const [one, two] = [await lab.open(main(server)), await lab.open(main(server))];
    await lab.client(server).flushall();
    await expect(start(one)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await expect.poll(() => one.status().serving, SOON).toBe(true);
    await cut(server);
    await expect.poll(() => two.status().gaps.length, SOON).toBe(1);
    await expect.poll(() => two.status().serving, SOON).toBe(true);
    expect(one.status().gaps).toHaveLength(1);
  });

  it("by a restart without data is noticed at the reconnection, before any call", async () => {
    const server = await lab.server();
    const store = await lab.open(main(server));
    await start(store);
    await server.kill();
    await server.restart();
    await expect.poll(() => lost(store), SOON).toBe(true);
    await expect.poll(() => store.status().serving, SOON).toBe(true);
    expect(store.status().gaps).toHaveLength(1);
  });

  it("of some headers, or of the marker alone, is noticed", async () => {
    for (const key of [headerKey(slot(1234)), GENERATION_KEY]) {
      const server = await lab.server();
      const store = await lab.open(main(server));
      await lab.client(server).del(key);
      await cut(server);
      await expect.poll(() => store.status().gaps.length, SOON).toBe(1);
      await expect.poll(() => store.status().serving, SOON).toBe(true);
      expect(await lab.stamped(server)).toBe(4096);
    }
  });

  it("of tokens that were given out is noticed, though stamps and marker are whole", async () => {
    const server = await lab.server();
    const store = await lab.open(main(server));
    const at = address();
    const { record } = await start(store, at);
    const key = headerKey(placeOf(at).slot);
    const client = lab.client(server);
    const old = Buffer.from((await client.getBuffer(key)) as Buffer);
    old.writeBigUInt64BE(record.token - 1n, 16);
    await client.set(key, old);
    await cut(server);
    await expect.poll(() => store.status().gaps.length, SOON).toBe(1);
    expect(store.status().warnings.at(-1)?.message).toContain("fell back");
    expect(store.status().gaps[0]?.from).toBe(Math.floor(Number(record.token - 1n) / 1000));
  });

  it("is not suspected where calls come while a shard is looked at", async () => {
    for (let round = 0; round < 3; round++) {
      const store = await lab.open(shardsOn([await lab.server(), await lab.server()]));
      // Each of the two is looked at again once the other has been seen: they serve by then.
      for (let n = 0; n < 50; n++) await start(store);
      expect(store.status().gaps).toEqual([]);
      expect(lost(store)).toBe(false);
    }
  });

  it("of the last token alone is noticed on the shard that it was on, of two", async () => {
    const two = [await lab.server(), await lab.server()] as const;
    const store = await lab.open(shardsOn(two));
    const all = Array.from({ length: 20 }, () => address());
    for (const at of all) await start(store, at);
    const at = all.findLast((one) => store.shardOf(one) === "b") ?? address();
    const key = headerKey(placeOf(at).slot);
    const header = (await lab.client(two[1]).getBuffer(key)) ?? Buffer.alloc(24);
    const token = header.readBigUInt64BE(16);
    header.writeBigUInt64BE(token - 1_000_000n, 16);
    await lab.client(two[1]).set(key, header);
    for (const server of two) await cut(server);
    await expect.poll(() => store.status().gaps.length, SOON).toBe(1);
    const from = Math.floor(Number(token - 1_000_000n) / 1000);
    expect(store.status().gaps).toEqual([{ shard: "b", from, to: expect.any(Number) }]);
    expect(store.status().warnings.at(-1)?.message).toContain("fell back");
  });

  it("of one shard of three, found by a sidecar that had never seen it, is a gap since nobody knows when", async () => {
    const three = await Promise.all([lab.server(), lab.server(), lab.server()]);
    await (await lab.open(shardsOn(three))).close();
    await lab.client(three[1]).flushall();
    const store = await lab.open(shardsOn(three));
    await expect
      .poll(() => store.status().shards.map(({ state }) => state), SOON)
      .toEqual(["serving", "serving", "serving"]);
    expect(store.status().gaps).toEqual([{ shard: "b", from: 0, to: expect.any(Number) }]);
  });

  it("by a failover is suspected when a replica answers in the place of the server that did", async () => {
    const primary = await lab.server({ tcp: true, args: ["--repl-diskless-sync-delay", "0"] });
    const replica = await lab.server({ args: ["--replicaof", "127.0.0.1", String(primary.port)] });
    const proxy = await lab.proxy(primary);
    const store = await lab.open(main(proxy));
    const at = address();
    const { record } = await start(store, at);
    const second = lab.client(replica);
    await expect.poll(() => second.info("replication"), SOON).toContain("master_link_status:up");
    await expect.poll(() => second.exists(recordKey(placeOf(at))), SOON).toBe(1);
    // Longer than a restart could have taken since the store last heard of its server.
    const uptime = async () => Number(/uptime_in_seconds:(\d+)/.exec(await second.info("server"))?.[1]);
    await expect.poll(uptime, SOON).toBeGreaterThanOrEqual(4);
    await start(store);
    await second.replicaof("NO", "ONE");
    proxy.retarget(replica.socket);
    proxy.cut();
    await expect.poll(() => store.status().gaps.length, SOON).toBe(1);
    expect(store.status().warnings.at(-1)?.message).toContain("another server answers in its place");
    await expect.poll(() => store.status().serving, SOON).toBe(true);
    expect((await subjectOf(live(store), at).finish(record.token)).restored).toBe(false);
  });

  it("may come from a restart with a log that is synced now and then, which keeps nobody from serving", async () => {
    const server = await lab.server({ args: ["--appendonly", "yes"] });
    const store = await lab.open(main(server), { strict: true });
    await start(store);
    const seen = Date.now();
    await server.kill();
    await server.restart();
    await expect.poll(() => store.status().gaps.length, SOON).toBe(1);
    await expect.poll(() => store.status().serving, SOON).toBe(true);
    expect(store.status().gaps[0]?.from).toBeGreaterThan(seen - 60_000);
    expect(store.status().gaps[0]?.from).toBeLessThan(seen - 1000);
    expect(lost(store)).toBe(true);
  });

  it.each([
    ["is right", 0],
    ["steps back", -3_600_000],
    ["steps ahead", 3_600_000],
  ])("does not come from a restart with the log of every write while the clock %s", async (_what, step) => {
    const server = await lab.server({ args: AOF_ALWAYS });
    let ahead = 0;
    const clock = { ...systemClock, now: () => epochMs(systemClock.now() + ahead) };
    const store = await lab.open(main(server), { clock });
    const at = address();
    const { record } = await start(store, at);
    await server.kill();
    await expect.poll(() => store.status().serving, SOON).toBe(false);
    ahead = step;
    await server.restart();
    await expect.poll(() => store.status().serving, SOON).toBe(true);
    expect(store.status().gaps).toEqual([]);
    expect((await subjectOf(live(store), at).finish(record.token)).record.token).toBe(record.token);
  });
});

describe("a strict sidecar", () => {
  const aof = { args: ["--appendonly", "yes"] };

  it("refuses after a loss until an operator accepts it, and all of the fleet then go on", async () => {
    const server = await lab.server(aof);
    const stores = [
      await lab.open(main(server), { strict: true }),
      await lab.open(main(server), { strict: true }),
    ] as const;
    const client = lab.client(server);
    await client.flushall();
    for (const store of stores) await expect(start(store)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    for (const store of stores) await expect.poll(() => store.status().shards[0]?.state, SOON).toBe("refused");
    expect(stores[0].status().reason).toContain(`SET ${ACCEPT_LOSS_KEY} yes`);
    expect(await lab.stamped(server)).toBe(0);
    await client.set(ACCEPT_LOSS_KEY, "yes");
    for (const store of stores) await expect.poll(() => store.status().serving, SOON).toBe(true);
    for (const store of stores) expect(store.status().gaps).toHaveLength(1);
    expect(await client.exists(ACCEPT_LOSS_KEY)).toBe(0);
  });

  it("refuses a Redis without persistence, and serves it as soon as that is mended", async () => {
    const server = await lab.server();
    const store = await lab.open(main(server), { strict: true });
    expect(store.status()).toMatchObject({ serving: false, reason: expect.stringContaining("neither AOF nor") });
    await lab.client(server).config("SET", "appendonly", "yes");
    await expect.poll(() => store.status().serving, SOON).toBe(true);
    expect(codes(store)).toEqual([]);
  });
});
