import { describe, expect, it } from "vitest";
import { HIGHEST_TOKEN, LEASE, MINUTE, RETENTION, result } from "../support/commands.ts";
import { reach, type Situation } from "../support/situations.ts";
import { bodyOf, narrow, subjectOf } from "../support/subject.ts";
import type { Harness } from "./harness.ts";

/** Complete of a record that is there; `loss.cases.ts` has those that are not. */
export function completeCases(on: () => Harness): void {
  describe("a final completion with the current token", () => final(on));
  describe("a completion as retryable with the current token", () => retryable(on));
  describe("the first final completion", () => first(on));
  describe("a completion with a token below the current one", () => fenced(on));
  describe("a completion with a token above the current one", () => above(on));
}

const RUNNING_OR_ENDED: readonly (readonly [Situation, { readonly late: boolean }])[] = [
  ["with a live lease", { late: false }],
  ["with a lapsed lease", { late: true }],
  ["backing off", { late: true }],
  ["released", { late: true }],
  ["resolved to be retried", { late: true }],
  ["dead-lettered after a lapse", { late: true }],
  ["dead-lettered after a failure", { late: true }],
];
const FINISHED: readonly Situation[] = ["succeeded", "failed", "succeeded, its body gone", "resolved as succeeded"];

function final(on: () => Harness): void {
  for (const kind of ["succeeded", "failed"] as const) {
    it.each(RUNNING_OR_ENDED)(`is stored as ${kind}, the record being %s (%o)`, async (situation, { late }) => {
      const subject = await reach(on(), situation);
      const before = await subject.read();
      const parts = { kind, result: result({ body: Buffer.from("receipt 7") }), error: "as told" };
      const outcome = await subject.finish(subject.token, parts);
      expect(outcome).toMatchObject({ late, restored: false });
      expect(outcome.record).toMatchObject({
        ...{ state: kind, token: subject.token, finishedAt: outcome.now, updatedAt: outcome.now, lastError: "as told" },
        ...{ address: subject.at, attempts: before.attempts, createdAt: before.createdAt, owner: before.owner },
      });
      const replay = narrow("replay", await subject.begin());
      expect(replay.record).toMatchObject({ state: kind, token: subject.token });
      expect(bodyOf(replay)).toBe("receipt 7");
    });
  }

  it("is stored as not late in the lease's last millisecond, and as late in the next", async () => {
    const [early, tardy] = [await reach(on(), "with a live lease"), await reach(on(), "with a live lease")];
    await on().advance(LEASE - 1);
    expect(await early.finish(early.token)).toMatchObject({ late: false });
    await on().advance(1);
    expect(await tardy.finish(tardy.token)).toMatchObject({ late: true });
  });

  it("keeps the error of an earlier attempt where it brings none, and nothing of the checkpoint", async () => {
    const subject = await reach(on(), "with a live lease");
    await subject.fail(subject.token, { error: "gateway busy", jitter: 0 });
    const second = await subject.start();
    await subject.checkpoint(second.record.token, { name: "sent", step: 2n ** 64n - 1n, data: Buffer.from("half") });
    await subject.finish(second.record.token, { error: "" });
    const record = await subject.read();
    expect(record).toMatchObject({ state: "succeeded", lastError: "gateway busy" });
    expect(record).not.toHaveProperty("checkpoint");
  });

  it("keeps the fingerprint, so that a different payload is still a mismatch", async () => {
    const print = { algorithm: "sha256", digest: Buffer.alloc(32, 1) };
    const subject = await reach(on(), "with a live lease", { fingerprints: [print] });
    await subject.finish(subject.token);
    expect((await subject.begin({ fingerprints: [{ ...print, digest: Buffer.alloc(32, 2) }] })).kind).toBe("mismatch");
    expect((await subject.begin({ fingerprints: [print] })).kind).toBe("replay");
  });
}

