import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Client, openClient, refusalOf } from "../support/grpc.ts";
import { AOF_ALWAYS, RedisServer } from "../support/redis-server.ts";
import { killAll, type RunningSidecar, startProcess } from "../support/sidecar.ts";
import { fresh } from "../support/wire.ts";

/** A sidecar process and a Redis process, and what callers see of the one while the other is away. */
const servers: RedisServer[] = [];
let client: Client;
afterEach(async () => {
  client.close();
  await killAll();
  for (const server of servers.splice(0)) await server.remove();
});

/** Longest that something is waited for, ms. */
const BOUND = { timeout: 25_000 };

async function redis(): Promise<RedisServer> {
  const server = await RedisServer.start({ args: AOF_ALWAYS });
  servers.push(server);
  return server;
}

async function start(store: string, env: Readonly<Record<string, string>> = {}): Promise<RunningSidecar> {
  const sidecar = await startProcess({ ONCEWARD_STORE: store, ...env });
  client = openClient(sidecar.ready.listen);
  return sidecar;
}

async function ask({ ready }: RunningSidecar, path: string) {
  const response = await fetch(`http://${ready.ops}${path}`);
  return { status: response.status, text: await response.text() };
}

/** SERVING or NOT_SERVING, as a prober without our protos reads it. */
async function health(): Promise<string> {
  const answer = await client.raw("/grpc.health.v1.Health/Check", Buffer.alloc(0));
  return answer.equals(Buffer.from([0x08, 0x01])) ? "SERVING" : "NOT_SERVING";
}

/** Resolves when the sidecar says everywhere that it serves, or that it does not. */
async function saysServing(sidecar: RunningSidecar, serving: boolean): Promise<void> {
  await vi.waitUntil(async () => (await ask(sidecar, "/readyz")).status === (serving ? 200 : 503), BOUND);
  await vi.waitUntil(async () => (await health()) === (serving ? "SERVING" : "NOT_SERVING"), BOUND);
}

/** All calls are UNAVAILABLE before their deadline, which is longer than any of the store's own limits. */
async function everythingUnavailable() {
  const address = fresh();
  const held = { address, fencingToken: 1 };
  const deadline = { deadlineMs: 15_000 };
  const calls = [
    client.begin({ address }, deadline),
    client.begin({ address, waitMs: 30_000 }, deadline),
    client.get({ address }, deadline),
    client.complete({ ...held, kind: "SUCCEEDED" }, deadline),
    client.renew(held, deadline),
  ];
  return Promise.all(calls.map(refusalOf));
}

const UNAVAILABLE = {
  code: "UNAVAILABLE",
  errorInfo: { reason: "STORE_UNAVAILABLE", domain: "onceward", metadata: { shard: "main" } },
  retryInfo: { retryDelay: expect.anything() },
};

describe("a sidecar whose Redis is down at the start", () => {
  let server: RedisServer;
  let sidecar: RunningSidecar;
  beforeEach(async () => {
    server = await redis();
    await server.kill();
    sidecar = await start(server.url());
  });

  it("starts, and says that it does not serve", async () => {
    expect(sidecar.ready).toMatchObject({ msg: "onceward is ready", store: "redis" });
    expect(await ask(sidecar, "/livez")).toMatchObject({ status: 200 });
    const { status, text } = await ask(sidecar, "/readyz");
    expect(status).toBe(503);
    expect(text).toMatch(/main/);
    expect(await health()).toBe("NOT_SERVING");
    expect((await client.getServerInfo({})).topology?.shards).toMatchObject([{ name: "main", state: "UNAVAILABLE" }]);
  });

  it("answers UNAVAILABLE within the caller's deadline, and serves by itself when Redis comes", async () => {
    for (const refusal of await everythingUnavailable()) expect(refusal).toMatchObject(UNAVAILABLE);
    await server.restart();
    await saysServing(sidecar, true);
    expect((await client.begin({ address: fresh() })).outcome).toBe("STARTED");
    sidecar.signal("SIGTERM");
    expect((await sidecar.exited).code).toBe(0);
  });

  it("stops in time although it is still looking for its Redis", async () => {
    sidecar.signal("SIGTERM");
    expect(await sidecar.exited).toEqual({ code: 0, signal: null });
  });
});

