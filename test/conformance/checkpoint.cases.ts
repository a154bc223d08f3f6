import { describe, expect, it } from "vitest";
import { LEASE, MINUTE, SECOND } from "../support/commands.ts";
import { reach } from "../support/situations.ts";
import { narrow } from "../support/subject.ts";
import type { Harness } from "./harness.ts";

const STEP_MAX = 2n ** 64n - 1n;

/** Checkpoint, beyond what it shares with Renew and Release. */
export function checkpointCases(on: () => Harness): void {
  describe("a checkpoint", () => saving(on));
  describe("the step of a checkpoint", () => steps(on));
}

function saving(on: () => Harness): void {
  it("saves a named recovery point and renews the lease", async () => {
    const subject = await reach(on(), "with a live lease");
    await on().advance(SECOND);
    const parts = { name: "sent", step: 1n, data: Buffer.from([0, 1, 254, 255]), leaseFor: MINUTE };
    expect(await subject.checkpoint(subject.token, parts)).toEqual({ kind: "saved", leaseLeft: MINUTE });
    const record = await subject.read();
    expect(record).toMatchObject({ leaseUntil: record.updatedAt + MINUTE });
    expect(record).toMatchObject({ checkpoint: { name: "sent", step: 1n, savedAt: record.updatedAt } });
    expect([...("checkpoint" in record ? (record.checkpoint?.data ?? []) : [])]).toEqual([0, 1, 254, 255]);
  });

  it("renews by the length given at Begin where none is asked for, and never past the total", async () => {
    const subject = await reach(on(), "with a live lease");
    await on().advance(10 * SECOND);
    expect(await subject.checkpoint(subject.token)).toMatchObject({ leaseLeft: LEASE });
    await on().advance(5 * SECOND);
    const capped = { leaseFor: MINUTE, leaseTotal: LEASE + 12 * SECOND };
    expect(await subject.checkpoint(subject.token, capped)).toMatchObject({ leaseLeft: LEASE - 3 * SECOND });
  });

  it("replaces the one before, whole", async () => {
    const subject = await reach(on(), "with a live lease");
    await subject.checkpoint(subject.token, { name: "a long name for a step", data: Buffer.alloc(500, 1) });
    await on().advance(SECOND);
    await subject.checkpoint(subject.token, { name: "b", data: Buffer.from("2") });
    const record = await subject.read();
    expect(record).toMatchObject({ checkpoint: { name: "b", savedAt: record.updatedAt } });
    expect("checkpoint" in record && record.checkpoint?.data.length).toBe(1);
  });

  it("may be empty, and may be 64 KiB", async () => {
    const subject = await reach(on(), "with a live lease");
    await subject.checkpoint(subject.token, { name: "", data: Buffer.alloc(0) });
    expect(await subject.read()).toMatchObject({ checkpoint: { name: "", step: 0n } });
    const data = Buffer.from(Array.from({ length: 64 * 1024 }, (_, i) => (i * 7) % 256));
    await subject.checkpoint(subject.token, { name: "é".repeat(128), data });
    await on().advance(LEASE);
    const { checkpoint } = (await subject.start()).record;
    expect(checkpoint?.name).toBe("é".repeat(128));
    expect(Buffer.compare(checkpoint?.data ?? Buffer.alloc(0), data)).toBe(0);
  });

  it.each(["lapse", "release", "failure", "operator"] as const)("is handed on after a %s", async (how) => {
    const subject = await reach(on(), "with a live lease");
    await subject.checkpoint(subject.token, { name: "sent", step: 9n });
    if (how === "lapse" || how === "operator") await on().advance(LEASE);
    if (how === "operator") await subject.resolve({ resolution: "retry" });
    if (how === "release") await subject.release(subject.token);
    if (how === "failure") await subject.fail(subject.token, { jitter: 0 });
    expect((await subject.start()).record.checkpoint).toMatchObject({ name: "sent", step: 9n });
  });

  it("is not handed to the record begun after a forget", async () => {
    const subject = await reach(on(), "with a live lease");
    await subject.checkpoint(subject.token, { name: "sent" });
    await subject.forget();
    expect((await subject.start()).record.checkpoint).toBeUndefined();
  });
}

function steps(on: () => Harness): void {
  it("is stale where it is older than the one saved: it overwrites nothing and renews nothing", async () => {
    const subject = await reach(on(), "with a live lease");
    await subject.checkpoint(subject.token, { name: "fifth", step: 5n });
    await on().advance(SECOND);
    const before = await subject.snapshot();
    const outcome = narrow("stale", await subject.checkpoint(subject.token, { name: "fourth", step: 4n }));
    expect(outcome.leaseLeft).toBe(LEASE - SECOND);
    expect(await subject.snapshot()).toEqual(before);
  });

  it("is saved again where it is the same, since the answer may have been lost", async () => {
    const subject = await reach(on(), "with a live lease");
    await subject.checkpoint(subject.token, { name: "fifth", step: 5n });
    expect((await subject.checkpoint(subject.token, { name: "fifth", step: 5n })).kind).toBe("saved");
  });

  it("of 0 always wins, and leaves nothing that a later step could be older than", async () => {
    const subject = await reach(on(), "with a live lease");
    await subject.checkpoint(subject.token, { name: "fifth", step: 5n });
    expect((await subject.checkpoint(subject.token, { name: "last", step: 0n })).kind).toBe("saved");
    expect(await subject.read()).toMatchObject({ checkpoint: { name: "last", step: 0n } });
    expect((await subject.checkpoint(subject.token, { name: "first", step: 1n })).kind).toBe("saved");
  });

  it("rises over the attempts of a record", async () => {
    const subject = await reach(on(), "with a live lease");
    await subject.checkpoint(subject.token, { name: "fifth", step: 5n });
    await on().advance(LEASE);
    const second = await subject.start();
    expect((await subject.checkpoint(second.record.token, { step: 4n })).kind).toBe("stale");
    expect((await subject.checkpoint(second.record.token, { step: 6n })).kind).toBe("saved");
  });

  it.each([
    ["the highest number of 64 bits", STEP_MAX, STEP_MAX - 1n],
    ["2^63", 2n ** 63n, 2n ** 63n - 1n],
    ["2^53 + 1, which a double cannot hold", 2n ** 53n + 1n, 2n ** 53n],
    ["2^32", 2n ** 32n, 2n ** 32n - 1n],
    ["10^17, written in more digits than a smaller one that begins higher", 10n ** 17n, 9n * 10n ** 16n],
  ])("is compared exactly: %s", async (_what, newer, older) => {
    const subject = await reach(on(), "with a live lease");
    expect((await subject.checkpoint(subject.token, { step: older })).kind).toBe("saved");
    expect((await subject.checkpoint(subject.token, { step: newer })).kind).toBe("saved");
    expect((await subject.checkpoint(subject.token, { step: older })).kind).toBe("stale");
    expect((await subject.checkpoint(subject.token, { step: newer })).kind).toBe("saved");
    expect(await subject.read()).toMatchObject({ checkpoint: { step: newer } });
  });
}