function retryable(on: () => Harness): void {
  it.each([
    ["with a live lease", { late: false }],
    ["with a lapsed lease", { late: true }],
  ] as const)("is stored, the record being %s (%o)", async (situation, { late }) => {
    const subject = await reach(on(), situation);
    await subject.checkpoint(subject.token, { name: "sent" });
    await on().advance(late ? LEASE : 0);
    const outcome = await subject.fail(subject.token, { error: "busy", retryAfter: MINUTE });
    expect(outcome).toMatchObject({ late, restored: false });
    expect(outcome.record).toMatchObject({
      ...{ state: "retryable", endedBy: "retryable", retryAt: outcome.now + MINUTE, attempts: 1, lastError: "busy" },
      ...{ token: subject.token, checkpoint: { name: "sent" } },
    });
    expect(await subject.state()).toBe("retryable");
  });

  it.each([
    ["backing off", { differs: false }],
    ["dead-lettered after a failure", { differs: false }],
    ["released", { differs: true }],
    ["resolved to be retried", { differs: true }],
    ["dead-lettered after a lapse", { differs: true }],
    ["succeeded", { differs: true }],
    ["failed", { differs: true }],
    ["succeeded, its body gone", { differs: true }],
    ["resolved as succeeded", { differs: true }],
  ] as const)("is already stored and changes nothing, the record being %s (%o)", async (situation, { differs }) => {
    const subject = await reach(on(), situation);
    const before = await subject.snapshot();
    const outcome = await subject.complete(subject.token, { kind: "retryable", error: "again", retryAfter: 5 });
    expect(outcome).toMatchObject({ kind: "already_stored", differs, record: { token: subject.token } });
    expect(await subject.snapshot()).toEqual(before);
  });

  it("does not keep the result that comes with it", async () => {
    const subject = await reach(on(), "with a live lease");
    await subject.fail(subject.token, { result: result({ body: Buffer.from("half") }) });
    expect(await subject.read()).not.toHaveProperty("result");
  });

  it("is not final: the same attempt may still say that it did happen, until another starts", async () => {
    const subject = await reach(on(), "with a live lease");
    await subject.fail(subject.token, { jitter: 0 });
    expect(await subject.finish(subject.token)).toMatchObject({ late: true });
    const other = await reach(on(), "with a live lease");
    await other.fail(other.token, { jitter: 0 });
    await other.start();
    expect((await other.complete(other.token)).kind).toBe("fenced");
  });
}

function first(on: () => Harness): void {
  it.each(["succeeded", "failed"] as const)("is already stored when it is repeated: %s", async (kind) => {
    const subject = await reach(on(), "with a live lease");
    const parts = { kind, error: "", result: result({ body: Buffer.from("r"), metadata: { a: "1", b: "2" } }) };
    await subject.finish(subject.token, parts);
    const before = await subject.snapshot();
    const reordered = { ...parts, result: result({ body: Buffer.from("r"), metadata: { b: "2", a: "1" } }) };
    const outcome = await subject.complete(subject.token, reordered);
    expect(outcome).toMatchObject({ kind: "already_stored", differs: false });
    expect(await subject.snapshot()).toEqual(before);
  });

  const kept = { body: Buffer.from("one"), contentType: "text/plain", metadata: { a: "1" }, reference: "s3://b/1" };
  it.each([
    ["body", { ...kept, body: Buffer.from("two") }],
    ["length of body", { ...kept, body: Buffer.from("one ") }],
    ["content type", { ...kept, contentType: "text/html" }],
    ["metadata value", { ...kept, metadata: { a: "2" } }],
    ["metadata name", { ...kept, metadata: { b: "1" } }],
    ["further metadata", { ...kept, metadata: { a: "1", b: "" } }],
    ["less metadata", { ...kept, metadata: {} }],
    ["reference", { ...kept, reference: "s3://b/2" }],
  ])("stands, and the other is told that it differs: in %s", async (_what, other) => {
    const subject = await reach(on(), "with a live lease");
    await subject.finish(subject.token, { result: result(kept) });
    const before = await subject.snapshot();
    const outcome = await subject.complete(subject.token, { result: result(other) });
    expect(outcome).toMatchObject({ kind: "already_stored", differs: true, record: { state: "succeeded" } });
    expect(bodyOf(narrow("already_stored", outcome))).toBe("one");
    expect(await subject.snapshot()).toEqual(before);
  });

  it.each([
    ["with a result, then without", result(), undefined],
    ["without a result, then with", undefined, result()],
    ["without a result, then with an empty one", undefined, result({ body: Buffer.alloc(0) })],
  ])("stands, and the other is told that it differs: %s", async (_what, one, other) => {
    const subject = await reach(on(), "with a live lease");
    await subject.finish(subject.token, { result: one });
    const outcome = await subject.complete(subject.token, { result: other });
    expect(outcome).toMatchObject({ kind: "already_stored", differs: true });
    expect(await subject.complete(subject.token, { result: one })).toMatchObject({ differs: false });
  });

  it.each([
    ["succeeded", "failed"],
    ["failed", "succeeded"],
  ] as const)("stands, and the other is told that it differs: %s, then %s", async (one, other) => {
    const subject = await reach(on(), "with a live lease");
    await subject.finish(subject.token, { kind: one });
    const outcome = await subject.complete(subject.token, { kind: other });
    expect(outcome).toMatchObject({ kind: "already_stored", differs: true, record: { state: one } });
  });

  it("does not differ by its error alone, which is no part of the result", async () => {
    const subject = await reach(on(), "with a live lease");
    await subject.finish(subject.token, { kind: "failed", error: "declined" });
    const outcome = await subject.complete(subject.token, { kind: "failed", error: "declined, it says" });
    expect(outcome).toMatchObject({ kind: "already_stored", differs: false, record: { lastError: "declined" } });
  });

  it("stands against the executor that comes back after an operator has settled the record", async () => {
    const subject = await reach(on(), "resolved as succeeded");
    expect(await subject.complete(subject.token)).toMatchObject({ kind: "already_stored", differs: false });
    const other = result({ body: Buffer.from("what really happened") });
    const outcome = narrow("already_stored", await subject.complete(subject.token, { result: other }));
    expect(outcome.differs).toBe(true);
    expect(bodyOf(outcome)).toBe("done");
  });
}

