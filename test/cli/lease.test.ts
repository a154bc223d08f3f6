import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { uniqueId } from "../../src/base/random.ts";
import { pause } from "../../src/base/wait.ts";
import { type Client, openClient } from "../support/grpc.ts";
import { RedisServer } from "../support/redis-server.ts";
import { freshFolder, killAll, type SidecarProcess, spawnSidecar, startProcess } from "../support/sidecar.ts";
import { type Beside, labels, MAIN, startBeside } from "./process.ts";

/** Longest that something is waited for, ms. */
const BOUND = { timeout: 25_000, interval: 5 };
/** A process that notes the monotonic time over and over, and does not end for a SIGTERM. */
const BEAT = `
  const { appendFileSync } = require("node:fs");
  process.on("SIGTERM", () => {});
  const beat = () => appendFileSync(process.argv[1], process.hrtime.bigint() + "\\n");
  beat();
  setInterval(beat, 2);
`;

let beside: Beside;
let client: Client;
beforeAll(async () => {
  beside = await startBeside();
  client = openClient(beside.address);
});
afterAll(async () => {
  client.close();
  await beside.stop();
});

const folder = freshFolder();
afterEach(killAll);
afterAll(() => folder.remove());

/** `onceward lease run`, to its end. */
function run(resource: string, ...rest: readonly string[]) {
  return beside.onceward("lease", "run", "--resource", resource, ...rest);
}

/** The same as a process that a test can send signals to. */
function start(address: string, resource: string, ...rest: readonly string[]): SidecarProcess {
  const line = [process.execPath, MAIN, "lease", "run", "--address", address, "-r", resource, ...rest] as const;
  return spawnSidecar({}, line);
}

/** A command that beats, and what it has noted. */
function beating() {
  const file = join(folder.path, uniqueId());
  const beats = () => {
    try {
      return readFileSync(file, "utf8").trim().split("\n").map(BigInt);
    } catch {
      return [];
    }
  };
  return { command: ["--", process.execPath, "-e", BEAT, file], file, beats };
}

async function isHeld(resource: string): Promise<boolean> {
  return (await client.inspect({ resource })).held;
}

