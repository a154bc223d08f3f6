/** The client's own codec against the contract as protobufjs reads it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Checks } from "../../../clients/typescript/src/checks.ts";
import { decodeBegin, decodeComplete } from "../../../clients/typescript/src/decode.ts";
import { encodeBegin, encodeCheckpoint, encodeComplete } from "../../../clients/typescript/src/encode.ts";
import { Reader, Unreadable } from "../../../clients/typescript/src/protobuf-reader.ts";
import { aloneOf, joinItems, Writer, type Written } from "../../../clients/typescript/src/protobuf-writer.ts";
import { protos } from "../../../src/transport/grpc/protos.ts";

const { service } = protos().onceward.v1.IdempotencyService;

const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const text = (max: number) => fc.string({ unit: "grapheme", maxLength: Math.floor(max / 40) });
const bytes = fc.uint8Array({ maxLength: 400 }).map((given) => Buffer.from(given));
const milliseconds = fc.integer({ min: 1000, max: 3_600_000 });
const instant = fc.integer({ min: 0, max: 4_102_444_800_000 });

type Write = (sheet: { checks: Checks; writer: Writer }) => void;

function writtenBy(writer: Writer, write: Write): Written {
  const sheet = { checks: new Checks(), writer };
  writer.begin();
  write(sheet);
  expect(sheet.checks.error()).toBeUndefined();
  return writer.take();
}

function written(write: Write): Buffer {
  return aloneOf(writtenBy(new Writer(), write));
}

function timestamp(ms: number) {
  return { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1e6 };
}

const address = fc.record({
  namespace: fc.constantFrom("", "default", "team-a"),
  operation: text(128),
  stream: text(256).map((given) => `s${given}`),
  key: text(512).map((given) => `k${given}`),
});

describe("what is written", () => {
  it("of Begin is read as it was meant", () => {
    const options = fc.record({
      attemptId: text(64).map((given) => `a${given.slice(0, 8)}`),
      ...{ owner: text(256), leaseMs: milliseconds, retentionMs: milliseconds, maxAttempts: fc.nat(2 ** 31 - 1) },
      ...{ sequence: uint64.filter((value) => value < 2n ** 64n - 1n), epoch: uint64, tiebreak: uint64 },
      ...{ initial: fc.option(fc.constantFrom(0n, 1n, 2n ** 63n), { nil: undefined }), payload: bytes },
    });
    const check = fc.property(address, options, (at, { sequence, epoch, tiebreak, initial, payload, ...rest }) => {
      const ordering = { mode: "lastWriteWins", sequence, epoch, tiebreak, initial, onUnknownStream: "adopt" } as const;
      const asked = { ...rest, fingerprint: { payload }, lapsePolicy: "hold", ordering } as const;
      const read = service.Begin.requestDeserialize(written((sheet) => encodeBegin(sheet, at, asked, () => "")));
      expect(read).toMatchObject({
        ...{ address: at, attemptId: rest.attemptId, owner: rest.owner, leaseMs: String(rest.leaseMs), waitMs: "0" },
        ...{ retentionMs: String(rest.retentionMs), maxAttempts: rest.maxAttempts, lapsePolicy: "HOLD" },
        fingerprint: { source: "payload", payload, algorithm: "" },
        ordering: {
          ...{ mode: "LAST_WRITE_WINS", sequence: String(sequence), epoch: String(epoch), tiebreak: String(tiebreak) },
          ...{ onUnknownStream: "ADOPT", onTerminalFailure: "TERMINAL_FAILURE_UNSPECIFIED" },
        },
      });
      expect(read.ordering?.initial).toBe(initial === undefined ? undefined : String(initial));
    });
    fc.assert(check);
  });

  it.each([
    [{ json: "{}" }, { source: "json", json: "{}" }],
    [{ payload: "" }, { source: "payload", payload: Buffer.alloc(0) }],
    [{ payload: "ü".repeat(9000) }, { source: "payload", payload: Buffer.from("ü".repeat(9000)) }],
    [
      { digest: Buffer.from([0, 255]), algorithm: "sha512" },
      { source: "digest", digest: Buffer.from([0, 255]), algorithm: "sha512" },
    ],
  ])("of a fingerprint is read as it was meant, %#", (fingerprint, expected) => {
    const sent = written((sheet) => encodeBegin(sheet, { key: "k" }, { fingerprint }, () => "made"));
    expect(service.Begin.requestDeserialize(sent)).toMatchObject({ fingerprint: expected, attemptId: "made" });
  });

  it("of Complete and Checkpoint is read as it was meant, alone and in a batch", () => {
    const parts = { body: bytes, contentType: text(256), reference: text(2048) };
    const metadata = fc.dictionary(text(400), text(400), { maxKeys: 3, noNullPrototype: true });
    const result = fc.record({ ...parts, metadata });
    const writer = new Writer();
    fc.assert(
      fc.property(address, uint64, result, text(4096), (at, token, given, error) => {
        const options = { kind: "failed", token, result: given, error, retentionMs: 5000 } as const;
        const one = writtenBy(writer, (sheet) => encodeComplete(sheet, at, options));
        const { items } = service.CompleteBatch.requestDeserialize(joinItems([one, one]));
        expect(items[1]).toEqual(items[0]);
        expect(items[0]).toMatchObject({ address: at, fencingToken: String(token), kind: "FAILED", error });
        expect(items[0]).toMatchObject({ retentionMs: "5000", retryAfterMs: "0", result: given });
        const point = { token, name: "x", data: given.body, step: token, leaseMs: 100 };
        const sent = written((sheet) => encodeCheckpoint(sheet, at, point));
        expect(service.Checkpoint.requestDeserialize(sent)).toMatchObject({
          ...{ fencingToken: String(token), name: "x", data: given.body, step: String(token), leaseMs: "100" },
        });
      }),
    );
  });
});

const record = fc.record({
  ...{ state: fc.constantFrom("SUCCEEDED", "FAILED"), attempts: fc.nat(), owner: text(99), lastError: text(99) },
  ...{
    createdAt: instant,
    finishedAt: instant,
    duplicates: fc.nat(),
    traceparent: text(55),
    resultOmitted: fc.boolean(),
  },
  ...{ body: bytes, metadata: fc.dictionary(text(99), text(99), { maxKeys: 3, noNullPrototype: true }) },
});

describe("what is read", () => {
  it("of a replay is what was written", () => {
    const check = fc.property(address, record, (at, { createdAt, finishedAt, body, metadata, state, ...rest }) => {
      const times = { createdAt: timestamp(createdAt), finishedAt: timestamp(finishedAt) };
      const sent = { ...rest, ...times, state, address: at, result: { body, metadata, bodySize: body.length } };
      const bytesOf = service.Begin.responseSerialize({ outcome: "REPLAY", record: sent as object });
      expect(decodeBegin(new Reader(bytesOf))).toEqual({
        kind: "replay",
        record: {
          ...rest,
          ...{ state: state.toLowerCase(), address: at, createdAt, finishedAt, checkpoint: undefined },
          ...{ updatedAt: undefined, expiresAt: undefined, leaseUntil: undefined },
          result: {
            ...{ body, metadata, contentType: "", reference: "", bodySize: body.length, bodySha256: Buffer.alloc(0) },
          },
        },
      });
    });
    fc.assert(check);
  });

  it("of a start is what was written", () => {
    const attempt = fc.record({ token: uint64, step: uint64, number: fc.nat(), leaseMs: fc.nat(), data: bytes });
    const check = fc.property(attempt, fc.boolean(), ({ token, step, number, leaseMs, data }, flag) => {
      const flags = { takeover: flag, resumed: !flag, maybeExecuted: flag, unguarded: true };
      const checkpoint = { name: "x", data, step: String(step), savedAt: timestamp(1234) };
      const given = { ...flags, number, leaseMs, attemptId: "a", fencingToken: String(token), checkpoint };
      const answer = decodeBegin(new Reader(service.Begin.responseSerialize({ outcome: "STARTED", attempt: given })));
      const point = { name: "x", data, step, savedAt: 1234 };
      const expected = { ...flags, number, leaseMs, attemptId: "a", token, checkpoint: point };
      expect(answer).toEqual({ kind: "started", attempt: expected, record: undefined });
    });
    fc.assert(check);
  });

  it("passes over fields that a later version has added", () => {
    const known = service.Complete.responseSerialize({ outcome: "STORED", late: true });
    const varint = [0xf8, 1, 0x96, 1];
    const fixed64 = [0xf9, 1, 1, 2, 3, 4, 5, 6, 7, 8];
    const message = [0xfa, 1, 2, 8, 1];
    const fixed32 = [0xfd, 1, 1, 2, 3, 4];
    const later = Buffer.concat([Buffer.from([...varint, ...fixed64, ...message, ...fixed32]), known]);
    expect(decodeComplete(new Reader(later))).toMatchObject({ kind: "stored", late: true });
  });

  it("is refused when it is cut off or no message, and never taken for something else", () => {
    const whole = service.Begin.responseSerialize({ outcome: "STARTED", attempt: { fencingToken: "7", number: 1 } });
    for (let end = 3; end < whole.length; end++) {
      expect(() => decodeBegin(new Reader(whole.subarray(0, end)))).toThrow(Unreadable);
    }
    expect(() => decodeBegin(new Reader(Buffer.from([0x0a, 1, 1])))).toThrow(Unreadable); // the outcome as a text
    const check = fc.property(bytes, (noise) => {
      try {
        decodeBegin(new Reader(noise));
      } catch (error) {
        expect(error).toBeInstanceOf(Unreadable);
      }
    });
    fc.assert(check);
  });
});
