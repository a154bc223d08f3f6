import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Client, openClient } from "../support/grpc.ts";
import { openSession } from "../support/session.ts";
import { freshFolder, killAll, type RunningSidecar, spawnSidecar, startProcess } from "../support/sidecar.ts";
import { fresh } from "../support/wire.ts";

/** The sidecar as whoever runs it meets it: a process, its signals, its exit status, its output. */
let folder: ReturnType<typeof freshFolder>;
let env: Record<string, string>;
const clients: Client[] = [];
beforeEach(() => {
  folder = freshFolder();
  env = { ONCEWARD_STORE: `embedded:${folder.path}/store` };
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await killAll();
  folder.remove();
});

/** Longest that something is waited for, ms. */
const BOUND = { timeout: 25_000 };
const GOOD_END = { code: 0, signal: null };

function clientOf({ ready }: RunningSidecar): Client {
  const client = openClient(ready.listen);
  clients.push(client);
  return client;
}

/** Resolves when that many calls wait in the sidecar. */
function waiters(client: Client, count: number) {
  return vi.waitUntil(async () => (await client.getStats({})).waiters === count, BOUND);
}

/** A stream that the sidecar cannot end by answering: its health, watched. Resolves when it has begun. */
async function watchHealth(client: Client) {
  const same = (bytes: Buffer) => bytes;
  const watch = client.calls.makeServerStreamRequest("/grpc.health.v1.Health/Watch", same, same, Buffer.alloc(0));
  watch.on("error", () => {});
  await new Promise((resolve) => watch.once("data", resolve));
  return watch;
}

describe("a sidecar's output", () => {
  it("has one JSON line first when it is ready, whatever else is logged", async () => {
    const sidecar = await startProcess({ ...env, ONCEWARD_LOG_LEVEL: "debug", ONCEWARD_LEAS: "1s" });
    const [first = ""] = sidecar.stdout().split("\n");
    expect(JSON.parse(first)).toEqual({
      level: 30,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      listen: expect.stringMatching(/^127\.0\.0\.1:[1-9]\d*$/),
      ops: expect.stringMatching(/^127\.0\.0\.1:[1-9]\d*$/),
      store: "embedded",
      msg: "onceward is ready",
    });
    await vi.waitUntil(() => sidecar.stdout().includes("ONCEWARD_LEAS"), BOUND);
    sidecar.signal("SIGTERM");
    expect(await sidecar.exited).toEqual(GOOD_END);
    const lines = sidecar.stdout().trimEnd().split("\n");
    expect(lines.every((line) => typeof JSON.parse(line).msg === "string")).toBe(true);
    expect(sidecar.stderr()).toBe("");
  });

  it("has the ready line also where nothing is logged", async () => {
    const sidecar = await startProcess({ ...env, ONCEWARD_LOG_LEVEL: "silent" });
    expect(sidecar.ready.msg).toBe("onceward is ready");
    sidecar.signal("SIGTERM");
    await sidecar.exited;
    expect(sidecar.stdout().trimEnd().split("\n")).toHaveLength(1);
  });

  it("may be closed by whoever started it: the sidecar goes on, and ends as it should", async () => {
    const sidecar = await startProcess(env);
    sidecar.closeOutput();
    const client = clientOf(sidecar);
    const address = fresh();
    for (let count = 0; count < 20; count++) await client.forget({ address, reason: "one line each" });
    expect((await client.begin({ address })).outcome).toBe("STARTED");
    sidecar.signal("SIGTERM");
    expect(await sidecar.exited).toEqual(GOOD_END);
  });
});

