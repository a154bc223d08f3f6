import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { placeOf } from "../../../src/domain/address.ts";
import type { IdempotencyStore } from "../../../src/store/port.ts";
import { bodyKey, indexKey, recordKey } from "../../../src/store/redis/keys.ts";
import { result, resultOf } from "../../support/commands.ts";
import { streamOf } from "../../support/ordered.ts";
import { live, main, redisLab } from "../../support/redis-lab.ts";
import { RedisServer } from "../../support/redis-server.ts";
import { subjectOf } from "../../support/subject.ts";

/** More than one bundle takes. */
const MANY = 350;

const lab = redisLab();
let server: RedisServer;
let store: IdempotencyStore;
beforeAll(async () => {
  server = await RedisServer.start();
});
afterAll(() => server.remove());
beforeEach(async () => {
  store = await lab.open(main(server));
});

const subjects = (count: number) => Array.from({ length: count }, () => subjectOf(live(store)));

/** How often Redis was called since the last time, by command. */
async function called(): Promise<number> {
  const stats = await lab.client(server).info("commandstats");
  return Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1] ?? 0);
}

describe("calls of one turn", () => {
  it("go to Redis as few, and each is answered as if it had come alone", async () => {
    const many = subjects(MANY);
    const before = await called();
    const begun = await Promise.all(many.map((one) => one.start()));
    expect((await called()) - before).toBe(Math.ceil(MANY / 100));
    expect(begun.map(({ record }) => record.address)).toEqual(many.map(({ at }) => at));
    const ends = many.map((one, n) => one.complete(begun[n]?.record.token ?? 0n, { result: resultOf(n * 20) }));
    expect((await Promise.all(ends)).every(({ kind }) => kind === "stored")).toBe(true);
    const replays = await Promise.all(many.map((one) => one.begin()));
    for (const [n, replay] of replays.entries()) {
      expect(replay).toMatchObject({ kind: "replay", record: { result: { bodySize: n * 20 } } });
    }
  });

  it("share messages with those of the next turns while Redis is busy", async () => {
    const many = subjects(MANY / 10);
    const before = await called();
    const admin = lab.client(server);
    await admin.call("CLIENT", "PAUSE", "200", "ALL");
    const begun: ReturnType<(typeof many)[number]["start"]>[] = [];
    for (const one of many) {
      begun.push(one.start());
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await Promise.all(begun)).map(({ record }) => record.address)).toEqual(many.map(({ at }) => at));
    expect((await called()) - before).toBeLessThan(many.length / 2);
  });

  it("keep the order in which they were asked for", async () => {
    const stream = streamOf(live(store), "strict_next");
    const begun = await Promise.all([3n, 1n, 2n, 1n].map((place, n) => stream.effect(place, {}, `key ${n}`).begin()));
    expect(begun.map(({ kind }) => kind)).toEqual(["gap", "started", "gap", "conflict"]);
  });

  it("do not suffer from one among them that fails", async () => {
    const [poisoned, ...rest] = subjects(20);
    if (poisoned === undefined) throw new Error("no subject");
    const slotOf = ({ at }: typeof poisoned) => placeOf(at).slot;
    const others = rest.filter((one) => slotOf(one) !== slotOf(poisoned));
    const poison = indexKey(placeOf(poisoned.at).slot, poisoned.at.namespace);
    await lab.client(server).set(poison, "no sorted set");
    const settled = await Promise.allSettled(
      [...others.slice(0, 10), poisoned, ...others.slice(10)].map((one) => one.start()),
    );
    await lab.client(server).del(poison); // one of 4096 slots, which a later test may meet as well
    expect(settled.map(({ status }) => status).filter((status) => status === "rejected")).toHaveLength(1);
    expect(settled[10]).toMatchObject({ reason: { code: "STORE_UNAVAILABLE", shard: "main" } });
  });

  it("tell of a damaged record to its own caller only", async () => {
    const [damaged, ...others] = subjects(5);
    if (damaged === undefined) throw new Error("no subject");
    await lab.client(server).set(recordKey(placeOf(damaged.at)), "too short");
    const settled = await Promise.allSettled([damaged, ...others].map((one) => one.start()));
    expect(settled[0]).toMatchObject({ reason: { code: "STORE_DAMAGED" } });
    expect(settled.slice(1).every(({ status }) => status === "fulfilled")).toBe(true);
  });

  it("are told to a Redis that has forgotten their script", async () => {
    await lab.client(server).script("FLUSH");
    const begun = await Promise.all(subjects(10).map((one) => one.begin()));
    expect(begun.every(({ kind }) => kind === "started")).toBe(true);
  });

  it("are not held up by large bodies: what is over the bound goes with the next bundle", async () => {
    const many = subjects(12);
    const begun = await Promise.all(many.map((one) => one.start()));
    const before = await called();
    const large = result({ body: Buffer.alloc(100_000, 7) });
    await Promise.all(many.map((one, n) => one.finish(begun[n]?.record.token ?? 0n, { result: large })));
    expect((await called()) - before).toBe(4);
    expect(
      await lab
        .client(server)
        .strlen(bodyKey(placeOf(many[11]?.at ?? { namespace: "", operation: "", stream: "", key: "" }))),
    ).toBe(100_000);
  });
});
