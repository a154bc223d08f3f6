import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SLOT_COUNT } from "../../src/base/units.ts";
import { placeOf, type RecordAddress } from "../../src/domain/address.ts";

function at(namespace: string, operation: string, stream: string, key: string): RecordAddress {
  return { namespace, operation, stream, key };
}

const part = fc.string({ unit: "grapheme", maxLength: 20 });
const addresses = fc.record({ namespace: part, operation: part, stream: part, key: part });

describe("the place of a record", () => {
  // Frozen: these are on disk and in Redis. A change here loses every record there is.
  it.each([
    [at("default", "", "", "k"), "k4ofDfWUOujR6vkmzd7fK145lWmiCsBa", 906],
    [at("default", "charge", "", "order-1"), "PDASIOXaJ8QU0czEAes7ZCVVJqW3e9U0", 3120],
    [at("default", "charge", "customer-7", "order-1"), "nL3YZwkC8NEcAuHSvlUIHaGK8hb7ROH8", 657],
    [at("default", "refund", "customer-7", "order-2"), "DB3YKL3EF35eoYNuId6F-ibQze-AxtPP", 657],
    [at("payments.eu-1", "списать", "流", "🔑"), "o7b1bRnWYQmreIqvtDMH0g8uWG2Uhfi7", 2413],
    [at("n", "a", "b", "c\0d"), "_na27cJk1luNzto5Ntyv7e0er9DlrF4S", 2385],
  ])("of %o is frozen", (address, id, slot) => {
    expect(placeOf(address)).toMatchObject({ id, slot });
  });

  it("is told by SHA-256 over the parts, each after its length in bytes, whatever was asked for before", () => {
    const long = fc.oneof(part, fc.string({ maxLength: 300 }), fc.string({ unit: "grapheme", maxLength: 300 }));
    // Some come again and again, as they do in earnest.
    const usual = fc.constantFrom("", "default", "charge", "charged", "списать");
    const some = fc.oneof(usual, long);
    const key = fc.oneof(fc.uuid(), fc.constantFrom("k", "л"), long);
    fc.assert(
      fc.property(fc.array(fc.tuple(some, some, key), { minLength: 1, maxLength: 8 }), (all) => {
        for (const [namespace, operation, key] of all) {
          const parts = [namespace, operation, "", key].map((text) => Buffer.from(text));
          const lengths = parts.map(({ length }) => Buffer.from([0, 0, length >> 8, length & 0xff]));
          const input = Buffer.concat(parts.flatMap((bytes, n) => [lengths[n] ?? Buffer.alloc(0), bytes]));
          const digest = createHash("sha256").update(input).digest();
          const { id, slot } = placeOf(at(namespace, operation, "", key));
          expect({ id, slot }).toEqual({
            id: digest.toString("base64url").slice(0, 32),
            slot: digest.readUInt16BE(0) % SLOT_COUNT,
          });
        }
      }),
    );
  });

  it("follows a stream that changes between two records that are otherwise alike", () => {
    const one = placeOf(at("default", "charge", "account-1", "order-1"));
    const other = placeOf(at("default", "charge", "account-2", "order-1"));
    expect(other.id).not.toBe(one.id);
    expect(placeOf(at("default", "charge", "account-1", "order-1"))).toEqual(one);
  });

  it("is an id of 32 characters that needs no escaping anywhere, and a slot", () => {
    fc.assert(
      fc.property(addresses, (address) => {
        const { id, slot } = placeOf(address);
        expect(id).toMatch(/^[A-Za-z0-9_-]{32}$/);
        expect(Number.isInteger(slot) && slot >= 0 && slot < SLOT_COUNT).toBe(true);
      }),
    );
  });

  it("differs where any part does, however the parts run together", () => {
    fc.assert(
      fc.property(addresses, addresses, (one, other) => {
        const same = Object.values(one).join("\u0001") === Object.values(other).join("\u0001");
        fc.pre(!same);
        expect(placeOf(one).id).not.toBe(placeOf(other).id);
      }),
    );
  });

  it("differs for every way to cut one text into four parts", () => {
    const text = "a|b:c/d\0e|f";
    const ids = new Set<string>();
    let cuts = 0;
    for (let i = 0; i <= text.length; i++) {
      for (let j = i; j <= text.length; j++) {
        for (let k = j; k <= text.length; k++) {
          ids.add(placeOf(at(text.slice(0, i), text.slice(i, j), text.slice(j, k), text.slice(k))).id);
          cuts += 1;
        }
      }
    }
    expect(ids.size).toBe(cuts);
  });

  it("has one slot for all of a stream, whatever the operation and key", () => {
    fc.assert(
      fc.property(
        part,
        part.filter((stream) => stream !== ""),
        part,
        part,
        part,
        part,
        (ns, stream, a, b, c, d) => {
          expect(placeOf(at(ns, a, stream, b)).slot).toBe(placeOf(at(ns, c, stream, d)).slot);
        },
      ),
    );
  });

  it("has slots of its own for one stream's name in two namespaces, and for records without a stream", () => {
    const slots = (address: (n: number) => RecordAddress) =>
      new Set(Array.from({ length: 200 }, (_, n) => placeOf(address(n)).slot)).size;
    expect(slots((n) => at(`ns-${n}`, "", "s", "k"))).toBeGreaterThan(150);
    expect(slots((n) => at("ns", "", "", `k-${n}`))).toBeGreaterThan(150);
    expect(slots((n) => at("ns", `op-${n}`, "", "k"))).toBeGreaterThan(150);
  });

  it("spreads records evenly over the slots", () => {
    const counts = new Array<number>(SLOT_COUNT).fill(0);
    for (let n = 0; n < SLOT_COUNT * 16; n++) {
      const { slot } = placeOf(at("default", "charge", "", `order-${n}`));
      counts[slot] = (counts[slot] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(0);
    expect(Math.max(...counts)).toBeLessThan(48);
  });
});
