import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OncewardError } from "../../src/base/errors.ts";
import { isFinished, type StoredRecord } from "../../src/domain/record.ts";
import { SMALL_BODY_BYTES_MAX, storeResult, withoutBody } from "../../src/domain/result.ts";
import {
  DUPLICATES_OFFSET,
  HEADER_BYTES,
  LAYOUT_VERSION,
  packRecord,
  STATES,
  type Unpacked,
  unpackRecord,
} from "../../src/store/packed.ts";
import { anyBytes, anyRecord, anyU32 } from "../support/any-record.ts";
import { plain } from "../support/plain.ts";

const NAME = "shard main, slot 7";

function readBack(one: StoredRecord, changed: Buffer = packRecord(one).record): Unpacked {
  const apart = packRecord(one).body;
  const body = apart === undefined ? undefined : Buffer.from(apart);
  return unpackRecord(changed, { address: one.address, body, name: NAME });
}

/** What reading gives: the record, or the code it was refused with. */
function readOrRefused(one: StoredRecord, changed: Buffer): unknown {
  try {
    return plain(readBack(one, changed).record);
  } catch (fault) {
    if (fault instanceof OncewardError) return fault.code;
    throw fault;
  }
}

describe("a packed record", () => {
  it("is read back as it was", () => {
    fc.assert(
      fc.property(anyRecord, (one) => {
        const { record: back, bodyApart, waited } = readBack(one);
        expect(plain(back)).toEqual(plain(one));
        expect(bodyApart).toBe(packRecord(one).body !== undefined);
        expect(waited).toBe(false);
      }),
    );
  });

  it("is the same bytes for equal records, however they came about", () => {
    fc.assert(
      fc.property(anyRecord, (one) => {
        const again = packRecord(readBack(one).record);
        expect(again.record.equals(packRecord(one).record)).toBe(true);
      }),
    );
  });

  it("keeps a body apart once it is longer than its digest is worth, and reads without it as omitted", () => {
    fc.assert(
      fc.property(anyRecord.filter(isFinished), (one) => {
        const kept = one.result?.body;
        const { record: packed, body: apart } = packRecord(one);
        if (kept === undefined || kept.length <= SMALL_BODY_BYTES_MAX) expect(apart).toBeUndefined();
        else expect(apart).toBe(kept);
        const { record: back } = unpackRecord(packed, { address: one.address, name: NAME });
        const without = apart === undefined || one.result === undefined ? one.result : withoutBody(one.result);
        expect(plain(back)).toEqual(plain({ ...one, result: without }));
      }),
    );
  });

  it("has its count of duplicates where a store can raise it", () => {
    fc.assert(
      fc.property(anyRecord, anyU32, (one, duplicates) => {
        const packed = packRecord(one).record;
        packed.writeUInt32BE(duplicates, DUPLICATES_OFFSET);
        expect(plain(readBack(one, packed).record)).toEqual(plain({ ...one, duplicates }));
      }),
    );
  });

  it("holds at most 2^32 - 1 duplicates", () => {
    fc.assert(
      fc.property(anyRecord, (one) => {
        const { record: back } = readBack({ ...one, duplicates: 2 ** 32 });
        expect(back.duplicates).toBe(2 ** 32 - 1);
      }),
    );
  });
});

