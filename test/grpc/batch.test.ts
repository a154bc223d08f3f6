import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { protos } from "../../src/transport/grpc/protos.ts";
import { freshNamespace } from "../support/commands.ts";
import { badFields, refusalIn, refusalOf } from "../support/grpc.ts";
import { fresh, openWire, type Wire } from "../support/wire.ts";

const MESSAGE_BYTES_MAX = 4 * 1024 * 1024;

let wire: Wire;
beforeAll(async () => {
  wire = await openWire({ env: { ONCEWARD_RESULT_INLINE: "1MiB" } });
});
afterAll(() => wire.stop());

type BeginItems = NonNullable<Parameters<Wire["client"]["beginBatch"]>[0]["items"]>;
type CompleteItems = NonNullable<Parameters<Wire["client"]["completeBatch"]>[0]["items"]>;

/** Each item's outcome, or the status of its error. */
async function beginAll(items: BeginItems) {
  const { items: answers } = await wire.client.beginBatch({ items });
  return answers.map(({ response, error }) => response?.outcome ?? (error ? refusalIn(error).code : "nothing"));
}

/** A record whose result is that many bytes. */
async function finished(bytes: number) {
  const { at, token } = await wire.begun();
  const result = { body: Buffer.alloc(bytes, 1) };
  await wire.client.complete({ address: at, fencingToken: token, kind: "SUCCEEDED", result });
  return at;
}

describe("BeginBatch", () => {
  it("answers every item in its order, with what the single call would have answered", async () => {
    const [running, done] = [await wire.begun(), await finished(4)];
    const items = [{ address: fresh() }, { address: running.at }, { address: done }, { address: fresh() }];
    expect(await beginAll(items)).toEqual(["STARTED", "IN_PROGRESS", "REPLAY", "STARTED"]);
  });

  it("starts one of the items with one address; the same attempt id gets it again", async () => {
    const address = fresh();
    const { items } = await wire.client.beginBatch({
      items: [
        { address, attemptId: "mine" },
        { address },
        { address, attemptId: "mine" },
        { address, attemptId: "other" },
      ],
    });
    expect(items.map(({ response }) => response?.outcome)).toEqual([
      "STARTED",
      "IN_PROGRESS",
      "STARTED",
      "IN_PROGRESS",
    ]);
    expect(items.map(({ response }) => response?.attempt?.resumed)).toEqual([false, undefined, true, undefined]);
    const tokens = new Set(items.flatMap(({ response }) => response?.attempt?.fencingToken ?? []));
    expect(tokens.size).toBe(1);
  });

  it("answers a bad item with its error, details included, and does the others", async () => {
    const { items } = await wire.client.beginBatch({
      items: [{ address: fresh() }, { address: { key: "" }, leaseMs: 1 }, {}, { address: fresh(), waitMs: 100 }],
    });
    expect(items[0]?.response?.outcome).toBe("STARTED");
    const refusals = items.slice(1).map(({ error, response }) => {
      expect(response).toBeFalsy();
      return refusalIn(error ?? { code: 0, message: "", details: [] });
    });
    expect(refusals.map(({ code }) => code)).toEqual(["INVALID_ARGUMENT", "INVALID_ARGUMENT", "INVALID_ARGUMENT"]);
    expect(refusals.map(badFields)).toEqual([["address.key", "lease_ms"], ["address"], ["wait_ms"]]);
    expect(refusals.map(({ errorInfo }) => errorInfo?.reason)).toEqual(Array(3).fill("INVALID_ARGUMENT"));
  });

  it("takes 500 items, and refuses 0 and 501 as a whole", async () => {
    const namespace = freshNamespace();
    const items = Array.from({ length: 501 }, () => ({ address: fresh({ namespace }) }));
    for (const count of [0, 501]) {
      const refusal = await refusalOf(wire.client.beginBatch({ items: items.slice(0, count) }));
      expect(refusal.code).toBe("INVALID_ARGUMENT");
      expect(badFields(refusal)).toEqual(["items"]);
    }
    expect((await wire.client.listRecords({ namespace })).records).toEqual([]);
    expect(new Set(await beginAll(items.slice(0, 500)))).toEqual(new Set(["STARTED"]));
  });

  it("answers the results that do not fit with an error each, and those that do with the result", async () => {
    const large = 1024 * 1024;
    const addresses = [await finished(large), await finished(10), await finished(large), await finished(large)];
    addresses.push(await finished(large), await finished(20));
    const { items } = await wire.client.beginBatch({ items: addresses.map((address) => ({ address })) });
    const sizes = items.map(({ response }) => response?.record?.result?.body.length);
    expect(sizes).toEqual([large, 10, large, large, undefined, 20]);
    const refusal = refusalIn(items[4]?.error ?? { code: 0, message: "", details: [] });
    expect(refusal).toMatchObject({ code: "RESOURCE_EXHAUSTED", errorInfo: { reason: "RESPONSE_TOO_LARGE" } });
    expect(refusal.retryInfo).toBeUndefined();
    expect((await wire.client.begin({ address: addresses[4] ?? null })).record?.result?.body).toHaveLength(large);
  });

  it("tells of an attempt that started and does not fit by which id to ask for it again", async () => {
    const addresses = [];
    for (let count = 0; count < 70; count++) {
      const { at, token } = await wire.begun({ leaseMs: 100 });
      await wire.client.checkpoint({ address: at, fencingToken: token, name: "half", data: Buffer.alloc(64 * 1024) });
      addresses.push(at);
    }
    await wire.advance(1000);
    const { items } = await wire.client.beginBatch({ items: addresses.map((address) => ({ address })) });
    const last = refusalIn(items[69]?.error ?? { code: 0, message: "", details: [] });
    expect(last.errorInfo?.reason).toBe("RESPONSE_TOO_LARGE");
    const attemptId = last.errorInfo?.metadata.attempt_id ?? "";
    const again = await wire.client.begin({ address: addresses[69] ?? null, attemptId });
    expect(again).toMatchObject({
      outcome: "STARTED",
      attempt: { resumed: true, takeover: false, maybeExecuted: true },
    });
  });

  it("fits into one message whatever its items are: results, long texts, and errors that say a lot", async () => {
    const bad = {
      address: { namespace: "N", operation: "o".repeat(200), stream: "s".repeat(300), key: "" },
      attemptId: "a".repeat(100),
      owner: "o".repeat(300),
      leaseMs: 1,
      waitMs: 1,
      retentionMs: 1,
      lapsePolicy: 9 as 1,
      fingerprint: { digest: Buffer.alloc(99) },
    };
    const items: BeginItems = Array(380).fill(bad);
    const parts = { operation: "o".repeat(128), stream: "s".repeat(256) };
    const result = { metadata: { a: "x".repeat(8000) }, reference: "y".repeat(2048), body: Buffer.alloc(40_000) };
    for (let count = 0; count < 120; count++) {
      const key = `${"k".repeat(500)}${count}`;
      const { at, token } = await wire.begun({ owner: "é".repeat(128) }, { ...parts, key });
      const failure = { kind: "FAILED", error: "e".repeat(4096), result } as const;
      await wire.client.complete({ address: at, fencingToken: token, ...failure });
      items.push({ address: at });
    }
    const answer = await wire.client.beginBatch({ items });
    const { BeginBatchResponse } = protos().onceward.v1;
    expect(BeginBatchResponse.serialize(answer).length).toBeLessThanOrEqual(MESSAGE_BYTES_MAX);
    const refusals = answer.items.slice(0, 380).map(({ error }) => (error ? refusalIn(error) : undefined));
    expect(refusals.every((refusal) => refusal?.badRequest?.fieldViolations.length === 12)).toBe(true);
    const replayed = answer.items.filter(({ response }) => response?.outcome === "REPLAY");
    expect(replayed.length).toBeGreaterThan(50);
    expect(replayed.every(({ response }) => response?.record?.result?.body.length === 40_000)).toBe(true);
  });
});

