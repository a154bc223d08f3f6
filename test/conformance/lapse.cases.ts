import { describe, expect, it } from "vitest";
import { DAY, LEASE, MINUTE, RETENTION, SECOND } from "../support/commands.ts";
import { reach } from "../support/situations.ts";
import { narrow } from "../support/subject.ts";
import type { Harness } from "./harness.ts";

/** Begin: lapsed, retryable, released and dead-lettered records. */
export function lapseCases(on: () => Harness): void {
  describe("a Begin after a lapse", () => takeover(on));
  describe("a Begin after a lapse, one side holding", () => hold(on));
  describe("a limit of attempts", () => maxAttempts(on));
  describe("a Begin after a retryable failure", () => retryable(on));
  describe("a Begin after a release", () => released(on));
  describe("the memory of an attempt that may have executed", () => maybeExecuted(on));
}

function takeover(on: () => Harness): void {
  it("hands a lapsed attempt to the next caller with a higher token and the last checkpoint", async () => {
    const subject = await reach(on(), "with a live lease", {
      traceparent: `00-${"1".repeat(32)}-${"2".repeat(16)}-01`,
    });
    await subject.checkpoint(subject.token, { name: "sent", step: 3n, data: Buffer.from([0, 255]) });
    const first = await subject.read();
    await on().advance(LEASE);
    const second = await subject.start({ owner: "worker-2", leaseFor: MINUTE, lapsePolicy: "take_over" });
    expect(second).toMatchObject({ takeover: true, resumed: false });
    expect(second.record).toMatchObject({ attempts: 2, maybeExecuted: true, owner: "worker-2", leaseFor: MINUTE });
    expect(second.record).toMatchObject({ createdAt: first.createdAt, traceparent: first.traceparent });
    expect(second.record.leaseUntil).toBe(second.now + MINUTE);
    expect(second.record.checkpoint).toMatchObject({ name: "sent", step: 3n });
    expect([...(second.record.checkpoint?.data ?? [])]).toEqual([0, 255]);
    expect(second.record.token).toBeGreaterThan(subject.token);
  });

  it("does not resume the lapsed attempt by its attempt id", async () => {
    const subject = await reach(on(), "with a lapsed lease", { attemptId: "mine" });
    const second = await subject.start({ attemptId: "mine" });
    expect(second).toMatchObject({ takeover: true, resumed: false, record: { attempts: 2 } });
    expect(second.record.token).toBeGreaterThan(subject.token);
  });

  it("finds the lease live again where the lapsed attempt has renewed it", async () => {
    const subject = await reach(on(), "with a lapsed lease");
    await subject.renew(subject.token);
    expect((await subject.begin()).kind).toBe("in_progress");
  });

  it("finds a lapse visible as unknown, never as absent, until the unfinished retention is over", async () => {
    const subject = await reach(on(), "with a live lease");
    await on().advance(LEASE - 1);
    expect(await subject.state()).toBe("in_progress");
    await on().advance(1);
    expect(await subject.state()).toBe("unknown");
    await on().advance(RETENTION.unfinished - 1);
    expect(await subject.state()).toBe("unknown");
    await on().advance(1);
    expect(await subject.state()).toBe("absent");
  });
}

function hold(on: () => Harness): void {
  it.each([
    ["hold", "take_over"],
    ["take_over", "hold"],
    ["hold", "hold"],
  ] as const)("is unresolved: the lapsed attempt says %s, the Begin says %s", async (lapsed, inHand) => {
    const subject = await reach(on(), "with a lapsed lease", { lapsePolicy: lapsed });
    const before = await subject.snapshot();
    const outcome = narrow("unresolved", await subject.begin({ lapsePolicy: inHand }));
    expect(outcome.record).toMatchObject({ state: "in_progress", token: subject.token, attempts: 1 });
    expect(await subject.state()).toBe("unknown");
    expect(await subject.snapshot()).toEqual(before);
  });

  it("is unresolved for the lapsed attempt itself", async () => {
    const subject = await reach(on(), "with a lapsed lease", { attemptId: "mine", lapsePolicy: "hold" });
    expect((await subject.begin({ attemptId: "mine" })).kind).toBe("unresolved");
  });

  it("asks the last attempt only: an earlier one that held and was resolved no longer counts", async () => {
    const subject = await reach(on(), "resolved to be retried", { lapsePolicy: "hold" });
    await subject.start({ lapsePolicy: "take_over" });
    await on().advance(LEASE);
    expect(await subject.start({ lapsePolicy: "take_over" })).toMatchObject({ takeover: true });
  });

  it("does not hold a retryable failure or a release", async () => {
    const failed = await reach(on(), "backing off", { lapsePolicy: "hold" });
    const released = await reach(on(), "released", { lapsePolicy: "hold" });
    await on().advance(MINUTE);
    expect(await failed.start({ lapsePolicy: "hold" })).toMatchObject({ takeover: false });
    expect(await released.start({ lapsePolicy: "hold" })).toMatchObject({ takeover: false });
  });
}

