import type { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { placeOf } from "../../../src/domain/address.ts";
import type { IdempotencyStore } from "../../../src/store/port.ts";
import { bodyKey, headerKey, indexKey, recordKey } from "../../../src/store/redis/keys.ts";
import { LEASE, MINUTE, RETENTION, resultOf } from "../../support/commands.ts";
import { live, main, redisLab } from "../../support/redis-lab.ts";
import { RedisServer } from "../../support/redis-server.ts";
import { narrow, type Subject, subjectOf } from "../../support/subject.ts";

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

function keysOf({ at }: Subject) {
  const place = placeOf(at);
  const index = indexKey(place.slot, at.namespace);
  return { header: headerKey(place.slot), record: recordKey(place), body: bodyKey(place), index, id: place.id };
}

const subject = () => subjectOf(live(store));

describe("what a record leaves in Redis", () => {
  it("while it is unfinished: itself until its retention ends, and its lease's end in the index", async () => {
    const one = subject();
    const { record } = await one.start();
    const keys = keysOf(one);
    expect(await redis.pexpiretime(keys.record)).toBe(record.expiresAt);
    expect(Number(await redis.zscore(keys.index, keys.id))).toBe(record.leaseUntil);
    expect(await redis.exists(keys.body)).toBe(0);
    const header = (await redis.getBuffer(keys.header)) as Buffer;
    expect(header.readBigUInt64BE(16)).toBe(record.token);
  });

  it("follows every move of its lease", async () => {
    const one = subject();
    const { record } = await one.start({ leaseFor: MINUTE });
    const keys = keysOf(one);
    for (const move of [one.renew, one.checkpoint]) {
      expect(await move(record.token, { leaseFor: 5 * MINUTE })).toMatchObject({ leaseLeft: 5 * MINUTE });
      const moved = await one.read();
      if (moved.state !== "in_progress") throw new Error(moved.state);
      expect(await redis.pexpiretime(keys.record)).toBe(moved.leaseUntil + RETENTION.unfinished);
      expect(Number(await redis.zscore(keys.index, keys.id))).toBe(moved.leaseUntil);
    }
  });

  it("while it backs off: the end of the back-off in the index", async () => {
    const one = subject();
    await one.fail((await one.start()).record.token, { retryAfter: MINUTE });
    const failed = await one.read();
    if (failed.state !== "retryable") throw new Error(failed.state);
    const keys = keysOf(one);
    expect(Number(await redis.zscore(keys.index, keys.id))).toBe(failed.retryAt);
    expect(await redis.pexpiretime(keys.record)).toBe(failed.retryAt + RETENTION.unfinished);
  });

  it("once it is finished: itself until its tombstone ends, and nothing in the index", async () => {
    const one = subject();
    const done = await one.finish((await one.start()).record.token);
    const keys = keysOf(one);
    expect(await redis.pexpiretime(keys.record)).toBe(done.record.expiresAt);
    expect(await redis.zscore(keys.index, keys.id)).toBeNull();
    expect(await redis.exists(keys.body)).toBe(0);
  });

  it("with a large result: its body by itself until the result's retention ends, and gone with it", async () => {
    const one = subject();
    const done = await one.finish((await one.start()).record.token, { result: resultOf(5000) });
    const keys = keysOf(one);
    if (done.record.state !== "succeeded") throw new Error(done.record.state);
    expect(await redis.strlen(keys.body)).toBe(5000);
    expect(await redis.strlen(keys.record)).toBeLessThan(400);
    expect(await redis.pexpiretime(keys.body)).toBe(done.record.resultUntil);
    await one.forget();
    expect(await redis.exists(keys.body)).toBe(0);
    expect(await redis.exists(keys.record)).toBe(1);
  });

  it("is still replayed, without its body, once Redis has swept that", async () => {
    const one = subject();
    await one.finish((await one.start()).record.token, { result: resultOf(5000) });
    await redis.del(keysOf(one).body);
    const replay = narrow("replay", await one.begin());
    expect(replay).toMatchObject({ kind: "replay", record: { result: { body: undefined, bodySize: 5000 } } });
    expect(await one.complete(replay.record.token, { result: resultOf(5000) })).toMatchObject({ differs: false });
    expect(await one.complete(replay.record.token, { result: resultOf(5001) })).toMatchObject({ differs: true });
  });

  it("counts duplicates without touching its time to live", async () => {
    const one = subject();
    const { record } = await one.start();
    const before = await redis.pexpiretime(keysOf(one).record);
    for (let n = 0; n < 3; n++) await one.begin();
    expect((await one.read()).duplicates).toBe(3);
    expect(await redis.pexpiretime(keysOf(one).record)).toBe(before);
    expect((await one.finish(record.token)).record.duplicates).toBe(3);
  });

  it("counts duplicates up to what its field holds", async () => {
    const one = subject();
    await one.start();
    await redis.setrange(keysOf(one).record, 56, Buffer.from([0xff, 0xff, 0xff, 0xfe]));
    for (let n = 0; n < 3; n++) await one.begin();
    expect((await one.read()).duplicates).toBe(0xffffffff);
  });

  it("is no other key than these", async () => {
    await redis.flushdb();
    await redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    await expect.poll(() => store.status().gaps.length).toBe(1);
    await expect.poll(() => store.status().serving).toBe(true);
    const one = subject();
    await one.finish((await one.start()).record.token, { result: resultOf(2000) });
    const two = subject();
    await two.start({ leaseFor: LEASE });
    const found = (await redis.keys("*")).filter((key) => !/^\{ow\d{4}\}h$/.test(key));
    const [first, second] = [keysOf(one), keysOf(two)];
    const wanted = ["onceward:generation", first.record, first.body, second.record, second.index];
    expect(found.sort()).toEqual(wanted.sort());
  });
});

describe("a record that cannot be read", () => {
  it.each([
    ["of a newer layout", (bytes: Buffer) => Buffer.concat([Buffer.from([2]), bytes.subarray(1)])],
    ["cut short", (bytes: Buffer) => bytes.subarray(0, 100)],
    ["with bytes behind its end", (bytes: Buffer) => Buffer.concat([bytes, Buffer.from("more")])],
    ["of a few bytes", () => Buffer.from("hello")],
    ["of no state", (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 1), Buffer.from([9]), bytes.subarray(2)])],
  ])("%s: every call says where it lies and changes nothing, until it is forgotten", async (_what, damage) => {
    const one = subject();
    const { record } = await one.start();
    const key = keysOf(one).record;
    await redis.set(key, damage((await redis.getBuffer(key)) as Buffer), "KEEPTTL");
    const before = await redis.getBuffer(key);
    const calls = [one.begin, () => one.complete(record.token), () => one.renew(record.token), one.get];
    const others = [() => one.checkpoint(record.token), () => one.release(record.token), () => one.resolve()];
    for (const call of [...calls, ...others]) {
      const message = `unreadable record in shard main, slot ${placeOf(one.at).slot}`;
      await expect(call()).rejects.toMatchObject({ code: "STORE_DAMAGED", message });
    }
    expect(await redis.getBuffer(key)).toEqual(before);
    expect(await one.forget()).toEqual({ kind: "forgotten" });
    const anew = await one.start();
    expect(anew.record).toMatchObject({ attempts: 1 });
    expect(anew.record.token).toBeGreaterThan(record.token);
  });
});
