import { describe, expect, it } from "vitest";
import { DAY, HOUR, LEASE, MINUTE, RETENTION, result, SECOND, resultOf as sized } from "../support/commands.ts";
import { reach } from "../support/situations.ts";
import { narrow, resultOf, subjectOf } from "../support/subject.ts";
import type { Harness } from "./harness.ts";

/** How long results, tombstones and unfinished records are kept. */
export function retentionCases(on: () => Harness): void {
  describe("the retention of a result", () => results(on));
  describe("the retention of a tombstone", () => tombstones(on));
  describe("a result that is repeated or omitted", () => omitted(on));
  describe("the retention of an unfinished record", () => unfinished(on));
}

function results(on: () => Harness): void {
  it.each([0, 1, 100, 1024, 1025, 5000, 256 * 1024])(
    "ends for a body of %i bytes, and for nothing else",
    async (size) => {
      const subject = await reach(on(), "with a live lease");
      const { body } = sized(size);
      const told = { contentType: "application/json", metadata: { a: "1" }, reference: "s3://b/1" };
      const kept = result({ ...told, body: body ?? Buffer.alloc(0) });
      await subject.finish(subject.token, { result: kept });
      await on().advance(RETENTION.result - 1);
      const before = narrow("replay", await subject.begin());
      expect(Buffer.compare(before.record.result?.body ?? Buffer.from("omitted"), kept.body ?? Buffer.alloc(0))).toBe(
        0,
      );
      const whole = resultOf(before) as object;
      await on().advance(1);
      const after = narrow("replay", await subject.begin());
      expect(after.record).toMatchObject({ state: "succeeded", token: subject.token });
      expect(resultOf(after)).toMatchObject({
        ...{ body: undefined, contentType: told.contentType, metadata: [["a", "1"]], reference: told.reference },
        ...{ bodySize: size, bodySha256: expect.stringMatching(/^0x[0-9a-f]{64}$/) },
      });
      expect(whole).toMatchObject({ bodySize: size });
    },
  );

  it("is Complete's, else Begin's, else the namespace's", async () => {
    const [both, begins, none] = [subjectOf(on()), subjectOf(on()), subjectOf(on())];
    const tokens = [
      (await both.start({ retentionFor: 2 * MINUTE })).record.token,
      (await begins.start({ retentionFor: 2 * MINUTE })).record.token,
      (await none.start()).record.token,
    ] as const;
    const retention = { result: 7 * MINUTE };
    const one = await both.finish(tokens[0], { retentionFor: 3 * MINUTE, retention });
    const two = await begins.finish(tokens[1], { retention });
    const three = await none.finish(tokens[2], { retention });
    expect(one.record).toMatchObject({ resultUntil: one.now + 3 * MINUTE });
    expect(two.record).toMatchObject({ resultUntil: two.now + 2 * MINUTE });
    expect(three.record).toMatchObject({ resultUntil: three.now + 7 * MINUTE });
  });

  it("is that of the last Begin, where several attempts asked", async () => {
    const subject = subjectOf(on());
    await subject.start({ retentionFor: 2 * MINUTE });
    await on().advance(LEASE);
    const second = await subject.start({ retentionFor: 4 * MINUTE });
    const done = await subject.finish(second.record.token);
    expect(done.record).toMatchObject({ resultUntil: done.now + 4 * MINUTE });
  });

  it("counts from finishing and is extended by no replay, duplicate or repeated completion", async () => {
    const subject = await reach(on(), "with a live lease");
    await on().advance(20 * SECOND);
    const done = await subject.finish(subject.token);
    const instants = { finishedAt: done.now, resultUntil: done.now + RETENTION.result, updatedAt: done.now };
    await on().advance(RETENTION.result - SECOND);
    await subject.begin();
    await subject.begin({ fingerprints: [{ algorithm: "sha256", digest: Buffer.from("B") }] });
    await subject.complete(subject.token);
    await subject.complete(subject.token - 1n);
    await subject.get();
    expect(await subject.read()).toMatchObject({ ...instants, expiresAt: done.now + RETENTION.tombstone });
  });

  it("may be 90 days, and the tombstone a year", async () => {
    const subject = await reach(on(), "with a live lease");
    const parts = { retentionFor: 90 * DAY, retention: { tombstone: 365 * DAY }, result: sized(2000) };
    await subject.finish(subject.token, parts);
    await on().advance(90 * DAY - 1);
    expect(narrow("replay", await subject.begin()).record.result?.body?.length).toBe(2000);
    await on().advance(1);
    expect(resultOf(narrow("replay", await subject.begin()))).toMatchObject({ body: undefined, bodySize: 2000 });
    await on().advance(275 * DAY - 1);
    expect((await subject.begin()).kind).toBe("replay");
    await on().advance(1);
    expect((await subject.begin()).kind).toBe("started");
  });
}

