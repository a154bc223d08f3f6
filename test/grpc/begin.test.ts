import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DAY, HOUR, LEASE, SECOND } from "../support/commands.ts";
import { fresh, openWire, type Wire } from "../support/wire.ts";

/** Every outcome that Begin can show on the wire; what decides them is the stores' conformance. */
let wire: Wire;
beforeAll(async () => {
  wire = await openWire();
});
afterAll(() => wire.stop());

describe("Begin", () => {
  it("answers STARTED with the attempt, and no record", async () => {
    const { client } = wire;
    const answer = await client.begin({ address: fresh(), attemptId: "mine", leaseMs: 5000 });
    expect(answer).toMatchObject({
      outcome: "STARTED",
      record: null,
      retryAfterMs: "0",
      expectedSequence: "0",
      streamEpoch: "0",
      attempt: {
        number: 1,
        attemptId: "mine",
        leaseMs: "5000",
        takeover: false,
        resumed: false,
        maybeExecuted: false,
        unguarded: false,
        checkpoint: null,
      },
    });
    expect(BigInt(answer.attempt?.fencingToken ?? 0) > 2n ** 50n).toBe(true);
  });

  it("answers STARTED with the record where an attempt was released before", async () => {
    const { at, token } = await wire.begun();
    await wire.advance(1000);
    await wire.client.release({ address: at, fencingToken: token });
    const answer = await wire.client.begin({ address: at });
    expect(answer).toMatchObject({ outcome: "STARTED", attempt: { number: 1 }, record: { state: "IN_PROGRESS" } });
  });

  it("makes an attempt id where the caller has none, and takes the default lease", async () => {
    const { attempt } = await wire.client.begin({ address: fresh() });
    expect(attempt?.attemptId).toMatch(/^[\w-]{22}$/);
    expect(attempt?.leaseMs).toBe("30000");
  });

  it("hands the same attempt out again to the same attempt id", async () => {
    const { at, attempt } = await wire.begun({ attemptId: "mine" });
    const again = await wire.client.begin({ address: at, attemptId: "mine" });
    expect(again).toMatchObject({ outcome: "STARTED", attempt: { resumed: true, number: 1 }, record: null });
    expect(again.attempt?.fencingToken).toBe(attempt.fencingToken);
  });

  it("answers IN_PROGRESS to another attempt, with the record's data and when to call again", async () => {
    const { at } = await wire.begun({ owner: "host-1" });
    const answer = await wire.client.begin({ address: at });
    expect(answer).toMatchObject({
      outcome: "IN_PROGRESS",
      attempt: null,
      record: { address: at, state: "IN_PROGRESS", attempts: 1, owner: "host-1", fencingToken: "0" },
    });
    expect(Number(answer.retryAfterMs)).toBeGreaterThanOrEqual(1);
    expect(Number(answer.retryAfterMs)).toBeLessThanOrEqual(LEASE);
  });

  it("answers REPLAY with the result and when it was finished", async () => {
    const { at, token } = await wire.begun();
    const result = {
      body: Buffer.from('{"paid":true}'),
      contentType: "application/json",
      metadata: { status: "201", "X-Trace": "é" },
      reference: "s3://bucket/17",
    };
    await wire.client.complete({ address: at, fencingToken: token, kind: "SUCCEEDED", result });
    const answer = await wire.client.begin({ address: at });
    expect(answer).toMatchObject({
      outcome: "REPLAY",
      attempt: null,
      retryAfterMs: "0",
      record: {
        ...{ state: "SUCCEEDED", resultOmitted: false, leaseUntil: null, fencingToken: "0" },
        result: { ...result, bodySize: "13" },
      },
    });
    const { finishedAt, expiresAt, createdAt, updatedAt } = answer.record ?? {};
    expect(updatedAt).toEqual(finishedAt);
    expect(Number(finishedAt?.seconds)).toBeGreaterThanOrEqual(Number(createdAt?.seconds));
    expect(Number(expiresAt?.seconds) - Number(finishedAt?.seconds)).toBe((7 * DAY) / SECOND);
    expect(answer.record?.result?.bodySha256.toString("hex")).toMatch(/^[0-9a-f]{64}$/);
  });

  it("answers REPLAY without a body once its retention is over, and STARTED once the tombstone's is", async () => {
    const { at, token } = await wire.begun();
    const result = { body: Buffer.from("done"), reference: "s3://bucket/17" };
    await wire.client.complete({ address: at, fencingToken: token, kind: "FAILED", result, error: "declined" });
    await wire.advance(DAY);
    expect(await wire.client.begin({ address: at })).toMatchObject({
      outcome: "REPLAY",
      record: {
        state: "FAILED",
        lastError: "declined",
        resultOmitted: true,
        result: { body: Buffer.alloc(0), bodySize: "4", reference: "s3://bucket/17" },
      },
    });
    await wire.advance(6 * DAY);
    expect(await wire.client.begin({ address: at })).toMatchObject({ outcome: "STARTED", attempt: { number: 1 } });
  });

  it("answers MISMATCH to another payload, in words about the record but without its result", async () => {
    const { at, token } = await wire.begun({ fingerprint: { payload: Buffer.from("A") } });
    const other = { address: at, fingerprint: { payload: Buffer.from("B") } };
    expect(await wire.client.begin(other)).toMatchObject({ outcome: "MISMATCH", record: { state: "IN_PROGRESS" } });
    const result = { body: Buffer.from("secret") };
    await wire.client.complete({ address: at, fencingToken: token, kind: "SUCCEEDED", result });
    expect(await wire.client.begin(other)).toMatchObject({
      outcome: "MISMATCH",
      attempt: null,
      record: { state: "SUCCEEDED", result: null, checkpoint: null },
    });
  });

  it("answers UNRESOLVED with state UNKNOWN when a lease lapsed under HOLD", async () => {
    const { at, token } = await wire.begun({ lapsePolicy: "HOLD" });
    await wire.client.checkpoint({ address: at, fencingToken: token, name: "charged" });
    await wire.advance(LEASE);
    expect(await wire.client.begin({ address: at })).toMatchObject({
      outcome: "UNRESOLVED",
      attempt: null,
      record: { state: "UNKNOWN", checkpoint: { name: "charged" } },
    });
  });

  it("answers UNRESOLVED with state DEAD_LETTERED when the attempts are used up", async () => {
    const { at } = await wire.begun();
    await wire.advance(LEASE);
    expect(await wire.client.begin({ address: at, maxAttempts: 1 })).toMatchObject({
      outcome: "UNRESOLVED",
      record: { state: "DEAD_LETTERED", attempts: 1 },
    });
  });

  it("takes a lapsed attempt over with its checkpoint", async () => {
    const { at, token } = await wire.begun();
    const data = Buffer.from([1, 2, 3]);
    await wire.client.checkpoint({ address: at, fencingToken: token, name: "charged", data, step: "7" });
    await wire.advance(LEASE);
    const answer = await wire.client.begin({ address: at });
    expect(answer).toMatchObject({
      outcome: "STARTED",
      attempt: {
        number: 2,
        takeover: true,
        maybeExecuted: true,
        checkpoint: { name: "charged", data, step: "7" },
      },
    });
    expect(BigInt(answer.attempt?.fencingToken ?? 0) > BigInt(token)).toBe(true);
  });

  it("answers BACKING_OFF with when to call again, then STARTED with the last error", async () => {
    const { at, token } = await wire.begun();
    const failure = { kind: "RETRYABLE", error: "connection refused", retryAfterMs: 60_000 } as const;
    const ended = await wire.client.complete({ address: at, fencingToken: token, ...failure });
    expect(ended).toMatchObject({ outcome: "STORED", retryAfterMs: "60000", record: { state: "RETRYABLE" } });
    expect(await wire.client.begin({ address: at })).toMatchObject({
      outcome: "BACKING_OFF",
      attempt: null,
      record: null,
      retryAfterMs: "60000",
    });
    await wire.advance(60_000);
    expect(await wire.client.begin({ address: at })).toMatchObject({
      outcome: "STARTED",
      attempt: { number: 2, takeover: false, maybeExecuted: false },
      record: { lastError: "connection refused" },
    });
  });
});

describe("an empty namespace", () => {
  it("is the namespace `default`", async () => {
    const { at } = await wire.begun({}, { namespace: "" });
    expect(await wire.client.get({ address: { ...at, namespace: "default" } })).toMatchObject({
      found: true,
      record: { address: { ...at, namespace: "default" } },
    });
    expect((await wire.client.get({ address: { ...at, namespace: "other" } })).found).toBe(false);
  });

  it("keeps all four parts apart", async () => {
    const { at } = await wire.begun({}, { operation: "charge", stream: "s" });
    for (const other of [{ operation: "" }, { stream: "" }, { key: "another" }, { namespace: "other" }]) {
      expect((await wire.client.get({ address: { ...at, ...other } })).found).toBe(false);
    }
    expect((await wire.client.get({ address: at })).found).toBe(true);
  });

  it("lets retention be asked for per call", async () => {
    const { at, token } = await wire.begun({ retentionMs: HOUR });
    const done = { address: at, fencingToken: token, kind: "SUCCEEDED", result: { body: Buffer.from("x") } } as const;
    await wire.client.complete(done);
    await wire.advance(HOUR);
    expect((await wire.client.begin({ address: at })).record?.resultOmitted).toBe(true);
  });
});
