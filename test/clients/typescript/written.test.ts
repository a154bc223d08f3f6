/** How messages lie in memory that they share, and what is left of a call once it is over. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Call, Flight, Outstanding } from "../../../clients/typescript/src/call.ts";
import { Reader } from "../../../clients/typescript/src/protobuf-reader.ts";
import {
  aloneOf,
  joinItems,
  NOTHING_WRITTEN,
  Writer,
  type Written,
} from "../../../clients/typescript/src/protobuf-writer.ts";

function bytesIn(message: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (const reader = new Reader(message); reader.next(); ) found.push(reader.bytes());
  return found;
}

/** Lengths around those at which a message takes one more byte for its length, or another place in memory. */
const length = fc.oneof(
  fc.nat(300),
  ...[127, 128, 1023, 4 * 1024, 16 * 1024, 16_383].map((edge) => fc.integer({ min: edge - 40, max: edge + 40 })),
  fc.constant(60_000),
);
const message = fc.tuple(length, fc.nat(255), fc.boolean());

describe("messages that share memory", () => {
  it("stay as they were written, alone and as items of a batch, whatever is written or given up after them", () => {
    const check = fc.property(fc.array(message, { minLength: 1, maxLength: 60 }), fc.nat(3), (given, leaveOut) => {
      const writer = new Writer();
      const kept: { readonly body: Buffer; readonly written: Written }[] = [];
      for (const [bytes, filling, abandoned] of given) {
        const body = Buffer.alloc(bytes, filling);
        writer.begin();
        writer.presentBytes(7, body);
        if (!abandoned) kept.push({ body, written: writer.take() });
      }
      const same = (read: Buffer | undefined, { body }: (typeof kept)[number]) => read?.equals(body) === true;
      expect(kept.every((one) => same(bytesIn(aloneOf(one.written))[0], one))).toBe(true);
      const chosen = kept.filter((_, index) => leaveOut === 0 || index % (leaveOut + 1) !== 0);
      const items = bytesIn(joinItems(chosen.map(({ written }) => written)));
      expect(items).toHaveLength(chosen.length);
      expect(chosen.every((one, index) => same(bytesIn(items[index] ?? Buffer.alloc(0))[0], one))).toBe(true);
    });
    fc.assert(check);
  });

  it("leave in one piece that is not copied when they were written in one go", () => {
    const writer = new Writer();
    const items = Array.from({ length: 20 }, () => {
      writer.begin();
      writer.presentText(1, "x".repeat(150));
      return writer.take();
    });
    expect(joinItems(items).buffer).toBe(items[0]?.bytes.buffer);
  });
});

describe("a text that is likely", () => {
  it.each(["", "charge", "chargé", "Ã©", "é", "charges", "charg"])("is read as what stands there: %s", (text) => {
    for (const likely of ["", "charge", "chargé", "Ã©", "é"]) {
      const writer = new Writer();
      writer.begin();
      writer.presentText(1, text);
      const reader = new Reader(aloneOf(writer.take()));
      expect(reader.next()).toBe(true);
      expect(reader.likelyText(likely)).toBe(text);
      expect(reader.next()).toBe(false);
    }
  });
});

describe("a call that is over", () => {
  function open(outstanding: Outstanding) {
    const ended: unknown[] = [];
    const end = (how: unknown) => ended.push(how);
    const given = { request: { ...NOTHING_WRITTEN, end: 1 }, deadline: 0, signal: undefined };
    return { ended, call: new Call<string>({ ...given, outstanding, resolve: end, reject: end }) };
  }

  it("is settled once, and leads neither to its message nor to other calls", () => {
    const outstanding = new Outstanding();
    const calls = Array.from({ length: 5 }, () => open(outstanding));
    const flight = new Flight(calls.map(({ call }) => call));
    for (const place of [2, 0, 4]) {
      const { call, ended } = calls[place]!;
      call.succeed("done");
      call.succeed("again");
      call.giveUp("CANCELLED", "too late", "CLIENT_CLOSED");
      expect(ended).toEqual(["done"]);
      expect(call).toMatchObject({ settled: true, request: NOTHING_WRITTEN, previous: undefined, next: undefined });
    }
    expect(outstanding.size).toBe(2);
    expect(flight.land()).toHaveLength(5);
    expect(flight.land()).toEqual([]);
  });

  it("is not given up with those that are not, each of which is", () => {
    const outstanding = new Outstanding();
    const calls = Array.from({ length: 4 }, () => open(outstanding));
    calls[1]?.call.succeed("done");
    outstanding.giveUpAll("CANCELLED", "the client was closed", "CLIENT_CLOSED");
    expect(outstanding.size).toBe(0);
    expect(calls[1]?.ended).toEqual(["done"]);
    const closed = [{ code: "CANCELLED", reason: "CLIENT_CLOSED", outcomeUnknown: false }];
    for (const place of [0, 2, 3]) expect(calls[place]?.ended).toMatchObject(closed);
    const late = open(outstanding);
    expect(outstanding.size).toBe(1);
    late.call.succeed("done");
    expect(outstanding.size).toBe(0);
  });
});