function tombstones(on: () => Harness): void {
  it("keeps the replay, its body omitted, until the very end", async () => {
    const subject = await reach(on(), "failed");
    await on().advance(RETENTION.tombstone - 1);
    const replay = narrow("replay", await subject.begin());
    expect(replay.record).toMatchObject({ state: "failed", lastError: "card declined" });
    expect(resultOf(replay)).toMatchObject({ body: undefined, bodySize: 4 });
    expect(await subject.state()).toBe("failed");
    await on().advance(1);
    expect(await subject.state()).toBe("absent");
  });

  it("is never shorter than that of the result", async () => {
    const subject = await reach(on(), "with a live lease");
    const done = await subject.finish(subject.token, { retentionFor: 3 * DAY, result: sized(5000) });
    expect(done.record).toMatchObject({ resultUntil: done.now + 3 * DAY, expiresAt: done.now + 3 * DAY });
    await on().advance(3 * DAY - 1);
    expect(narrow("replay", await subject.begin()).record.result?.body?.length).toBe(5000);
    await on().advance(1);
    expect((await subject.begin()).kind).toBe("started");
  });

  it("is the namespace's at finishing", async () => {
    const subject = await reach(on(), "with a live lease", { retention: { tombstone: 5 * DAY } });
    const done = await subject.finish(subject.token, { retention: { tombstone: 2 * HOUR } });
    expect(done.record.expiresAt).toBe(done.now + 2 * HOUR);
  });
}

function omitted(on: () => Harness): void {
  it.each([100, 5000])("is told from another when its body of %i bytes is gone", async (size) => {
    const subject = await reach(on(), "with a live lease");
    const kept = sized(size);
    await subject.finish(subject.token, { result: kept });
    await on().advance(RETENTION.result);
    expect(await subject.complete(subject.token, { result: kept })).toMatchObject({ differs: false });
    const other = result({ body: Buffer.alloc(size, 1) });
    expect(await subject.complete(subject.token, { result: other })).toMatchObject({ differs: true });
  });

  it("is stored without its body over the inline limit, with size and digest, and replayed so", async () => {
    const subject = await reach(on(), "with a live lease");
    const limit = 4000;
    const kept = result({ body: Buffer.alloc(limit + 1, 7), reference: "s3://b/large" }, limit);
    await subject.finish(subject.token, { result: kept });
    expect(resultOf(narrow("replay", await subject.begin()))).toMatchObject({
      ...{ body: undefined, bodySize: limit + 1, reference: "s3://b/large" },
      bodySha256: expect.stringMatching(/^0x[0-9a-f]{64}$/),
    });
    expect(await subject.complete(subject.token, { result: kept })).toMatchObject({ differs: false });
    const other = result({ body: Buffer.alloc(limit + 1, 8), reference: "s3://b/large" }, limit);
    expect(await subject.complete(subject.token, { result: other })).toMatchObject({ differs: true });
  });

  it("is the same result inline and over a limit that has been lowered since", async () => {
    const subject = await reach(on(), "with a live lease");
    const input = { body: Buffer.alloc(3000, 7) };
    await subject.finish(subject.token, { result: result(input) });
    expect(await subject.complete(subject.token, { result: result(input, 10) })).toMatchObject({ differs: false });
  });

  it("may be a whole MiB", async () => {
    const subject = await reach(on(), "with a live lease");
    const kept = result({ body: Buffer.alloc(1024 * 1024, 3) }, 1024 * 1024);
    await subject.finish(subject.token, { result: kept });
    expect(narrow("replay", await subject.begin()).record.result?.body?.length).toBe(1024 * 1024);
  });

  it("leaves no earlier body behind for the record begun anew", async () => {
    const subject = await reach(on(), "with a live lease");
    await subject.finish(subject.token, { result: sized(5000) });
    await on().advance(RETENTION.tombstone);
    const second = await subject.start();
    await subject.finish(second.record.token, { result: sized(2000) });
    expect(narrow("replay", await subject.begin()).record.result?.body?.length).toBe(2000);
  });
}

function unfinished(on: () => Harness): void {
  it("counts from the end of the lease, wherever renewals move it", async () => {
    const subject = await reach(on(), "with a live lease");
    await on().advance(LEASE - 1);
    await subject.renew(subject.token, { leaseFor: 5 * MINUTE });
    await on().advance(5 * MINUTE + RETENTION.unfinished - 1);
    expect(await subject.state()).toBe("unknown");
    expect(await subject.finish(subject.token)).toMatchObject({ late: true, restored: false });
  });

  it("counts from the release, and from the operator's retry", async () => {
    const released = await reach(on(), "released");
    const resolved = await reach(on(), "resolved to be retried");
    await on().advance(RETENTION.unfinished - LEASE - 1);
    expect([await released.state(), await resolved.state()]).toEqual(["retryable", "retryable"]);
    await on().advance(LEASE);
    expect([await released.state(), await resolved.state()]).toEqual(["absent", "retryable"]);
    await on().advance(1);
    expect(await resolved.state()).toBe("absent");
  });

  it("is extended by no duplicate", async () => {
    const subject = await reach(on(), "with a lapsed lease", { lapsePolicy: "hold" });
    await on().advance(RETENTION.unfinished - 1);
    expect((await subject.begin()).kind).toBe("unresolved");
    await on().advance(1);
    expect(await subject.state()).toBe("absent");
  });

  it("may be shorter than the lease that it follows", async () => {
    const subject = await reach(on(), "with a live lease", { retention: { unfinished: 0 } });
    await on().advance(LEASE - 1);
    expect(await subject.state()).toBe("in_progress");
    await on().advance(1);
    expect(await subject.state()).toBe("absent");
  });
}