function maxAttempts(on: () => Harness): void {
  it("dead-letters a lapsed record where it is reached, and takes over where it is not", async () => {
    const subject = await reach(on(), "with a lapsed lease");
    const second = await subject.start({ maxAttempts: 2 });
    await subject.checkpoint(second.record.token, { name: "sent" });
    await on().advance(LEASE);
    const outcome = narrow("unresolved", await subject.begin({ maxAttempts: 2 }));
    expect(outcome.record).toMatchObject({ state: "dead_lettered", attempts: 2, token: second.record.token });
    expect(await subject.read()).toMatchObject({ state: "dead_lettered", endedBy: "lapsed", maybeExecuted: true });
    expect(await subject.read()).toMatchObject({ checkpoint: { name: "sent" } });
  });

  it("dead-letters a retryable record where it is reached, before its back-off is over", async () => {
    const subject = await reach(on(), "backing off");
    const outcome = narrow("unresolved", await subject.begin({ maxAttempts: 1 }));
    expect(outcome.record).toMatchObject({ state: "dead_lettered", endedBy: "retryable", lastError: "try later" });
  });

  it("dead-letters rather than holds", async () => {
    const subject = await reach(on(), "with a lapsed lease", { lapsePolicy: "hold" });
    expect((await subject.begin({ maxAttempts: 1, lapsePolicy: "hold" })).kind).toBe("unresolved");
    expect(await subject.state()).toBe("dead_lettered");
  });

  it("is that of the Begin in hand, not that of the one before", async () => {
    const subject = await reach(on(), "with a lapsed lease", { maxAttempts: 1 });
    expect(await subject.start({ maxAttempts: 0 })).toMatchObject({ record: { attempts: 2 } });
    await on().advance(LEASE);
    expect(await subject.start({ maxAttempts: 3 })).toMatchObject({ record: { attempts: 3 } });
  });

  it("leaves a dead-lettered record dead-lettered for a Begin without limit", async () => {
    const subject = await reach(on(), "dead-lettered after a lapse");
    expect((await subject.begin({ maxAttempts: 0 })).kind).toBe("unresolved");
    await on().advance(RETENTION.unfinished - 1);
    expect((await subject.begin()).kind).toBe("unresolved");
    await on().advance(1);
    expect((await subject.start()).record.attempts).toBe(1);
  });

  it("does not dead-letter a live attempt or a finished record", async () => {
    const running = await reach(on(), "with a live lease");
    const done = await reach(on(), "succeeded");
    expect((await running.begin({ maxAttempts: 1 })).kind).toBe("in_progress");
    expect((await done.begin({ maxAttempts: 1 })).kind).toBe("replay");
  });

  it("does not count a released attempt", async () => {
    const subject = await reach(on(), "released");
    expect(await subject.start({ maxAttempts: 1 })).toMatchObject({ record: { attempts: 1 } });
  });
}

