import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { protos } from "../../src/transport/grpc/protos.ts";
import { badFields, refusalIn, refusalOf } from "../support/grpc.ts";
import { interposed } from "../support/interposed.ts";
import { bytesField, numberField } from "../support/protobuf.ts";
import { openReference, type ReferenceHarness } from "../support/reference-store.ts";
import { openSession } from "../support/session.ts";
import { type Served, serveStore } from "../support/sidecar.ts";
import { fresh } from "../support/wire.ts";

/** What no library would send: bytes that are no text, messages that are none, or too large. */
const BEGIN = "/onceward.v1.IdempotencyService/Begin";
const BEGIN_BATCH = "/onceward.v1.IdempotencyService/BeginBatch";
const COMPLETE = "/onceward.v1.IdempotencyService/Complete";
const LIST_RECORDS = "/onceward.v1.AdminService/ListRecords";
const MIB = 1024 * 1024;

const reached: string[] = [];
let harness: ReferenceHarness;
let served: Served;
beforeAll(async () => {
  harness = await openReference();
  served = await serveStore(
    interposed(harness.store, async (call) => {
      reached.push(call);
    }),
  );
});
afterEach(() => void reached.splice(0));
afterAll(() => served.stop());

/** The bytes of a `BeginRequest` with this key. */
function beginBytes(key: Buffer | string): Buffer {
  return bytesField(1, bytesField(4, key));
}

const LATIN_1 = Buffer.from([0x66, 0xfc, 0x72]);

describe("text that is not UTF-8", () => {
  it.each([
    ["a lone byte above ASCII", LATIN_1],
    ["a character cut short", Buffer.from([0x61, 0xe2, 0x82])],
    ["an overlong form", Buffer.from([0xc0, 0xaf])],
    ["a surrogate", Buffer.from([0xed, 0xa0, 0x80])],
    ["a character beyond Unicode", Buffer.from([0xf5, 0x80, 0x80, 0x80])],
  ])("is refused as a key: %s", async (_what, key) => {
    const refusal = await refusalOf(served.client.raw(BEGIN, beginBytes(key)));
    expect(refusal.code).toBe("INVALID_ARGUMENT");
    expect(badFields(refusal)).toEqual(["address.key"]);
    expect(reached).toEqual([]);
  });

  it("is refused in every field at once, named as in the proto files", async () => {
    const bytes = Buffer.concat([
      bytesField(1, bytesField(1, LATIN_1), bytesField(2, LATIN_1), bytesField(4, "k")),
      bytesField(2, bytesField(3, LATIN_1)),
      bytesField(3, LATIN_1),
    ]);
    const refusal = await refusalOf(served.client.raw(BEGIN, bytes));
    expect(badFields(refusal)).toEqual(["address.namespace", "address.operation", "attempt_id", "fingerprint.json"]);
    expect(reached).toEqual([]);
  });

  it("is refused in the names and values of a map", async () => {
    const entry = (name: Buffer | string, value: Buffer | string) =>
      bytesField(3, bytesField(1, name), bytesField(2, value));
    const complete = (...entries: Buffer[]) =>
      Buffer.concat([
        bytesField(1, bytesField(4, "k")),
        numberField(2, 1n),
        numberField(3, 1n),
        bytesField(4, ...entries),
      ]);
    for (const bytes of [complete(entry(LATIN_1, "x")), complete(entry("x", LATIN_1))]) {
      const refusal = await refusalOf(served.client.raw(COMPLETE, bytes));
      expect(refusal.code).toBe("INVALID_ARGUMENT");
      expect(badFields(refusal)).toHaveLength(1);
      expect(badFields(refusal)[0]).toMatch(/^result\.metadata/);
    }
    expect(reached).toEqual([]);
  });

  it("is refused in one item of a batch, and the others are done", async () => {
    const { BeginBatchResponse } = protos().onceward.v1;
    const bytes = Buffer.concat(
      [beginBytes("good"), beginBytes(LATIN_1), beginBytes("good too")].map((item) => bytesField(1, item)),
    );
    const answer = BeginBatchResponse.deserialize(await served.client.raw(BEGIN_BATCH, bytes));
    expect(answer.items.map(({ response }) => response?.outcome)).toEqual(["STARTED", undefined, "STARTED"]);
    const refusal = refusalIn(answer.items[1]?.error ?? { code: 0, message: "", details: [] });
    expect(refusal.code).toBe("INVALID_ARGUMENT");
    expect(badFields(refusal)).toEqual(["address.key"]);
  });

  it("is no other text that only contains the replacement character, which is text like any", async () => {
    const { client } = served;
    const at = fresh({ key: "f\ufffdr", operation: "\ufffd" });
    expect((await client.begin({ address: at, owner: "\ufffd" })).outcome).toBe("STARTED");
    expect((await client.begin({ address: at })).outcome).toBe("IN_PROGRESS");
  });

  it("is answered with a status of bounded size, however much of it there is", async () => {
    const many = Array.from({ length: 20_000 }, (_, i) =>
      bytesField(3, bytesField(1, `${i}`, LATIN_1), bytesField(2, "x")),
    );
    const long = bytesField(3, bytesField(1, Buffer.alloc(100_000, 0xfc)), bytesField(2, LATIN_1));
    for (const entries of [many, [long]]) {
      const bytes = Buffer.concat([bytesField(1, bytesField(4, "k")), bytesField(4, ...entries)]);
      const refusal = await refusalOf(served.client.raw(COMPLETE, bytes));
      expect(refusal.code).toBe("INVALID_ARGUMENT");
      expect(badFields(refusal).length).toBeGreaterThan(0);
    }
  });
});

