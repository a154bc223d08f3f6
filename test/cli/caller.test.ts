import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Beside, labels, onceward, startBeside } from "./process.ts";

describe("what a caller does on the command line", () => {
  let beside: Beside;
  let folder: string;
  beforeAll(async () => {
    beside = await startBeside();
    folder = mkdtempSync(join(tmpdir(), "onceward-cli-files-"));
  });
  afterAll(async () => {
    await beside.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The token of a fresh attempt. */
  async function begun(key: string, ...more: readonly string[]): Promise<string> {
    const { value } = await beside.json("begin", key, ...more);
    return value.attempt.fencingToken;
  }

  it("begins, completes and replays, in words for people", async () => {
    const begin = await beside.onceward("begin", "order-1", "--operation", "charge", "--owner", "me");
    expect(begin).toMatchObject({ code: 0, stderr: "" });
    expect(begin.stdout).toMatch(/^STARTED: run the effect now/);
    const told = labels(begin.stdout);
    expect(told).toMatchObject({ attempt: "1", key: "order-1", operation: "charge", "lease left": "30s" });
    expect(told["attempt id"]).toMatch(/^[\w-]{22}$/);

    const token = told.token ?? "";
    const result = ["--result", '{"paid":true}', "--content-type", "application/json", "--metadata", "status=200"];
    const complete = await beside.onceward(
      ...["complete", "order-1", "-o", "charge", "--token", token, "--succeeded", ...result],
    );
    expect(complete).toMatchObject({ code: 0, stderr: "" });
    expect(complete.stdout).toMatch(/^STORED: /);
    expect(labels(complete.stdout)).toMatchObject({ state: "SUCCEEDED", owner: "me" });

    const replay = await beside.onceward("begin", "order-1", "-o", "charge");
    expect(replay.code).toBe(0);
    expect(replay.stdout).toMatch(/^REPLAY: it is finished/);
    const replayed = labels(replay.stdout);
    expect(replayed).toMatchObject({ state: "SUCCEEDED", body: '{"paid":true}', metadata: "status=200" });
    expect(replayed.result).toMatch(/^application\/json, 13 bytes, sha256 [0-9a-f]{64}$/);
    expect(replayed.finished).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+02:00 \((now|\d+(\.\d)?s ago)\)$/);
    expect(replayed).not.toHaveProperty("token");
  });

  it("answers programs with one JSON object in the names of the API", async () => {
    const begin = await beside.json("begin", "order-2", "--attempt-id", "mine");
    expect(begin).toMatchObject({ code: 0, stderr: "" });
    expect(begin.stdout.trimEnd().split("\n")).toHaveLength(1);
    expect(begin.value).toMatchObject({
      outcome: "STARTED",
      attempt: { number: 1, attemptId: "mine", takeover: false },
    });
    expect(begin.value.attempt.fencingToken).toMatch(/^\d{16}$/);
    expect(begin.value).not.toHaveProperty("record");

    const again = await beside.json("begin", "order-2", "--attempt-id", "mine");
    expect(again.value.attempt).toMatchObject({ resumed: true, fencingToken: begin.value.attempt.fencingToken });

    const { fencingToken } = begin.value.attempt;
    const complete = await beside.json("complete", "order-2", "-t", fencingToken, "--failed", "--error", "no funds");
    expect(complete).toMatchObject({ code: 0, value: { outcome: "STORED", late: false, record: { state: "FAILED" } } });

    const get = await beside.json("get", "order-2");
    expect(get).toMatchObject({ code: 0, value: { found: true, record: { state: "FAILED", lastError: "no funds" } } });
    expect(get.value.record.finishedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/);
  });

  it("says with status 1 that an effect may not run", async () => {
    await begun("order-3", "--payload", "10 EUR");
    const busy = await beside.onceward("begin", "order-3", "--payload", "10 EUR");
    expect(busy).toMatchObject({ code: 1, stdout: expect.stringMatching(/^IN_PROGRESS: /) });
    expect(labels(busy.stdout)["begin again"]).toMatch(/^in /);
    const other = await beside.json("begin", "order-3", "--payload", "20 EUR");
    expect(other).toMatchObject({ code: 1, value: { outcome: "MISMATCH" } });
  });

  it("takes payloads and results from files and from stdin", async () => {
    const [request, reordered] = [join(folder, "request.json"), join(folder, "reordered.json")];
    writeFileSync(request, '{"amount": 10, "currency": "EUR"}');
    writeFileSync(reordered, '{"currency":"EUR","amount":10}');
    const token = await begun("order-4", "--json-file", request);
    expect(await beside.onceward("begin", "order-4", "--json-file", reordered)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^IN_PROGRESS/),
    });

    const bytes = Buffer.from([0xff, 0x00, 0x01]);
    const complete = ["complete", "order-4", "--token", token, "--succeeded", "--result-file", "-"];
    const env = { ONCEWARD_ADDRESS: beside.address };
    expect(await onceward(complete, { env, stdin: bytes })).toMatchObject({ code: 0 });
    const { value } = await beside.json("get", "order-4");
    expect(value.record.result).toMatchObject({ bodyBase64: bytes.toString("base64"), bodySize: "3" });
    expect(value.record.result).not.toHaveProperty("body");
    expect(labels((await beside.onceward("get", "order-4")).stdout).body).toMatch(/^is no text/);
  });

  it("waits until a record is finished, and says with its status whether it is", async () => {
    const token = await begun("order-5");
    expect(await beside.onceward("get", "order-5")).toMatchObject({ code: 0 });
    expect(await beside.onceward("get", "order-5", "--wait", "100ms")).toMatchObject({ code: 1 });
    const waiting = beside.json("get", "order-5", "--wait", "20s");
    await beside.onceward("complete", "order-5", "--token", token, "--succeeded");
    expect(await waiting).toMatchObject({ code: 0, value: { record: { state: "SUCCEEDED" } } });
  });

  it("says that there is no record", async () => {
    const absent = await beside.onceward("get", "nowhere");
    expect(absent).toMatchObject({ code: 1, stderr: "", stdout: expect.stringMatching(/^NOT_FOUND: /) });
    expect(await beside.json("get", "nowhere")).toMatchObject({ code: 1, value: { found: false } });
  });

  it("renews, saves checkpoints and releases", async () => {
    const token = await begun("order-6", "--lease", "10s");
    const renew = await beside.onceward("renew", "order-6", "--token", token, "--lease", "50s");
    expect(renew).toMatchObject({ code: 0, stdout: expect.stringMatching(/^RENEWED: /) });
    expect(labels(renew.stdout)["lease left"]).toBe("50s");

    const saved = ["--name", "charged", "--data", "tx 17", "--step", "2"];
    expect(await beside.json("checkpoint", "order-6", "--token", token, ...saved)).toMatchObject({
      code: 0,
      value: { outcome: "SAVED" },
    });
    const older = await beside.onceward("checkpoint", "order-6", "--token", token, "--name", "before", "--step", "1");
    expect(older).toMatchObject({ code: 1, stdout: expect.stringMatching(/^STALE: /) });

    const release = await beside.json("release", "order-6", "--token", token);
    expect(release).toMatchObject({ code: 0, value: { outcome: "RELEASED" } });
    const next = labels((await beside.onceward("begin", "order-6")).stdout);
    expect(next).toMatchObject({ checkpoint: expect.stringMatching(/^charged, step 2, saved /), data: "tx 17" });
    expect(await beside.onceward("renew", "order-6", "--token", token)).toMatchObject({ code: 1 });
  });

  it("completes as retryable, and tells when the next attempt may start", async () => {
    const token = await begun("order-7");
    const end = ["complete", "order-7", "--token", token, "--retryable", "--error", "busy", "--retry-after", "1h"];
    expect(labels((await beside.onceward(...end)).stdout)).toMatchObject({ "next attempt": "in 1h" });
    const begin = await beside.onceward("begin", "order-7");
    expect(begin).toMatchObject({ code: 1, stdout: expect.stringMatching(/^BACKING_OFF: /) });
  });

  it("says with status 1 that something else was stored before", async () => {
    const token = await begun("order-8");
    const end = ["complete", "order-8", "--token", token];
    expect(await beside.onceward(...end, "--succeeded", "--result", "a")).toMatchObject({ code: 0 });
    const same = await beside.json(...end, "--succeeded", "--result", "a");
    expect(same).toMatchObject({ code: 0, value: { outcome: "ALREADY_STORED", resultDiffers: false } });
    const other = await beside.json(...end, "--failed");
    expect(other).toMatchObject({ code: 1, value: { outcome: "ALREADY_STORED", resultDiffers: true } });
  });

  it("prints no escape codes into a pipe, and none that a caller sent", async () => {
    const key = "evil\u001b[31m\nSTARTED: fake";
    const begin = await beside.onceward("begin", key, "--owner", "\u009b2J");
    const get = await beside.onceward("get", key);
    const json = await beside.json("get", key);
    for (const { stdout } of [begin, get, json]) expect(stdout.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    expect(labels(get.stdout)).toMatchObject({ key: "evil\\u{1b}[31m\\nSTARTED: fake", owner: "\\u{9b}2J" });
    expect(json.value.record.address.key).toBe(key);
  });

  it("colours only where it is asked to, and not where NO_COLOR is set", async () => {
    const env = { ONCEWARD_ADDRESS: beside.address, FORCE_COLOR: "1" };
    const coloured = await onceward(["begin", "order-9"], { env });
    expect(coloured.stdout).toContain("\u001b[32mSTARTED\u001b[39m");
    const plain = await onceward(["get", "order-9"], { env: { ...env, NO_COLOR: "1" } });
    expect(plain.stdout).not.toContain("\u001b");
  });
});
