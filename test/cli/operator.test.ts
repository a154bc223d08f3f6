import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pause } from "../../src/base/wait.ts";
import { call, openClients } from "../../src/cli/client.ts";
import { type Beside, labels, startBeside } from "./process.ts";

/** More than fit on one page. */
const MANY = 1200;
const BATCH = 400;

describe("what an operator does on the command line", () => {
  let beside: Beside;
  beforeAll(async () => {
    beside = await startBeside();
  });
  afterAll(() => beside.stop());

  /** Leaves a record whose lease has lapsed and that nobody may take over. */
  async function lapsed(key: string, ...more: readonly string[]): Promise<string> {
    const { value } = await beside.json("begin", key, "--hold", "--lease", "100ms", ...more);
    await pause(150);
    return value.attempt.fencingToken;
  }

  it("finds a record that nobody can settle, settles it, and gives callers the result", async () => {
    const token = await lapsed("stuck", "--operation", "charge");
    expect(await beside.onceward("begin", "stuck", "-o", "charge")).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^UNRESOLVED: /),
    });

    const list = await beside.onceward("list", "--state", "unknown");
    expect(list).toMatchObject({ code: 0, stderr: "" });
    expect(list.stdout).toMatch(/^KEY +OPERATION +STREAM +STATE +ATTEMPTS +UPDATED +LEASE +TOKEN/);
    expect(list.stdout).toMatch(new RegExp(`^stuck +charge +UNKNOWN +1 .*${token}`, "m"));

    const settle = ["resolve", "stuck", "-o", "charge", "--succeeded", "--reason", "seen at the bank"];
    expect(await beside.json(...settle, "--token", "1")).toMatchObject({ code: 1, value: { outcome: "FENCED" } });
    const resolved = await beside.onceward(...settle, "--token", token, "--result", "paid", "--actor", "kim");
    expect(resolved).toMatchObject({ code: 0, stderr: "", stdout: expect.stringMatching(/^RESOLVED: /) });
    const replay = await beside.json("begin", "stuck", "-o", "charge");
    expect(replay.value).toMatchObject({ outcome: "REPLAY", record: { result: { body: "paid" } } });
    expect(await beside.onceward(...settle)).toMatchObject({ code: 1, stdout: expect.stringMatching(/^FINISHED: /) });
  });

  it("settles by failing, and by letting it run again", async () => {
    await Promise.all([lapsed("fails"), lapsed("runs")]);
    const settle = (key: string, how: string) => beside.onceward("resolve", key, how, "--reason", "r");
    expect(await settle("fails", "--failed")).toMatchObject({ code: 0 });
    expect(await settle("runs", "--retry")).toMatchObject({ code: 0 });
    expect(await beside.json("begin", "fails")).toMatchObject({ value: { record: { state: "FAILED" } } });
    expect(await beside.json("begin", "runs")).toMatchObject({ value: { outcome: "STARTED" } });
    expect(await settle("nowhere", "--retry")).toMatchObject({ code: 1 });
  });

  it("forgets a record", async () => {
    await beside.onceward("begin", "oblivion");
    const forget = ["forget", "oblivion", "--reason", "a test"];
    expect(await beside.onceward(...forget)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^FORGOTTEN: /) });
    expect(await beside.json(...forget)).toMatchObject({ code: 1, value: { outcome: "NOT_FOUND" } });
  });

  it("says on stderr that a list is empty", async () => {
    const people = await beside.onceward("list", "-n", "empty");
    expect(people).toMatchObject({ code: 0, stdout: "", stderr: expect.stringMatching(/no such unfinished record/) });
    expect(await beside.onceward("list", "--older-than", "1h", "--json")).toMatchObject({ code: 0, stdout: "" });
  });

  it("follows every page of a list, a record a line, up to a limit", async () => {
    const clients = openClients(beside.address);
    for (let first = 0; first < MANY; first += BATCH) {
      const items = Array.from({ length: BATCH }, (_, i) => ({ address: { namespace: "many", key: `k${first + i}` } }));
      await call(clients.idempotency, clients.idempotency.beginBatch, { items }, 10_000);
    }
    clients.close();
    const lines = async (...more: readonly string[]) => {
      const { stdout } = await beside.onceward("list", "--namespace", "many", ...more);
      return stdout.trimEnd().split("\n");
    };
    const all = (await lines("--json")).map((line) => JSON.parse(line));
    expect(new Set(all.map((record) => record.address.key)).size).toBe(MANY);
    expect(all[0]).toMatchObject({ state: "IN_PROGRESS", fencingToken: expect.stringMatching(/^\d{16}$/) });
    expect(await lines("--json", "--limit", "1100")).toHaveLength(1100);
    expect(await lines("--limit", "3")).toHaveLength(4);
    expect(await lines("--state", "retryable", "--state", "in-progress", "--limit", "2", "--json")).toHaveLength(2);
  });

  it("shows what the sidecar is and what it has answered", async () => {
    const info = await beside.onceward("info");
    expect(info.code).toBe(0);
    expect(labels(info.stdout)).toMatchObject({ store: "embedded", "default lease": "30s", "limit key max": "512B" });
    expect(await beside.json("info")).toMatchObject({ code: 0, value: { storeKind: "embedded" } });

    await beside.onceward("begin", "counted", "-n", "counts");
    const stats = await beside.onceward("stats");
    expect(stats).toMatchObject({ code: 0, stdout: expect.stringMatching(/^counts +Begin +STARTED +1 /m) });
    const { value } = await beside.json("stats");
    const counts = value.namespaces.find((one: { namespace: string }) => one.namespace === "counts");
    expect(counts.outcomes).toContainEqual({ rpc: "Begin", outcome: "STARTED", count: "1" });
  });

  it("shows which effects and which records are asked for again and again", async () => {
    for (let count = 0; count < 3; count++)
      await beside.onceward("begin", "hot", "-n", "retried", "--operation", "mail");
    const { stdout } = await beside.onceward("stats");
    expect(stdout).toMatch(/^NAMESPACE +OPERATION +DUPLICATES OF LATE\n(.*\n)*?retried +mail +2 *$/m);
    expect(stdout).toMatch(/^retried +mail +hot +2 *$/m);
  });
});
