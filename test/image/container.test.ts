import { readFileSync } from "node:fs";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import type { RecordAddress__Output } from "../../src/transport/grpc/gen/onceward/v1/RecordAddress.ts";
import { type Client, openClient } from "../support/grpc.ts";
import { openSession } from "../support/session.ts";
import { killAll } from "../support/sidecar.ts";
import { fresh } from "../support/wire.ts";
import { endContainers, removeContainers, spawnContainer, startContainer, USER, volume } from "./support/container.ts";

const DATA = "/var/lib/onceward";
const GOOD_END = { code: 0, signal: null };
const clients: Client[] = [];

function clientOf({ ready }: { readonly ready: { readonly listen: string } }): Client {
  const client = openClient(ready.listen);
  clients.push(client);
  return client;
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  endContainers();
  await killAll();
});
afterAll(() => removeContainers());

/** Runs one effect, and tells what a caller was told. */
async function charge(client: Client, address: RecordAddress__Output): Promise<string> {
  const { outcome, attempt } = await client.begin({ address });
  if (attempt === null) return outcome;
  const result = { body: Buffer.from("charged") };
  const done = await client.complete({ address, fencingToken: attempt.fencingToken, kind: "SUCCEEDED", result });
  return done.outcome;
}

describe("a container of the image", () => {
  it("serves as the first process, as nobody, with no capability and a filter of system calls", async () => {
    const container = await startContainer({ volumes: { [DATA]: volume() } });
    expect(await charge(clientOf(container), fresh())).toBe("STORED");
    const status = readFileSync(`/proc/${container.pid()}/status`, "utf8");
    const line = (name: string) => new RegExp(`^${name}:\\s+(.*)$`, "m").exec(status)?.[1];
    expect(line("Uid")?.split("\t")).toEqual(Array(4).fill(String(USER)));
    expect(line("NSpid")?.split("\t").at(-1)).toBe("1");
    expect([line("CapEff"), line("CapBnd"), line("NoNewPrivs"), line("Seccomp")]).toEqual([
      "0000000000000000",
      "0000000000000000",
      "1",
      "2",
    ]);
  });

  it.each([
    ["a read-only root", true, "EROFS"],
    ["a root that could be written to", false, "EACCES"],
  ])("writes nowhere but in its volume: %s", async (_what, readOnlyRootFilesystem, refusal) => {
    const container = await startContainer({ volumes: { [DATA]: volume() }, readOnlyRootFilesystem });
    const write = (file: string) =>
      container.inside(
        `try { fs.writeFileSync("${file}", ""); console.log("written") } catch (e) { console.log(e.code) }`,
      );
    expect(["/x", "/app/x", "/app/onceward.mjs", "/etc/passwd"].map(write)).toEqual(Array(4).fill(refusal));
    expect(write(`${DATA}/x`)).toBe("written");
  });

  it("has no shell to run", async () => {
    const container = spawnContainer({ command: ["/bin/sh", "-c", "true"], args: [] });
    expect((await container.exited).code).not.toBe(0);
    expect(container.stderr()).toContain("stat /bin/sh: no such file or directory");
  });

  it.each(["SIGTERM", "SIGKILL"] as const)("comes back on its own records after %s in a burst", async (signal) => {
    const data = volume();
    const first = await startContainer({ volumes: { [DATA]: data } });
    const client = clientOf(first);
    const answered: RecordAddress__Output[] = [];
    const burst = Array.from({ length: 200 }, async () => {
      const address = fresh();
      if ((await charge(client, address).catch(() => "cut")) === "STORED") answered.push(address);
    });
    await expect.poll(() => answered.length, { timeout: 20_000, interval: 1 }).toBeGreaterThan(20);
    first.kill(signal);
    await Promise.all(burst);
    expect((await first.exited).code).toBe(signal === "SIGTERM" ? 0 : 128 + 9);
    const again = clientOf(await startContainer({ volumes: { [DATA]: data } }));
    const replayed = await Promise.all(answered.map((address) => again.begin({ address })));
    expect(replayed.map(({ outcome, record }) => [outcome, record?.result?.body.toString()])).toEqual(
      answered.map(() => ["REPLAY", "charged"]),
    );
  });

  it("is told what is wrong with its configuration at once, and exits with 78", async () => {
    const env = { ONCEWARD_LEASE: "soon", ONCEWARD_LISTEN: "everywhere" };
    const container = spawnContainer({ volumes: { [DATA]: volume() }, env });
    expect(await container.exited).toEqual({ code: 78, signal: null });
    for (const name of Object.keys(env)) expect(container.stderr()).toContain(`${name}: `);
  });

  it("exits with 78 and says where, when it may not write where its records belong", async () => {
    const container = spawnContainer({});
    expect(await container.exited).toEqual({ code: 78, signal: null });
    expect(container.stderr()).toContain(`${DATA}/store`);
  });

  it("is every program of onceward", async () => {
    const output = async (args: readonly string[], env = {}) => {
      const container = spawnContainer({ args, env, volumes: { "/tmp": volume() } });
      const { code } = await container.exited;
      return { code, said: `${container.stdout()}${container.stderr()}` };
    };
    expect(await output(["--version"])).toEqual({ code: 0, said: `${manifest.version}\n` });
    for (const command of ["serve", "inject", "wait", "check"]) {
      expect((await output([command, "--help"])).said).toContain(`onceward ${command}`);
    }
    const demo = await output(["demo"]);
    expect(demo).toMatchObject({ code: 2, said: expect.stringContaining("are not in the image") });
    const inject = await output(["inject"], { ONCEWARD_INJECT_LISTEN: "unix:/run/x.sock" });
    expect(inject).toMatchObject({ code: 78, said: expect.stringContaining("ONCEWARD_INJECT_LISTEN: ") });
  });
});

