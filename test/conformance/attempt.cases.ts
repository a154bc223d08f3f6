import { describe, expect, it } from "vitest";
import { DAY, HIGHEST_TOKEN, LEASE, MINUTE, RETENTION, SECOND } from "../support/commands.ts";
import { reach, type Situation } from "../support/situations.ts";
import { narrow, type Subject } from "../support/subject.ts";
import type { Harness } from "./harness.ts";

/** Renew and Release, and what the three calls of a running attempt have in common. */
export function attemptCases(on: () => Harness): void {
  describe("a call of an attempt", () => table(on));
  describe("a call of a zombie", () => zombies(on));
  describe("a renewal", () => renewals(on));
  describe("a release", () => releases(on));
}

const CALLS = {
  renew: (subject: Subject, token: bigint) => subject.renew(token),
  checkpoint: (subject: Subject, token: bigint) => subject.checkpoint(token),
  release: (subject: Subject, token: bigint) => subject.release(token),
} as const;
const CALL_NAMES = Object.keys(CALLS) as (keyof typeof CALLS)[];
const DONE = { renew: "renewed", checkpoint: "saved", release: "released" } as const;
const ENDED: readonly Situation[] = [
  ...(["backing off", "resolved to be retried", "dead-lettered after a lapse"] as const),
  ...(["dead-lettered after a failure", "succeeded", "failed"] as const),
  ...(["succeeded, its body gone", "resolved as succeeded"] as const),
];

function table(on: () => Harness): void {
  for (const name of CALL_NAMES) {
    it.each(["with a live lease", "with a lapsed lease"] as const)(
      `${name} is done, the record being %s`,
      async (is) => {
        const subject = await reach(on(), is);
        expect((await CALLS[name](subject, subject.token)).kind).toBe(DONE[name]);
      },
    );

    it(`${name} finds an attempt that was released ${name === "release" ? "released" : "finished"}`, async () => {
      const subject = await reach(on(), "released");
      const before = await subject.snapshot();
      expect((await CALLS[name](subject, subject.token)).kind).toBe(name === "release" ? "released" : "finished");
      expect(await subject.snapshot()).toEqual(before);
    });

    it.each(ENDED)(`${name} finds the attempt finished, the record being %s`, async (situation) => {
      const subject = await reach(on(), situation);
      const before = await subject.snapshot();
      expect((await CALLS[name](subject, subject.token)).kind).toBe("finished");
      expect(await subject.snapshot()).toEqual(before);
    });

    it.each([...(["with a live lease", "with a lapsed lease", "released", "forgotten"] as const), ...ENDED])(
      `${name} is fenced with a lower token, the record being %s`,
      async (situation) => {
        const subject = await reach(on(), situation);
        const before = await subject.snapshot();
        expect((await CALLS[name](subject, subject.token - 1n)).kind).toBe("fenced");
        expect((await CALLS[name](subject, 1n)).kind).toBe("fenced");
        expect(await subject.snapshot()).toEqual(before);
      },
    );

    it.each([...(["with a live lease", "with a lapsed lease", "released"] as const), ...ENDED])(
      `${name} finds nothing with a higher token, the record being %s`,
      async (situation) => {
        const subject = await reach(on(), situation);
        const before = await subject.snapshot();
        expect((await CALLS[name](subject, subject.token + 1n)).kind).toBe("not_found");
        expect((await CALLS[name](subject, HIGHEST_TOKEN)).kind).toBe("not_found");
        expect(await subject.snapshot()).toEqual(before);
      },
    );

    it.each(["never begun", "lost", "expired"] as const)(`${name} finds nothing, the record being %s`, async (is) => {
      const subject = await reach(on(), is);
      expect((await CALLS[name](subject, subject.token)).kind).toBe("not_found");
      expect(await subject.state()).toBe("absent");
    });
  }

  it("finds nothing with a token above that of a forgotten record", async () => {
    const subject = await reach(on(), "forgotten");
    expect((await subject.renew(HIGHEST_TOKEN)).kind).toBe("not_found");
    expect((await subject.checkpoint(HIGHEST_TOKEN)).kind).toBe("not_found");
    expect((await subject.release(HIGHEST_TOKEN)).kind).toBe("not_found");
  });
}

