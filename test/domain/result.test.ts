import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  type ResultInput,
  resultDigest,
  SMALL_BODY_BYTES_MAX,
  sameResult,
  storeResult,
  withoutBody,
} from "../../src/domain/result.ts";

const LIMIT = 4096;
const INPUT: ResultInput = {
  body: Buffer.from("paid"),
  contentType: "text/plain",
  metadata: { a: "1" },
  reference: "r",
};

function stored(parts: Partial<ResultInput> = {}, limit = LIMIT) {
  return storeResult({ ...INPUT, ...parts }, limit);
}

function digestOf(body: Uint8Array): string {
  return createHash("sha256").update(body).digest("hex");
}

describe("a result made ready for storing", () => {
  it("keeps a small body and computes its digest only when it is asked for", () => {
    const result = stored();
    expect(result).toMatchObject({ contentType: "text/plain", reference: "r", bodySize: 4, bodySha256: undefined });
    expect(Buffer.from(resultDigest(result)).toString("hex")).toBe(digestOf(INPUT.body));
  });

  it.each([
    [SMALL_BODY_BYTES_MAX, { kept: true, digested: false }],
    [SMALL_BODY_BYTES_MAX + 1, { kept: true, digested: true }],
    [LIMIT, { kept: true, digested: true }],
    [LIMIT + 1, { kept: false, digested: true }],
  ])("of %i bytes is %o", (size, { kept, digested }) => {
    const body = Buffer.alloc(size, 1);
    const result = stored({ body });
    expect(result.body !== undefined).toBe(kept);
    expect(result.bodySha256 !== undefined).toBe(digested);
    expect(result.bodySize).toBe(size);
    expect(Buffer.from(resultDigest(result)).toString("hex")).toBe(digestOf(body));
  });

  it("keeps size and digest of a small body that is over a lower limit", () => {
    const result = stored({}, 3);
    expect(result).toMatchObject({ body: undefined, bodySize: 4 });
    expect(Buffer.from(resultDigest(result)).toString("hex")).toBe(digestOf(INPUT.body));
  });

  it("keeps an empty body even where the limit is nothing", () => {
    expect(stored({ body: Buffer.alloc(0) }, 0).body).toHaveLength(0);
  });

  it("orders metadata by name, in whatever order it came", () => {
    const metadata = { b: "2", "10": "x", "9": "y", a: "1", "": "0", __proto: "p" };
    expect(stored({ metadata }).metadata.map(([name]) => name)).toEqual(["", "10", "9", "__proto", "a", "b"]);
  });
});

describe("a result without its body", () => {
  it("keeps all else, and the digest with it", () => {
    const result = withoutBody(stored());
    expect(result).toMatchObject({ ...stored(), body: undefined, bodySha256: expect.anything() });
    expect(sameResult(result, stored())).toBe(true);
  });

  it("stays as it is where the body was gone already", () => {
    const result = stored({}, 0);
    expect(withoutBody(result)).toBe(result);
  });
});

describe("two results", () => {
  it.each([
    ["body", { body: Buffer.from("PAID") }],
    ["size", { body: Buffer.from("paid ") }],
    ["content type", { contentType: "text/html" }],
    ["reference", { reference: "" }],
    ["metadata value", { metadata: { a: "2" } }],
    ["metadata name", { metadata: { b: "1" } }],
    ["count of metadata", { metadata: { a: "1", b: "2" } }],
    ["metadata", { metadata: {} }],
  ])("differ by their %s", (_what, other) => {
    expect(sameResult(stored(), stored(other))).toBe(false);
    expect(sameResult(stored(other), stored())).toBe(false);
  });

  it("are the same whatever the order of metadata", () => {
    expect(sameResult(stored({ metadata: { a: "1", b: "2" } }), stored({ metadata: { b: "2", a: "1" } }))).toBe(true);
  });

  it("are the same whether the body is kept, kept with its digest, or not kept", () => {
    const body = Buffer.alloc(2000, 5);
    expect(sameResult(stored({ body }), stored({ body }, 0))).toBe(true);
    expect(sameResult(stored(), stored({}, 0))).toBe(true);
  });

  it("differ where one is none, and are the same where both are", () => {
    expect(sameResult(undefined, stored({ body: Buffer.alloc(0) }))).toBe(false);
    expect(sameResult(stored(), undefined)).toBe(false);
    expect(sameResult(undefined, undefined)).toBe(true);
  });

  it("do not imitate each other by where a name ends and its value begins", () => {
    expect(sameResult(stored({ metadata: { ab: "c" } }), stored({ metadata: { a: "bc" } }))).toBe(false);
  });
});