describe("onceward lease run", () => {
  it.each([
    ["what the command exits with", ["sh", "-c", "exit 7"], 7],
    ["0 when it is done", ["true"], 0],
    ["128 and the signal that ended it", ["sh", "-c", "kill -9 $$"], 137],
    ["127 when there is no such command", ["no-such-command"], 127],
    ["126 when it cannot be run", [join(MAIN, "..", "..", "package.json")], 126],
  ])("exits with %s, and gives the lease back", async (_what, command, code) => {
    const resource = uniqueId();
    expect((await run(resource, "--", ...command)).code).toBe(code);
    expect(await isHeld(resource)).toBe(false);
  });

  it("hands on stdout, stderr and every argument, and tells the command what it holds", async () => {
    const resource = uniqueId();
    const script =
      'echo "$1 $ONCEWARD_RESOURCE $ONCEWARD_NAMESPACE $ONCEWARD_FENCING_TOKEN $ONCEWARD_LEASE_ID"; echo e >&2';
    const { code, stdout, stderr } = await run(resource, "-n", "team", "--", "sh", "-c", script, "sh", "--json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "e\n" });
    const [argument, told, namespace, token, leaseId = ""] = stdout.trim().split(" ");
    expect([argument, told, namespace]).toEqual(["--json", resource, "team"]);
    expect(await client.checkFence({ namespace: "team", resource, fencingToken: token ?? "" })).toEqual({
      outcome: "CURRENT",
    });
    expect(leaseId).toHaveLength(22);
  });

  it("says who is in the way, and exits with 1", async () => {
    const resource = uniqueId();
    await client.acquire({ resource, owner: "pod-7" });
    const { code, stdout, stderr } = await run(resource, "--", "echo", "ran");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^onceward: BUSY: pod-7 holds the lease of .+, ask again in .+\n$/);
    const json = await run(resource, "--json", "--", "echo", "ran");
    expect(JSON.parse(json.stdout)).toMatchObject({ outcome: "BUSY", owner: "pod-7" });
  });

  it("waits for its turn when asked to", async () => {
    const resource = uniqueId();
    const { leaseId, fencingToken } = await client.acquire({ resource, ttlMs: 60_000 });
    const waiting = run(resource, "--wait", "30s", "--", "echo", "ran");
    await pause(500);
    await client.releaseLease({ resource, leaseId, fencingToken });
    expect(await waiting).toEqual({ code: 0, stdout: "ran\n", stderr: "" });
  });

  it("keeps the lease for as long as the command runs", async () => {
    const resource = uniqueId();
    const running = run(resource, "--ttl", "1s", "--", "sleep", "4");
    await vi.waitUntil(() => isHeld(resource), BOUND);
    const { lease } = await client.inspect({ resource });
    for (let look = 0; look < 6; look++) {
      await pause(500);
      const now = await client.inspect({ resource });
      expect(now.lease?.fencingToken).toBe(lease?.fencingToken);
    }
    expect((await running).code).toBe(0);
  });

  it("ends the command when the lease is taken away, says so, and exits with 1", async () => {
    const resource = uniqueId();
    const { command, beats } = beating();
    const guard = start(beside.address, resource, "--ttl", "1s", ...command);
    await vi.waitUntil(() => beats().length > 0, BOUND);
    await client.forceRelease({ resource, reason: "stuck" });
    expect(await guard.exited).toEqual({ code: 1, signal: null });
    expect(guard.stderr()).toMatch(/^onceward: LOST: the lease of .+: the sidecar says that .+\n$/);
    const last = beats().length;
    await pause(100);
    expect(beats()).toHaveLength(last);
  });

  it.each([
    ["SIGTERM", 143],
    ["SIGINT", 130],
    ["SIGHUP", 129],
  ] as const)("hands %s on to the command, and gives the lease back when it has ended", async (signal, code) => {
    const resource = uniqueId();
    const script = 'console.log("up"); setInterval(() => {}, 1000)';
    const guard = start(beside.address, resource, "--", process.execPath, "-e", script);
    await vi.waitUntil(() => guard.stdout() === "up\n", BOUND);
    guard.signal(signal);
    expect(await guard.exited).toEqual({ code, signal: null });
    expect(await isHeld(resource)).toBe(false);
  });

  it("leaves it to the command what a signal means", async () => {
    const script = 'trap "echo bye; exit 5" TERM; echo up; while :; do sleep 0.05; done';
    const guard = start(beside.address, uniqueId(), "--", "sh", "-c", script);
    await vi.waitUntil(() => guard.stdout() === "up\n", BOUND);
    guard.signal("SIGTERM");
    expect(await guard.exited).toEqual({ code: 5, signal: null });
    expect(guard.stdout()).toBe("up\nbye\n");
  });

  it("leaves nothing of the command's group running without the lease", async () => {
    const { file, beats } = beating();
    const script = '"$0" -e "$1" "$2" & while [ ! -s "$2" ]; do sleep 0.02; done';
    const { code } = await run(uniqueId(), "--", "sh", "-c", script, process.execPath, BEAT, file);
    expect(code).toBe(0);
    const last = beats().length;
    await pause(200);
    expect(beats()).toHaveLength(last);
  });

  it("ends the command as soon as it goes on, when it was stopped itself for too long", async () => {
    const { command, beats } = beating();
    const guard = start(beside.address, uniqueId(), "--ttl", "1s", ...command);
    await vi.waitUntil(() => beats().length > 0, BOUND);
    guard.signal("SIGSTOP");
    await pause(1500);
    guard.signal("SIGCONT");
    expect(await guard.exited).toEqual({ code: 1, signal: null });
    expect(guard.stderr()).toMatch(/LOST/);
  });

  it("says where no sidecar answers, runs nothing, and exits with 69", async () => {
    const guard = start("127.0.0.1:1", "r", "--", "echo", "ran");
    expect(await guard.exited).toEqual({ code: 69, signal: null });
    expect(guard.stdout()).toBe("");
    expect(guard.stderr()).toMatch(/no sidecar answers at 127\.0\.0\.1:1/);
  });
});