function zombies(on: () => Harness): void {
  const everyCall = async (subject: Subject, token: bigint) => [
    (await subject.renew(token)).kind,
    (await subject.checkpoint(token)).kind,
    (await subject.release(token)).kind,
    (await subject.complete(token)).kind,
    (await subject.complete(token, { kind: "retryable" })).kind,
  ];
  const FENCED = ["fenced", "fenced", "fenced", "fenced", "fenced"];

  it("is fenced after a takeover, whatever the one who took over has done", async () => {
    const subject = await reach(on(), "with a lapsed lease");
    const second = (await subject.start()).record.token;
    expect(await everyCall(subject, subject.token)).toEqual(FENCED);
    await subject.release(second);
    expect(await everyCall(subject, subject.token)).toEqual(FENCED);
    const third = (await subject.start()).record.token;
    await subject.fail(third, { jitter: 0 });
    expect(await everyCall(subject, subject.token)).toEqual(FENCED);
    const fourth = (await subject.start()).record.token;
    await subject.finish(fourth);
    expect(await everyCall(subject, subject.token)).toEqual(FENCED);
    expect(await everyCall(subject, third)).toEqual(FENCED);
    expect(await subject.read()).toMatchObject({ state: "succeeded", token: fourth, attempts: 3 });
  });

  it("is fenced when it shares its attempt id with the one who took over", async () => {
    const subject = await reach(on(), "with a lapsed lease", { attemptId: "same" });
    await subject.start({ attemptId: "same" });
    expect(await everyCall(subject, subject.token)).toEqual(FENCED);
  });

  it.each(["released", "backing off", "resolved to be retried"] as const)(
    "is fenced once the next attempt has started, its own having been %s",
    async (situation) => {
      const subject = await reach(on(), situation);
      await on().advance(MINUTE);
      const next = await subject.start();
      expect(await everyCall(subject, subject.token)).toEqual(FENCED);
      expect(await subject.read()).toMatchObject({ state: "in_progress", token: next.record.token });
    },
  );

  it("is fenced by the record begun after its own had expired", async () => {
    const subject = await reach(on(), "expired");
    await subject.start();
    expect(await everyCall(subject, subject.token)).toEqual(FENCED);
  });
}

