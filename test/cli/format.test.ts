import { describe, expect, it } from "vitest";
import { localTime, msOf, printable, relative, roughly, utcTime } from "../../src/cli/format.ts";
import { jsonLine, jsonOf } from "../../src/cli/json.ts";
import { token } from "../../src/cli/options.ts";
import { protos } from "../../src/transport/grpc/protos.ts";

const INSTANT = { seconds: "1795357358", nanos: 120_000_000 };

describe("values for people", () => {
  it.each([
    [0, "0ms"],
    [999, "999ms"],
    [29_998, "30s"],
    [90_000, "1.5m"],
    [86_400_000, "1d"],
  ])("writes %i ms as %s", (ms, text) => {
    expect(roughly(ms)).toBe(text);
  });

  it("tells an instant relative to now", () => {
    expect([relative(5000, 65_000), relative(65_000, 5000), relative(500, 0)]).toEqual(["1m ago", "in 1m", "now"]);
  });

  it("writes an instant with the offset of the reader", () => {
    expect(localTime(msOf(INSTANT))).toMatch(/^2026-11-2\dT\d\d:\d\d:38(Z|[+-]\d\d:\d\d)$/);
  });

  it("keeps a caller's text on its line", () => {
    expect(printable("a\nb\u001b[2J\u202e")).toBe("a\\nb\\u{1b}[2J\\u{202e}");
  });
});

describe("messages as JSON", () => {
  it.each([
    [0, "2026-11-22T14:22:38Z"],
    [120_000_000, "2026-11-22T14:22:38.120Z"],
    [120_034_000, "2026-11-22T14:22:38.120034Z"],
    [1, "2026-11-22T14:22:38.000000001Z"],
  ])("writes an instant with %i ns as %s", (nanos, text) => {
    expect(utcTime({ ...INSTANT, nanos })).toBe(text);
  });

  it("tells bytes that are text from bytes that are not, and leaves out what is not set", () => {
    const bytes = { data: Buffer.from("å"), body: Buffer.from([0xff]), bodySha256: Buffer.from("00ff", "hex") };
    expect(jsonOf({ ...bytes, record: null, list: [{ at: INSTANT }], map: { seconds: "1", nanos: "2" } })).toEqual({
      data: "å",
      bodyBase64: "/w==",
      bodySha256: "00ff",
      list: [{ at: "2026-11-22T14:22:38.120Z" }],
      map: { seconds: "1", nanos: "2" },
    });
  });

  it("prints nothing that a terminal would obey, and loses nothing", () => {
    const line = jsonLine({ key: "\u009b2J\u2028\u001b" });
    expect(line).toBe('{"key":"\\u009b2J\\u2028\\u001b"}');
    expect(JSON.parse(line)).toEqual({ key: "\u009b2J\u2028\u001b" });
  });
});

describe("a token from the command line", () => {
  it.each(["1", "9007199254740993", "9223372036854775808", "18446744073709551615"])(
    "reaches the wire whole: %s",
    (text) => {
      const { requestSerialize, requestDeserialize } = protos().onceward.v1.IdempotencyService.service.Renew;
      expect(requestDeserialize(requestSerialize({ fencingToken: token(text) })).fencingToken).toBe(text);
    },
  );

  it.each(["", "0", "-1", "1.5", "1e3", "0x10", "18446744073709551616"])("is refused when it is none: %j", (text) => {
    expect(() => token(text)).toThrow(/decimal number/);
  });
});