function fenced(on: () => Harness): void {
  const situations = [...RUNNING_OR_ENDED.map(([situation]) => situation), ...FINISHED, "forgotten"] as const;
  for (const kind of ["succeeded", "failed", "retryable"] as const) {
    it.each(situations)(`is fenced and writes nothing: ${kind}, the record being %s`, async (situation) => {
      const subject = await reach(on(), situation);
      const before = await subject.snapshot();
      const outcome = narrow("fenced", await subject.complete(subject.token - 1n, { kind }));
      expect(outcome.record.token).toBeGreaterThanOrEqual(subject.token);
      expect((await subject.complete(1n, { kind })).kind).toBe("fenced");
      expect(await subject.snapshot()).toEqual(before);
    });
  }

  it("is told what the one who took over has made of it", async () => {
    const subject = await reach(on(), "with a lapsed lease");
    const second = await subject.start();
    await subject.finish(second.record.token, { result: result({ body: Buffer.from("by the second") }) });
    const outcome = narrow("fenced", await subject.complete(subject.token));
    expect(bodyOf(outcome)).toBe("by the second");
  });
}

function above(on: () => Harness): void {
  it.each(FINISHED)("is fenced and writes nothing, the record being %s", async (situation) => {
    const subject = await reach(on(), situation);
    await on().advance(1);
    const before = await subject.snapshot();
    expect((await subject.complete(subject.token + 1n)).kind).toBe("fenced");
    expect((await subject.complete(HIGHEST_TOKEN, { kind: "retryable" })).kind).toBe("fenced");
    expect(await subject.snapshot()).toEqual(before);
  });

  const unfinished = RUNNING_OR_ENDED.map(([situation]) => situation);
  it.each(unfinished)("is restored as if the record were absent, the record being %s", async (situation) => {
    const subject = await reach(on(), situation);
    await on().advance(1);
    const kept = result({ body: Buffer.from("by the lost takeover") });
    const outcome = await subject.finish(subject.token + 1n, { result: kept });
    expect(outcome).toMatchObject({ late: false, restored: true, record: { token: subject.token + 1n, attempts: 1 } });
    expect(bodyOf(narrow("replay", await subject.begin()))).toBe("by the lost takeover");
    expect((await subject.complete(subject.token)).kind).toBe("fenced");
  });

  it.each(unfinished)("is not found where it is not final or not in time, the record being %s", async (situation) => {
    const subject = await reach(on(), situation);
    await on().advance(1);
    const before = await subject.snapshot();
    expect((await subject.complete(subject.token + 1n, { kind: "retryable" })).kind).toBe("not_found");
    expect((await subject.complete(HIGHEST_TOKEN)).kind).toBe("not_found");
    expect(await subject.snapshot()).toEqual(before);
  });

  it("leaves no earlier fingerprint, back-off or checkpoint behind where it is restored", async () => {
    const subject = subjectOf(on());
    const first = await subject.start({ fingerprints: [{ algorithm: "sha256", digest: Buffer.alloc(32, 7) }] });
    await subject.checkpoint(first.record.token);
    await on().advance(1);
    await subject.finish(first.record.token + 1n);
    const record = await subject.read();
    expect(record).toMatchObject({ state: "succeeded", fingerprint: undefined, owner: "", maybeExecuted: false });
    expect(record).not.toHaveProperty("checkpoint");
    expect(record.expiresAt).toBe(record.updatedAt + RETENTION.tombstone);
  });
}
