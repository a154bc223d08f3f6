import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { openClient } from "../support/grpc.ts";
import { sayNew } from "../support/lease-nodes.ts";
import { RedisServer } from "../support/redis-server.ts";
import { freshFolder, killAll, startProcess } from "../support/sidecar.ts";
import { fresh } from "../support/wire.ts";

const PROGRAM = "dist/onceward.mjs";
const folder = freshFolder();
let redis: RedisServer;
beforeAll(async () => {
  execFileSync(process.execPath, ["scripts/build.ts"]);
  redis = await RedisServer.start();
  await sayNew(redis, 1);
});
afterEach(() => killAll());
afterAll(async () => {
  folder.remove();
  await redis.remove();
});

describe("the packaged program", () => {
  it("knows its version", () => {
    expect(existsSync(PROGRAM)).toBe(true);
    expect(execFileSync(process.execPath, [PROGRAM, "--version"]).toString().trim()).toBe(manifest.version);
  });

  it("carries what V8 made of its code to wherever it is put", () => {
    const elsewhere = `${folder.path}/elsewhere`;
    cpSync("dist", elsewhere, { recursive: true });
    const env = { ...process.env, NODE_DEBUG_NATIVE: "COMPILE_CACHE" };
    const { stdout, stderr } = spawnSync(process.execPath, [`${elsewhere}/onceward.mjs`, "--version"], { env });
    expect(stdout.toString().trim()).toBe(manifest.version);
    expect(stderr.toString()).toMatch(/run-\w+\.mjs was accepted/);
    expect(stderr.toString()).not.toMatch(/was rejected|was not found/);
  });

  it.each([
    ["embedded", () => ({ ONCEWARD_STORE: `embedded:${folder.path}/store` })],
    ["redis", () => ({ ONCEWARD_STORE: redis.url(0), ONCEWARD_LEASE_NODES: redis.url(1) })],
  ])("serves as the sources do, with all that it reads beside it: %s", async (_store, env) => {
    const sidecar = await startProcess(env(), [process.execPath, PROGRAM, "serve"]);
    const client = openClient(sidecar.ready.listen);
    const address = fresh({ stream: "s" });
    const begun = await client.begin({ address, ordering: { sequence: 1, mode: "STRICT_NEXT" } });
    const completed = await client.complete({
      ...{ address, kind: "SUCCEEDED", fencingToken: begun.attempt?.fencingToken ?? 0 },
    });
    expect([begun.outcome, completed.outcome]).toEqual(["STARTED", "STORED"]);
    await expect
      .poll(async () => (await client.acquire({ resource: "r" })).outcome, { timeout: 20_000 })
      .toBe("ACQUIRED");
    client.close();
    sidecar.signal("SIGTERM");
    expect(await sidecar.exited).toMatchObject({ code: 0 });
  });
});
