import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LEASE } from "../support/commands.ts";
import { fresh, openWire, type Wire } from "../support/wire.ts";

/** Whoever lost the race for an attempt must not learn what only its holder may know. */
let wire: Wire;
beforeAll(async () => {
  wire = await openWire();
});
afterAll(() => wire.stop());

const DATA = Buffer.from("checkpoint data");
const BODY = Buffer.from("result body");

/** All that any answer says, bytes as hexadecimal, so that a token or bytes can be searched in it. */
function everything(answers: readonly unknown[]): string {
  return JSON.stringify(answers, (_, value) => {
    const bytes: unknown = value?.type === "Buffer" ? value.data : undefined;
    return Array.isArray(bytes) ? Buffer.from(bytes).toString("hex") : value;
  });
}

describe("the token of a live attempt", () => {
  it("is in no answer to anybody but its holder and an operator", async () => {
    const { client } = wire;
    const fingerprint = { payload: Buffer.from("A") };
    const { at, token } = await wire.begun({ attemptId: "mine", fingerprint });
    await client.checkpoint({ address: at, fencingToken: token, name: "half", data: DATA });
    const stale = { address: at, fencingToken: String(BigInt(token) - 1n) };
    const wild = { address: at, fencingToken: String(BigInt(token) + 1_000_000n) };
    const answers = [
      await client.begin({ address: at, fingerprint }),
      await client.begin({ address: at }),
      await client.begin({ address: at, waitMs: 50 }),
      await client.begin({ address: at, attemptId: "mine", fingerprint: { payload: Buffer.from("B") } }),
      await client.begin({ address: at, lapsePolicy: "HOLD", maxAttempts: 1 }),
      await client.get({ address: at }),
      await client.get({ address: at, waitMs: 50 }),
      await client.complete({ ...stale, kind: "SUCCEEDED" }),
      await client.renew(stale),
      await client.renew(wild),
      await client.checkpoint({ ...stale, name: "mine" }),
      await client.release(stale),
      await client.beginBatch({ items: [{ address: at }, { address: at, fingerprint: { json: "{}" } }] }),
      await client.completeBatch({ items: [{ ...stale, kind: "RETRYABLE" }] }),
      await client.resolve({ address: at, resolution: "RETRY" }),
      await client.resolve({ ...wild, resolution: "FAILED" }),
      await client.getStats({}),
      await client.getServerInfo({}),
    ];
    expect(everything(answers)).not.toContain(token);
    expect((await client.renew({ address: at, fencingToken: token })).outcome).toBe("RENEWED");
    expect(everything([await client.listRecords({})])).toContain(token);
  });
});

describe("a loser", () => {
  it("sees neither result nor checkpoint of a record whose request was another", async () => {
    const { client } = wire;
    const { at, token } = await wire.begun({ fingerprint: { payload: Buffer.from("A") } });
    const other = { address: at, fingerprint: { payload: Buffer.from("B") } };
    const answers: unknown[] = [];
    const ask = async () => {
      const answer = await client.begin(other);
      expect(answer).toMatchObject({ outcome: "MISMATCH", attempt: null, record: { result: null, checkpoint: null } });
      answers.push(answer);
    };
    await client.checkpoint({ address: at, fencingToken: token, name: "half", data: DATA });
    await ask();
    await wire.advance(LEASE);
    await ask();
    await client.complete({ address: at, fencingToken: token, kind: "RETRYABLE", retryAfterMs: 60_000 });
    await ask();
    await client.complete({ address: at, fencingToken: token, kind: "SUCCEEDED", result: { body: BODY } });
    await ask();
    const said = everything(answers);
    for (const secret of [token, DATA.toString("hex"), BODY.toString("hex")]) expect(said).not.toContain(secret);
  });

  it("sees no checkpoint of an attempt that runs", async () => {
    const { client } = wire;
    const { at, token } = await wire.begun();
    await client.checkpoint({ address: at, fencingToken: token, name: "half", data: DATA });
    const answer = await client.begin({ address: at });
    expect(answer).toMatchObject({ outcome: "IN_PROGRESS", record: { checkpoint: null, result: null } });
    expect(everything([answer])).not.toContain(DATA.toString("hex"));
  });
});

describe("whoever takes over", () => {
  it("is handed the checkpoint once, with the attempt", async () => {
    const { client } = wire;
    const { at, token } = await wire.begun();
    await client.checkpoint({ address: at, fencingToken: token, name: "half", data: DATA, step: 3 });
    await wire.advance(LEASE);
    const answer = await client.begin({ address: at });
    expect(answer.attempt?.checkpoint).toMatchObject({ name: "half", data: DATA, step: "3" });
    expect(answer.record?.checkpoint ?? null).toBeNull();
  });
});

describe("the trace context of the first attempt", () => {
  const first = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const second = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

  it("is stored with the record and returned to later callers, whatever theirs is", async () => {
    const { client } = wire;
    const address = fresh();
    const { attempt } = await client.begin({ address }, { metadata: { traceparent: first } });
    const duplicate = await client.begin({ address }, { metadata: { traceparent: second } });
    expect(duplicate.record?.traceparent).toBe(first);
    await wire.advance(LEASE);
    await client.begin({ address }, { metadata: { traceparent: second } });
    expect((await client.get({ address })).record?.traceparent).toBe(first);
    const late = { address, fencingToken: attempt?.fencingToken ?? "", kind: "SUCCEEDED" } as const;
    expect((await client.complete(late)).record?.traceparent).toBe(first);
  });

  it.each([
    ["no trace context", "hello"],
    ["a trace id of zeros", "00-00000000000000000000000000000000-00f067aa0ba902b7-01"],
    ["a span id of zeros", "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"],
    ["capitals", first.toUpperCase()],
    ["more than there is room for", `${first}-${"a".repeat(5000)}`],
  ])("is left empty when the caller sends %s", async (_what, traceparent) => {
    const address = fresh();
    await wire.client.begin({ address }, { metadata: { traceparent } });
    expect((await wire.client.get({ address })).record?.traceparent).toBe("");
  });
});