describe("damaged bytes", () => {
  it("are refused when any of them are missing", () => {
    fc.assert(
      fc.property(anyRecord, fc.nat(), (one, at) => {
        const packed = packRecord(one).record;
        const cut = packed.subarray(0, at % packed.length);
        expect(readOrRefused(one, cut)).toBe("STORE_DAMAGED");
      }),
      { numRuns: 500 },
    );
  });

  it("are refused when there are too many of them", () => {
    fc.assert(
      fc.property(anyRecord, anyBytes(8), (one, more) => {
        fc.pre(more.length > 0);
        expect(readOrRefused(one, Buffer.concat([packRecord(one).record, more]))).toBe("STORE_DAMAGED");
      }),
    );
  });

  it("are refused when the length of a section is off", () => {
    const lengths = [60, 61, 63, 64, 66, 67, 69, 73];
    fc.assert(
      fc.property(anyRecord, fc.constantFrom(...lengths), fc.integer({ min: 1, max: 255 }), (one, offset, by) => {
        const packed = packRecord(one).record;
        packed[offset] = ((packed[offset] ?? 0) + by) % 256;
        expect(readOrRefused(one, packed)).toBe("STORE_DAMAGED");
      }),
      { numRuns: 500 },
    );
  });

  it("are refused in a state or a layout that is not known", () => {
    fc.assert(
      fc.property(anyRecord, fc.nat({ max: 255 }), (one, byte) => {
        const [state, layout] = [packRecord(one).record, packRecord(one).record];
        state[1] = byte === 0 ? 0 : (byte % (256 - STATES.length)) + STATES.length;
        layout[0] = byte === LAYOUT_VERSION ? 0 : byte;
        if (state[1] === 0 || state[1] > STATES.length) expect(readOrRefused(one, state)).toBe("STORE_DAMAGED");
        expect(readOrRefused(one, layout)).toBe("STORE_DAMAGED");
      }),
    );
  });

  it("never make an unfinished record look finished, nor a finished one unfinished, when only its state is off", () => {
    const finished = (state: string | undefined) => state === "succeeded" || state === "failed";
    fc.assert(
      fc.property(anyRecord, fc.constantFrom(...STATES), (one, other) => {
        fc.pre(finished(one.state) !== finished(other) && !(one.state === "forgotten" || other === "forgotten"));
        const packed = packRecord(one).record;
        packed[1] = STATES.indexOf(other) + 1;
        expect(readOrRefused(one, packed)).toBe("STORE_DAMAGED");
      }),
      { numRuns: 300 },
    );
  });

  it("are never read as a finished record by any change of one byte of an unfinished one", () => {
    fc.assert(
      fc.property(anyRecord, fc.nat(), fc.integer({ min: 1, max: 255 }), (one, at, by) => {
        fc.pre(one.state === "in_progress" || one.state === "retryable" || one.state === "dead_lettered");
        const packed = packRecord(one).record;
        const offset = at % packed.length;
        packed[offset] = ((packed[offset] ?? 0) + by) % 256;
        const read = readOrRefused(one, packed);
        const unfinished = expect.stringMatching(/^(in_progress|retryable|dead_lettered)$/);
        if (read !== "STORE_DAMAGED") expect(read).toMatchObject({ state: unfinished });
      }),
      { numRuns: 2000 },
    );
  });

  it("are refused with a body of another length", () => {
    const large = storeResult({ body: Buffer.alloc(1500, 1), contentType: "", metadata: {}, reference: "" }, 2048);
    fc.assert(
      fc.property(anyRecord.filter(isFinished), anyBytes(2000), (one, other) => {
        fc.pre(other.length !== 1500);
        const { record: packed } = packRecord({ ...one, result: large });
        const read = () => unpackRecord(packed, { address: one.address, body: other, name: NAME });
        expect(read).toThrow(expect.objectContaining({ code: "STORE_DAMAGED" }));
      }),
    );
  });

  it("are named by the place they lie in, and never by what they hold", () => {
    const read = () => unpackRecord(Buffer.from("a secret key"), { name: NAME });
    expect(read).toThrow(`unreadable record in ${NAME}`);
  });

  it("never make a fault of another kind, whatever they are", () => {
    fc.assert(
      fc.property(anyRecord, fc.uint8Array({ maxLength: HEADER_BYTES + 64 }), (one, noise) => {
        const read = readOrRefused(one, Buffer.from(noise));
        expect(typeof read === "object" || read === "STORE_DAMAGED").toBe(true);
      }),
    );
  });
});