function renewals(on: () => Harness): void {
  it("moves the lease forward by the length asked for, and tells what is left", async () => {
    const subject = await reach(on(), "with a live lease");
    await on().advance(10 * SECOND);
    const outcome = narrow("renewed", await subject.renew(subject.token, { leaseFor: 2 * MINUTE }));
    expect(outcome.leaseLeft).toBe(2 * MINUTE);
    const record = await subject.read();
    expect(record).toMatchObject({ leaseUntil: record.updatedAt + 2 * MINUTE, attempts: 1, token: subject.token });
    expect(record.expiresAt).toBe(record.updatedAt + 2 * MINUTE + RETENTION.unfinished);
    await on().advance(2 * MINUTE - 1);
    expect((await subject.begin()).kind).toBe("in_progress");
    await on().advance(1);
    expect(await subject.start()).toMatchObject({ takeover: true });
  });

  it("takes the length given at Begin where none is asked for, even after another was", async () => {
    const subject = await reach(on(), "with a live lease", { leaseFor: 7 * SECOND });
    await subject.renew(subject.token, { leaseFor: 9 * SECOND });
    await on().advance(8 * SECOND);
    expect(await subject.renew(subject.token)).toEqual({ kind: "renewed", leaseLeft: 7 * SECOND });
  });

  it("never moves a lease backward", async () => {
    const subject = await reach(on(), "with a live lease");
    await on().advance(SECOND);
    const left = LEASE - SECOND;
    expect(await subject.renew(subject.token, { leaseFor: 2 * SECOND })).toEqual({ kind: "renewed", leaseLeft: left });
    expect(await subject.renew(subject.token, { leaseTotal: SECOND })).toEqual({ kind: "renewed", leaseLeft: left });
  });

  it("never moves a lease past the total, counted from the start of the attempt", async () => {
    const subject = await reach(on(), "with a live lease");
    const total = { leaseTotal: LEASE + 5 * SECOND };
    await on().advance(LEASE - 1);
    expect(await subject.renew(subject.token, total)).toEqual({ kind: "renewed", leaseLeft: 5 * SECOND + 1 });
    await on().advance(5 * SECOND);
    expect(await subject.renew(subject.token, total)).toEqual({ kind: "renewed", leaseLeft: 1 });
    await on().advance(1);
    expect(await subject.renew(subject.token, total)).toEqual({ kind: "renewed", leaseLeft: 0 });
    expect(await subject.start()).toMatchObject({ takeover: true });
  });

  it("counts the total of the one who took over from the takeover", async () => {
    const subject = await reach(on(), "with a lapsed lease");
    const second = await subject.start();
    const outcome = await subject.renew(second.record.token, { leaseFor: DAY, leaseTotal: LEASE + MINUTE });
    expect(outcome).toEqual({ kind: "renewed", leaseLeft: LEASE + MINUTE });
  });

  it("brings a lapsed lease back to life until someone takes over", async () => {
    const subject = await reach(on(), "with a lapsed lease", { lapsePolicy: "hold" });
    expect(await subject.renew(subject.token)).toEqual({ kind: "renewed", leaseLeft: LEASE });
    expect(await subject.state()).toBe("in_progress");
    expect(await subject.finish(subject.token)).toMatchObject({ late: false });
  });

  it("keeps the attempt: its id, checkpoint, owner and policy", async () => {
    const subject = await reach(on(), "with a live lease", { attemptId: "mine", lapsePolicy: "hold", owner: "w" });
    await subject.checkpoint(subject.token, { name: "sent", step: 4n });
    const before = await subject.read();
    await on().advance(SECOND);
    await subject.renew(subject.token);
    const { leaseUntil: _, updatedAt, expiresAt, ...kept } = { leaseUntil: 0, ...before };
    expect(await subject.read()).toMatchObject({
      ...kept,
      updatedAt: updatedAt + SECOND,
      expiresAt: expiresAt + SECOND,
    });
    expect(await subject.start({ attemptId: "mine" })).toMatchObject({ resumed: true });
  });
}

function releases(on: () => Harness): void {
  it("gives the attempt up without back-off and without counting it", async () => {
    const print = { algorithm: "sha256", digest: Buffer.alloc(32, 3) };
    const subject = await reach(on(), "with a live lease", { fingerprints: [print] });
    await subject.fail(subject.token, { error: "busy", jitter: 0 });
    const second = await subject.start();
    await subject.checkpoint(second.record.token, { name: "sent" });
    await on().advance(SECOND);
    expect(await subject.release(second.record.token)).toEqual({ kind: "released" });
    const record = await subject.read();
    expect(record).toMatchObject({
      ...{ state: "retryable", endedBy: "released", attempts: 1, retryAt: record.updatedAt, lastError: "busy" },
      ...{ checkpoint: { name: "sent" }, fingerprint: { algorithm: "sha256" }, token: second.record.token },
      expiresAt: record.updatedAt + RETENTION.unfinished,
    });
  });

  it("of the first attempt leaves a record with none", async () => {
    const subject = await reach(on(), "released");
    expect(await subject.read()).toMatchObject({ state: "retryable", attempts: 0 });
    expect((await subject.start()).record.attempts).toBe(1);
  });

  it("can be repeated, and is counted once", async () => {
    const subject = await reach(on(), "released");
    expect(await subject.release(subject.token)).toEqual({ kind: "released" });
    expect(await subject.read()).toMatchObject({ attempts: 0 });
  });
}
