import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../src/domain/canonical-json.ts";
import { type FingerprintInput, fingerprintsOf, sameFingerprint } from "../../src/domain/fingerprint.ts";
import { fingerprint } from "../support/commands.ts";

describe("a fingerprint", () => {
  const kept = fingerprint("A", "sha256");

  it("fits where algorithm and digest are the same", () => {
    expect(sameFingerprint(kept, [fingerprint("A", "sha256")])).toBe(true);
  });

  it.each([
    ["another digest", fingerprint("B", "sha256")],
    ["another algorithm", fingerprint("A", "sha512")],
    ["a digest that only begins alike", fingerprint("AA", "sha256")],
    ["a digest that is a beginning of it", fingerprint("", "sha256")],
    ["an algorithm that only begins alike", fingerprint("A", "sha256x")],
    ["the same bytes, cut elsewhere", fingerprint("6A", "sha25")],
  ])("does not fit %s", (_what, given) => {
    expect(sameFingerprint(kept, [given])).toBe(false);
  });

  it("fits where any of several does, the newest or an older one", () => {
    expect(sameFingerprint(kept, [fingerprint("B", "new"), fingerprint("A", "sha256")])).toBe(true);
    expect(sameFingerprint(kept, [fingerprint("A", "sha256"), fingerprint("B", "old")])).toBe(true);
  });

  it("is not checked where either side has none", () => {
    expect(sameFingerprint(kept, [])).toBe(true);
    expect(sameFingerprint(undefined, [kept])).toBe(true);
    expect(sameFingerprint(undefined, [])).toBe(true);
  });
});

describe("the fingerprints of a payload", () => {
  const payload = (text: string): FingerprintInput => ({ kind: "payload", payload: Buffer.from(text) });
  const json = (text: string): FingerprintInput => ({ kind: "json", canonical: canonicalJson(text) });
  const now = { id: "now", secret: Buffer.from("Jefe") };
  const old = { id: "old", secret: Buffer.alloc(16, 1) };
  /** Whether a record that was created under `before` recognises the same payload under `after`. */
  const recognised = (before: (typeof now)[], after: (typeof now)[], input = payload("order 17")) =>
    sameFingerprint(fingerprintsOf(input, before)[0], fingerprintsOf(input, after));

  it("are its plain SHA-256 without secrets", () => {
    // The vector "abc" of FIPS 180-2.
    const digest = Buffer.from("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "hex");
    expect(fingerprintsOf(payload("abc"), [])).toEqual([{ algorithm: "sha256", digest }]);
  });

  it("are the SHA-256 of the canonical form for JSON", () => {
    const [canonical] = fingerprintsOf(payload('{"a":1,"b":2}'), []);
    expect(fingerprintsOf(json('{ "b": 2, "a": 1 }'), [])).toEqual([{ ...canonical, algorithm: "jcs-sha256" }]);
  });

  it("are HMACs under every secret, the first first, and the plain one at last", () => {
    const given = fingerprintsOf(payload("what do ya want for nothing?"), [now, old]);
    expect(given.map(({ algorithm }) => algorithm)).toEqual(["hmac-sha256:now", "hmac-sha256:old", "sha256"]);
    // Test case 2 of RFC 4231.
    const digest = Buffer.from("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", "hex");
    expect(given[0]?.digest).toEqual(digest);
    expect(fingerprintsOf(json("{}"), [now]).map(({ algorithm }) => algorithm)).toEqual([
      "jcs-hmac-sha256:now",
      "jcs-sha256",
    ]);
  });

  it("are recognised under an older secret that is still configured, and where there was none", () => {
    expect(recognised([old], [now, old])).toBe(true);
    expect(recognised([], [now, old])).toBe(true);
    expect(recognised([now, old], [now, old])).toBe(true);
    expect(recognised([], [now], json("[1]"))).toBe(true);
  });

  it("are not recognised once their secret is gone", () => {
    expect(recognised([old], [now])).toBe(false);
    expect(recognised([now], [])).toBe(false);
    expect(recognised([now], [{ id: "now", secret: old.secret }])).toBe(false);
  });

  it("tell another payload apart, under whatever secret", () => {
    const kept = fingerprintsOf(payload("order 17"), [now, old])[0];
    expect(sameFingerprint(kept, fingerprintsOf(payload("order 18"), [now, old]))).toBe(false);
    expect(sameFingerprint(kept, fingerprintsOf(json('"order 17"'), [now, old]))).toBe(false);
  });

  it("are the caller's own digest where it gives one, whatever the secrets", () => {
    const digest = Buffer.from([1, 2, 3]);
    const own = fingerprintsOf({ kind: "digest", algorithm: "blake3", digest }, [now]);
    expect(own).toEqual([{ algorithm: "blake3", digest }]);
  });
});