describe("a sidecar that is told to stop", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("answers what runs on %s, and exits with 0", async (signal) => {
    const sidecar = await startProcess({ ...env, ONCEWARD_DRAIN: "20s" });
    const client = clientOf(sidecar);
    const address = fresh();
    await client.begin({ address, leaseMs: 60_000 });
    const session = openSession(client);
    await session.call({ get: { address } });
    const waiting = [
      client.begin({ address, waitMs: 30_000 }),
      client.begin({ address, waitMs: 30_000 }),
      session.call({ begin: { address, waitMs: 30_000 } }).then(({ begin }) => begin),
    ];
    await waiters(client, 3);
    sidecar.signal(signal);
    const outcomes = (await Promise.all(waiting)).map((answer) => answer?.outcome);
    expect(outcomes).toEqual(["IN_PROGRESS", "IN_PROGRESS", "IN_PROGRESS"]);
    expect((await session.ended).code).toBe("UNAVAILABLE");
    expect(await sidecar.exited).toEqual(GOOD_END);
    expect(sidecar.stderr()).toBe("");
  });

  it("waits for no stream that never ends longer than the drain", async () => {
    const sidecar = await startProcess({ ...env, ONCEWARD_DRAIN: "300ms" });
    await watchHealth(clientOf(sidecar));
    sidecar.signal("SIGTERM");
    let end: unknown;
    void sidecar.exited.then((exit) => {
      end = exit;
    });
    await vi.waitUntil(() => end !== undefined, { timeout: 300 + 15_000 });
    expect(end).toEqual(GOOD_END);
  });

  it("has kept every attempt it answered in the middle of a burst", async () => {
    const sidecar = await startProcess(env);
    const client = clientOf(sidecar);
    const addresses = Array.from({ length: 300 }, () => fresh());
    const burst = addresses.map((address, i) =>
      client.begin({ address, attemptId: `a-${i}`, leaseMs: 600_000 }).then(
        ({ attempt }) => ({ address, token: attempt?.fencingToken }),
        () => undefined,
      ),
    );
    await Promise.race(burst);
    sidecar.signal("SIGTERM");
    const answered = (await Promise.all(burst)).filter((one) => one !== undefined);
    expect(await sidecar.exited).toEqual(GOOD_END);
    const again = clientOf(await startProcess(env));
    const kept = await Promise.all(
      answered.map(({ address, token }) => again.renew({ address, fencingToken: token ?? 0 })),
    );
    expect(kept.map(({ outcome }) => outcome)).toEqual(answered.map(() => "RENEWED"));
    expect(answered.length).toBeGreaterThan(0);
  });

  it("is not ready any more while it drains, and is not hurried by a second signal", async () => {
    const sidecar = await startProcess({ ...env, ONCEWARD_DRAIN: "20s" });
    const ready = async () => (await fetch(`http://${sidecar.ready.ops}/readyz`)).status;
    expect(await ready()).toBe(200);
    const watch = await watchHealth(clientOf(sidecar));
    sidecar.signal("SIGTERM");
    await vi.waitUntil(async () => (await ready()) === 503, BOUND);
    for (const signal of ["SIGTERM", "SIGINT", "SIGTERM", "SIGINT"] as const) {
      sidecar.signal(signal);
      expect(await ready()).toBe(503);
    }
    watch.cancel();
    expect(await sidecar.exited).toEqual(GOOD_END);
  });

  it("stops as a child of `npm start` too, which exits with 0 and leaves nothing behind", async () => {
    const npm = { npm_config_cache: folder.path, npm_config_update_notifier: "false" };
    const sidecar = await startProcess({ ...env, ...npm }, ["npm", "start"]);
    const client = clientOf(sidecar);
    expect((await client.begin({ address: fresh() })).outcome).toBe("STARTED");
    sidecar.signal("SIGTERM");
    expect((await sidecar.exited).code).toBe(0);
    // The directory is free again, so the process that held it is gone.
    const next = await startProcess(env);
    expect((await clientOf(next).begin({ address: fresh() })).outcome).toBe("STARTED");
  });
});

