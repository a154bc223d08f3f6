/** Records of every state, with everything that one can hold. */
import fc from "fast-check";
import { durationMs, epochMs, fencingToken } from "../../src/base/units.ts";
import type { RecordAddress } from "../../src/domain/address.ts";
import type { StoredRecord } from "../../src/domain/record.ts";
import { SMALL_BODY_BYTES_MAX, type StoredResult, storeResult, withoutBody } from "../../src/domain/result.ts";
import type { Ordering } from "../../src/domain/stream.ts";

const INLINE_BYTES_MAX = 2048;

const text = (maxLength: number) => fc.string({ unit: "grapheme", maxLength: Math.floor(maxLength / 16) });
export const anyBytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
const instant = fc.nat({ max: 2 ** 48 - 1 }).map(epochMs);
export const anyU32 = fc.nat({ max: 2 ** 32 - 1 });
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
  fc.record({
    name: text(256),
    step: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    data: anyBytes(300),
    savedAt: instant,
  }),
  { nil: undefined },
);
const body = fc.oneof(anyBytes(64), anyBytes(SMALL_BODY_BYTES_MAX + 16), anyBytes(INLINE_BYTES_MAX + 16));
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
  attempts: anyU32,
  maybeExecuted: fc.boolean(),
  createdAt: instant,
  updatedAt: instant,
  expiresAt: instant,
  duplicates: anyU32,
  fingerprint: fc.option(
    fc.record({ algorithm: fc.oneof(text(64), fc.constantFrom("sha256", "jcs-sha256")), digest: anyBytes(64) }),
    { nil: undefined },
  ),
  traceparent,
  owner: text(256),
  retentionFor: fc.nat({ max: 2 ** 48 - 1 }).map(durationMs),
  lastError: text(4096),
};
const ended = ["retryable", "released", "resolved"] as const;
export const anyRecord: fc.Arbitrary<StoredRecord> = fc.oneof(
  fc.record({
    ...base,
    state: fc.constant("in_progress" as const),
    attemptId: text(64),
    startedAt: instant,
    leaseUntil: instant,
    leaseFor: anyU32.map(durationMs),
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
