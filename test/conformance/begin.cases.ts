import { describe, expect, it } from "vitest";
import { fingerprint, LEASE, MINUTE, RETENTION, result } from "../support/commands.ts";
import { reach, type Situation } from "../support/situations.ts";
import { bodyOf, narrow, resultOf, subjectOf } from "../support/subject.ts";
import type { Harness } from "./harness.ts";

const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/** Begin: absent, fingerprint, finished and live records. */
export function beginCases(on: () => Harness): void {
  describe("a Begin of an absent record", () => absent(on));
  describe("a Begin of a record with another fingerprint", () => fingerprints(on));
  describe("a Begin of a finished record", () => finished(on));
  describe("a Begin under a live lease", () => live(on));
  describe("the count of duplicates", () => duplicates(on));
}

function absent(on: () => Harness): void {
  it("starts the first attempt of a new record", async () => {
    const subject = subjectOf(on());
    const nowMs = Math.floor(on().nowUs() / 1000);
    const seen = await subject.start({ attemptId: "a-1", owner: "worker-7", traceparent: TRACE, retentionFor: 5000 });
    expect(seen).toMatchObject({ takeover: false, resumed: false, now: nowMs });
    expect(seen.record).toMatchObject({
      ...{ state: "in_progress", address: subject.at, attempts: 1, maybeExecuted: false, attemptId: "a-1" },
      ...{ owner: "worker-7", traceparent: TRACE, lapsePolicy: "take_over", retentionFor: 5000, lastError: "" },
      ...{ createdAt: nowMs, updatedAt: nowMs, startedAt: nowMs, leaseFor: LEASE, leaseUntil: nowMs + LEASE },
      ...{ expiresAt: nowMs + LEASE + RETENTION.unfinished, fingerprint: undefined, checkpoint: undefined },
    });
    expect(await subject.read()).toMatchObject({ state: "in_progress", token: seen.record.token, attemptId: "a-1" });
  });

  it("keeps owners and attempt ids of full length, in any script", async () => {
    const subject = subjectOf(on());
    const names = { attemptId: "ж".repeat(32), owner: "工".repeat(85) };
    await subject.start(names);
    expect(await subject.read()).toMatchObject(names);
    expect(await subject.start(names)).toMatchObject({ resumed: true, record: names });
  });

  it("starts anew, under any fingerprint, where an unfinished record is past its retention", async () => {
    const subject = subjectOf(on());
    const first = await subject.start({ fingerprints: [fingerprint("A")], lapsePolicy: "hold" });
    await on().advance(LEASE + RETENTION.unfinished - 1);
    expect((await subject.begin({ fingerprints: [fingerprint("A")] })).kind).toBe("unresolved");
    await on().advance(1);
    const second = await subject.start({ fingerprints: [fingerprint("B")], maxAttempts: 1 });
    expect(second).toMatchObject({ takeover: false, record: { attempts: 1, maybeExecuted: false } });
    expect(second.record.token).toBeGreaterThan(first.record.token);
    expect(second.record.createdAt).toBeGreaterThan(first.record.createdAt);
  });

  it("starts anew where a finished record is past its tombstone", async () => {
    const subject = await reach(on(), "succeeded", { fingerprints: [fingerprint("A")] });
    await on().advance(RETENTION.tombstone - 1);
    expect((await subject.begin()).kind).toBe("replay");
    await on().advance(1);
    const second = await subject.start({ fingerprints: [fingerprint("B")] });
    expect(second.record.attempts).toBe(1);
    expect(second.record.token).toBeGreaterThan(subject.token);
  });
}

