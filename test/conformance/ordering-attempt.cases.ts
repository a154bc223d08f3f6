import { describe, expect, it } from "vitest";
import { LEASE, MINUTE } from "../support/commands.ts";
import { place, streamOf } from "../support/ordered.ts";
import { narrow } from "../support/subject.ts";
import type { Harness } from "./harness.ts";

/** What attempts do to the places that they hold, and what is done to them. */
export function orderingAttemptCases(on: () => Harness): void {
  describe("a stream's one attempt at a time", () => oneAtATime(on));
  describe("a failure in a stream", () => failures(on));
  describe("an epoch", () => epochs(on));
  describe("the order of identity and sequence", () => identity(on));
}

function oneAtATime(on: () => Harness): void {
  it("lets a released place go, and keeps it for its number", async () => {
    const stream = streamOf(on(), "strict_next");
    const one = stream.effect(1n);
    const { record } = await one.start();
    await one.release(record.token);
    expect(await stream.effect(2n).begin()).toMatchObject({ kind: "gap", leaseLeft: 0 });
    expect(await stream.effect(1n, {}, "another").begin()).toMatchObject({ kind: "started" });
    expect(await one.begin()).toMatchObject({ kind: "conflict" });
  });

  it("keeps a place for as long as its attempt is renewed", async () => {
    const stream = streamOf(on(), "monotonic");
    const one = stream.effect(1n);
    const { record } = await one.start();
    await on().advance(LEASE - 1);
    await one.renew(record.token);
    await on().advance(LEASE - 1);
    expect(await stream.effect(2n).begin()).toMatchObject({ kind: "stream_busy", leaseLeft: 1 });
    await one.checkpoint(record.token);
    expect(await stream.effect(2n).begin()).toMatchObject({ kind: "stream_busy", leaseLeft: LEASE });
  });

  it.each([
    ["strict_next", 2n, 3n],
    ["monotonic", 2n, 3n],
  ] as const)("holds with the clock set back further than a lease is long: %s", async (mode, first, second) => {
    const stream = streamOf(on(), mode);
    await stream.commit(1n);
    await on().advance(-4 * LEASE);
    const one = stream.effect(first);
    const { record } = await one.start();
    await on().advance(1);
    expect(await stream.effect(second).begin()).toMatchObject({ leaseLeft: LEASE });
    expect((await stream.effect(second).begin()).kind).not.toBe("started");
    expect(await stream.advance(first)).toMatchObject({ kind: "conflict" });
    expect(await stream.effect(1n, { epoch: 1n }, "next").begin()).toMatchObject({ kind: "stream_busy" });
    expect(await one.complete(record.token)).toMatchObject({ kind: "superseded" });
    await on().advance(4 * LEASE);
  });

  it("holds for an attempt that is renewed with the clock set back", async () => {
    const stream = streamOf(on(), "monotonic");
    const one = stream.effect(1n);
    const { record } = await one.start({ leaseFor: 2 * LEASE });
    await on().advance(LEASE);
    await one.renew(record.token);
    await on().advance(-8 * LEASE);
    await one.renew(record.token, { leaseFor: LEASE });
    await one.checkpoint(record.token, { leaseFor: LEASE });
    expect(await stream.effect(2n).begin()).toMatchObject({ kind: "stream_busy" });
    const { reservation } = (await stream.read()) ?? {};
    const seen = narrow("found", await one.get());
    expect(seen.record).toMatchObject({ leaseUntil: seen.now + (reservation?.leaseLeft ?? 0) });
    await on().advance(8 * LEASE);
  });

  it("gives a repeat of a Begin its own attempt back, whatever the stream", async () => {
    const stream = streamOf(on(), "strict_next");
    const one = stream.effect(1n);
    await one.start({ attemptId: "mine" });
    expect(await one.begin({ attemptId: "mine" })).toMatchObject({ kind: "started", resumed: true });
  });

  it("opens the place of a forgotten attempt", async () => {
    const stream = streamOf(on(), "strict_next");
    const one = stream.effect(1n);
    const { record } = await one.start();
    await one.forget();
    expect(await one.complete(record.token)).toMatchObject({ kind: "fenced" });
    expect(await stream.effect(1n, {}, "another").begin()).toMatchObject({ kind: "started" });
  });

  it("knows the ordering of a record that a Begin without one starts again", async () => {
    const stream = streamOf(on(), "strict_next");
    const one = stream.effect(1n);
    await one.fail((await one.start()).record.token, { retryAfter: 1 });
    await on().advance(1);
    await one.start({ ordering: undefined });
    expect(await stream.read()).toMatchObject({ reservation: { sequence: 1n } });
  });

  it("moves a record to the place that a later Begin gives it", async () => {
    const stream = streamOf(on(), "strict_next");
    const one = stream.effect(3n, {}, "one");
    expect(await one.begin()).toMatchObject({ kind: "gap" });
    await one.fail((await one.start({ ordering: place("strict_next", 1n) })).record.token, { retryAfter: 1 });
    await stream.commit(1n);
    await on().advance(1);
    const again = await one.start({ ordering: place("strict_next", 2n) });
    await one.complete(again.record.token);
    expect(await stream.last()).toBe(2n);
  });
}