describe("a message", () => {
  it("over the limit is refused with RESOURCE_EXHAUSTED and without RetryInfo, and nothing is done", async () => {
    const payload = Buffer.alloc(4 * MIB + 1);
    const refusal = await refusalOf(served.client.begin({ address: fresh(), fingerprint: { payload } }));
    expect(refusal.code).toBe("RESOURCE_EXHAUSTED");
    expect(refusal.retryInfo).toBeUndefined();
    expect(reached).toEqual([]);
  });

  it("just below the limit is taken", async () => {
    const payload = Buffer.alloc(4 * MIB - 1024);
    const answer = await served.client.begin({ address: fresh(), fingerprint: { payload } });
    expect(answer.outcome).toBe("STARTED");
  });

  it("that is none is refused, and nothing is done", async () => {
    const refusal = await refusalOf(served.client.raw(BEGIN, Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff])));
    expect(["INTERNAL", "INVALID_ARGUMENT"]).toContain(refusal.code);
    expect(reached).toEqual([]);
  });

  it("with fields of a later version is taken: they are not read", async () => {
    const bytes = Buffer.concat([beginBytes("later"), numberField(99, 7n), bytesField(100, "new")]);
    const { BeginResponse } = protos().onceward.v1;
    const answer = BeginResponse.deserialize(await served.client.raw(BEGIN, bytes));
    expect(answer.outcome).toBe("STARTED");
  });

  it("with more wrong elements than a status can hold is refused all the same", async () => {
    const states = bytesField(2, Buffer.alloc(100_000, 99));
    const refusal = await refusalOf(served.client.raw(LIST_RECORDS, states));
    expect(refusal.code).toBe("INVALID_ARGUMENT");
    expect(badFields(refusal).every((field) => field.startsWith("states"))).toBe(true);
    expect(reached).toEqual([]);
  });
});

describe("an unknown RPC", () => {
  it.each([
    ["/onceward.v1.IdempotencyService/Start"],
    ["/onceward.v1.NoService/Advance"],
    ["/onceward.v2.IdempotencyService/Begin"],
  ])("is UNIMPLEMENTED: %s", async (path) => {
    expect((await refusalOf(served.client.raw(path, beginBytes("k")))).code).toBe("UNIMPLEMENTED");
    expect(reached).toEqual([]);
  });
});

describe("a session", () => {
  it("goes on after a call without a call in it", async () => {
    const session = openSession(served.client);
    const answer = await session.call({});
    const refusal = refusalIn(answer.error ?? { code: 0, message: "", details: [] });
    expect(refusal.code).toBe("INVALID_ARGUMENT");
    expect(badFields(refusal)).toEqual(["call"]);
    expect(reached).toEqual([]);
    expect((await session.call({ get: { address: fresh() } })).get).toEqual({ found: false, record: null });
    expect(await session.halfClose()).toMatchObject({ code: "OK" });
  });

  it("ends when a message is too large, and nothing of it is done", async () => {
    const session = openSession(served.client);
    const begin = { address: fresh(), fingerprint: { payload: Buffer.alloc(5 * MIB) } };
    await expect(session.call({ begin })).rejects.toThrow("RESOURCE_EXHAUSTED");
    expect(reached).toEqual([]);
  });
});
