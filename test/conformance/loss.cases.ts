import { describe, expect, it } from "vitest";
import {
  fingerprint,
  HIGHEST_TOKEN,
  HOUR,
  LEASE,
  MINUTE,
  RETENTION,
  result,
  resultOf as sized,
} from "../support/commands.ts";
import { reach, type Situation } from "../support/situations.ts";
import { bodyOf, narrow, subjectOf } from "../support/subject.ts";
import type { Harness } from "./harness.ts";

/** Records that the store has lost, and completions that bring them back. */
export function lossCases(on: () => Harness): void {
  describe("a final completion of a lost record", () => restored(on));
  describe("the time in which a completion can be restored", () => timeWindow(on));
  describe("a Begin after a loss", () => begun(on));
}

const ABSENT: readonly Situation[] = ["lost", "expired", "never begun"];

function restored(on: () => Harness): void {
  it.each(["succeeded", "failed"] as const)("is taken as the truth: %s", async (kind) => {
    const subject = await reach(on(), "lost", { fingerprints: [fingerprint("A")], owner: "w" });
    const kept = result({ body: Buffer.from("it ran"), metadata: { a: "1" } });
    const outcome = await subject.finish(subject.token, { kind, result: kept, error: "as told" });
    expect(outcome).toMatchObject({ late: false, restored: true });
    expect(outcome.record).toMatchObject({
      ...{ state: kind, address: subject.at, token: subject.token, attempts: 1, maybeExecuted: false, owner: "" },
      ...{ createdAt: outcome.now, finishedAt: outcome.now, updatedAt: outcome.now, lastError: "as told" },
      ...{ fingerprint: undefined, traceparent: "", duplicates: 0, retentionFor: 0 },
    });
    const replay = narrow("replay", await subject.begin({ fingerprints: [fingerprint("B")] }));
    expect(bodyOf(replay)).toBe("it ran");
  });

  it("can be repeated, and the first one wins", async () => {
    const subject = await reach(on(), "lost");
    await subject.finish(subject.token, { result: result({ body: Buffer.from("one") }) });
    const same = await subject.complete(subject.token, { result: result({ body: Buffer.from("one") }) });
    expect(same).toMatchObject({ kind: "already_stored", differs: false });
    const other = await subject.complete(subject.token, { result: result({ body: Buffer.from("two") }) });
    expect(other).toMatchObject({ kind: "already_stored", differs: true });
    expect(bodyOf(narrow("replay", await subject.begin()))).toBe("one");
  });

  it("is kept for Complete's retention, else the namespace's, since Begin's is lost", async () => {
    const [asked, plain] = [
      await reach(on(), "lost", { retentionFor: 2 * MINUTE }),
      await reach(on(), "lost", { retentionFor: 2 * MINUTE }),
    ];
    const one = await asked.finish(asked.token, { retentionFor: 3 * MINUTE });
    const two = await plain.finish(plain.token);
    expect(one.record).toMatchObject({ resultUntil: one.now + 3 * MINUTE, expiresAt: one.now + RETENTION.tombstone });
    expect(two.record).toMatchObject({ resultUntil: two.now + RETENTION.result });
  });

  it("brings a body back that is kept apart, whatever the loss has left of an earlier one", async () => {
    const subject = await reach(on(), "with a live lease");
    await subject.finish(subject.token, { result: sized(5000) });
    await subject.lose();
    await subject.finish(subject.token, { result: sized(3000) });
    expect(narrow("replay", await subject.begin()).record.result?.body?.length).toBe(3000);
    await subject.lose();
    await subject.finish(subject.token, { result: result() });
    expect(bodyOf(narrow("replay", await subject.begin()))).toBe("done");
  });

  it.each(ABSENT)("is not found as retryable, the record being %s", async (situation) => {
    const subject = await reach(on(), situation);
    expect(await subject.complete(subject.token, { kind: "retryable" })).toEqual({ kind: "not_found" });
    expect(await subject.state()).toBe("absent");
  });

  it("fences an attempt that came before it, and one that came after it", async () => {
    const subject = await reach(on(), "with a lapsed lease");
    const second = await subject.start();
    await subject.lose();
    await subject.finish(second.record.token);
    expect((await subject.complete(subject.token)).kind).toBe("fenced");
    expect((await subject.renew(subject.token)).kind).toBe("fenced");
    await on().advance(1);
    expect((await subject.complete(second.record.token + 1n)).kind).toBe("fenced");
  });

  it("by a zombie does not stand in the way of the next, which has been told to stop", async () => {
    const subject = await reach(on(), "with a lapsed lease");
    const second = await subject.start();
    await subject.lose();
    expect(await subject.finish(subject.token)).toMatchObject({ restored: true });
    expect((await subject.complete(second.record.token)).kind).toBe("fenced");
    expect((await subject.renew(second.record.token)).kind).toBe("not_found");
  });

  it("is forgotten like any other record", async () => {
    const subject = await reach(on(), "lost");
    await subject.finish(subject.token);
    expect(await subject.forget()).toEqual({ kind: "forgotten" });
    expect((await subject.complete(subject.token)).kind).toBe("fenced");
  });
}

