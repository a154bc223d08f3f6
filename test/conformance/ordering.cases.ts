import { describe, expect, it } from "vitest";
import { LEASE } from "../support/commands.ts";
import { streamOf } from "../support/ordered.ts";
import type { Harness } from "./harness.ts";

const HIGHEST_PLACE = 2n ** 64n - 2n;

/** Which places of a stream start, by mode. */
export function orderingCases(on: () => Harness): void {
  describe("a strict stream", () => strictNext(on));
  describe("a monotonic stream", () => monotonic(on));
  describe("a stream where the last write wins", () => lastWriteWins(on));
  describe("an exact stream", () => exact(on));
  describe("an exact stream whose caller is gone", () => exactAfterLapse(on));
  describe("an unknown stream", () => unknownStream(on));
}

function strictNext(on: () => Harness): void {
  it("starts the next place only, and tells the others which that is", async () => {
    const stream = streamOf(on(), "strict_next");
    expect(await stream.effect(2n).begin()).toMatchObject({ kind: "gap", expectedSequence: 1n, leaseLeft: 0 });
    expect(await stream.commit(1n)).toMatchObject({ kind: "stored" });
    expect(await stream.effect(1n, {}, "another").begin()).toMatchObject({ kind: "stale", expectedSequence: 2n });
    expect(await stream.effect(3n).begin()).toMatchObject({ kind: "gap", expectedSequence: 2n });
    expect(await stream.commit(2n)).toMatchObject({ kind: "stored" });
    expect(await stream.last()).toBe(2n);
  });

  it.each([2n ** 32n - 1n, 2n ** 53n - 1n, 2n ** 63n - 1n, HIGHEST_PLACE - 2n])("counts on from %d", async (last) => {
    const stream = streamOf(on(), "strict_next");
    await stream.reset(undefined, last);
    expect(await stream.effect(last + 2n).begin()).toMatchObject({ kind: "gap", expectedSequence: last + 1n });
    await stream.commit(last + 1n);
    await stream.commit(last + 2n);
    expect(await stream.last()).toBe(last + 2n);
  });

  it("tells a place above the one that runs so, and a conflict to another key that claims that one", async () => {
    const stream = streamOf(on(), "strict_next");
    await stream.effect(1n).start();
    expect(await stream.effect(2n).begin()).toMatchObject({ kind: "gap", expectedSequence: 1n, leaseLeft: LEASE });
    expect(await stream.effect(1n, {}, "another").begin()).toMatchObject({ kind: "conflict" });
    await on().advance(LEASE);
    expect(await stream.effect(2n).begin()).toMatchObject({ kind: "gap", leaseLeft: 0 });
    expect(await stream.effect(1n, {}, "another").begin()).toMatchObject({ kind: "conflict" });
  });

  it("hands a lapsed place to its own key with a higher token, and fences the first attempt", async () => {
    const stream = streamOf(on(), "strict_next");
    const one = stream.effect(1n);
    const first = await one.start();
    await on().advance(LEASE);
    const second = await one.start();
    expect(second).toMatchObject({ takeover: true });
    expect(await one.complete(first.record.token)).toMatchObject({ kind: "fenced" });
    expect(await stream.last()).toBe(0n);
    expect(await one.complete(second.record.token)).toMatchObject({ kind: "stored" });
    expect(await stream.last()).toBe(1n);
  });

  it("commits a lapsed place that nobody took", async () => {
    const stream = streamOf(on(), "strict_next");
    const one = stream.effect(1n);
    const { record } = await one.start();
    await on().advance(LEASE);
    expect(await one.complete(record.token)).toMatchObject({ kind: "stored", late: true });
    expect(await stream.last()).toBe(1n);
  });

  it("begins at place 0 where that is the initial one", async () => {
    const stream = streamOf(on(), "strict_next");
    expect(await stream.effect(1n, { initial: 0n }).begin()).toMatchObject({ kind: "gap", expectedSequence: 0n });
    const first = stream.effect(0n, { initial: 0n });
    const { record } = await first.start();
    expect(await stream.read()).toMatchObject({ last: -1n, reservation: { sequence: 0n, leaseLeft: LEASE } });
    await first.complete(record.token);
    expect(await stream.last()).toBe(0n);
  });
}

function monotonic(on: () => Harness): void {
  it("takes what comes first, then anything newer, and refuses what is older", async () => {
    const stream = streamOf(on(), "monotonic");
    await stream.commit(7n);
    await stream.commit(2n ** 53n);
    expect(await stream.effect(2n ** 53n - 1n).begin()).toMatchObject({
      kind: "stale",
      expectedSequence: 2n ** 53n + 1n,
    });
    expect(await stream.effect(2n ** 53n, {}, "another").begin()).toMatchObject({ kind: "stale" });
    await stream.commit(2n ** 53n + 1n);
    expect(await stream.last()).toBe(2n ** 53n + 1n);
  });

  it("lets a newer place pass a lapsed one, whose late completion is kept and moves nothing", async () => {
    const stream = streamOf(on(), "monotonic");
    await stream.commit(1n);
    const [older, newer, oldest] = [stream.effect(5n), stream.effect(6n), stream.effect(4n)];
    const lapsed = await older.start();
    expect(await newer.begin()).toMatchObject({ kind: "stream_busy", leaseLeft: LEASE });
    await on().advance(LEASE);
    expect(await oldest.begin()).toMatchObject({ kind: "stream_busy", leaseLeft: 0 });
    const passing = await newer.start();
    expect(await older.renew(lapsed.record.token)).toMatchObject({ kind: "fenced" });
    expect(await older.checkpoint(lapsed.record.token)).toMatchObject({ kind: "fenced" });
    expect(await older.complete(lapsed.record.token)).toMatchObject({
      kind: "superseded",
      record: { state: "succeeded" },
    });
    expect(await older.begin()).toMatchObject({ kind: "replay" });
    expect(await stream.read()).toMatchObject({ last: 1n, reservation: { sequence: 6n } });
    await newer.complete(passing.record.token);
    expect(await stream.last()).toBe(6n);
  });
}

