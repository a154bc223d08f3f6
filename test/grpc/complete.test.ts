import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LEASE } from "../support/commands.ts";
import { fresh, openWire, type Wire } from "../support/wire.ts";

/** Every outcome that Complete and Get can show on the wire; what decides them is the stores' conformance. */
let wire: Wire;
beforeAll(async () => {
  wire = await openWire();
});
afterAll(() => wire.stop());

describe("Complete", () => {
  it("answers STORED with the record, without repeating the caller's own result", async () => {
    const { at, token } = await wire.begun();
    const result = { body: Buffer.from("done") };
    expect(await wire.client.complete({ address: at, fencingToken: token, kind: "SUCCEEDED", result })).toMatchObject({
      outcome: "STORED",
      late: false,
      restored: false,
      resultDiffers: false,
      resultOmitted: false,
      retryAfterMs: "0",
      record: { state: "SUCCEEDED", result: null },
    });
  });

  it("answers ALREADY_STORED to a repeat, with the stored result where that is another", async () => {
    const { at, token } = await wire.begun();
    const own = { address: at, fencingToken: token, kind: "SUCCEEDED", result: { body: Buffer.from("A") } } as const;
    await wire.client.complete(own);
    expect(await wire.client.complete(own)).toMatchObject({
      outcome: "ALREADY_STORED",
      resultDiffers: false,
      record: { result: null },
    });
    expect(await wire.client.complete({ ...own, result: { body: Buffer.from("B") } })).toMatchObject({
      outcome: "ALREADY_STORED",
      resultDiffers: true,
      record: { result: { body: Buffer.from("A") } },
    });
    expect(await wire.client.complete({ ...own, kind: "FAILED" })).toMatchObject({ resultDiffers: true });
  });

  it("answers FENCED with what later callers see, to an attempt that was taken over", async () => {
    const { at, token } = await wire.begun();
    await wire.advance(LEASE);
    const next = (await wire.client.begin({ address: at })).attempt?.fencingToken ?? "";
    const zombie = { address: at, fencingToken: token, kind: "SUCCEEDED", result: { body: Buffer.from("A") } } as const;
    const running = await wire.client.complete(zombie);
    expect(running).toMatchObject({ outcome: "FENCED", record: { state: "IN_PROGRESS", result: null } });
    expect(JSON.stringify(running)).not.toContain(next);
    const result = { body: Buffer.from("B") };
    await wire.client.complete({ address: at, fencingToken: next, kind: "SUCCEEDED", result });
    expect(await wire.client.complete(zombie)).toMatchObject({
      outcome: "FENCED",
      record: { state: "SUCCEEDED", result: { body: Buffer.from("B") }, fencingToken: "0" },
    });
  });

  it("answers FENCED without a record after an operator has forgotten it", async () => {
    const { at, token } = await wire.begun();
    expect(await wire.client.forget({ address: at })).toEqual({ outcome: "FORGOTTEN" });
    const late = { address: at, fencingToken: token, kind: "SUCCEEDED" } as const;
    expect(await wire.client.complete(late)).toMatchObject({ outcome: "FENCED", record: null });
    expect(await wire.client.get({ address: at })).toEqual({ found: false, record: null });
  });

  it("answers NOT_FOUND where there is nothing to complete", async () => {
    const nothing = { address: fresh(), fencingToken: 1, kind: "SUCCEEDED" } as const;
    expect(await wire.client.complete(nothing)).toMatchObject({ outcome: "NOT_FOUND", record: null });
  });

  it("says late when the lease had lapsed, and restored when the record was lost", async () => {
    const lapsed = await wire.begun();
    await wire.advance(LEASE);
    expect(
      await wire.client.complete({ address: lapsed.at, fencingToken: lapsed.token, kind: "SUCCEEDED" }),
    ).toMatchObject({ outcome: "STORED", late: true });
    const lost = await wire.begun();
    await wire.lose(lost.at);
    expect(await wire.client.complete({ address: lost.at, fencingToken: lost.token, kind: "SUCCEEDED" })).toMatchObject(
      { outcome: "STORED", restored: true },
    );
  });

  it("never refuses a result for its length: its body is left away, and that is said", async () => {
    const { at, token } = await wire.begun();
    const result = { body: Buffer.alloc(300 * 1024, 7), contentType: "image/png", reference: "s3://bucket/17" };
    expect(await wire.client.complete({ address: at, fencingToken: token, kind: "SUCCEEDED", result })).toMatchObject({
      outcome: "STORED",
      resultOmitted: true,
    });
    const { record } = await wire.client.get({ address: at });
    expect(record).toMatchObject({ state: "SUCCEEDED", resultOmitted: true });
    expect(record?.result).toMatchObject({ contentType: "image/png", reference: "s3://bucket/17", bodySize: "307200" });
    expect(record?.result?.bodySha256).toHaveLength(32);
    expect(record?.result?.body).toHaveLength(0);
  });

  it("cuts a long error at a whole character rather than refuse it", async () => {
    const { at, token } = await wire.begun();
    const error = "é".repeat(5000);
    await wire.client.complete({ address: at, fencingToken: token, kind: "FAILED", error });
    const { record } = await wire.client.get({ address: at });
    expect(record?.lastError).toBe("é".repeat(2048));
  });
});

describe("Get", () => {
  it("shows checkpoint and result, never the token, and changes nothing", async () => {
    const { at, token } = await wire.begun();
    await wire.client.checkpoint({ address: at, fencingToken: token, name: "charged" });
    const before = await wire.client.get({ address: at });
    expect(before).toMatchObject({
      found: true,
      record: { state: "IN_PROGRESS", checkpoint: { name: "charged" }, fencingToken: "0", result: null },
    });
    expect(before.record?.leaseUntil).not.toBeNull();
    expect(await wire.client.get({ address: at })).toEqual(before);
    await wire.advance(LEASE);
    expect((await wire.client.get({ address: at })).record?.state).toBe("UNKNOWN");
  });

  it("says that there is none", async () => {
    expect(await wire.client.get({ address: fresh() })).toEqual({ found: false, record: null });
  });
});
