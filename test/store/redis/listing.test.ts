import type { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { durationMs } from "../../../src/base/units.ts";
import { placeOf, type RecordAddress } from "../../../src/domain/address.ts";
import type { IdempotencyStore, ListQuery } from "../../../src/store/port.ts";
import { indexKey, recordKey } from "../../../src/store/redis/keys.ts";
import { censusOf } from "../../support/census.ts";
import { address, beginCommand, freshNamespace } from "../../support/commands.ts";
import { live, main, redisLab, SOON } from "../../support/redis-lab.ts";
import { RedisServer } from "../../support/redis-server.ts";
import { subjectOf } from "../../support/subject.ts";

const lab = redisLab();
let server: RedisServer;
let store: IdempotencyStore;
let redis: Redis;

beforeAll(async () => {
  server = await RedisServer.start();
});
afterAll(() => server.remove());
beforeEach(async () => {
  store = await lab.open(main(server));
  redis = lab.client(server);
});

const query = (namespace: string, parts: Partial<ListQuery> = {}): ListQuery => ({
  ...{ namespace, states: new Set(), olderThan: durationMs(0), limit: 100, cursor: "", ...parts },
});

/** Every page's keys; `between` is called after each page. */
async function pages(namespace: string, limit: number, between = async () => {}) {
  const all: string[][] = [];
  for (let cursor = ""; all.length === 0 || cursor !== ""; ) {
    const page = await store.list(query(namespace, { limit, cursor }));
    all.push(page.records.map(({ record }) => record.address.key));
    cursor = page.next;
    await between();
  }
  return all;
}

async function startMany(count: number, parts: Partial<RecordAddress>): Promise<RecordAddress[]> {
  const addresses = Array.from({ length: count }, () => address(parts));
  await Promise.all(addresses.map((at) => store.begin(at, beginCommand())));
  return addresses;
}

const keysOf = (addresses: readonly RecordAddress[]) => addresses.map(({ key }) => key).sort();

describe("the list of one namespace", () => {
  it.each([1, 7, 100, 1000])("has every record once in pages of %i, over all slots", async (limit) => {
    const namespace = freshNamespace();
    const started = await startMany(300, { namespace });
    await startMany(20, { namespace: freshNamespace() });
    const found = await pages(namespace, limit);
    expect(found.flat().sort()).toEqual(keysOf(started));
    expect(found.every((page) => page.length <= limit)).toBe(true);
  });

  it("tells entries of one slot and one millisecond apart, however many there are", async () => {
    const namespace = freshNamespace();
    const started = await startMany(400, { namespace, stream: "one" });
    const index = indexKey(placeOf(started[0] as RecordAddress).slot, namespace);
    const ids = await redis.zrange(index, "0", "-1");
    await redis.call("ZADD", index, ...ids.flatMap((id) => ["1800000000000", id]));
    expect((await pages(namespace, 3)).flat().sort()).toEqual(keysOf(started));
    expect((await pages(namespace, 399)).flat().sort()).toEqual(keysOf(started));
  });

  it.each([1, 2, 10, 1000])("goes through several shards, in pages of %i", async (limit) => {
    const servers = await Promise.all([lab.server(), lab.server(), lab.server()]);
    store = await lab.open(servers.map((one, n) => ({ name: `shard-${n}`, url: one.url() })));
    const namespace = freshNamespace();
    const crowd = await startMany(30, { namespace, stream: "one" });
    const started = [...crowd, ...(await startMany(60, { namespace }))];
    const found = await pages(namespace, limit);
    expect(found.slice(0, -1).every((page) => page.length === limit)).toBe(true);
    expect(found.flat().sort()).toEqual(keysOf(started));
    const { in_progress } = await censusOf(store, namespace, limit);
    expect(in_progress?.records).toBe(started.length);
  });

  it("keeps each record that does not change while others come and go between the pages", async () => {
    const namespace = freshNamespace();
    const staying = await startMany(120, { namespace });
    const leaving = await startMany(120, { namespace });
    const going = [...leaving];
    const found = await pages(namespace, 10, async () => {
      for (const at of going.splice(0, 15)) await store.forget(at, { fenceFor: durationMs(1000) });
      await startMany(5, { namespace });
    });
    const counts = staying.map(({ key }) => found.flat().filter((one) => one === key).length);
    expect(counts).toEqual(staying.map(() => 1));
  });

  it("ends a page early after as many entries as it may look at, and goes on from there", async () => {
    const namespace = freshNamespace();
    const started = await startMany(1500, { namespace });
    const none = query(namespace, { states: new Set(["dead_lettered"]) });
    const first = await store.list(none);
    expect(first.records).toEqual([]);
    expect(first.next).not.toBe("");
    let cursor = first.next;
    for (let n = 0; cursor !== "" && n < 10; n++) cursor = (await store.list({ ...none, cursor })).next;
    expect(cursor).toBe("");
    expect((await pages(namespace, 1000)).flat()).toHaveLength(started.length);
  });

  it.each(["list", "census"])("takes out of the index what is no longer there, and only that (%s)", async (by) => {
    const namespace = freshNamespace();
    const [gone, finished, damaged, foreign, there] = await startMany(5, { namespace, stream: "one" });
    if (!gone || !finished || !damaged || !foreign || !there) throw new Error();
    const index = indexKey(placeOf(there).slot, namespace);
    const { token } = await subjectOf(live(store), finished).read();
    await subjectOf(live(store), finished).finish(token);
    await redis.call("ZADD", index, "1", placeOf(finished).id);
    await redis.del(recordKey(placeOf(gone)));
    await redis.set(recordKey(placeOf(damaged)), "no record");
    await redis.del(recordKey(placeOf(foreign)));
    await redis.lpush(recordKey(placeOf(foreign)), "not even a string");
    if (by === "list") {
      const page = await store.list(query(namespace));
      expect(page.records.map((one) => one.record.address)).toEqual([there]);
    } else {
      const { in_progress, ...others } = await censusOf(store, namespace, 100);
      expect([in_progress?.records, others]).toEqual([1, {}]);
    }
    const kept = [damaged, foreign, there].map((at) => placeOf(at).id).sort();
    await expect.poll(async () => (await redis.zrange(index, "0", "-1")).sort(), SOON).toEqual(kept);
  });

  it("refuses a cursor that it has not made", async () => {
    for (const cursor of ["x", "!!", Buffer.from("4096:1:").toString("base64url"), "a".repeat(500)]) {
      await expect(store.list(query("default", { cursor }))).rejects.toMatchObject({
        code: "INVALID_ARGUMENT",
        violations: [{ field: "page_token" }],
      });
    }
  });
});
