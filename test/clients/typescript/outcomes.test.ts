import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { SECOND } from "../../support/commands.ts";
import { anAddress, errorOf, type Lab, openLab, started } from "./lab.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterEach(() => {
  lab.relay.fate = () => "pass";
});
afterAll(() => lab.stop());

describe("begin", () => {
  it("starts, and hands over what an attempt needs", async () => {
    const outcome = await lab.client.begin(anAddress(), { leaseMs: 20 * SECOND });
    expect(outcome).toMatchObject({
      kind: "started",
      attempt: { number: 1, takeover: false, resumed: false, maybeExecuted: false, unguarded: false },
      record: undefined,
    });
    if (outcome.kind !== "started") return;
    expect(outcome.attempt.token).toBeGreaterThan(2n ** 50n);
    expect(outcome.attempt.leaseMs).toBeGreaterThan(19 * SECOND);
    expect(outcome.attempt.leaseMs).toBeLessThanOrEqual(20 * SECOND);
  });

  it("replays the result as it was stored", async () => {
    const address = anAddress({ namespace: "team-a" });
    const { token } = await started(lab.client, address, { owner: "host-1" });
    const result = { body: "grün", contentType: "text/plain", metadata: { status: "201" }, reference: "s3://x" };
    await lab.client.complete(address, { kind: "succeeded", token, result });
    const outcome = await lab.client.begin(address);
    expect(outcome).toMatchObject({
      kind: "replay",
      record: {
        ...{ address: { ...address, stream: "" }, state: "succeeded", attempts: 1, owner: "host-1", lastError: "" },
        ...{ resultOmitted: false, leaseUntil: undefined, checkpoint: undefined },
        result: { ...result, body: Buffer.from("grün"), bodySize: 5 },
      },
    });
    if (outcome.kind !== "replay") return;
    expect(outcome.record.finishedAt).toBe(Math.floor(lab.nowUs() / 1000));
    expect(outcome.record.result?.bodySha256).toHaveLength(32);
  });

  it("tells every other reason not to run the effect", async () => {
    const address = anAddress();
    const { token } = await started(lab.client, address, { fingerprint: { json: '{"amount":100}' } });
    const running = await lab.client.begin(address, { fingerprint: { json: '{ "amount": 100 }' } });
    expect(running).toMatchObject({ kind: "inProgress", record: { state: "inProgress", result: undefined } });
    expect(running.kind === "inProgress" && running.retryAfterMs).toBeGreaterThan(0);
    expect(await lab.client.begin(address, { fingerprint: { json: '{"amount":9}' } })).toMatchObject({
      kind: "mismatch",
      record: { result: undefined },
    });
    const failed = { kind: "retryable", token, error: "not now", retryAfterMs: 5000 } as const;
    expect(await lab.client.complete(address, failed)).toMatchObject({ kind: "stored", retryAfterMs: 5000 });
    expect(await lab.client.begin(address)).toMatchObject({ kind: "backingOff" });
    await lab.advance(5 * SECOND);
    expect(await lab.client.begin(address, { maxAttempts: 1 })).toMatchObject({
      kind: "unresolved",
      record: { state: "deadLettered", lastError: "not now" },
    });
  });

  it("tells whose turn it is", async () => {
    const [stream, at] = ["order-7", (sequence: bigint) => ({ ordering: { mode: "strictNext" as const, sequence } })];
    const one = anAddress({ stream });
    expect(await lab.client.begin(anAddress({ stream }), at(3n))).toMatchObject({ kind: "gap", expectedSequence: 1n });
    const { token } = await started(lab.client, one, at(1n));
    expect(await lab.client.begin(anAddress({ stream }), at(1n))).toMatchObject({ kind: "conflict" });
    await lab.client.complete(one, { kind: "succeeded", token });
    expect(await lab.client.begin(anAddress({ stream }), at(1n))).toMatchObject({
      ...{ kind: "stale", expectedSequence: 2n, streamEpoch: 0n, retryAfterMs: 0 },
    });
  });
});