describe("a container that is told to stop", () => {
  /** A node kills 2 s after SIGTERM where the app used up the pod's grace; this leaves room for a busy node. */
  const DRAIN_MS_MAX = 1500;

  it("answers what waits and ends within 1.5 s, though calls run and a stream is open", async () => {
    // It would have ten minutes: nothing but the end of its calls ends it.
    const container = await startContainer({ volumes: { [DATA]: volume() }, env: { ONCEWARD_DRAIN: "10m" } });
    const client = clientOf(container);
    const held = fresh();
    await client.begin({ address: held, leaseMs: 60_000 });
    const waiting = client.begin({ address: held, waitMs: 30_000 }).then(({ outcome }) => outcome);
    const session = openSession(client);
    await session.call({ get: { address: held } });
    let over = false;
    let calls = 0;
    const load = Array.from({ length: 8 }, async () => {
      while (!over && (await charge(client, fresh()).catch(() => "cut")) === "STORED") calls++;
    });
    await expect.poll(() => calls, { timeout: 20_000, interval: 1 }).toBeGreaterThan(50);
    const from = performance.now();
    container.kill("SIGTERM");
    expect(await container.exited).toEqual(GOOD_END);
    expect(performance.now() - from).toBeLessThanOrEqual(DRAIN_MS_MAX);
    over = true;
    await Promise.all(load);
    expect(await waiting).toBe("IN_PROGRESS");
  });
});

describe("containers that share a socket", () => {
  const RUN = "/run/onceward";
  const ADDRESS = `unix:${RUN}/onceward.sock`;

  it("reach each other as different users, also when the first was killed and left its socket there", async () => {
    const [data, run] = [volume(), volume()];
    const serve = () =>
      startContainer({
        volumes: { [DATA]: data, [RUN]: run },
        env: { ONCEWARD_LISTEN: ADDRESS, ONCEWARD_SOCKET_MODE: "666" },
      });
    const ask = async () => {
      const app = spawnContainer({ args: ["check", "--address", ADDRESS], volumes: { [RUN]: run }, runAsUser: 1000 });
      return { ...(await app.exited), said: app.stdout().trim() };
    };
    const first = await serve();
    expect(await ask()).toMatchObject({ code: 0, said: "serving" });
    first.kill("SIGKILL");
    await first.exited;
    expect(await ask()).toMatchObject({ code: 69 });
    await serve();
    expect(await ask()).toMatchObject({ code: 0, said: "serving" });
  });
});