function failures(on: () => Harness): void {
  it("keeps a strict stream waiting until an operator skips the place", async () => {
    const stream = streamOf(on(), "strict_next");
    const one = stream.effect(1n);
    await one.finish((await one.start()).record.token, { kind: "failed", error: "declined" });
    expect(await stream.effect(2n).begin()).toMatchObject({ kind: "gap", expectedSequence: 1n });
    expect(await stream.skip(0n, 1n)).toMatchObject({ kind: "reset", last: 1n });
    expect(await stream.effect(2n).begin()).toMatchObject({ kind: "started" });
  });

  it("moves a stream on that skips what failed for good", async () => {
    const stream = streamOf(on(), "strict_next");
    const one = stream.effect(1n, { onTerminalFailure: "skip" });
    await one.finish((await one.start()).record.token, { kind: "failed" });
    expect(await stream.last()).toBe(1n);
  });

  it("keeps the place of a retryable failure", async () => {
    const stream = streamOf(on(), "strict_next");
    const one = stream.effect(1n);
    await one.fail((await one.start()).record.token, { retryAfter: MINUTE });
    expect(await stream.effect(2n).begin()).toMatchObject({ kind: "gap", leaseLeft: 0 });
    expect(await one.begin()).toMatchObject({ kind: "backing_off" });
  });

  it("keeps a strict stream waiting for a dead letter until it is resolved as succeeded", async () => {
    const stream = streamOf(on(), "strict_next");
    const one = stream.effect(1n);
    await one.start();
    await on().advance(LEASE);
    expect(await one.begin({ maxAttempts: 1 })).toMatchObject({ kind: "unresolved" });
    expect(await stream.effect(2n).begin()).toMatchObject({ kind: "gap" });
    expect(await one.resolve({ resolution: "succeeded" })).toMatchObject({ kind: "resolved" });
    expect(await stream.last()).toBe(1n);
  });

  it("steps over a dead letter where that is asked for, and takes its late result without moving back", async () => {
    const stream = streamOf(on(), "strict_next");
    const one = stream.effect(1n, { onTerminalFailure: "skip" });
    const { record } = await one.start();
    await on().advance(LEASE);
    await one.begin({ maxAttempts: 1 });
    expect(await stream.last()).toBe(1n);
    await stream.commit(2n);
    expect(await one.complete(record.token)).toMatchObject({ kind: "superseded" });
    expect(await stream.last()).toBe(2n);
  });

  it("moves a stream on when a lapsed attempt is resolved as succeeded", async () => {
    const stream = streamOf(on(), "strict_next");
    const one = stream.effect(1n);
    await one.start({ lapsePolicy: "hold" });
    await on().advance(LEASE);
    await one.resolve({ resolution: "succeeded" });
    expect(await stream.last()).toBe(1n);
  });
}

function epochs(on: () => Harness): void {
  it("fences every lower one and begins anew", async () => {
    const stream = streamOf(on(), "strict_next");
    await stream.commit(1n);
    await stream.commit(2n);
    await stream.effect(1n, { epoch: 7n }, "new").start();
    expect(await stream.effect(3n).begin()).toMatchObject({ kind: "stale", streamEpoch: 7n });
    expect(await stream.read()).toMatchObject({ epoch: 7n, last: 0n });
  });

  it("waits for the attempt of a lower one, which does not move the stream any more", async () => {
    const stream = streamOf(on(), "strict_next");
    const [old, next] = [stream.effect(1n), stream.effect(1n, { epoch: 2n ** 64n - 1n }, "next")];
    const { record } = await old.start();
    expect(await next.begin()).toMatchObject({ kind: "stream_busy", leaseLeft: LEASE, streamEpoch: 2n ** 64n - 1n });
    expect(await old.renew(record.token)).toMatchObject({ kind: "fenced" });
    expect(await old.complete(record.token)).toMatchObject({ kind: "superseded" });
    expect(await next.begin()).toMatchObject({ kind: "started" });
  });

  it("goes on once the lease of a lower one is over", async () => {
    const stream = streamOf(on(), "strict_next");
    await stream.effect(1n).start();
    const next = stream.effect(1n, { epoch: 1n }, "next");
    await next.begin();
    await on().advance(LEASE);
    expect(await next.begin()).toMatchObject({ kind: "started" });
  });
}

function identity(on: () => Harness): void {
  it("replays what has finished rather than call it stale", async () => {
    const stream = streamOf(on(), "strict_next");
    await stream.commit(1n);
    await stream.commit(2n);
    const replay = narrow("replay", await stream.effect(1n).begin());
    expect(replay.record.state).toBe("succeeded");
  });

  it("does not reopen the place of a forgotten record", async () => {
    const stream = streamOf(on(), "strict_next");
    await stream.commit(1n);
    await stream.effect(1n).forget();
    expect(await stream.effect(1n).begin()).toMatchObject({ kind: "stale" });
    await stream.reset(1n, 0n);
    expect(await stream.effect(1n).begin()).toMatchObject({ kind: "started" });
  });

  it("counts a refusal as a duplicate of a record that is there, and makes no record of another", async () => {
    const stream = streamOf(on(), "strict_next");
    const later = stream.effect(2n);
    await later.begin();
    expect(await later.state()).toBe("absent");
  });
}