function timeWindow(on: () => Harness): void {
  const complete = async (token: bigint, retention = RETENTION.result as number) =>
    (await subjectOf(on()).complete(token, { retention: { result: retention } })).kind;

  it("begins the namespace's retention ago, to the microsecond", async () => {
    const oldest = BigInt(on().nowUs()) - BigInt(RETENTION.result) * 1000n;
    expect(await complete(oldest - 1n)).toBe("not_found");
    expect(await complete(oldest)).toBe("stored");
    expect(await complete(oldest + 1n)).toBe("stored");
  });

  it("follows the retention that the namespace has", async () => {
    const hourAgo = BigInt(on().nowUs()) - BigInt(HOUR) * 1000n;
    expect(await complete(hourAgo, HOUR - 1)).toBe("not_found");
    expect(await complete(hourAgo, HOUR)).toBe("stored");
  });

  it("follows the namespace's retention and not Complete's own", async () => {
    const hourAgo = BigInt(on().nowUs()) - BigInt(HOUR) * 1000n;
    const parts = { retentionFor: 3 * HOUR, retention: { result: MINUTE } };
    expect((await subjectOf(on()).complete(hourAgo, parts)).kind).toBe("not_found");
  });

  it("ends now, to the microsecond", async () => {
    const now = BigInt(on().nowUs());
    expect(await complete(now + 1n)).toBe("not_found");
    expect(await complete(now)).toBe("stored");
    expect(await complete(now - 1n)).toBe("stored");
  });

  it("ends with the slot's last token where that is ahead of the clock", async () => {
    const scope = { stream: `s-${on().nowUs()}`, namespace: "ahead" };
    const tokens: bigint[] = [];
    for (let n = 0; n < 5; n++) tokens.push((await subjectOf(on(), scope).start()).record.token);
    const last = tokens.at(-1) ?? 0n;
    expect(last).toBeGreaterThan(BigInt(on().nowUs()));
    expect((await subjectOf(on(), scope).complete(last + 1n)).kind).toBe("not_found");
    expect(await subjectOf(on(), scope).complete(last)).toMatchObject({ kind: "stored", restored: true });
    expect((await subjectOf(on(), scope).start()).record.token).toBe(last + 1n);
  });

  it.each([
    ["1", 1n],
    ["the number of a sequence", 4711n],
    ["2^53 + 1", 2n ** 53n + 1n],
    ["2^63", 2n ** 63n],
    ["the highest number of 64 bits", HIGHEST_TOKEN],
  ])("does not hold %s", async (_what, token) => {
    const subject = subjectOf(on());
    expect(await subject.complete(token)).toEqual({ kind: "not_found" });
    expect(await subject.renew(token)).toEqual({ kind: "not_found" });
    expect(await subject.checkpoint(token)).toEqual({ kind: "not_found" });
    expect(await subject.release(token)).toEqual({ kind: "not_found" });
    expect(await subject.state()).toBe("absent");
  });

  it("holds the token of a record that expired within it, and no older one", async () => {
    const old = await reach(on(), "expired");
    expect(await old.complete(old.token)).toEqual({ kind: "not_found" });
    const young = await reach(on(), "with a live lease", { retention: { unfinished: MINUTE } });
    await on().advance(LEASE + MINUTE);
    expect(await young.state()).toBe("absent");
    expect(await young.complete(young.token)).toMatchObject({ kind: "stored", restored: true });
  });

  it("lets tokens rise above one that was restored", async () => {
    const scope = { namespace: "ahead", stream: `t-${on().nowUs()}` };
    const now = BigInt(on().nowUs());
    await subjectOf(on(), scope).complete(now);
    expect((await subjectOf(on(), scope).start()).record.token).toBeGreaterThan(now);
  });
}

function begun(on: () => Harness): void {
  it.each(["with a live lease", "with a lapsed lease", "backing off", "released", "succeeded", "forgotten"] as const)(
    "starts the first attempt of a new record with a higher token, the record having been %s",
    async (situation) => {
      const subject = await reach(on(), situation, { attemptId: "mine" });
      await subject.lose();
      expect(await subject.state()).toBe("absent");
      const anew = await subject.start({ attemptId: "mine", fingerprints: [fingerprint("B")], maxAttempts: 1 });
      expect(anew).toMatchObject({ resumed: false, takeover: false, record: { attempts: 1, lastError: "" } });
      expect(anew.record.token).toBeGreaterThan(subject.token);
      for (const call of [subject.renew, subject.checkpoint, subject.release, subject.complete]) {
        expect((await call(subject.token)).kind).toBe("fenced");
      }
    },
  );
}
