import { describe, expect, it } from "vitest";
import { epochMs, epochUs, fencingToken } from "../../src/base/units.ts";
import { mintToken, nowFor } from "../../src/domain/moment.ts";

const NOW_US = 1_700_000_000_123_456;
const moment = (lastToken: bigint) => ({ nowUs: epochUs(NOW_US), lastToken: fencingToken(lastToken) });
const holding = (token: bigint) => ({ token: fencingToken(token) });

describe("the instant a record is judged by", () => {
  it("is the store's clock in whole milliseconds", () => {
    expect(nowFor(undefined, moment(0n))).toBe(1_700_000_000_123);
    expect(nowFor({ updatedAt: epochMs(1_700_000_000_122) }, moment(0n))).toBe(1_700_000_000_123);
  });

  it("is never before the record's own last change", () => {
    expect(nowFor({ updatedAt: epochMs(1_700_000_000_124) }, moment(0n))).toBe(1_700_000_000_124);
  });

  it("is not held back by the slot's last token, which a clock that stepped back leaves ahead", () => {
    expect(nowFor(undefined, moment(BigInt(NOW_US) * 2n))).toBe(1_700_000_000_123);
  });
});

describe("the next token", () => {
  it.each([
    ["the time in microseconds where nothing is ahead of it", 0n, undefined, BigInt(NOW_US)],
    ["the time where the last one is just below it", BigInt(NOW_US) - 1n, undefined, BigInt(NOW_US)],
    ["above the last one where that is the time", BigInt(NOW_US), undefined, BigInt(NOW_US) + 1n],
    ["above the last one where that is ahead", BigInt(NOW_US) + 9n, undefined, BigInt(NOW_US) + 10n],
    ["above the record's own where the counter was lost", 0n, BigInt(NOW_US) + 5n, BigInt(NOW_US) + 6n],
    ["above the record's own where that is the time", 0n, BigInt(NOW_US), BigInt(NOW_US) + 1n],
    ["above both", BigInt(NOW_US) + 9n, BigInt(NOW_US) + 5n, BigInt(NOW_US) + 10n],
    ["above both, the record's own being higher", BigInt(NOW_US) + 5n, BigInt(NOW_US) + 9n, BigInt(NOW_US) + 10n],
    ["the time where the record's own is below it", 0n, 5n, BigInt(NOW_US)],
  ])("is %s", (_what, last, own, expected) => {
    expect(mintToken(own === undefined ? undefined : holding(own), moment(last))).toBe(expected);
  });

  it("is exact beyond 2^53", () => {
    expect(mintToken(undefined, moment(2n ** 53n + 1n))).toBe(2n ** 53n + 2n);
  });
});
