import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { uniqueId } from "../../src/base/random.ts";
import { LEASE } from "../support/commands.ts";
import { badFields, refusalOf } from "../support/grpc.ts";
import { fresh, openWire, type Wire } from "../support/wire.ts";

let wire: Wire;
const logged: Record<string, unknown>[] = [];
beforeAll(async () => {
  const note = (given: unknown) => void logged.push(given as Record<string, unknown>);
  wire = await openWire({ logger: { debug: note, info: note, warn: note, error: note } });
});
beforeEach(() => void logged.splice(0));
afterAll(() => wire.stop());

const HIGHEST_PLACE = String(2n ** 64n - 2n);
const AUDIT = { reason: "never sent", actor: "kim" };

describe("Advance", () => {
  it("answers ADVANCED, DUPLICATE, STALE, GAP and FENCED, with where the stream stands", async () => {
    const at = { stream: uniqueId(), mode: "STRICT_NEXT" } as const;
    const advance = (sequence: number, more = {}) => wire.client.advance({ ...at, sequence, ...more });
    expect(await advance(1, { epoch: 2, attemptId: "mine" })).toEqual({
      ...{ outcome: "ADVANCED", last: "1", _last: "last", streamEpoch: "2", retryAfterMs: "0" },
    });
    expect(await advance(1, { epoch: 2, attemptId: "mine" })).toMatchObject({ outcome: "ADVANCED" });
    expect(await advance(1, { epoch: 2 })).toMatchObject({ outcome: "DUPLICATE", last: "1" });
    expect(await advance(0, { epoch: 2 })).toMatchObject({ outcome: "STALE" });
    expect(await advance(3, { epoch: 2 })).toMatchObject({ outcome: "GAP", last: "1" });
    expect(await advance(2, { epoch: 1 })).toMatchObject({ outcome: "FENCED", streamEpoch: "2" });
  });

  it("answers CONFLICT, with when to ask again while an attempt runs", async () => {
    const exact = { stream: uniqueId(), mode: "EXACT", sequence: HIGHEST_PLACE } as const;
    expect(await wire.client.advance({ ...exact, expected: 1 })).toMatchObject({ outcome: "CONFLICT", last: "0" });
    expect(await wire.client.advance({ ...exact, expected: 0 })).toMatchObject({ outcome: "ADVANCED" });
    const stream = uniqueId();
    const ordering = { sequence: 1, mode: "STRICT_NEXT" } as const;
    await wire.client.begin({ address: fresh({ stream }), ordering, leaseMs: LEASE });
    const busy = await wire.client.advance({ stream, mode: "STRICT_NEXT", sequence: 1 });
    expect(busy.outcome).toBe("CONFLICT");
    expect(Number(busy.retryAfterMs)).toBeGreaterThanOrEqual(1);
  });

  it("is refused with everything that is wrong with it", async () => {
    const refusal = await refusalOf(
      wire.client.advance({ namespace: "No", stream: "", sequence: String(2n ** 64n - 1n), attemptId: "x".repeat(65) }),
    );
    expect(badFields(refusal)).toEqual(["attempt_id", "mode", "namespace", "sequence", "stream"]);
    const beside = await refusalOf(wire.client.advance({ stream: "s", mode: "MONOTONIC", sequence: 3, expected: 2 }));
    expect(badFields(beside)).toEqual(["expected"]);
    const backward = await refusalOf(wire.client.advance({ stream: "s", mode: "EXACT", sequence: 3, expected: 3 }));
    expect(badFields(backward)).toEqual(["expected"]);
  });
});

describe("Get of a stream", () => {
  it("tells an unknown stream from one that stands before place 0", async () => {
    const stream = uniqueId();
    expect(await wire.client.getSequence({ stream })).toMatchObject({ found: false });
    const ordering = { sequence: 0, initial: 0, mode: "STRICT_NEXT" } as const;
    await wire.client.begin({ address: fresh({ stream }), ordering, leaseMs: LEASE });
    const known = await wire.client.getSequence({ stream });
    expect(known).toMatchObject({ found: true, epoch: "0", tiebreak: String(2n ** 64n - 1n) });
    expect(known.last).toBeUndefined();
    expect(known.reservation).toEqual({ sequence: "0", leaseMs: String(LEASE), revoked: false });
    expect(Number(known.updatedAt?.seconds)).toBe(Math.floor(wire.nowUs() / 1e6));
  });
});

describe("Reset and Skip", () => {
  it("move a stream from where it was seen to stand, and tell the audit log", async () => {
    const stream = uniqueId();
    const at = { stream, ...AUDIT };
    expect(await wire.client.skip({ ...at, to: 4 })).toMatchObject({ outcome: "NOT_FOUND" });
    expect(await wire.client.reset({ ...at, to: 4 })).toMatchObject({ outcome: "RESET", last: "4" });
    expect(await wire.client.skip({ ...at, expectedLast: 3, to: 9 })).toMatchObject({ outcome: "CONFLICT", last: "4" });
    expect(await wire.client.skip({ ...at, expectedLast: 4, to: 9 })).toMatchObject({ outcome: "SKIPPED", last: "9" });
    expect(await wire.client.reset({ ...at, expectedLast: 4, to: 0 })).toMatchObject({ outcome: "CONFLICT" });
    expect(await wire.client.reset({ ...at, expectedLast: 9, to: 0 })).toMatchObject({ outcome: "RESET", last: "0" });
    const audits = logged.map(({ audit, outcome, expectedLast, to, actor }) => [
      audit,
      outcome,
      expectedLast,
      to,
      actor,
    ]);
    expect(audits).toEqual([
      ["sequence_skip", "not_found", undefined, "4", "kim"],
      ["sequence_reset", "reset", undefined, "4", "kim"],
      ["sequence_skip", "conflict", "3", "9", "kim"],
      ["sequence_skip", "reset", "4", "9", "kim"],
      ["sequence_reset", "conflict", "4", "0", "kim"],
      ["sequence_reset", "reset", "9", "0", "kim"],
    ]);
    expect(JSON.stringify(logged)).not.toContain(stream);
  });

  it("puts a lost stream back into its producer's epoch", async () => {
    const at = { stream: uniqueId(), ...AUDIT };
    await wire.client.reset({ ...at, to: 41, epoch: String(2n ** 64n - 1n) });
    expect(await wire.client.getSequence(at)).toMatchObject({ found: true, last: "41", epoch: String(2n ** 64n - 1n) });
  });

  it("are refused without a reason, and a skip that does not go forward", async () => {
    const reset = await refusalOf(wire.client.reset({ stream: "", to: String(2n ** 64n - 1n) }));
    expect(badFields(reset)).toEqual(["reason", "stream", "to"]);
    const skip = await refusalOf(wire.client.skip({ stream: "s", expectedLast: 4, to: 4, reason: "r" }));
    expect(badFields(skip)).toEqual(["to"]);
  });
});
