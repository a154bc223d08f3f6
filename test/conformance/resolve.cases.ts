import { describe, expect, it } from "vitest";
import { HIGHEST_TOKEN, LEASE, MINUTE, RETENTION, result, resultOf as sized } from "../support/commands.ts";
import { reach, type Situation } from "../support/situations.ts";
import { bodyOf, narrow, resultOf } from "../support/subject.ts";
import type { Harness } from "./harness.ts";

const SETTLED_BY_NOBODY: readonly Situation[] = [
  ...(["with a lapsed lease", "backing off", "released", "resolved to be retried"] as const),
  ...(["dead-lettered after a lapse", "dead-lettered after a failure"] as const),
];

/** Resolve: an operator settles what nobody runs. */
export function resolveCases(on: () => Harness): void {
  describe("an operator's resolution", () => outcomes(on));
  describe("an operator's retry", () => retry(on));
  describe("an operator's final word", () => finalWord(on));
}

function outcomes(on: () => Harness): void {
  const resolutions = ["succeeded", "failed", "retry"] as const;
  for (const resolution of resolutions) {
    it.each(SETTLED_BY_NOBODY)(`${resolution} is resolved, the record being %s`, async (situation) => {
      const subject = await reach(on(), situation);
      await on().advance(1);
      const outcome = narrow("resolved", await subject.resolve({ resolution, token: subject.token }));
      const state = resolution === "retry" ? "retryable" : resolution;
      expect(outcome.record).toMatchObject({ state, token: subject.token, updatedAt: outcome.now });
      expect(await subject.read()).toMatchObject({ state, token: subject.token, address: subject.at });
    });

    it(`${resolution} never touches a live attempt`, async () => {
      const subject = await reach(on(), "with a live lease");
      await on().advance(LEASE - 1);
      const before = await subject.snapshot();
      expect((await subject.resolve({ resolution })).kind).toBe("in_progress");
      expect((await subject.resolve({ resolution, token: subject.token })).kind).toBe("in_progress");
      expect(await subject.snapshot()).toEqual(before);
      await on().advance(1);
      expect((await subject.resolve({ resolution })).kind).toBe("resolved");
    });

    it.each([...(["succeeded", "failed", "succeeded, its body gone", "resolved as succeeded"] as const)])(
      `${resolution} never touches a finished record: %s`,
      async (situation) => {
        const subject = await reach(on(), situation);
        const before = await subject.snapshot();
        const other = result({ body: Buffer.from("the operator's") });
        const outcome = narrow("finished", await subject.resolve({ resolution, result: other }));
        expect(outcome.record).toMatchObject({ token: subject.token });
        expect(await subject.snapshot()).toEqual(before);
      },
    );

    it.each(["never begun", "lost", "expired", "forgotten"] as const)(
      `${resolution} finds nothing, the record being %s`,
      async (situation) => {
        const subject = await reach(on(), situation);
        expect(await subject.resolve({ resolution })).toEqual({ kind: "not_found" });
        expect(await subject.state()).toBe("absent");
      },
    );

    it.each(SETTLED_BY_NOBODY)(
      `${resolution} is fenced where the record is no longer what the operator looked at: %s`,
      async (situation) => {
        const subject = await reach(on(), situation);
        const before = await subject.snapshot();
        for (const token of [subject.token - 1n, subject.token + 1n, 1n, HIGHEST_TOKEN]) {
          const outcome = narrow("fenced", await subject.resolve({ resolution, token }));
          expect(outcome.record.token).toBe(subject.token);
        }
        expect(await subject.snapshot()).toEqual(before);
      },
    );
  }
}