describe("a command under a lease", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  afterAll(() => redis.remove());

  it.each(["SIGSTOP", "SIGKILL"] as const)(
    "is dead before the lease can be another's, when its sidecar is ended by %s",
    async (signal) => {
      const env = { ONCEWARD_STORE: redis.url(), ONCEWARD_LOG_LEVEL: "silent" };
      const [mine, other] = await Promise.all([startProcess(env), startProcess(env)]);
      const resource = uniqueId();
      const { command, beats } = beating();
      const guard = start(mine.ready.listen, resource, "--ttl", "2s", ...command);
      await vi.waitUntil(() => beats().length > 0, BOUND);
      await pause(1500);
      mine.signal(signal);
      const elsewhere = openClient(other.ready.listen);
      const asked = await takeOver(elsewhere, resource);
      const last = beats().at(-1) ?? 0n;
      expect(last).toBeGreaterThan(0n);
      expect(last).toBeLessThan(asked);
      expect(await guard.exited).toEqual({ code: 1, signal: null });
      expect(guard.stderr()).toMatch(/^onceward: LOST: .+ gave no answer in time.*\n$/);
      expect(beats().at(-1)).toBe(last);
      elsewhere.close();
    },
  );
});

/** Asks until the lease is given; tells when the call that got it was sent, ns on the machine's monotonic clock. */
async function takeOver(by: Client, resource: string): Promise<bigint> {
  for (;;) {
    const sentAt = process.hrtime.bigint();
    const { outcome } = await by.acquire({ resource, ttlMs: 60_000 });
    if (outcome === "ACQUIRED") return sentAt;
    await pause(5);
  }
}

describe("onceward lease for operators", () => {
  it("lists what is held, in a table or a line of JSON each", async () => {
    const [resource, namespace] = [uniqueId(), `ns-${Date.now()}`];
    expect((await beside.onceward("lease", "list", "-n", namespace)).stderr).toMatch(
      /nobody holds a lease in namespace/,
    );
    const { fencingToken } = await client.acquire({ namespace, resource, owner: "pod-7\u001b[31m" });
    const { code, stdout } = await beside.onceward("lease", "list", "-n", namespace);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^RESOURCE +OWNER +TOKEN +LEFT +ACQUIRED\n/);
    expect(stdout).toContain(`${resource}  pod-7\\u{1b}[31m  ${fencingToken}`);
    const { value } = await beside.json("lease", "list", "-n", namespace);
    expect(value).toMatchObject({ namespace, resource, fencingToken });
  });

  it("shows who holds one, and exits with 1 when nobody does", async () => {
    const resource = uniqueId();
    const free = await beside.onceward("lease", "inspect", "-r", resource);
    expect(free).toMatchObject({ code: 1, stdout: expect.stringMatching(/^FREE: /) });
    const { fencingToken } = await client.acquire({ resource, owner: "pod-7" });
    const held = await beside.onceward("lease", "inspect", "-r", resource);
    expect(held).toMatchObject({ code: 0, stdout: expect.stringMatching(/^HELD: /) });
    expect(labels(held.stdout)).toMatchObject({ resource, namespace: "default", owner: "pod-7", token: fencingToken });
    expect((await beside.json("lease", "inspect", "-r", resource)).value).toMatchObject({ held: true });
  });

  it("takes one away with a reason, and exits with 1 when nobody held it", async () => {
    const resource = uniqueId();
    await client.acquire({ resource });
    const args = ["lease", "force-release", "-r", resource];
    expect(await beside.onceward(...args)).toMatchObject({ code: 2, stderr: expect.stringMatching(/--reason/) });
    expect((await beside.onceward(...args, "--reason", "its host is gone")).stdout).toMatch(/^RELEASED: /);
    const again = await beside.json(...args, "--reason", "its host is gone");
    expect(again).toMatchObject({ code: 1, value: { outcome: "NOT_HELD" } });
  });

  it.each(["run", "list", "inspect", "force-release"])("has a help with an example for lease %s", async (name) => {
    const { code, stdout } = await beside.onceward("lease", name, "--help");
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage: onceward lease ${name} `));
    expect(stdout).toMatch(new RegExp(`Example:\\n {2}\\$ .*onceward lease ${name} `));
  });

  it.each([
    [["lease", "run", "--", "true"], /required option '-r, --resource <name>' not specified/],
    [["lease", "run", "-r", "x"], /missing required argument 'command'/],
    [["lease", "run", "-r", "x", "--ttl", "900ms", "--", "true"], /must be 1s to 1h/],
    [["lease", "nonsense"], /unknown command 'nonsense'/],
  ])("refuses: onceward %s", async (args, why) => {
    const { code, stdout, stderr } = await beside.onceward(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(why);
  });
});
