import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { protos } from "../../src/transport/grpc/protos.ts";
import { invalidTextOf } from "../../src/transport/grpc/text.ts";
import * as requests from "../../src/transport/grpc/wire/requests.ts";
import * as responses from "../../src/transport/grpc/wire/responses.ts";
import { bytesField, numberField } from "../support/protobuf.ts";

const { IdempotencyService } = protos().onceward.v1;

/** Some come again and again, as they do in earnest. */
const text = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: "grapheme", maxLength: 150 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom("", "a", "b", "default", "charge", "charged", "a".repeat(64), "a".repeat(65), "é"),
  },
);
const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
const uint64 = fc.oneof(fc.bigInt(0n, 2n ** 64n - 1n), fc.bigInt(0n, 300n), fc.constant(2n ** 53n)).map(String);
const count = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
const choice = (last: number) => fc.integer({ min: 0, max: last });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const metadata = fc.dictionary(text, text, { maxKeys: 4 });

const address = fc.record({ namespace: text, operation: text, stream: text, key: text });
const fingerprint = fc.oneof(
  fc.record({ digest: bytes, algorithm: text }),
  fc.record({ payload: bytes }),
  fc.record({ json: text }),
  fc.record({ algorithm: text }),
);
const ordering = fc.record(
  {
    ...{ sequence: uint64, epoch: uint64, tiebreak: uint64, initial: uint64 },
    ...{ mode: choice(4), onUnknownStream: choice(2), onTerminalFailure: choice(2) },
  },
  { requiredKeys: [] },
);
const result = fc.record(
  { body: bytes, contentType: text, metadata, reference: text, bodySize: uint64, bodySha256: bytes },
  { requiredKeys: [] },
);
const beginRequest = fc.record({
  ...{ address: maybe(address), fingerprint: maybe(fingerprint), attemptId: text, owner: text, leaseMs: uint64 },
  ...{ waitMs: uint64, retentionMs: uint64, lapsePolicy: choice(2), maxAttempts: count, ordering: maybe(ordering) },
});
const completeRequest = fc.record({
  ...{ address: maybe(address), fencingToken: uint64, kind: choice(3), result: maybe(result), error: text },
  ...{ retryAfterMs: uint64, retentionMs: uint64 },
});
const held = { address: maybe(address), fencingToken: uint64 };
const getRequest = fc.record({ address: maybe(address), waitMs: uint64 });
const renewRequest = fc.record({ ...held, leaseMs: uint64 });
const checkpointRequest = fc.record({ ...held, name: text, data: bytes, leaseMs: uint64, step: uint64 });
const releaseRequest = fc.record(held);
const onSession = (calls: Readonly<Record<string, fc.Arbitrary<object>>>) =>
  fc.oneof(
    fc.record({ correlationId: uint64 }),
    ...Object.entries(calls).map(([name, call]) => fc.record({ correlationId: uint64, [name]: call })),
  );