describe("a sidecar whose Redis goes away while it serves", () => {
  it("runs nothing unguarded meanwhile, and goes on with the same records afterwards", async () => {
    const server = await redis();
    const sidecar = await start(server.url());
    await saysServing(sidecar, true);
    const address = fresh();
    const { attempt } = await client.begin({ address, leaseMs: 600_000 });
    await server.kill();
    for (const refusal of await everythingUnavailable()) expect(refusal).toMatchObject(UNAVAILABLE);
    await saysServing(sidecar, false);
    await server.restart();
    await saysServing(sidecar, true);
    expect((await client.begin({ address })).outcome).toBe("IN_PROGRESS");
    const done = { address, fencingToken: attempt?.fencingToken ?? 0, kind: "SUCCEEDED" } as const;
    expect((await client.complete(done)).outcome).toBe("STORED");
  });

  it("answers UNAVAILABLE within the caller's deadline when Redis hangs, too", async () => {
    const server = await redis();
    const sidecar = await start(server.url());
    await saysServing(sidecar, true);
    server.hold();
    for (const refusal of await everythingUnavailable()) expect(refusal).toMatchObject(UNAVAILABLE);
    server.letGo();
    await saysServing(sidecar, true);
    expect((await client.begin({ address: fresh() })).outcome).toBe("STARTED");
  });

  it("frees the places of those who waited", async () => {
    const server = await redis();
    await saysServing(await start(server.url()), true);
    const address = fresh();
    await client.begin({ address, leaseMs: 600_000 });
    const waiting = refusalOf(client.begin({ address, waitMs: 30_000 }));
    await vi.waitUntil(async () => (await client.getStats({})).waiters === 1, BOUND);
    await server.kill();
    expect((await waiting).code).toBe("UNAVAILABLE");
    expect(await client.getStats({})).toMatchObject({ waiters: 0, inFlight: 1 });
  });
});

describe("a sidecar one of whose shards is down", () => {
  it("serves the keys of the others, and says which one is down", async () => {
    const [a, b] = [await redis(), await redis()];
    // On a busy machine a Redis that serves may take its time; one that is gone is known at once.
    const sidecar = await start(`a=${a.url()},b=${b.url()}`, { ONCEWARD_REDIS_COMMAND_TIMEOUT: "15s" });
    await saysServing(sidecar, true);
    await b.kill();
    const settled = await Promise.allSettled(Array.from({ length: 60 }, () => client.begin({ address: fresh() })));
    const outcomes = settled.map((one) => (one.status === "fulfilled" ? one.value.outcome : one.reason));
    const refused = outcomes.filter((one) => typeof one !== "string");
    expect(outcomes.filter((one) => one === "STARTED").length + refused.length).toBe(60);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(60);
    for (const error of refused) {
      expect(await refusalOf(Promise.reject(error))).toMatchObject({
        code: "UNAVAILABLE",
        errorInfo: { metadata: { shard: "b" } },
      });
    }
    await vi.waitUntil(async () => (await ask(sidecar, "/readyz")).text.includes("b: "), BOUND);
    expect((await ask(sidecar, "/readyz")).status).toBe(200);
    expect(await health()).toBe("SERVING");
    await b.restart();
    await vi.waitUntil(async () => (await ask(sidecar, "/readyz")).text === "ok\n", BOUND);
    const { topology } = await client.getServerInfo({});
    expect(topology?.shards).toMatchObject([
      { name: "a", state: "SERVING" },
      { name: "b", state: "SERVING" },
    ]);
  });
});