describe("CompleteBatch", () => {
  it("answers every item in its order, with what the single call would have answered", async () => {
    const [one, two] = [await wire.begun(), await wire.begun()];
    const items: CompleteItems = [
      { address: one.at, fencingToken: one.token, kind: "SUCCEEDED", result: { body: Buffer.from("1") } },
      { address: two.at, fencingToken: two.token, kind: "RETRYABLE", retryAfterMs: 1000 },
      { address: one.at, fencingToken: one.token, kind: "FAILED" },
      { address: fresh(), fencingToken: 1, kind: "SUCCEEDED" },
      { address: one.at, fencingToken: 0, kind: "SUCCEEDED" },
      { address: two.at, fencingToken: String(BigInt(two.token) - 1n), kind: "SUCCEEDED" },
    ];
    const { items: answers } = await wire.client.completeBatch({ items });
    expect(answers.map(({ response }) => response?.outcome)).toEqual([
      "STORED",
      "STORED",
      "ALREADY_STORED",
      "NOT_FOUND",
      undefined,
      "FENCED",
    ]);
    expect(answers[1]?.response).toMatchObject({ retryAfterMs: "1000", record: { state: "RETRYABLE" } });
    expect(answers[2]?.response).toMatchObject({ resultDiffers: true, record: { result: { body: Buffer.from("1") } } });
    const refusal = refusalIn(answers[4]?.error ?? { code: 0, message: "", details: [] });
    expect(badFields(refusal)).toEqual(["fencing_token"]);
  });

  it("takes 500 items, and refuses 0 and 501 as a whole", async () => {
    const item = { address: fresh(), fencingToken: 1, kind: "SUCCEEDED" } as const;
    for (const count of [0, 501]) {
      const refusal = await refusalOf(wire.client.completeBatch({ items: Array(count).fill(item) }));
      expect(badFields(refusal)).toEqual(["items"]);
    }
    const { items } = await wire.client.completeBatch({ items: Array(500).fill(item) });
    expect(new Set(items.map(({ response }) => response?.outcome))).toEqual(new Set(["NOT_FOUND"]));
  });

  it("answers results that do not fit with an error each; repeating those calls singly is harmless", async () => {
    const body = Buffer.alloc(1024 * 1024, 1);
    const items: CompleteItems = [];
    for (let count = 0; count < 5; count++) {
      const { at, token } = await wire.begun();
      await wire.client.complete({ address: at, fencingToken: token, kind: "SUCCEEDED", result: { body } });
      items.push({ address: at, fencingToken: token, kind: "FAILED" });
    }
    const { items: answers } = await wire.client.completeBatch({ items });
    const told = answers.map(({ response, error }) => response?.outcome ?? (error ? refusalIn(error).code : "nothing"));
    expect(told).toEqual([...Array(3).fill("ALREADY_STORED"), "RESOURCE_EXHAUSTED", "RESOURCE_EXHAUSTED"]);
    expect(await wire.client.complete(items[4] ?? {})).toMatchObject({
      outcome: "ALREADY_STORED",
      resultDiffers: true,
    });
  });
});