const sessionRequest = onSession({
  ...{ begin: beginRequest, complete: completeRequest, renew: renewRequest, checkpoint: checkpointRequest },
  ...{ get: getRequest, release: releaseRequest },
});
const timestamp = fc.record({ seconds: uint64.filter((digits) => BigInt(digits) < 2n ** 63n), nanos: count });
const checkpoint = fc.record({ name: text, data: bytes, savedAt: maybe(timestamp), step: uint64 });
const state = fc.constantFrom("IN_PROGRESS", "UNKNOWN", "SUCCEEDED", "FAILED", "RETRYABLE", "DEAD_LETTERED");
const record = fc.record({
  ...{ address: maybe(address), state, attempts: count, result: maybe(result), owner: text, lastError: text },
  ...{ createdAt: maybe(timestamp), updatedAt: maybe(timestamp), finishedAt: maybe(timestamp) },
  ...{ expiresAt: maybe(timestamp), leaseUntil: maybe(timestamp), checkpoint: maybe(checkpoint) },
  ...{ duplicates: uint64, traceparent: text, resultOmitted: fc.boolean(), fencingToken: uint64 },
});
const flags = { takeover: fc.boolean(), resumed: fc.boolean(), maybeExecuted: fc.boolean(), unguarded: fc.boolean() };
const attempt = fc.record({
  ...{ number: count, attemptId: text, fencingToken: uint64, leaseMs: uint64, checkpoint: maybe(checkpoint), ...flags },
});
const begun = fc.record({
  outcome: fc.constantFrom(
    ...(["STARTED", "REPLAY", "IN_PROGRESS", "MISMATCH", "UNRESOLVED", "BACKING_OFF"] as const),
    ...(["STALE", "GAP", "CONFLICT"] as const),
  ),
  ...{ attempt: maybe(attempt), record: maybe(record), retryAfterMs: fc.nat(), expectedSequence: uint64 },
  streamEpoch: uint64,
});
const completed = fc.record({
  outcome: fc.constantFrom("STORED", "ALREADY_STORED", "FENCED", "SUPERSEDED", "NOT_FOUND"),
  ...{ late: fc.boolean(), restored: fc.boolean(), resultDiffers: fc.boolean(), resultOmitted: fc.boolean() },
  ...{ retryAfterMs: fc.nat(), record: maybe(record) },
});
const error = fc.record({ code: choice(16), message: text, details: fc.constant([]) });
const itemsOf = (message: fc.Arbitrary<object>) => {
  const item = fc.oneof(fc.record({ response: message }), fc.record({ error }));
  return fc.record({ items: fc.array(item, { maxLength: 5 }) });
};

const heldOutcome = ["FENCED", "FINISHED", "NOT_FOUND"] as const;
const got = fc.record({ found: fc.boolean(), record: maybe(record) });
const renewed = fc.record({ outcome: fc.constantFrom("RENEWED", ...heldOutcome), leaseMs: fc.nat() });
const saved = fc.record({ outcome: fc.constantFrom("SAVED", "STALE", ...heldOutcome), leaseMs: fc.nat() });
const released = fc.record({ outcome: fc.constantFrom("RELEASED", ...heldOutcome) });
const sessionAnswer = onSession({
  ...{ begin: begun, complete: completed, renew: renewed, checkpoint: saved, get: got, release: released, error },
});

const { Begin, Complete, BeginBatch, CompleteBatch } = IdempotencyService.service;
const { Get, Renew, Checkpoint, Release, Session } = IdempotencyService.service;
const many = (message: fc.Arbitrary<object>) => fc.record({ items: fc.array(message, { maxLength: 5 }) });

describe.each([
  ["Begin", Begin, beginRequest, requests.readBeginRequest],
  ["Complete", Complete, completeRequest, requests.readCompleteRequest],
  ["BeginBatch", BeginBatch, many(beginRequest), requests.readBeginBatchRequest],
  ["CompleteBatch", CompleteBatch, many(completeRequest), requests.readCompleteBatchRequest],
  ["Get", Get, getRequest, requests.readGetRequest],
  ["Renew", Renew, renewRequest, requests.readRenewRequest],
  ["Checkpoint", Checkpoint, checkpointRequest, requests.readCheckpointRequest],
  ["Release", Release, releaseRequest, requests.readReleaseRequest],
  ["Session", Session, sessionRequest, requests.readSessionRequest],
])("a request of %s", (_name, method, message, read) => {
  it("reads as the loader reads it", () => {
    fc.assert(
      fc.property(message as fc.Arbitrary<never>, (one) => {
        const written = method.requestSerialize(one);
        expect(read(written)).toEqual(method.requestDeserialize(written));
      }),
    );
  });

  it("reads as before when it has fields of a later version", () => {
    const later = [numberField(200, 2n ** 63n), bytesField(201, "of a later version")];
    const fixed = [Buffer.from([0x89, 0x0d, 1, 2, 3, 4, 5, 6, 7, 8]), Buffer.from([0x8d, 0x0d, 1, 2, 3, 4])];
    fc.assert(
      fc.property(message as fc.Arbitrary<never>, (one) => {
        const written = method.requestSerialize(one);
        const extended = Buffer.concat([...later, written, ...fixed]);
        expect(read(extended)).toEqual(method.requestDeserialize(written));
      }),
    );
  });

  it("is refused, or reads as some message, when its bytes are not whole", () => {
    fc.assert(
      fc.property(message as fc.Arbitrary<never>, fc.nat(), fc.nat(255), (one, place, byte) => {
        const written = method.requestSerialize(one);
        const at = place % (written.length + 1);
        for (const broken of [written.subarray(0, at), Buffer.concat([written.subarray(0, at), Buffer.from([byte])])]) {
          try {
            expect(read(broken)).toBeTypeOf("object");
          } catch (thrown) {
            expect((thrown as Error).constructor.name).toBe("Unreadable");
          }
        }
      }),
    );
  });
});

