import { describe, expect, it } from "vitest";
import { durationMs } from "../../../src/base/units.ts";
import { placeOf } from "../../../src/domain/address.ts";
import { shardTable } from "../../../src/store/redis/table.ts";
import type { address } from "../../support/commands.ts";
import { shardsOn } from "../../support/redis-harness.ts";
import { live, main, redisLab, SOON } from "../../support/redis-lab.ts";
import { AOF_ALWAYS } from "../../support/redis-server.ts";
import { subjectOf } from "../../support/subject.ts";

const lab = redisLab();
const UNAVAILABLE = { code: "STORE_UNAVAILABLE" } as const;
/** Short, where a test waits for it to pass, ms. */
const BRIEF = durationMs(200);

describe("a Redis that is down", () => {
  it("is no error when a store is opened, and is served by itself once it is up", async () => {
    const server = await lab.server();
    await server.stop();
    const store = await lab.open(main(server), { firstVerifyTimeout: BRIEF });
    expect(store.status()).toMatchObject({ serving: false, reason: "shard main: it cannot be reached" });
    await expect(subjectOf(live(store)).start()).rejects.toMatchObject({ ...UNAVAILABLE, shard: "main" });
    await server.restart();
    await expect.poll(() => store.status().serving, SOON).toBe(true);
    expect((await subjectOf(live(store)).start()).record.attempts).toBe(1);
  });

  it("fails every call at once while it is away, and says when to come back in no word of the driver's", async () => {
    const server = await lab.server();
    const store = await lab.open(main(server));
    const subject = subjectOf(live(store));
    await server.kill();
    await expect.poll(() => store.status().serving, SOON).toBe(false);
    const calls = [
      subject.begin(),
      subject.complete(1n),
      subject.renew(1n),
      subject.checkpoint(1n),
      subject.release(1n),
      subject.resolve(),
      subject.forget(),
      subject.get(),
      store.list({ namespace: "default", states: new Set(), olderThan: durationMs(0), limit: 1, cursor: "" }),
    ];
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { ...UNAVAILABLE, shard: "main" } });
      const { message, retryAfterMs } = (outcome as PromiseRejectedResult).reason;
      expect(retryAfterMs).toBeGreaterThan(0);
      expect(message).toMatch(/^shard main is not served: it cannot be reached$/);
    }
  });

  it("settles what was in flight when it goes", async () => {
    const server = await lab.server();
    const store = await lab.open(main(server));
    server.hold();
    const calls = Array.from({ length: 50 }, () => subjectOf(live(store)).begin());
    const settled = Promise.allSettled(calls);
    await server.kill();
    for (const outcome of await settled) {
      expect(outcome).toMatchObject({
        status: "rejected",
        reason: { ...UNAVAILABLE, message: "shard main gave no answer" },
      });
    }
  });

  it("keeps what it acknowledged over kill -9 when it logs every write", async () => {
    const server = await lab.server({ args: AOF_ALWAYS });
    const store = await lab.open(main(server));
    expect(store.status().durability).toContain("aof always");
    const subjects = Array.from({ length: 200 }, () => subjectOf(live(store)));
    const acknowledged: string[] = [];
    const all = subjects.map(async (subject) => {
      const { record } = await subject.start();
      if (acknowledged.length === 50) void server.kill();
      await subject.finish(record.token);
      acknowledged.push(subject.at.key);
    });
    await Promise.allSettled(all);
    await server.restart();
    await expect.poll(() => store.status().serving, SOON).toBe(true);
    expect(acknowledged.length).toBeGreaterThan(0);
    for (const subject of subjects.filter(({ at }) => acknowledged.includes(at.key))) {
      expect((await subject.begin()).kind).toBe("replay");
    }
  });
});

describe("a Redis that is full", () => {
  it("takes nothing in, not even half of it, and still answers what it knows", async () => {
    const server = await lab.server();
    const store = await lab.open(main(server));
    const client = lab.client(server);
    const [done, running, absent] = [subjectOf(live(store)), subjectOf(live(store)), subjectOf(live(store))];
    const { record } = await done.start();
    await done.finish(record.token);
    const { token } = (await running.start({ attemptId: "mine" })).record;
    const before = [await client.dbsize(), await running.snapshot()];
    await client.config("SET", "maxmemory", "1");
    const writes = [
      absent.begin,
      () => running.complete(token),
      () => running.renew(token),
      () => running.release(token),
    ];
    for (const call of [...writes, () => running.checkpoint(token), running.forget, () => absent.complete(token)]) {
      await expect(call()).rejects.toMatchObject(UNAVAILABLE);
    }
    expect((await done.begin()).kind).toBe("replay");
    expect((await running.begin({}, { announce: true })).kind).toBe("in_progress");
    expect(await running.start({ attemptId: "mine" })).toMatchObject({ resumed: true });
    expect([await client.dbsize(), await running.snapshot()]).toEqual(before);
    await client.config("SET", "maxmemory", "0");
    expect((await running.finish(token)).record.state).toBe("succeeded");
  });
});

describe("one shard of three that is down", () => {
  it("takes its own addresses away and no others, and brings them back", async () => {
    const servers = await Promise.all([lab.server(), lab.server({ args: AOF_ALWAYS }), lab.server()]);
    const store = await lab.open(shardsOn(servers));
    const table = shardTable(["a", "b", "c"]);
    const subjects = Array.from({ length: 60 }, () => subjectOf(live(store)));
    const isOnB = ({ at }: { at: ReturnType<typeof address> }) => table.ownerOf(placeOf(at).slot) === 1;
    for (const subject of subjects) await subject.start();
    await servers[1].kill();
    await expect.poll(() => store.status().shards[1]?.state, SOON).toBe("unavailable");
    expect(store.status()).toMatchObject({ serving: true, reason: "" });
    for (const subject of subjects) {
      const reading = subject.state();
      if (isOnB(subject)) await expect(reading).rejects.toMatchObject({ ...UNAVAILABLE, shard: "b" });
      else expect(await reading).toBe("in_progress");
    }
    expect(subjects.filter(isOnB).length).toBeGreaterThan(0);
    await servers[1].restart();
    await expect.poll(() => store.status().shards[1]?.state, SOON).toBe("serving");
    for (const subject of subjects) expect(await subject.state()).toBe("in_progress");
  });
});

describe("a server that forgets its scripts", () => {
  it("is told them again, and every call is carried out once", async () => {
    const server = await lab.server();
    const store = await lab.open(main(server));
    const client = lab.client(server);
    const subject = subjectOf(live(store));
    const { record } = await subject.start();
    await client.script("FLUSH");
    expect(await subject.renew(record.token)).toMatchObject({ kind: "renewed" });
    await client.script("FLUSH");
    const together = Array.from({ length: 100 }, () => subjectOf(live(store)));
    const started = await Promise.all(together.map((one) => one.start()));
    expect(started.every((one) => one.record.attempts === 1 && !one.resumed)).toBe(true);
    await client.script("FLUSH");
    expect((await subject.finish(record.token)).late).toBe(false);
    expect((await subject.begin()).kind).toBe("replay");
  });
});

describe("a store that is closed", () => {
  it("answers nothing, and may be closed again", async () => {
    const store = await lab.open(main(await lab.server()));
    await store.close();
    await store.close();
    await expect(subjectOf(live(store)).begin()).rejects.toMatchObject(UNAVAILABLE);
    expect(store.status()).toMatchObject({ serving: false, reason: "shard main: the store is closed" });
  });
});