function retryable(on: () => Harness): void {
  it("backs off until the very end of the back-off, then starts the next attempt", async () => {
    const subject = await reach(on(), "with a live lease");
    await subject.checkpoint(subject.token, { name: "sent" });
    await subject.fail(subject.token, { retryAfter: 10 * SECOND, error: "gateway busy" });
    await on().advance(10 * SECOND - 1);
    const waiting = narrow("backing_off", await subject.begin());
    expect(waiting.record.retryAt - waiting.now).toBe(1);
    await on().advance(1);
    const second = await subject.start();
    expect(second).toMatchObject({ takeover: false, record: { attempts: 2, lastError: "gateway busy" } });
    expect(second.record).toMatchObject({ maybeExecuted: false, checkpoint: { name: "sent" } });
    expect(second.record.token).toBeGreaterThan(subject.token);
  });

  it("starts a new attempt for the attempt id that failed", async () => {
    const subject = await reach(on(), "backing off", { attemptId: "mine" });
    await on().advance(MINUTE);
    const second = await subject.start({ attemptId: "mine" });
    expect(second).toMatchObject({ resumed: false, record: { attempts: 2 } });
    expect(second.record.token).toBeGreaterThan(subject.token);
  });

  it("draws the wait from the attempt's number where none is given", async () => {
    const subject = await reach(on(), "with a live lease");
    const jitter = { retryAfter: 0, jitter: 0.999 };
    const first = narrow("stored", await subject.fail(subject.token, jitter)).record;
    expect(first).toMatchObject({ state: "retryable", retryAt: first.updatedAt + 999 });
    await on().advance(SECOND);
    const second = await subject.start();
    const again = narrow("stored", await subject.fail(second.record.token, jitter)).record;
    expect(again).toMatchObject({ state: "retryable", retryAt: again.updatedAt + 1998 });
  });

  it("starts at once where the drawn wait is nothing", async () => {
    const subject = await reach(on(), "with a live lease");
    await subject.fail(subject.token, { jitter: 0 });
    expect(await subject.start()).toMatchObject({ record: { attempts: 2 } });
  });

  it("keeps the error of the last attempt until another gives one", async () => {
    const subject = await reach(on(), "with a live lease");
    await subject.fail(subject.token, { error: "first", jitter: 0 });
    const second = await subject.start();
    await subject.fail(second.record.token, { error: "", jitter: 0 });
    expect(await subject.read()).toMatchObject({ lastError: "first" });
    const third = await subject.start();
    await subject.fail(third.record.token, { error: "third", jitter: 0 });
    expect((await subject.start()).record).toMatchObject({ attempts: 4, lastError: "third" });
  });

  it("counts the unfinished retention from the end of the back-off", async () => {
    const subject = await reach(on(), "with a live lease");
    await subject.fail(subject.token, { retryAfter: 5 * DAY });
    await on().advance(5 * DAY + RETENTION.unfinished - 1);
    expect(await subject.state()).toBe("retryable");
    await on().advance(1);
    expect(await subject.state()).toBe("absent");
  });
}

function released(on: () => Harness): void {
  it("starts at once, and counts the released attempt no more", async () => {
    const subject = await reach(on(), "with a live lease", { attemptId: "mine" });
    await subject.checkpoint(subject.token, { name: "sent" });
    await subject.release(subject.token);
    const second = await subject.start({ attemptId: "mine" });
    expect(second).toMatchObject({ takeover: false, resumed: false, record: { attempts: 1, maybeExecuted: false } });
    expect(second.record.checkpoint).toMatchObject({ name: "sent" });
    expect(second.record.token).toBeGreaterThan(subject.token);
  });

  it("starts at once where a lapsed attempt is released, which is then no takeover", async () => {
    const subject = await reach(on(), "with a lapsed lease", { lapsePolicy: "hold" });
    await subject.release(subject.token);
    expect(await subject.start()).toMatchObject({ takeover: false, record: { attempts: 1, maybeExecuted: false } });
  });
}

function maybeExecuted(on: () => Harness): void {
  it("stays through release and retryable failure, until an operator says retry", async () => {
    const subject = await reach(on(), "with a lapsed lease");
    const second = await subject.start();
    await subject.release(second.record.token);
    const third = await subject.start();
    expect(third.record).toMatchObject({ attempts: 2, maybeExecuted: true });
    await subject.fail(third.record.token, { jitter: 0 });
    const fourth = await subject.start();
    expect(fourth.record).toMatchObject({ attempts: 3, maybeExecuted: true });
    await on().advance(LEASE);
    await subject.resolve({ resolution: "retry" });
    expect((await subject.start()).record).toMatchObject({ attempts: 1, maybeExecuted: false });
  });

  it("stays with the finished record", async () => {
    const subject = await reach(on(), "with a lapsed lease");
    const second = await subject.start();
    await subject.finish(second.record.token);
    expect(await subject.read()).toMatchObject({ state: "succeeded", maybeExecuted: true, attempts: 2 });
  });
}
