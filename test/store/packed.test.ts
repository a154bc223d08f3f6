import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OncewardError } from "../../src/base/errors.ts";
import { durationMs, epochMs, fencingToken } from "../../src/base/units.ts";
import type { RecordAddress } from "../../src/domain/address.ts";
import { isFinished, type StoredRecord } from "../../src/domain/record.ts";
import { SMALL_BODY_BYTES_MAX, type StoredResult, storeResult, withoutBody } from "../../src/domain/result.ts";
import type { Ordering } from "../../src/domain/stream.ts";
import {
  DUPLICATES_OFFSET,
  HEADER_BYTES,
  LAYOUT_VERSION,
  packRecord,
  STATES,
  type Unpacked,
  unpackRecord,
} from "../../src/store/packed.ts";
import { plain } from "../support/plain.ts";

const INLINE_BYTES_MAX = 2048;

const text = (maxLength: number) => fc.string({ unit: "grapheme", maxLength: Math.floor(maxLength / 16) });
const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
const instant = fc.nat({ max: 2 ** 48 - 1 }).map(epochMs);
const u32 = fc.nat({ max: 2 ** 32 - 1 });
const hex = (digits: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`));
const address: fc.Arbitrary<RecordAddress> = fc.record({
  namespace: fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,20}$/),
  operation: text(128),
  stream: text(256),
  key: text(512),
});
const traceparent = fc.oneof(
  fc.constant(""),
  fc.tuple(hex(32), hex(16), hex(2)).map(([trace, parent, flags]) => `00-${trace}-${parent}-${flags}`),
);
const checkpoint = fc.option(
  fc.record({ name: text(256), step: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), data: bytes(300), savedAt: instant }),
  { nil: undefined },
);
const body = fc.oneof(bytes(64), bytes(SMALL_BODY_BYTES_MAX + 16), bytes(INLINE_BYTES_MAX + 16));
const result: fc.Arbitrary<StoredResult | undefined> = fc.option(
  fc
    .record({
      input: fc.record({
        body,
        contentType: text(256),
        metadata: fc.dictionary(text(64), text(64), { maxKeys: 4 }),
        reference: text(256),
      }),
      kept: fc.boolean(),
    })
    .map(({ input, kept }) => {
      const stored = storeResult(input, INLINE_BYTES_MAX);
      return kept ? stored : withoutBody(stored);
    }),
  { nil: undefined },
);

const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const ordering: fc.Arbitrary<Ordering | undefined> = fc.option(
  fc.record({
    mode: fc.constantFrom("strict_next", "monotonic", "last_write_wins", "exact"),
    sequence: u64,
    epoch: u64,
    tiebreak: u64,
    initial: u64,
    onUnknownStream: fc.constantFrom("require_initial", "adopt"),
    onTerminalFailure: fc.constantFrom("block", "skip"),
  }),
  { nil: undefined },
);

const base = {
  address,
  token: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(fencingToken),
  attempts: u32,
  maybeExecuted: fc.boolean(),
  createdAt: instant,
  updatedAt: instant,
  expiresAt: instant,
  duplicates: u32,
  fingerprint: fc.option(
    fc.record({ algorithm: fc.oneof(text(64), fc.constantFrom("sha256", "jcs-sha256")), digest: bytes(64) }),
    { nil: undefined },
  ),
  traceparent,
  owner: text(256),
  retentionFor: fc.nat({ max: 2 ** 48 - 1 }).map(durationMs),
  lastError: text(4096),
};
const ended = ["retryable", "released", "resolved"] as const;
const record: fc.Arbitrary<StoredRecord> = fc.oneof(
  fc.record({
    ...base,
    state: fc.constant("in_progress" as const),
    attemptId: text(64),
    startedAt: instant,
    leaseUntil: instant,
    leaseFor: u32.map(durationMs),
    lapsePolicy: fc.constantFrom("take_over" as const, "hold" as const),
    ordering,
    checkpoint,
  }),
  fc.record({
    ...base,
    state: fc.constant("retryable" as const),
    endedBy: fc.constantFrom(...ended),
    retryAt: instant,
    ordering,
    checkpoint,
  }),
  fc.record({
    ...base,
    state: fc.constant("dead_lettered" as const),
    endedBy: fc.constantFrom(...ended, "lapsed" as const),
    ordering,
    checkpoint,
  }),
  fc.record({
    ...base,
    state: fc.constantFrom("succeeded" as const, "failed" as const),
    finishedAt: instant,
    resultUntil: instant,
    result,
  }),
  fc.record({ ...base, state: fc.constant("forgotten" as const) }),
);

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
      fc.property(record, (one) => {
        const { record: back, bodyApart, waited } = readBack(one);
        expect(plain(back)).toEqual(plain(one));
        expect(bodyApart).toBe(packRecord(one).body !== undefined);
        expect(waited).toBe(false);
      }),
    );
  });

  it("is the same bytes for equal records, however they came about", () => {
    fc.assert(
      fc.property(record, (one) => {
        const again = packRecord(readBack(one).record);
        expect(again.record.equals(packRecord(one).record)).toBe(true);
      }),
    );
  });

  it("keeps a body apart once it is longer than its digest is worth, and reads without it as omitted", () => {
    fc.assert(
      fc.property(record.filter(isFinished), (one) => {
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
      fc.property(record, u32, (one, duplicates) => {
        const packed = packRecord(one).record;
        packed.writeUInt32BE(duplicates, DUPLICATES_OFFSET);
        expect(plain(readBack(one, packed).record)).toEqual(plain({ ...one, duplicates }));
      }),
    );
  });

  it("holds at most 2^32 - 1 duplicates", () => {
    fc.assert(
      fc.property(record, (one) => {
        const { record: back } = readBack({ ...one, duplicates: 2 ** 32 });
        expect(back.duplicates).toBe(2 ** 32 - 1);
      }),
    );
  });
});

describe("damaged bytes", () => {
  it("are refused when any of them are missing", () => {
    fc.assert(
      fc.property(record, fc.nat(), (one, at) => {
        const packed = packRecord(one).record;
        const cut = packed.subarray(0, at % packed.length);
        expect(readOrRefused(one, cut)).toBe("STORE_DAMAGED");
      }),
      { numRuns: 500 },
    );
  });

  it("are refused when there are too many of them", () => {
    fc.assert(
      fc.property(record, bytes(8), (one, more) => {
        fc.pre(more.length > 0);
        expect(readOrRefused(one, Buffer.concat([packRecord(one).record, more]))).toBe("STORE_DAMAGED");
      }),
    );
  });

  it("are refused when the length of a section is off", () => {
    const lengths = [60, 61, 63, 64, 66, 67, 69, 73];
    fc.assert(
      fc.property(record, fc.constantFrom(...lengths), fc.integer({ min: 1, max: 255 }), (one, offset, by) => {
        const packed = packRecord(one).record;
        packed[offset] = ((packed[offset] ?? 0) + by) % 256;
        expect(readOrRefused(one, packed)).toBe("STORE_DAMAGED");
      }),
      { numRuns: 500 },
    );
  });

  it("are refused in a state or a layout that is not known", () => {
    fc.assert(
      fc.property(record, fc.nat({ max: 255 }), (one, byte) => {
        const [state, layout] = [packRecord(one).record, packRecord(one).record];
        state[1] = byte === 0 ? 0 : (byte % (256 - STATES.length)) + STATES.length;
        layout[0] = byte === LAYOUT_VERSION ? 0 : byte;
        if (state[1] === 0 || state[1] > STATES.length) expect(readOrRefused(one, state)).toBe("STORE_DAMAGED");
        expect(readOrRefused(one, layout)).toBe("STORE_DAMAGED");
      }),
    );
  });

  it("are refused with a body of another length", () => {
    const large = storeResult({ body: Buffer.alloc(1500, 1), contentType: "", metadata: {}, reference: "" }, 2048);
    fc.assert(
      fc.property(record.filter(isFinished), bytes(2000), (one, other) => {
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
      fc.property(record, fc.uint8Array({ maxLength: HEADER_BYTES + 64 }), (one, noise) => {
        const read = readOrRefused(one, Buffer.from(noise));
        expect(typeof read === "object" || read === "STORE_DAMAGED").toBe(true);
      }),
    );
  });
});