describe("the holder of an attempt", () => {
  it("renews, saves where it is, and is told when it is over", async () => {
    const address = anAddress();
    const { token } = await started(lab.client, address, { leaseMs: 1000 });
    expect(await lab.client.renew(address, { token, leaseMs: 5000 })).toEqual({ kind: "renewed", leaseMs: 5000 });
    const point = { token, name: "charged", data: "half", step: 2n };
    expect(await lab.client.checkpoint(address, point)).toMatchObject({ kind: "saved" });
    expect(await lab.client.checkpoint(address, { ...point, step: 1n })).toMatchObject({ kind: "stale" });
    await lab.advance(5 * SECOND);
    const next = await started(lab.client, address);
    expect(next).toMatchObject({
      ...{ number: 2, takeover: true, maybeExecuted: true },
      checkpoint: { name: "charged", data: Buffer.from("half"), step: 2n },
    });
    expect(await lab.client.renew(address, { token })).toEqual({ kind: "fenced" });
    expect(await lab.client.release(address, { token })).toEqual({ kind: "fenced" });
    expect(await lab.client.checkpoint(address, point)).toEqual({ kind: "fenced" });
    const zombie = { kind: "succeeded", token } as const;
    expect(await lab.client.complete(address, zombie)).toMatchObject({ kind: "fenced", record: { attempts: 2 } });
    expect(await lab.client.release(address, { token: next.token })).toEqual({ kind: "released" });
    expect(await lab.client.renew(address, { token: next.token })).toEqual({ kind: "finished" });
  });

  it("learns what is stored in place of its own result", async () => {
    const address = anAddress();
    const { token } = await started(lab.client, address);
    await lab.client.complete(address, { kind: "succeeded", token, result: { body: "one" } });
    const other = await lab.client.complete(address, { kind: "failed", token, error: "no" });
    expect(other).toMatchObject({ kind: "alreadyStored", resultDiffers: true });
    expect(other.kind === "alreadyStored" && other.record?.result?.body.toString()).toBe("one");
  });

  it("of nothing is told so", async () => {
    const token = 7n;
    expect(await lab.client.complete(anAddress(), { kind: "succeeded", token })).toEqual({ kind: "notFound" });
    expect(await lab.client.renew(anAddress(), { token })).toEqual({ kind: "notFound" });
    expect(await lab.client.release(anAddress(), { token })).toEqual({ kind: "notFound" });
    expect(await lab.client.checkpoint(anAddress(), { token, name: "x" })).toEqual({ kind: "notFound" });
    expect(await lab.client.get(anAddress())).toEqual({ kind: "notFound" });
  });

  it("may run unguarded where the namespace says so, with nothing to complete", async () => {
    const attempt = { number: 1, attemptId: "a", unguarded: true };
    lab.relay.fate = () => ({ answer: { outcome: "STARTED", attempt } });
    expect(await lab.client.begin(anAddress())).toMatchObject({ attempt: { unguarded: true, token: 0n } });
  });
});

describe("get", () => {
  it("finds a record, and waits until it is finished", async () => {
    const address = anAddress();
    const { token } = await started(lab.client, address);
    expect(await lab.client.get(address)).toMatchObject({ kind: "found", record: { state: "inProgress" } });
    const waiting = lab.client.get(address, { waitMs: 20 * SECOND });
    await lab.client.complete(address, { kind: "failed", token, error: "no card" });
    expect(await waiting).toMatchObject({ kind: "found", record: { state: "failed", lastError: "no card" } });
  });
});

describe("an answer that this client does not know", () => {
  const at = anAddress();
  const token = 7n;
  const calls = (): [string, Promise<{ readonly kind: string }>][] => [
    ["begin", lab.client.begin(at)],
    ["complete", lab.client.complete(at, { kind: "succeeded", token })],
    ["renew", lab.client.renew(at, { token })],
    ["checkpoint", lab.client.checkpoint(at, { token, name: "x" })],
    ["release", lab.client.release(at, { token })],
  ];

  it.each([0, 10, 99, -1])("is unknown, and nobody runs an effect for it: outcome %i", async (outcome) => {
    lab.relay.fate = () => ({ answer: { outcome, attempt: { fencingToken: 7 } } });
    for (const [name, call] of calls()) expect([name, await call]).toEqual([name, { kind: "unknown" }]);
  });

  it.each([
    ["an attempt without a token", { outcome: "STARTED", attempt: { number: 1 } }],
    ["a start without an attempt", { outcome: "STARTED" }],
    ["a replay without a record", { outcome: "REPLAY" }],
    ["a replay of a state nobody knows", { outcome: "REPLAY", record: { state: 42 } }],
  ])("is unknown when it cannot be acted upon: %s", async (_what, answer) => {
    lab.relay.fate = () => ({ answer });
    expect(await lab.client.begin(anAddress())).toEqual({ kind: "unknown" });
  });

  it("is an error when it does not say which call it answers", async () => {
    lab.relay.fate = () => ({ answer: { items: [{ response: { outcome: "STARTED" } }] } });
    const errors = [errorOf(lab.client.begin(anAddress())), errorOf(lab.client.begin(anAddress()))];
    for (const error of await Promise.all(errors)) {
      expect(error).toMatchObject({ code: "INTERNAL", outcomeUnknown: true });
    }
  });
});
