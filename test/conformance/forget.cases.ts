import { describe, expect, it } from "vitest";
import { fingerprint, HIGHEST_TOKEN, HOUR, LEASE, result, resultOf } from "../support/commands.ts";
import { reach, type Situation } from "../support/situations.ts";
import { bodyOf, narrow, subjectOf } from "../support/subject.ts";
import type { Harness } from "./harness.ts";

const PRESENT: readonly Situation[] = [
  ...(["with a live lease", "with a lapsed lease", "backing off", "released", "resolved to be retried"] as const),
  ...(["dead-lettered after a lapse", "dead-lettered after a failure", "succeeded", "failed"] as const),
  ...(["succeeded, its body gone", "resolved as succeeded"] as const),
];

/** Forget: the next Begin starts anew, and zombies stay fenced. */
export function forgetCases(on: () => Harness): void {
  describe("a forgotten record", () => forgotten(on));
  describe("the fence that a forgotten record leaves", () => fence(on));
}

function forgotten(on: () => Harness): void {
  it.each(PRESENT)("is absent for every reader, having been %s", async (situation) => {
    const subject = await reach(on(), situation);
    expect(await subject.forget()).toEqual({ kind: "forgotten" });
    expect(await subject.get()).toEqual({ kind: "not_found" });
    expect(await subject.resolve()).toEqual({ kind: "not_found" });
    expect(await subject.forget()).toEqual({ kind: "not_found" });
  });

  it.each(PRESENT)("is begun anew, under any fingerprint, having been %s", async (situation) => {
    const subject = await reach(on(), situation, { fingerprints: [fingerprint("A")], attemptId: "mine", owner: "old" });
    await subject.forget();
    const anew = await subject.start({ fingerprints: [fingerprint("B")], attemptId: "mine", lapsePolicy: "hold" });
    expect(anew).toMatchObject({ takeover: false, resumed: false });
    expect(anew.record).toMatchObject({
      ...{ attempts: 1, maybeExecuted: false, lastError: "", duplicates: 0, checkpoint: undefined, owner: "worker-1" },
      ...{ createdAt: anew.now, fingerprint: { algorithm: "sha256" } },
    });
    expect(anew.record.token).toBeGreaterThan(subject.token);
    await subject.finish(anew.record.token, { result: result({ body: Buffer.from("anew") }) });
    expect(bodyOf(narrow("replay", await subject.begin()))).toBe("anew");
  });

  it.each(["never begun", "lost", "expired"] as const)("is not found, being %s", async (situation) => {
    const subject = await reach(on(), situation);
    expect(await subject.forget()).toEqual({ kind: "not_found" });
  });

  it("takes a body that was kept apart with it", async () => {
    const subject = await reach(on(), "with a live lease");
    await subject.finish(subject.token, { result: resultOf(5000) });
    await subject.forget();
    const anew = await subject.start();
    await subject.finish(anew.record.token, { result: undefined });
    expect(narrow("replay", await subject.begin()).record.result).toBeUndefined();
  });
}

function fence(on: () => Harness): void {
  it.each(PRESENT)("stops every zombie, the record having been %s", async (situation) => {
    const subject = await reach(on(), situation);
    await subject.forget();
    const fenced = async () => [
      (await subject.renew(subject.token)).kind,
      (await subject.checkpoint(subject.token)).kind,
      (await subject.release(subject.token)).kind,
      (await subject.complete(subject.token)).kind,
      (await subject.complete(subject.token, { kind: "retryable" })).kind,
    ];
    expect(await fenced()).toEqual(["fenced", "fenced", "fenced", "fenced", "fenced"]);
    expect(await subject.state()).toBe("absent");
    await subject.start();
    expect(await fenced()).toEqual(["fenced", "fenced", "fenced", "fenced", "fenced"]);
  });

  it("stands until its end, and not a millisecond longer", async () => {
    const subject = await reach(on(), "with a live lease");
    await subject.forget(2 * HOUR);
    await on().advance(2 * HOUR - 1);
    expect((await subject.renew(subject.token)).kind).toBe("fenced");
    expect((await subject.complete(subject.token)).kind).toBe("fenced");
    await on().advance(1);
    expect((await subject.renew(subject.token)).kind).toBe("not_found");
    expect((await subject.complete(subject.token)).kind).toBe("not_found");
  });

  it("raises the token, and the tokens after it rise above that", async () => {
    const subject = await reach(on(), "with a live lease");
    await subject.forget();
    const { record } = narrow("fenced", await subject.complete(subject.token));
    expect(record.token).toBeGreaterThan(subject.token);
    expect((await subject.complete(record.token)).kind).toBe("fenced");
    expect((await subject.start()).record.token).toBeGreaterThan(record.token);
  });

  it("raises the token above all that the slot has minted, and those minted after it are above that", async () => {
    const scope = { namespace: "forgetting", stream: `s-${on().nowUs()}` };
    const [subject, other, third] = [subjectOf(on(), scope), subjectOf(on(), scope), subjectOf(on(), scope)];
    const { record } = await subject.start();
    const between = await other.start();
    await subject.forget();
    const raised = narrow("fenced", await subject.complete(record.token)).record.token;
    expect(raised).toBeGreaterThan(between.record.token);
    expect((await third.start()).record.token).toBeGreaterThan(raised);
  });

  it("lets a completion restore what a failover lost after the forget, but not one beyond the clock", async () => {
    const subject = await reach(on(), "forgotten");
    expect((await subject.complete(HIGHEST_TOKEN)).kind).toBe("not_found");
    await on().advance(1);
    const later = BigInt(on().nowUs());
    expect(await subject.complete(later)).toMatchObject({ kind: "stored", restored: true });
    expect((await subject.begin()).kind).toBe("replay");
  });

  it("is replaced by the record begun anew, which lapses and is taken over like any other", async () => {
    const subject = await reach(on(), "forgotten");
    const anew = await subject.start();
    await on().advance(LEASE);
    const second = await subject.start();
    expect(second).toMatchObject({ takeover: true, record: { attempts: 2 } });
    expect(second.record.token).toBeGreaterThan(anew.record.token);
  });
}