function lastWriteWins(on: () => Harness): void {
  it.each([1n, 2n ** 32n, 2n ** 64n - 1n])("decides a tie of timestamps by the tiebreak, up to %d", async (higher) => {
    const stream = streamOf(on(), "last_write_wins");
    await stream.commit(100n, { tiebreak: higher - 1n });
    expect(await stream.effect(100n, { tiebreak: higher - 1n }, "twin").begin()).toMatchObject({ kind: "stale" });
    expect(await stream.effect(99n, { tiebreak: higher }).begin()).toMatchObject({ kind: "stale" });
    await stream.commit(100n, { tiebreak: higher });
    expect(await stream.read()).toMatchObject({ last: 100n, tiebreak: higher });
    expect(await stream.effect(100n, { tiebreak: higher - 1n }, "late").begin()).toMatchObject({ kind: "stale" });
    await stream.commit(101n);
  });

  it("lets a higher tiebreak of the same timestamp pass a lapsed one, and no lower", async () => {
    const stream = streamOf(on(), "last_write_wins");
    await stream.effect(100n, { tiebreak: 2n ** 32n }).start();
    await on().advance(LEASE);
    expect(await stream.effect(100n, { tiebreak: 1n }).begin()).toMatchObject({ kind: "stream_busy" });
    expect(await stream.effect(100n, { tiebreak: 2n ** 32n + 1n }).begin()).toMatchObject({ kind: "started" });
  });
}

function exact(on: () => Harness): void {
  it("starts on the version it compares with, and moves one further", async () => {
    const stream = streamOf(on(), "exact");
    expect(await stream.effect(1n).begin()).toMatchObject({ kind: "conflict", expectedSequence: 0n });
    await stream.commit(0n);
    expect(await stream.last()).toBe(1n);
    expect(await stream.effect(0n, {}, "another").begin()).toMatchObject({ kind: "conflict", expectedSequence: 1n });
    await stream.commit(1n);
    expect(await stream.last()).toBe(2n);
  });

  it("reaches the highest version", async () => {
    const stream = streamOf(on(), "exact");
    await stream.commit(HIGHEST_PLACE, { onUnknownStream: "adopt" });
    expect(await stream.last()).toBe(HIGHEST_PLACE + 1n);
    expect(await stream.effect(3n).begin()).toMatchObject({ kind: "conflict", expectedSequence: HIGHEST_PLACE + 1n });
  });

  it("tells two who compare with one version that one of them runs", async () => {
    const stream = streamOf(on(), "exact");
    await stream.effect(0n).start();
    expect(await stream.effect(0n, {}, "another").begin()).toMatchObject({ kind: "stream_busy", leaseLeft: LEASE });
  });
}

function exactAfterLapse(on: () => Harness): void {
  it("goes on with another caller, whose key is its own, and keeps the result of the first", async () => {
    const stream = streamOf(on(), "exact");
    const [first, second] = [stream.effect(0n, {}, "first"), stream.effect(0n, {}, "second")];
    const lapsed = await first.start();
    await on().advance(LEASE);
    const { record } = await second.start();
    expect(await first.renew(lapsed.record.token)).toMatchObject({ kind: "fenced" });
    expect(await first.complete(lapsed.record.token)).toMatchObject({ kind: "superseded" });
    await second.complete(record.token);
    expect(await stream.last()).toBe(1n);
  });
}

function unknownStream(on: () => Harness): void {
  it("goes on from the first place where that is adopted", async () => {
    const stream = streamOf(on(), "strict_next");
    await stream.commit(41n, { onUnknownStream: "adopt" });
    expect(await stream.effect(43n).begin()).toMatchObject({ kind: "gap", expectedSequence: 42n });
  });

  it("takes no other than its initial place where that is required", async () => {
    const stream = streamOf(on(), "monotonic");
    const required = { onUnknownStream: "require_initial", initial: 10n } as const;
    expect(await stream.effect(9n, required).begin()).toMatchObject({ kind: "stale", expectedSequence: 10n });
    expect(await stream.effect(10n, required).begin()).toMatchObject({ kind: "started" });
  });

  it("is what a stream is whose state was lost: its completion is superseded and its renewal fenced", async () => {
    const stream = streamOf(on(), "strict_next");
    await stream.commit(1n);
    const second = stream.effect(2n);
    const { record } = await second.start();
    await stream.lose();
    expect(await second.renew(record.token)).toMatchObject({ kind: "fenced" });
    expect(await second.complete(record.token)).toMatchObject({ kind: "superseded" });
    expect(await stream.effect(3n).begin()).toMatchObject({ kind: "gap", expectedSequence: 1n });
  });

  it("takes up a running attempt again whose place is the one it would start with", async () => {
    const stream = streamOf(on(), "monotonic");
    await stream.commit(1n);
    const second = stream.effect(2n);
    const { record } = await second.start();
    await stream.lose();
    expect(await second.renew(record.token)).toMatchObject({ kind: "renewed" });
    expect(await stream.read()).toMatchObject({ last: 1n, reservation: { sequence: 2n } });
  });
}
