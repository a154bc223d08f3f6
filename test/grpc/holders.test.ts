import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HOUR, LEASE, MINUTE, SECOND } from "../support/commands.ts";
import { fresh, openWire, type Wire } from "../support/wire.ts";

/** What the holder of an attempt is answered, outcome by outcome. */
let wire: Wire;
beforeAll(async () => {
  wire = await openWire();
});
afterAll(() => wire.stop());

/** An attempt that another one has taken over, and that one's token. */
async function takenOver() {
  const { at, token } = await wire.begun();
  await wire.advance(LEASE);
  const { attempt } = await wire.client.begin({ address: at });
  return { at, token, next: attempt?.fencingToken ?? "" };
}

describe("Renew", () => {
  it("answers RENEWED with what is left of the lease", async () => {
    const { at, token } = await wire.begun();
    const renewed = await wire.client.renew({ address: at, fencingToken: token, leaseMs: MINUTE });
    expect(renewed).toEqual({ outcome: "RENEWED", leaseMs: String(MINUTE) });
    await wire.advance(MINUTE + SECOND);
    const late = await wire.client.renew({ address: at, fencingToken: token });
    expect(late).toEqual({ outcome: "RENEWED", leaseMs: String(LEASE) });
  });

  it("answers less than asked for at the end of the total", async () => {
    const { at, token } = await wire.begun();
    for (let hours = 1; hours < 24; hours++) {
      await wire.advance(HOUR);
      await wire.client.renew({ address: at, fencingToken: token, leaseMs: HOUR });
    }
    await wire.advance(HOUR - 10 * SECOND);
    const last = await wire.client.renew({ address: at, fencingToken: token, leaseMs: HOUR });
    expect(last).toEqual({ outcome: "RENEWED", leaseMs: String(10 * SECOND) });
  });

  it("answers FENCED, FINISHED and NOT_FOUND without a lease", async () => {
    const { at, token, next } = await takenOver();
    expect(await wire.client.renew({ address: at, fencingToken: token })).toEqual({ outcome: "FENCED", leaseMs: "0" });
    await wire.client.complete({ address: at, fencingToken: next, kind: "SUCCEEDED" });
    expect(await wire.client.renew({ address: at, fencingToken: next })).toEqual({ outcome: "FINISHED", leaseMs: "0" });
    const nowhere = await wire.client.renew({ address: fresh(), fencingToken: next });
    expect(nowhere).toEqual({ outcome: "NOT_FOUND", leaseMs: "0" });
  });
});

describe("Checkpoint", () => {
  it("answers SAVED and renews, and STALE to an older step, which overwrites nothing", async () => {
    const { at, token } = await wire.begun();
    await wire.advance(10 * SECOND);
    const save = (step: string, name: string) =>
      wire.client.checkpoint({ address: at, fencingToken: token, name, step, data: Buffer.from(name) });
    expect(await save("2", "charged")).toEqual({ outcome: "SAVED", leaseMs: String(LEASE) });
    expect(await save("1", "reserved")).toEqual({ outcome: "STALE", leaseMs: String(LEASE) });
    expect((await wire.client.get({ address: at })).record?.checkpoint).toMatchObject({ name: "charged", step: "2" });
    expect(await save("18446744073709551615", "last")).toMatchObject({ outcome: "SAVED" });
    const { record } = await wire.client.get({ address: at });
    expect(record?.checkpoint).toMatchObject({ step: "18446744073709551615", data: Buffer.from("last") });
    expect(record?.checkpoint?.savedAt).not.toBeNull();
  });

  it("answers FENCED, FINISHED and NOT_FOUND without a lease", async () => {
    const { at, token, next } = await takenOver();
    const save = (fencingToken: string, address = at) =>
      wire.client.checkpoint({ address, fencingToken, name: "charged" });
    expect(await save(token)).toEqual({ outcome: "FENCED", leaseMs: "0" });
    await wire.client.release({ address: at, fencingToken: next });
    expect(await save(next)).toEqual({ outcome: "FINISHED", leaseMs: "0" });
    expect(await save(next, fresh())).toEqual({ outcome: "NOT_FOUND", leaseMs: "0" });
  });
});

describe("Release", () => {
  it("answers RELEASED, also to a repeat, and the next Begin starts as if it were the first", async () => {
    const { at, token } = await wire.begun();
    const release = () => wire.client.release({ address: at, fencingToken: token });
    expect([await release(), await release()]).toEqual([{ outcome: "RELEASED" }, { outcome: "RELEASED" }]);
    const next = await wire.client.begin({ address: at });
    expect(next).toMatchObject({ outcome: "STARTED", attempt: { number: 1, takeover: false, maybeExecuted: false } });
  });

  it("answers FENCED, FINISHED and NOT_FOUND", async () => {
    const { at, token, next } = await takenOver();
    expect(await wire.client.release({ address: at, fencingToken: token })).toEqual({ outcome: "FENCED" });
    await wire.client.complete({ address: at, fencingToken: next, kind: "FAILED" });
    expect(await wire.client.release({ address: at, fencingToken: next })).toEqual({ outcome: "FINISHED" });
    expect(await wire.client.release({ address: fresh(), fencingToken: next })).toEqual({ outcome: "NOT_FOUND" });
  });
});

describe("a token of 64 bits", () => {
  it("is carried exactly: one more or less is another token", async () => {
    const { at, token } = await wire.begun();
    const renew = async (fencingToken: bigint) =>
      (await wire.client.renew({ address: at, fencingToken: String(fencingToken) })).outcome;
    expect(await renew(BigInt(token) - 1n)).toBe("FENCED");
    expect(await renew(BigInt(token) + 1n)).toBe("NOT_FOUND");
    expect(await renew(2n ** 64n - 1n)).toBe("NOT_FOUND");
    expect(await renew(BigInt(token))).toBe("RENEWED");
  });
});