describe.each([
  ["Begin", Begin, begun, responses.writeBeginResponse],
  ["Complete", Complete, completed, responses.writeCompleteResponse],
  ["BeginBatch", BeginBatch, itemsOf(begun), responses.writeBeginBatchResponse],
  ["CompleteBatch", CompleteBatch, itemsOf(completed), responses.writeCompleteBatchResponse],
  ["Get", Get, got, responses.writeGetResponse],
  ["Renew", Renew, renewed, responses.writeRenewResponse],
  ["Checkpoint", Checkpoint, saved, responses.writeCheckpointResponse],
  ["Release", Release, released, responses.writeReleaseResponse],
  ["Session", Session, sessionAnswer, responses.writeSessionResponse],
])("an answer of %s", (_name, method, message, write) => {
  it("says what the loader would have written", () => {
    fc.assert(
      fc.property(message as fc.Arbitrary<never>, (one) => {
        const written = (write as (message: object) => Buffer)(one);
        expect(method.responseDeserialize(written)).toEqual(method.responseDeserialize(method.responseSerialize(one)));
      }),
    );
  });
});

describe("the text of a request", () => {
  const broken = Buffer.from([0x6b, 0xff, 0xfe]);

  it("is told where it was no UTF-8 though the messages around it had as much of it", () => {
    const owner = (value: Buffer) => requests.readBeginRequest(bytesField(4, value));
    const [good, bad] = [Buffer.from("a worker"), Buffer.from("a w\xffrker", "latin1")];
    const told = [good, good, bad, bad, good].map((value) => invalidTextOf(owner(value)));
    expect(told).toEqual([[], [], ["owner"], ["owner"], []]);
    expect([good, good, bad].map((value) => owner(value).owner)).toEqual(["a worker", "a worker", "a w\ufffdrker"]);
  });

  it("is told by its field where it was no UTF-8, also deep inside", () => {
    const message = Buffer.concat([bytesField(1, bytesField(4, broken)), bytesField(4, broken)]);
    expect(invalidTextOf(requests.readBeginRequest(message))).toEqual(["address.key", "owner"]);
  });

  it("is told by each item of a batch for itself", () => {
    const [good, bad] = [bytesField(1, bytesField(4, "k")), bytesField(1, bytesField(4, broken))];
    const { items } = requests.readBeginBatchRequest(
      Buffer.concat([good, bad, good].map((item) => bytesField(1, item))),
    );
    expect(items.map(invalidTextOf)).toEqual([[], ["address.key"], []]);
  });

  it("is told with the call of a session that it is in", () => {
    const message = requests.readSessionRequest(
      bytesField(5, Buffer.concat([bytesField(1, bytesField(4, broken)), bytesField(3, broken)])),
    );
    expect(invalidTextOf(message)).toEqual(["checkpoint.address.key", "checkpoint.name"]);
  });

  it("may hold a replacement character of the caller's own", () => {
    const message = bytesField(1, bytesField(4, "a \ufffd of mine"));
    expect(invalidTextOf(requests.readBeginRequest(message))).toEqual([]);
  });
});

it("metadata may have any names, also those of what every object has", () => {
  const entry = (name: string) => bytesField(3, bytesField(1, name), bytesField(2, "value"));
  const message = bytesField(4, entry("__proto__"), entry("constructor"));
  const { result: read } = requests.readCompleteRequest(message);
  expect(Object.entries(read?.metadata ?? {})).toEqual([
    ["__proto__", "value"],
    ["constructor", "value"],
  ]);
});
