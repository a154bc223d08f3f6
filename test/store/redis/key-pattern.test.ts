import fc from "fast-check";
import { expect, it } from "vitest";
import { SLOT_COUNT, slot } from "../../../src/base/units.ts";
import { placeOf, type RecordAddress } from "../../../src/domain/address.ts";
import { allKeys, type KeysOf, keysOfReading, keysWithoutBody } from "../../../src/store/redis/arguments.ts";
import { KeyPattern, writeHeaderKeys } from "../../../src/store/redis/key-pattern.ts";
import { bodyKey, headerKey, indexKey, recordKey, streamKey } from "../../../src/store/redis/keys.ts";
import { RespWriter } from "../../../src/store/redis-client/resp-writer.ts";

const text = fc.string({ unit: "grapheme", maxLength: 40 });
/** Many, and one of them so often that it comes several times running, and again after others. */
const namespace = fc.oneof(
  fc.constant("payments"),
  fc.nat(300).map((n) => `tenant-${n}`),
);
const address = fc.record({
  ...{ namespace, operation: text, key: text },
  stream: fc.oneof(fc.constant(""), fc.constant("account-1"), text),
});

function textsOf(at: RecordAddress, withBody: boolean, withIndex: boolean): string[] {
  const { slot, id, streamId } = placeOf(at);
  const keys = [headerKey(slot), recordKey({ slot, id })];
  if (withBody) keys.push(bodyKey({ slot, id }));
  if (!withIndex) return keys;
  keys.push(indexKey(slot, at.namespace));
  return streamId === undefined ? keys : [...keys, streamKey({ slot, id: streamId })];
}

it.each<[string, KeysOf, boolean, boolean]>([
  ["all", allKeys, true, true],
  ["all but the body's", keysWithoutBody, false, true],
  ["those of reading", keysOfReading, true, false],
])("the keys of a transition are those of its record, one after the other: %s", (_, keysOf, withBody, withIndex) => {
  const [out, expected] = [new RespWriter(), new RespWriter()];
  fc.assert(
    fc.property(fc.array(address, { minLength: 1, maxLength: 30 }), (addresses) => {
      for (const at of addresses) {
        const texts = textsOf(at, withBody, withIndex);
        for (const one of texts) expected.text(one);
        expect(keysOf(out, at, placeOf(at))).toBe(texts.length);
      }
      expect(out.finish()).toEqual(expected.finish());
      for (const writer of [out, expected]) writer.restart();
    }),
  );
});

it("an id of another length is refused rather than written into what stands beside it", () => {
  const pattern = new KeyPattern([recordKey]);
  expect(() => pattern.write(new RespWriter(), slot(1), "short")).toThrow("as long as every other");
});

it("headers are the keys of their slots, whichever those are", () => {
  const all = Array.from({ length: SLOT_COUNT }, (_, n) => slot(n));
  for (const slots of [all, all.filter((n) => n % 7 === 3), [slot(4095)], []]) {
    const [out, expected] = [new RespWriter(), new RespWriter()];
    for (const one of slots) expected.text(`{ow${String(one).padStart(4, "0")}}h`);
    writeHeaderKeys(out, slots);
    expect(out.finish()).toEqual(expected.finish());
    expect(slots.map(headerKey)).toEqual(slots.map((one) => `{ow${String(one).padStart(4, "0")}}h`));
  }
});
