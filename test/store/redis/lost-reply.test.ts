import type { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { monotonicMs } from "../../../src/base/clock.ts";
import { durationMs } from "../../../src/base/units.ts";
import type { IdempotencyStore } from "../../../src/store/port.ts";
import { resultOf } from "../../support/commands.ts";
import { live, main, redisLab, SOON } from "../../support/redis-lab.ts";
import { type Subject, subjectOf } from "../../support/subject.ts";

const lab = redisLab();
/** Short, since a lost reply is noticed by it alone, ms. */
const COMMAND_TIMEOUT = durationMs(300);

/** A look, made at every connection, reads all slots by four scripts, and asks for two settings. */
const LOOK = { scripts: 4, settings: 2 } as const;

/** How many scripts a server has run, but for those of looks. */
async function scriptsRun(client: Redis): Promise<number> {
  const stats = await client.info("commandstats");
  const calls = (command: RegExp) => Number(command.exec(stats)?.[1] ?? 0);
  const looks = calls(/^cmdstat_config\|get:calls=(\d+)/m) / LOOK.settings;
  return calls(/^cmdstat_evalsha:calls=(\d+)/m) - LOOK.scripts * looks;
}

async function setting() {
  const server = await lab.server();
  const proxy = await lab.proxy(server);
  const store = await lab.open(main(proxy), { commandTimeout: COMMAND_TIMEOUT });
  await expect.poll(() => store.status().serving, SOON).toBe(true);
  const client = lab.client(server);
  /** Makes a call whose reply is lost, and lets the store reconnect; tells how often the server ran a script for it. */
  const losing = async (call: () => Promise<unknown>): Promise<number> => {
    const before = await scriptsRun(client);
    proxy.swallowReplies();
    const from = monotonicMs();
    await expect(call()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", shard: "main" });
    expect(monotonicMs() - from).toBeGreaterThanOrEqual(COMMAND_TIMEOUT - 1);
    const ran = (await scriptsRun(client)) - before;
    proxy.pass();
    await reconnected(store);
    expect((await scriptsRun(client)) - before).toBe(ran);
    return ran;
  };
  return { store, proxy, losing, subject: subjectOf(live(store)) };
}

async function reconnected(store: IdempotencyStore): Promise<void> {
  await expect.poll(() => store.status().serving, SOON).toBe(false);
  await expect.poll(() => store.status().serving, SOON).toBe(true);
}

describe("a call whose reply is lost", () => {
  it("Begin: is carried out once, fails in time, and is resumed when it is repeated", async () => {
    const { losing, subject } = await setting();
    expect(await losing(() => subject.begin({ attemptId: "mine" }))).toBe(1);
    const { record, resumed } = await subject.start({ attemptId: "mine" });
    expect({ resumed, attempts: record.attempts }).toEqual({ resumed: true, attempts: 1 });
  });

  it("Begins of one turn: are carried out once together, and each is resumed when it is repeated", async () => {
    const { store, losing } = await setting();
    const many = Array.from({ length: 20 }, () => subjectOf(live(store)));
    const begin = (one: Subject) => one.begin({ attemptId: "mine" });
    const settled: PromiseSettledResult<unknown>[] = [];
    const all = async () => {
      settled.push(...(await Promise.allSettled(many.map(begin))));
      for (const one of settled) if (one.status === "rejected") throw one.reason;
    };
    expect(await losing(all)).toBe(1);
    expect(settled.map(({ status }) => status)).toEqual(many.map(() => "rejected"));
    for (const one of many) {
      const { record, resumed } = await one.start({ attemptId: "mine" });
      expect({ resumed, attempts: record.attempts }).toEqual({ resumed: true, attempts: 1 });
    }
  });

  it("Complete: is carried out once, and is already stored when it is repeated", async () => {
    const { losing, subject } = await setting();
    const { record } = await subject.start();
    const result = resultOf(5000);
    expect(await losing(() => subject.complete(record.token, { result }))).toBe(1);
    const again = await subject.complete(record.token, { result });
    expect(again).toMatchObject({ kind: "already_stored", differs: false, record: { state: "succeeded" } });
  });

  it.each<[string, (subject: Subject, token: bigint) => Promise<{ kind: string }>, string]>([
    ["Complete, retryable", (subject, token) => subject.complete(token, { kind: "retryable" }), "already_stored"],
    ["Renew", (subject, token) => subject.renew(token), "renewed"],
    ["Checkpoint", (subject, token) => subject.checkpoint(token, { step: 7n }), "saved"],
    ["Release", (subject, token) => subject.release(token), "released"],
    ["Forget", (subject) => subject.forget(), "not_found"],
    ["Get", (subject) => subject.get(), "found"],
    ["Resolve", (subject) => subject.resolve({ resolution: "failed" }), "in_progress"],
  ])("%s: is carried out once, and its repeat says what it did", async (_call, call, repeated) => {
    const { losing, subject } = await setting();
    const { record } = await subject.start();
    expect(await losing(() => call(subject, record.token))).toBe(1);
    expect((await call(subject, record.token)).kind).toBe(repeated);
  });

  it("is carried out once also when many are lost together, on a connection that is then cut", async () => {
    const { store, proxy } = await setting();
    const subjects = Array.from({ length: 64 }, () => subjectOf(live(store)));
    proxy.swallowReplies();
    const calls = Promise.allSettled(subjects.map((subject) => subject.begin({ attemptId: "mine" })));
    await expect.poll(() => proxy.swallowed, SOON).toBeGreaterThan(64 * 73);
    proxy.pass();
    expect((await calls).every(({ status }) => status === "rejected")).toBe(true);
    await expect.poll(() => store.status().serving, SOON).toBe(true);
    const again = await Promise.all(subjects.map((subject) => subject.start({ attemptId: "mine" })));
    expect(again.every(({ resumed, record }) => resumed && record.attempts === 1)).toBe(true);
  });
});

describe("a server that is silent", () => {
  it("fails calls in time, and is connected to anew when it stays so", async () => {
    const { store, proxy, subject } = await setting();
    const before = proxy.connections;
    proxy.hold();
    await expect(subject.begin()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await expect.poll(() => proxy.connections, SOON).toBeGreaterThan(before);
    expect(store.status().serving).toBe(false);
    proxy.pass();
    await expect.poll(() => store.status().serving, SOON).toBe(true);
    expect((await subject.start()).record.attempts).toBe(1);
  });
});