function retry(on: () => Harness): void {
  it("starts the count of attempts anew, without back-off, and clears that it may have executed", async () => {
    const subject = await reach(on(), "with a lapsed lease");
    const second = await subject.start();
    await subject.checkpoint(second.record.token, { name: "sent", step: 2n });
    await on().advance(LEASE);
    await subject.begin({ maxAttempts: 2 });
    await on().advance(1);
    const { record } = narrow("resolved", await subject.resolve({ resolution: "retry" }));
    expect(record).toMatchObject({ endedBy: "resolved", attempts: 0, maybeExecuted: false, retryAt: record.updatedAt });
    expect(record.expiresAt).toBe(record.updatedAt + RETENTION.unfinished);
    const third = await subject.start({ maxAttempts: 1 });
    expect(third).toMatchObject({ takeover: false, record: { attempts: 1, maybeExecuted: false } });
    expect(third.record.checkpoint).toMatchObject({ name: "sent", step: 2n });
    expect(third.record.token).toBeGreaterThan(second.record.token);
  });

  it("ends a back-off", async () => {
    const subject = await reach(on(), "backing off");
    await subject.resolve({ resolution: "retry" });
    expect(await subject.start()).toMatchObject({ takeover: false, record: { lastError: "try later" } });
  });

  it("lets a record go on that was held", async () => {
    const subject = await reach(on(), "with a lapsed lease", { lapsePolicy: "hold" });
    await subject.resolve({ resolution: "retry" });
    expect(await subject.start({ lapsePolicy: "hold" })).toMatchObject({ takeover: false });
  });

  it("still lets the attempt say that it did happen, until another starts", async () => {
    const subject = await reach(on(), "resolved to be retried");
    expect(await subject.finish(subject.token)).toMatchObject({ late: true, restored: false });
    const other = await reach(on(), "resolved to be retried");
    await other.start();
    expect((await other.complete(other.token)).kind).toBe("fenced");
  });

  it("can be said twice", async () => {
    const subject = await reach(on(), "resolved to be retried");
    expect((await subject.resolve({ resolution: "retry" })).kind).toBe("resolved");
  });
}

function finalWord(on: () => Harness): void {
  it("is replayed with its result", async () => {
    const subject = await reach(on(), "with a lapsed lease");
    const kept = result({ body: Buffer.from("as the bank says"), metadata: { by: "ops" }, contentType: "text/plain" });
    await subject.resolve({ resolution: "succeeded", result: kept });
    const replay = narrow("replay", await subject.begin());
    expect(bodyOf(replay)).toBe("as the bank says");
    expect(replay.record).toMatchObject({ state: "succeeded", attempts: 1, finishedAt: replay.now });
    expect(replay.record.result).toMatchObject({ contentType: "text/plain", metadata: [["by", "ops"]] });
  });

  it("is replayed with a body that is kept apart", async () => {
    const subject = await reach(on(), "with a lapsed lease");
    const kept = sized(5000);
    const outcome = narrow("resolved", await subject.resolve({ resolution: "failed", result: kept }));
    const replay = narrow("replay", await subject.begin());
    expect(resultOf(replay)).toEqual(resultOf({ record: outcome.record, now: outcome.now }));
    expect(Buffer.compare(replay.record.result?.body ?? Buffer.alloc(0), kept.body ?? Buffer.alloc(0))).toBe(0);
  });

  it("leaves it said that some attempt may have executed", async () => {
    const subject = await reach(on(), "with a lapsed lease");
    const second = await subject.start();
    await on().advance(LEASE);
    await subject.resolve({ resolution: "succeeded", token: second.record.token });
    expect(await subject.read()).toMatchObject({ state: "succeeded", maybeExecuted: true, attempts: 2 });
  });

  it("may come without a result", async () => {
    const subject = await reach(on(), "dead-lettered after a failure");
    await subject.resolve({ resolution: "succeeded" });
    expect(narrow("replay", await subject.begin()).record.result).toBeUndefined();
  });

  it("keeps the reason as the error of a failure, and the last error where there is no reason", async () => {
    const [told, silent] = [await reach(on(), "backing off"), await reach(on(), "backing off")];
    await told.resolve({ resolution: "failed", reason: "customer gone" });
    await silent.resolve({ resolution: "failed", reason: "" });
    expect(await told.read()).toMatchObject({ state: "failed", lastError: "customer gone" });
    expect(await silent.read()).toMatchObject({ state: "failed", lastError: "try later" });
  });

  it("is kept as a completion would be: for Begin's retention, else the namespace's, and the tombstone's", async () => {
    const asked = await reach(on(), "with a lapsed lease", { retentionFor: 5 * MINUTE });
    const plain = await reach(on(), "with a lapsed lease");
    const one = narrow("resolved", await asked.resolve({ resolution: "succeeded", result: result() }));
    const two = narrow("resolved", await plain.resolve({ resolution: "succeeded", result: result() }));
    const tombstone = { expiresAt: one.now + RETENTION.tombstone };
    expect(one.record).toMatchObject({ resultUntil: one.now + 5 * MINUTE, ...tombstone });
    expect(two.record).toMatchObject({ resultUntil: two.now + RETENTION.result });
    await on().advance(5 * MINUTE);
    expect(bodyOf(narrow("replay", await asked.begin()))).toBeUndefined();
    expect(bodyOf(narrow("replay", await plain.begin()))).toBe("done");
  });
}