function fingerprints(on: () => Harness): void {
  const everywhere: Situation[] = [
    ...(["with a live lease", "with a lapsed lease", "backing off", "released", "resolved to be retried"] as const),
    ...(["dead-lettered after a lapse", "dead-lettered after a failure", "succeeded", "failed"] as const),
    ...(["succeeded, its body gone", "resolved as succeeded"] as const),
  ];

  it.each(everywhere)("is a mismatch and changes nothing, the record being %s", async (situation) => {
    const subject = await reach(on(), situation, { fingerprints: [fingerprint("A")] });
    const before = await subject.snapshot();
    const outcome = narrow("mismatch", await subject.begin({ fingerprints: [fingerprint("B")] }));
    expect(outcome.record).toMatchObject({ token: subject.token, address: subject.at });
    expect(await subject.snapshot()).toEqual(before);
  });

  it("is a mismatch where only the algorithm differs", async () => {
    const subject = await reach(on(), "succeeded", { fingerprints: [fingerprint("A", "sha256")] });
    expect((await subject.begin({ fingerprints: [fingerprint("A", "jcs-sha256")] })).kind).toBe("mismatch");
  });

  it("is a mismatch for the attempt that holds the lease, too", async () => {
    const subject = await reach(on(), "with a live lease", { attemptId: "mine", fingerprints: [fingerprint("A")] });
    const outcome = await subject.begin({ attemptId: "mine", fingerprints: [fingerprint("B")] });
    expect(outcome.kind).toBe("mismatch");
  });

  it("is a mismatch before it is a lapse or the end of the attempts", async () => {
    const subject = await reach(on(), "with a lapsed lease", { fingerprints: [fingerprint("A")] });
    const outcome = await subject.begin({ fingerprints: [fingerprint("B")], maxAttempts: 1 });
    expect(outcome.kind).toBe("mismatch");
    expect(await subject.state()).toBe("unknown");
  });

  it("is told apart by the last byte of 64", async () => {
    const subject = await reach(on(), "succeeded", { fingerprints: [fingerprint(`${"\0".repeat(63)}a`)] });
    expect((await subject.begin({ fingerprints: [fingerprint(`${"\0".repeat(63)}b`)] })).kind).toBe("mismatch");
    expect((await subject.begin({ fingerprints: [fingerprint(`${"\0".repeat(63)}a`)] })).kind).toBe("replay");
  });

  it("is no mismatch where the Begin brings none", async () => {
    const subject = await reach(on(), "succeeded", { fingerprints: [fingerprint("A")] });
    expect((await subject.begin()).kind).toBe("replay");
  });

  it("is no mismatch where the record was created without one, and the record stays without", async () => {
    const subject = await reach(on(), "with a lapsed lease");
    const second = await subject.start({ fingerprints: [fingerprint("A")] });
    expect(second.record.fingerprint).toBeUndefined();
    await subject.finish(second.record.token);
    expect((await subject.begin({ fingerprints: [fingerprint("B")] })).kind).toBe("replay");
  });

  it("fits by an older secret, and the record keeps the fingerprint of the Begin that created it", async () => {
    const old = fingerprint("A", "hmac-2023");
    const subject = await reach(on(), "with a lapsed lease", { fingerprints: [old, fingerprint("A", "hmac-2022")] });
    const second = await subject.start({ fingerprints: [fingerprint("A", "hmac-2024"), old] });
    expect(second).toMatchObject({ takeover: true, record: { fingerprint: { algorithm: "hmac-2023" } } });
    expect((await subject.begin({ fingerprints: [fingerprint("A", "hmac-2024")] })).kind).toBe("mismatch");
    expect((await subject.begin({ fingerprints: [fingerprint("A", "hmac-2022")] })).kind).toBe("mismatch");
  });
}

function finished(on: () => Harness): void {
  it("replays a success with its whole result", async () => {
    const subject = await reach(on(), "with a live lease", { owner: "worker-9" });
    const metadata = { zebra: "1", aardvark: "2", Ünïcode: "3", "": "4" };
    const kept = result({ body: Buffer.from("paid"), contentType: "text/plain", metadata, reference: "s3://b/1" });
    await subject.finish(subject.token, { result: kept });
    const replay = narrow("replay", await subject.begin());
    expect(replay.record).toMatchObject({ state: "succeeded", attempts: 1, owner: "worker-9", address: subject.at });
    expect(bodyOf(replay)).toBe("paid");
    expect(resultOf(replay)).toMatchObject({ contentType: "text/plain", reference: "s3://b/1", bodySize: 4 });
  });

  it("gives the result's metadata back ordered by name", async () => {
    const subject = await reach(on(), "with a live lease");
    const metadata = { b: "2", a: "1", "10": "x", "9": "y", Z: "3" };
    await subject.finish(subject.token, { result: result({ metadata }) });
    const replay = narrow("replay", await subject.begin());
    const ordered = ["10", "9", "Z", "a", "b"].map((name) => [name, metadata[name as keyof typeof metadata]]);
    expect(replay.record.result?.metadata).toEqual(ordered);
  });

  it("replays a final failure with its error and its result", async () => {
    const subject = await reach(on(), "with a live lease");
    const kept = result({ body: Buffer.from("no funds") });
    await subject.finish(subject.token, { kind: "failed", error: "card declined", result: kept });
    const replay = narrow("replay", await subject.begin());
    expect(replay.record).toMatchObject({ state: "failed", lastError: "card declined" });
    expect(bodyOf(replay)).toBe("no funds");
  });

  it("replays a completion without a result", async () => {
    const subject = await reach(on(), "with a live lease");
    await subject.finish(subject.token, { result: undefined });
    expect(narrow("replay", await subject.begin()).record.result).toBeUndefined();
  });

  it("tells an empty body from no result", async () => {
    const subject = await reach(on(), "with a live lease");
    await subject.finish(subject.token, { result: result({ body: Buffer.alloc(0) }) });
    expect(bodyOf(narrow("replay", await subject.begin()))).toBe("");
  });

  it("replays to the attempt that finished it, whatever it says about lapses and attempts", async () => {
    const subject = await reach(on(), "succeeded", { attemptId: "mine" });
    const outcome = await subject.begin({ attemptId: "mine", lapsePolicy: "hold", maxAttempts: 1 });
    expect(outcome).toMatchObject({ kind: "replay", record: { token: subject.token } });
  });
}

