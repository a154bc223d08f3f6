import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { RedisServer } from "../support/redis-server.ts";
import { freshFolder, killAll, type RunningSidecar, startProcess } from "../support/sidecar.ts";
import { onceward } from "./process.ts";

/** Nobody listens on it: it is kept for that (RFC 863), and not started anywhere. */
const NOBODY = "127.0.0.1:9";

const folder = freshFolder();
let sidecar: RunningSidecar;
let redis: RedisServer;
/** One whose Redis is gone: it answers, and is not ready. */
let stranded: RunningSidecar;
beforeAll(async () => {
  sidecar = await startProcess({ ONCEWARD_STORE: `embedded:${folder.path}/store` });
  redis = await RedisServer.start();
  stranded = await startProcess({ ONCEWARD_STORE: redis.url(0) });
  await redis.remove();
  const isUnready = async () => (await onceward(["check", "--address", stranded.ready.listen])).code === 1;
  await vi.waitUntil(isUnready, { timeout: 25_000 });
});
afterAll(async () => {
  await killAll();
  folder.remove();
});

describe("onceward check", () => {
  it("is content with a sidecar that is ready", async () => {
    const ended = await onceward(["check"], { env: { ONCEWARD_ADDRESS: sidecar.ready.listen } });
    expect(ended).toEqual({ code: 0, stdout: "serving\n", stderr: "" });
  });

  it("says no of one that is not", async () => {
    const ended = await onceward(["check", "--address", stranded.ready.listen]);
    expect(ended).toEqual({ code: 1, stdout: "not serving\n", stderr: "" });
  });

  it("asks about one service where it is named", async () => {
    const ask = (service: string) =>
      onceward(["check", "--json", "--address", sidecar.ready.listen, "--service", service]);
    const lease = await ask("onceward.v1.LeaseService");
    expect(lease.code).toBe(0);
    expect(JSON.parse(lease.stdout)).toMatchObject({ service: "onceward.v1.LeaseService", condition: "serving" });
    const none = await ask("onceward.v1.NoService");
    expect([none.code, JSON.parse(none.stdout).condition]).toEqual([1, "no such service"]);
  });

  it("says who does not answer", async () => {
    const { code, stdout, stderr } = await onceward(["check", "--address", NOBODY]);
    expect([code, stdout]).toEqual([69, ""]);
    expect(stderr).toContain(`nobody answers at ${NOBODY}`);
  });
});

describe("onceward wait", () => {
  it("ends at once where the sidecar is ready", async () => {
    const ended = await onceward(["wait", "--address", sidecar.ready.listen]);
    expect(ended).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("goes on until one is there", async () => {
    const socket = `unix:${folder.path}/late.sock`;
    const waiting = onceward(["wait", "--address", socket, "--for", "25s"]);
    const late = await startProcess({ ONCEWARD_LISTEN: socket, ONCEWARD_STORE: `embedded:${folder.path}/late` });
    expect(await waiting).toEqual({ code: 0, stdout: "", stderr: "" });
    late.signal("SIGTERM");
    expect(await late.exited).toMatchObject({ code: 0 });
  });

  it("does not go on for ever, and says what it saw last", async () => {
    const nobody = await onceward(["wait", "--address", NOBODY, "--for", "2s"]);
    expect(nobody.code).toBe(69);
    expect(nobody.stderr).toContain(`the sidecar at ${NOBODY} was not ready within 2s: `);
    expect(nobody.stderr).toContain("ECONNREFUSED");
    const unready = await onceward(["wait", "--address", stranded.ready.listen, "--for", "2s"]);
    expect(unready.code).toBe(69);
    expect(unready.stderr).toContain("says that it is not ready");
  });

  it("is content with a sidecar that answers, ready or not, where that is asked", async () => {
    expect((await onceward(["wait", "--live", "--address", stranded.ready.listen, "--for", "25s"])).code).toBe(0);
    expect((await onceward(["wait", "--live", "--address", NOBODY, "--for", "2s"])).code).toBe(69);
  });
});
