import { describe, expect, it } from "vitest";
import { LEASE } from "../support/commands.ts";
import { streamOf } from "../support/ordered.ts";
import type { Harness } from "./harness.ts";

/** Streams by themselves: Advance, Reset, Skip and the reading of them. */
export function sequenceCases(on: () => Harness): void {
  describe("an Advance", () => advance(on));
  describe("an Advance beside ordered attempts", () => besideAttempts(on));
  describe("a Reset or Skip", () => reset(on));
}

function advance(on: () => Harness): void {
  it("moves a strict stream one by one", async () => {
    const stream = streamOf(on(), "strict_next");
    expect(await stream.advance(2n)).toMatchObject({ kind: "gap", last: 0n });
    expect(await stream.advance(1n)).toMatchObject({ kind: "advanced", last: 1n });
    expect(await stream.advance(0n)).toMatchObject({ kind: "stale", last: 1n });
    expect(await stream.advance(2n)).toMatchObject({ kind: "advanced", last: 2n });
  });

  it("is advanced again for the same try, and a duplicate for any other", async () => {
    const stream = streamOf(on(), "monotonic");
    await stream.advance(5n, { attemptId: "mine" });
    expect(await stream.advance(5n, { attemptId: "mine" })).toMatchObject({ kind: "advanced", last: 5n });
    expect(await stream.advance(5n, { attemptId: "theirs" })).toMatchObject({ kind: "duplicate", last: 5n });
    expect(await stream.advance(5n)).toMatchObject({ kind: "duplicate" });
    await stream.advance(6n, { attemptId: "mine" });
    expect(await stream.advance(5n, { attemptId: "mine" })).toMatchObject({ kind: "stale", last: 6n });
  });

  it("compares and sets in the exact mode", async () => {
    const stream = streamOf(on(), "exact");
    const high = 2n ** 53n + 1n;
    expect(await stream.advance(high, { expected: 1n })).toMatchObject({ kind: "conflict", last: 0n });
    expect(await stream.advance(high, { expected: 0n })).toMatchObject({ kind: "advanced", last: high });
    expect(await stream.advance(high + 1n, { expected: high - 1n })).toMatchObject({ kind: "conflict", last: high });
    expect(await stream.advance(high + 1n, { expected: high })).toMatchObject({ kind: "advanced" });
  });

  it("decides a tie by the tiebreak", async () => {
    const stream = streamOf(on(), "last_write_wins");
    await stream.advance(9n, { tiebreak: 4n });
    expect(await stream.advance(9n, { tiebreak: 3n })).toMatchObject({ kind: "stale" });
    expect(await stream.advance(9n, { tiebreak: 4n })).toMatchObject({ kind: "duplicate" });
    expect(await stream.advance(9n, { tiebreak: 5n })).toMatchObject({ kind: "advanced" });
  });

  it("is fenced in a lower epoch and begins anew in a higher one", async () => {
    const stream = streamOf(on(), "strict_next");
    await stream.advance(1n, { epoch: 3n });
    expect(await stream.advance(2n, { epoch: 2n })).toMatchObject({ kind: "fenced", streamEpoch: 3n, last: 1n });
    expect(await stream.advance(2n, { epoch: 4n })).toMatchObject({ kind: "gap", streamEpoch: 4n, last: 0n });
    expect(await stream.advance(1n, { epoch: 4n })).toMatchObject({ kind: "advanced" });
  });
}

function besideAttempts(on: () => Harness): void {
  it("is a conflict while an attempt runs, and passes one that lapsed", async () => {
    const stream = streamOf(on(), "strict_next");
    const one = stream.effect(1n);
    const { record } = await one.start();
    expect(await stream.advance(1n)).toMatchObject({ kind: "conflict", leaseLeft: LEASE, last: 0n });
    await on().advance(LEASE);
    expect(await stream.advance(1n)).toMatchObject({ kind: "advanced", last: 1n });
    expect(await one.complete(record.token)).toMatchObject({ kind: "superseded" });
    expect(await stream.last()).toBe(1n);
  });

  it("goes on where an ordered attempt left the stream, and the other way round", async () => {
    const stream = streamOf(on(), "strict_next");
    await stream.commit(1n);
    expect(await stream.advance(1n, { attemptId: "mine" })).toMatchObject({ kind: "duplicate" });
    expect(await stream.advance(2n)).toMatchObject({ kind: "advanced" });
    expect(await stream.commit(3n)).toMatchObject({ kind: "stored" });
  });
}

function reset(on: () => Harness): void {
  it("sets a stream forward and back for whoever has seen where it stands", async () => {
    const stream = streamOf(on(), "strict_next");
    await stream.commit(1n);
    expect(await stream.reset(2n, 9n)).toMatchObject({ kind: "conflict", last: 1n });
    expect(await stream.reset(1n, 9n)).toMatchObject({ kind: "reset", last: 9n });
    expect(await stream.effect(10n).begin()).toMatchObject({ kind: "started" });
    expect(await stream.reset(9n, 0n)).toMatchObject({ kind: "reset", last: 0n });
  });

  it("makes an unknown stream known; a skip does not", async () => {
    const stream = streamOf(on(), "strict_next");
    expect(await stream.skip(undefined, 4n)).toMatchObject({ kind: "not_found" });
    expect(await stream.read()).toBeUndefined();
    expect(await stream.reset(0n, 4n)).toMatchObject({ kind: "conflict" });
    expect(await stream.reset(undefined, 4n)).toMatchObject({ kind: "reset" });
    expect(await stream.read()).toMatchObject({ last: 4n, epoch: 0n });
  });

  it("puts a lost stream back into the epoch that its producer is in", async () => {
    const stream = streamOf(on(), "strict_next");
    await stream.reset(undefined, 41n, 5n);
    expect(await stream.effect(1n, { epoch: 5n }).begin()).toMatchObject({ kind: "stale", expectedSequence: 42n });
    expect(await stream.effect(42n, { epoch: 5n }).begin()).toMatchObject({ kind: "started" });
    expect(await stream.effect(43n, { epoch: 4n }).begin()).toMatchObject({ kind: "stale", streamEpoch: 5n });
    expect(await stream.reset(41n, 7n)).toMatchObject({ kind: "reset" });
    expect(await stream.read()).toMatchObject({ epoch: 5n, last: 7n });
  });

  it("keeps others out while an attempt runs, whose end moves nothing", async () => {
    const stream = streamOf(on(), "strict_next");
    const one = stream.effect(1n);
    const { record } = await one.start();
    expect(await stream.skip(0n, 1n)).toMatchObject({ kind: "reset" });
    expect(await stream.effect(2n).begin()).toMatchObject({ kind: "stream_busy", leaseLeft: LEASE });
    expect(await stream.read()).toMatchObject({ reservation: { revoked: true, sequence: 1n } });
    expect(await one.renew(record.token)).toMatchObject({ kind: "fenced" });
    expect(await one.complete(record.token)).toMatchObject({ kind: "superseded" });
    expect(await stream.effect(2n).begin()).toMatchObject({ kind: "started" });
  });

  it("leaves nothing in the way of a late completion once the revoked lease is over", async () => {
    const stream = streamOf(on(), "strict_next");
    const first = stream.effect(1n);
    await first.fail((await first.start()).record.token, { retryAfter: 1 });
    const other = stream.effect(1n, {}, "other");
    await other.start();
    await stream.skip(0n, 5n);
    await stream.reset(5n, 0n);
    await on().advance(LEASE);
    const token = (await first.read()).token;
    expect(await first.complete(token)).toMatchObject({ kind: "stored", late: true });
    expect(await stream.last()).toBe(1n);
  });
}