function live(on: () => Harness): void {
  it("gives the same attempt its own lease back, not extended", async () => {
    const subject = await reach(on(), "with a live lease", { attemptId: "mine" });
    await on().advance(LEASE - 1);
    const before = await subject.snapshot();
    const again = await subject.start({ attemptId: "mine", owner: "other", leaseFor: MINUTE, lapsePolicy: "hold" });
    expect(again).toMatchObject({ resumed: true, takeover: false, record: { token: subject.token, attempts: 1 } });
    expect(again.record.leaseUntil - again.now).toBe(1);
    expect(await subject.snapshot()).toEqual(before);
  });

  it("resumes whatever the limit of attempts", async () => {
    const subject = await reach(on(), "with a live lease", { attemptId: "mine" });
    expect(await subject.start({ attemptId: "mine", maxAttempts: 1 })).toMatchObject({ resumed: true });
  });

  it("resumes with the checkpoint saved so far", async () => {
    const subject = await reach(on(), "with a live lease", { attemptId: "mine" });
    await subject.checkpoint(subject.token, { name: "sent", step: 1n });
    expect(await subject.start({ attemptId: "mine" })).toMatchObject({ record: { checkpoint: { name: "sent" } } });
  });

  it("resumes a takeover as the same attempt", async () => {
    const subject = await reach(on(), "with a lapsed lease");
    const second = await subject.start({ attemptId: "second" });
    const again = await subject.start({ attemptId: "second" });
    expect(again).toMatchObject({ resumed: true, record: { token: second.record.token, attempts: 2 } });
    expect(again.record.maybeExecuted).toBe(true);
  });

  it("tells another attempt that it is in progress, until the lease's last millisecond", async () => {
    const subject = await reach(on(), "with a live lease");
    const before = await subject.snapshot();
    await on().advance(LEASE - 1);
    const outcome = narrow("in_progress", await subject.begin({ maxAttempts: 1, lapsePolicy: "hold" }));
    expect(outcome.record).toMatchObject({ token: subject.token, attempts: 1 });
    expect(outcome.record.leaseUntil - outcome.now).toBe(1);
    expect(await subject.snapshot()).toEqual(before);
  });

  it("does not resume by an attempt id that only begins alike", async () => {
    const subject = await reach(on(), "with a live lease", { attemptId: "mine" });
    expect((await subject.begin({ attemptId: "mine2" })).kind).toBe("in_progress");
    expect((await subject.begin({ attemptId: "min" })).kind).toBe("in_progress");
    expect((await subject.begin({ attemptId: "MINE" })).kind).toBe("in_progress");
  });
}

function duplicates(on: () => Harness): void {
  it("rises with every Begin that starts nothing", async () => {
    const subject = await reach(on(), "with a live lease", { attemptId: "mine", fingerprints: [fingerprint("A")] });
    await subject.begin();
    await subject.begin({ fingerprints: [fingerprint("B")] });
    await subject.finish(subject.token);
    await subject.begin();
    await expect.poll(async () => (await subject.read()).duplicates).toBe(3);
  });

  it("does not rise with a Begin that asks again while it waits", async () => {
    const subject = await reach(on(), "with a live lease");
    await subject.begin({}, { announce: true });
    await subject.begin({}, { announce: true, askedBefore: true });
    await subject.begin({}, { askedBefore: true });
    await subject.begin();
    await expect.poll(async () => (await subject.read()).duplicates).toBe(2);
  });

  it("does not rise with a resumed, a retried or an overtaking attempt", async () => {
    const subject = await reach(on(), "with a live lease", { attemptId: "mine" });
    await subject.begin({ attemptId: "mine" });
    await subject.release(subject.token);
    await subject.start();
    await on().advance(LEASE);
    await subject.start();
    expect((await subject.read()).duplicates).toBe(0);
  });

  it("outlives a failure, a dead letter and the end", async () => {
    const subject = await reach(on(), "with a live lease");
    const count = () => expect.poll(async () => (await subject.read()).duplicates);
    await subject.begin();
    await subject.fail(subject.token, { retryAfter: MINUTE });
    await count().toBe(1);
    await subject.begin({ maxAttempts: 1 });
    await count().toBe(2);
    await subject.finish(subject.token);
    await subject.begin();
    await count().toBe(3);
  });

  it("outlives a takeover and starts anew with a new record", async () => {
    const subject = await reach(on(), "with a live lease");
    await subject.begin();
    await expect.poll(async () => (await subject.read()).duplicates).toBe(1);
    await on().advance(LEASE);
    expect((await subject.start()).record.duplicates).toBe(1);
    await subject.forget();
    expect((await subject.start()).record.duplicates).toBe(0);
  });
}
