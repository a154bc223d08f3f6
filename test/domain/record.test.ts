import { describe, expect, it } from "vitest";
import { durationMs, epochMs, epochUs, fencingToken } from "../../src/base/units.ts";
import { decideBegin } from "../../src/domain/begin.ts";
import { decideComplete } from "../../src/domain/complete.ts";
import { decideForget } from "../../src/domain/forget.ts";
import type { FinishedRecord, StoredRecord } from "../../src/domain/record.ts";
import { isPresent, resultAt, stillFences, visibleState } from "../../src/domain/record.ts";
import { address, beginCommand, completeCommand, LEASE, RETENTION, resultOf } from "../support/commands.ts";

const AT = address();
const START_MS = 1_700_000_000_000;
const moment = (ms: number, lastToken = 0n) => {
  return { nowUs: epochUs((START_MS + ms) * 1000), lastToken: fencingToken(lastToken) };
};
const when = (ms: number) => epochMs(START_MS + ms);

function running(): StoredRecord {
  const { write } = decideBegin(undefined, AT, beginCommand(), moment(0));
  if (write === undefined) throw new Error("a first Begin writes");
  return write;
}

function finished(size: number): FinishedRecord {
  const record = running();
  const { write } = decideComplete(record, AT, completeCommand(record.token, { result: resultOf(size) }), moment(0));
  if (write?.state !== "succeeded") throw new Error("a completion finishes");
  return write;
}

function forgotten(): StoredRecord {
  const { write } = decideForget(running(), { fenceFor: durationMs(1000) }, moment(0));
  if (write === undefined) throw new Error("a forget writes");
  return write;
}

describe("what a record says", () => {
  it("is unknown from the lease's end on", () => {
    expect(visibleState(running(), when(LEASE - 1))).toBe("in_progress");
    expect(visibleState(running(), when(LEASE))).toBe("unknown");
  });

  it("is nothing for a forgotten one, which still fences until its end", () => {
    expect(visibleState(forgotten(), when(0))).toBeUndefined();
    expect(isPresent(forgotten(), when(0))).toBe(false);
    expect(stillFences(forgotten(), when(999))).toBe(true);
    expect(stillFences(forgotten(), when(1000))).toBe(false);
  });

  it("is nothing from its expiry on", () => {
    expect(isPresent(finished(10), when(RETENTION.tombstone - 1))).toBe(true);
    expect(isPresent(finished(10), when(RETENTION.tombstone))).toBe(false);
    expect(isPresent(undefined, when(0))).toBe(false);
  });

  it.each([10, 5000])("is a result of %i bytes without its body from the end of its retention on", (size) => {
    const record = finished(size);
    expect(resultAt(record, when(RETENTION.result - 1))?.body).toHaveLength(size);
    const after = resultAt(record, when(RETENTION.result));
    expect(after).toMatchObject({ body: undefined, bodySize: size, bodySha256: expect.anything() });
  });
});

describe("a decision", () => {
  it("changes nothing that it was given", () => {
    const record = Object.freeze(running());
    decideBegin(record, AT, beginCommand(), moment(LEASE));
    decideComplete(record, AT, completeCommand(record.token), moment(1));
    decideForget(record, { fenceFor: durationMs(1) }, moment(1));
  });

  it("moves the slot's counter only when it mints, or restores a token above it", () => {
    const record = running();
    const begin = (at: number) => decideBegin(record, AT, beginCommand(), moment(at, record.token));
    expect(begin(1).lastToken).toBeUndefined();
    expect(begin(LEASE).lastToken).toBe(begin(LEASE).write?.token);
    const restore = (last: bigint) => decideComplete(undefined, AT, completeCommand(record.token), moment(1, last));
    expect(restore(0n).lastToken).toBe(record.token);
    expect(restore(record.token).lastToken).toBeUndefined();
    expect(restore(record.token + 5n).lastToken).toBeUndefined();
  });

  it("asks for a duplicate to be counted where nothing starts, and only there", () => {
    const record = running();
    const first = decideBegin(undefined, AT, beginCommand(), moment(0));
    expect(first.duplicate).toBeUndefined();
    expect(decideBegin(record, AT, beginCommand(), moment(1)).duplicate).toBe(true);
    expect(decideBegin(record, AT, beginCommand({ maxAttempts: 1 }), moment(LEASE)).duplicate).toBe(true);
    expect(decideBegin(record, AT, beginCommand(), moment(LEASE)).duplicate).toBeUndefined();
    const again = "attemptId" in record ? record.attemptId : "";
    expect(decideBegin(record, AT, beginCommand({ attemptId: again }), moment(1)).duplicate).toBeUndefined();
  });
});