describe("a sidecar that cannot start", () => {
  it("exits with 78 for a bad configuration, every problem a line on stderr and nothing on stdout", async () => {
    const file = join(folder.path, "onceward.yaml");
    writeFileSync(file, "lease: 30\ncolour: red\nnamespaces:\n  A: {}\n");
    const bad = { ONCEWARD_CONFIG: file, ONCEWARD_STORE: "memory", ONCEWARD_LISTEN: "nowhere", ONCEWARD_DRAIN: "soon" };
    const sidecar = spawnSidecar(bad);
    expect(await sidecar.exited).toEqual({ code: 78, signal: null });
    expect(sidecar.stdout()).toBe("");
    const lines = sidecar.stderr().trimEnd().split("\n");
    expect(lines.map((line) => line.replace(/:.*/, "")).sort()).toEqual([
      "ONCEWARD_DRAIN",
      "ONCEWARD_LISTEN",
      "ONCEWARD_STORE",
      "colour (in the file)",
      "lease (in the file)",
      "namespaces.A",
    ]);
  });

  it("says so when another process has its directory, which goes on", async () => {
    const first = await startProcess(env);
    const second = spawnSidecar(env);
    expect(await second.exited).toEqual({ code: 78, signal: null });
    expect(second.stderr()).toContain(`${folder.path}/store`);
    expect(second.stdout()).toBe("");
    expect((await clientOf(first).begin({ address: fresh() })).outcome).toBe("STARTED");
  });

  it.each(["ONCEWARD_LISTEN", "ONCEWARD_OPS_LISTEN"])("says so when the address of %s is taken", async (name) => {
    const first = await startProcess(env);
    const taken = name === "ONCEWARD_LISTEN" ? first.ready.listen : first.ready.ops;
    const second = spawnSidecar({ ONCEWARD_STORE: `embedded:${folder.path}/other`, [name]: taken });
    expect((await second.exited).code).toBe(1);
    expect(second.stderr()).toMatch(/EADDRINUSE/);
    expect(second.stdout()).toBe("");
  });
});

describe("a Unix socket left behind by a killed sidecar", () => {
  it("is taken by the next one, and what was acknowledged is there", async () => {
    const paths = { ONCEWARD_LISTEN: `unix:${folder.path}/s`, ONCEWARD_OPS_LISTEN: `unix:${folder.path}/ops` };
    const first = await startProcess({ ...env, ...paths });
    expect(first.ready).toMatchObject({ listen: paths.ONCEWARD_LISTEN, ops: paths.ONCEWARD_OPS_LISTEN });
    const address = fresh();
    const { attempt } = await clientOf(first).begin({ address, leaseMs: 600_000 });
    first.signal("SIGKILL");
    expect((await first.exited).signal).toBe("SIGKILL");
    const client = clientOf(await startProcess({ ...env, ...paths }));
    const renewed = await client.renew({ address, fencingToken: attempt?.fencingToken ?? 0 });
    expect(renewed.outcome).toBe("RENEWED");
  });

  it("is left alone while it is served: a second sidecar does not start", async () => {
    const listen = { ONCEWARD_LISTEN: `unix:${folder.path}/s` };
    const first = await startProcess({ ...env, ...listen });
    const second = spawnSidecar({ ONCEWARD_STORE: `embedded:${folder.path}/other`, ...listen });
    expect((await second.exited).code).toBe(1);
    expect((await clientOf(first).begin({ address: fresh() })).outcome).toBe("STARTED");
  });
});

describe("the configuration of a process", () => {
  it("is that of the file where the environment says nothing", async () => {
    const file = join(folder.path, "onceward.yaml");
    writeFileSync(file, "lease: 7s\nnamespaces:\n  jobs:\n    lease: 9s\n");
    const client = clientOf(await startProcess({ ...env, ONCEWARD_CONFIG: file }));
    expect((await client.begin({ address: fresh() })).attempt?.leaseMs).toMatch(/^(7000|6\d\d\d)$/);
    const own = await client.begin({ address: fresh({ namespace: "jobs" }) });
    expect(own.attempt?.leaseMs).toMatch(/^(9000|8\d\d\d)$/);
    expect(readFileSync(file, "utf8")).toContain("lease: 7s");
  });
});
