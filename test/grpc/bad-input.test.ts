import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { BeginRequest } from "../../src/transport/grpc/gen/onceward/v1/BeginRequest.ts";
import type { CompleteRequest } from "../../src/transport/grpc/gen/onceward/v1/CompleteRequest.ts";
import type { Result } from "../../src/transport/grpc/gen/onceward/v1/Result.ts";
import { badFields, type Client, refusalOf } from "../support/grpc.ts";
import { interposed } from "../support/interposed.ts";
import { openReference } from "../support/reference-store.ts";
import { type Served, serveStore } from "../support/sidecar.ts";
import { fresh } from "../support/wire.ts";

/** Calls that got through to the store. None may, in this file. */
const reached: string[] = [];
let served: Served;
let client: Client;
beforeAll(async () => {
  const { store } = await openReference();
  served = await serveStore(
    interposed(store, async (call) => {
      reached.push(call);
    }),
  );
  client = served.client;
});
afterEach(() => expect(reached).toEqual([]));
afterAll(() => served.stop());

const AT = fresh();
const MAX_UINT64 = "18446744073709551615";
const text = (bytes: number) => "x".repeat(bytes);

describe("a bad Begin", () => {
  const cases: readonly (readonly [what: string, request: BeginRequest, fields: readonly string[]])[] = [
    ["no address", {}, ["address"]],
    ["an empty key", { address: { key: "" } }, ["address.key"]],
    ["a key that is too long", { address: { key: text(513) } }, ["address.key"]],
    ["a key that is too long in bytes, not in characters", { address: { key: "é".repeat(257) } }, ["address.key"]],
    ["an operation that is too long", { address: { ...AT, operation: text(129) } }, ["address.operation"]],
    ["a stream that is too long", { address: { ...AT, stream: text(257) } }, ["address.stream"]],
    ["a namespace that is too long", { address: { ...AT, namespace: text(64) } }, ["address.namespace"]],
    ["a namespace of capitals", { address: { ...AT, namespace: "Payments" } }, ["address.namespace"]],
    ["a namespace with a line feed", { address: { ...AT, namespace: "payments\n" } }, ["address.namespace"]],
    ["a namespace with a null", { address: { ...AT, namespace: "pay\0ments" } }, ["address.namespace"]],
    ["a namespace with a separator", { address: { ...AT, namespace: "a/b" } }, ["address.namespace"]],
    ["a namespace that begins with a dot", { address: { ...AT, namespace: ".a" } }, ["address.namespace"]],
    ["an attempt id that is too long", { address: AT, attemptId: text(65) }, ["attempt_id"]],
    ["an owner that is too long", { address: AT, owner: text(257) }, ["owner"]],
    ["a lease that is too short", { address: AT, leaseMs: 99 }, ["lease_ms"]],
    ["a lease that is too long", { address: AT, leaseMs: 3_600_001 }, ["lease_ms"]],
    ["a negative lease", { address: AT, leaseMs: "-1" }, ["lease_ms"]],
    ["an absurd lease", { address: AT, leaseMs: MAX_UINT64 }, ["lease_ms"]],
    ["a wait that is too long", { address: AT, waitMs: 30_001 }, ["wait_ms"]],
    ["a negative wait", { address: AT, waitMs: "-1000" }, ["wait_ms"]],
    ["a retention that is too short", { address: AT, retentionMs: 999 }, ["retention_ms"]],
    ["a retention that is too long", { address: AT, retentionMs: 90 * 86_400_000 + 1 }, ["retention_ms"]],
    ["an unknown lapse policy", { address: AT, lapsePolicy: 99 as 2 }, ["lapse_policy"]],
    ["a digest without an algorithm", { address: AT, fingerprint: { digest: "AQ==" } }, ["fingerprint.algorithm"]],
    [
      "an empty digest",
      { address: AT, fingerprint: { digest: Buffer.alloc(0), algorithm: "sha512" } },
      ["fingerprint.digest"],
    ],
    [
      "a digest that is too long",
      { address: AT, fingerprint: { digest: Buffer.alloc(65), algorithm: text(65) } },
      ["fingerprint.algorithm", "fingerprint.digest"],
    ],
    ["an algorithm without a digest", { address: AT, fingerprint: { algorithm: "sha512" } }, ["fingerprint.algorithm"]],
    [
      "an algorithm for a payload",
      { address: AT, fingerprint: { payload: Buffer.from("x"), algorithm: "sha256" } },
      ["fingerprint.algorithm"],
    ],
    ["no JSON", { address: AT, fingerprint: { json: "{" } }, ["fingerprint.json"]],
    ["empty JSON", { address: AT, fingerprint: { json: "" } }, ["fingerprint.json"]],
    ["JSON of over 256 KiB", { address: AT, fingerprint: { json: `"${text(256 * 1024)}"` } }, ["fingerprint.json"]],
    [
      "JSON with a name given twice",
      { address: AT, fingerprint: { json: '{"a":{"b":1,"\\u0062":1}}' } },
      ["fingerprint.json"],
    ],
    [
      "JSON with an integer beyond 2^53",
      { address: AT, fingerprint: { json: '{"id":9007199254740993}' } },
      ["fingerprint.json"],
    ],
    ["JSON with a lone surrogate", { address: AT, fingerprint: { json: '"\\ud800"' } }, ["fingerprint.json"]],
    ["an ordering without a stream", { address: AT, ordering: { sequence: 1, mode: "STRICT_NEXT" } }, ["ordering"]],
  ];

  it.each(cases)("is refused for %s", async (_what, request, fields) => {
    const refusal = await refusalOf(client.begin(request));
    expect(refusal).toMatchObject({
      code: "INVALID_ARGUMENT",
      errorInfo: { reason: "INVALID_ARGUMENT", domain: "onceward" },
    });
    expect(badFields(refusal)).toEqual(fields);
  });

  it("names every bad field at once, each with what it must be", async () => {
    const refusal = await refusalOf(
      client.begin({
        address: { namespace: "NO", operation: text(200), stream: text(300), key: "" },
        attemptId: text(100),
        owner: text(300),
        leaseMs: 1,
        waitMs: 86_400_000,
        retentionMs: 1,
        lapsePolicy: 7 as 2,
        fingerprint: { digest: Buffer.alloc(100) },
      }),
    );
    expect(badFields(refusal)).toEqual([
      "address.key",
      "address.namespace",
      "address.operation",
      "address.stream",
      "attempt_id",
      "fingerprint.algorithm",
      "fingerprint.digest",
      "lapse_policy",
      "lease_ms",
      "owner",
      "retention_ms",
      "wait_ms",
    ]);
    const descriptions = refusal.badRequest?.fieldViolations.map(({ description }) => description) ?? [];
    expect(descriptions.every((description) => description.length > 5)).toBe(true);
    for (const description of descriptions) expect(refusal.message).toContain(description);
  });

  it("is refused without its values in the message", async () => {
    const request = {
      address: { key: "k", namespace: "hunter2!" },
      fingerprint: { json: '{"hunter2":1,"hunter2":2}' },
    };
    const refusal = await refusalOf(client.begin(request));
    expect(JSON.stringify(refusal)).not.toContain("hunter2");
  });
});

describe("a bad call with a token", () => {
  const held = { address: AT, fencingToken: 1 };
  const done: CompleteRequest = { ...held, kind: "SUCCEEDED" };
  const cases: readonly (readonly [what: string, call: () => Promise<unknown>, fields: readonly string[]])[] = [
    ["a Complete of nothing", () => client.complete({}), ["address", "fencing_token", "kind"]],
    ["a Complete without a kind", () => client.complete(held), ["kind"]],
    ["a Complete of an unknown kind", () => client.complete({ ...held, kind: 9 as 1 }), ["kind"]],
    ["a Complete with token 0", () => client.complete({ address: AT, kind: "SUCCEEDED" }), ["fencing_token"]],
    ["a content type that is too long", () => complete({ contentType: text(257) }), ["result.content_type"]],
    ["a reference that is too long", () => complete({ reference: text(2049) }), ["result.reference"]],
    ["metadata that is too long", () => complete({ metadata: { a: text(5000), b: text(4000) } }), ["result.metadata"]],
    ["a retention that is too short", () => client.complete({ ...done, retentionMs: 1 }), ["retention_ms"]],
    [
      "a back-off that is too long",
      () => client.complete({ ...held, kind: "RETRYABLE", retryAfterMs: 31 * 86_400_000 }),
      ["retry_after_ms"],
    ],
    ["a Renew of nothing", () => client.renew({}), ["address", "fencing_token"]],
    ["a Renew for too long", () => client.renew({ ...held, leaseMs: 3_600_001 }), ["lease_ms"]],
    ["a Renew with a negative lease", () => client.renew({ ...held, leaseMs: "-5" }), ["lease_ms"]],
    ["a Checkpoint of nothing", () => client.checkpoint({}), ["address", "fencing_token", "name"]],
    ["a Checkpoint without a name", () => client.checkpoint({ ...held, name: "" }), ["name"]],
    ["a Checkpoint with a long name", () => client.checkpoint({ ...held, name: text(257) }), ["name"]],
    [
      "a Checkpoint with too much data",
      () => client.checkpoint({ ...held, name: "a", data: Buffer.alloc(65_537) }),
      ["data"],
    ],
    ["a Release of nothing", () => client.release({}), ["address", "fencing_token"]],
    ["a Get of nothing", () => client.get({}), ["address"]],
    ["a Get that waits for too long", () => client.get({ address: AT, waitMs: 30_001 }), ["wait_ms"]],
    ["a Resolve of nothing", () => client.resolve({}), ["address", "resolution"]],
    [
      "a Resolve with long texts",
      () => client.resolve({ address: AT, resolution: "FAILED", reason: text(4097), actor: text(257) }),
      ["actor", "reason"],
    ],
    ["a Forget of nothing", () => client.forget({}), ["address"]],
    [
      "a Forget with long texts",
      () => client.forget({ address: AT, reason: text(4097), actor: text(257) }),
      ["actor", "reason"],
    ],
    ["a list of another's namespace", () => client.listRecords({ namespace: "A" }), ["namespace"]],
    ["a page that is too large", () => client.listRecords({ pageSize: 1001 }), ["page_size"]],
    ["a list of finished records", () => client.listRecords({ states: ["UNKNOWN", "SUCCEEDED"] }), ["states[1]"]],
    ["a list of an unknown state", () => client.listRecords({ states: [99 as 1] }), ["states[0]"]],
    ["a list of an age beyond all", () => client.listRecords({ olderThanMs: MAX_UINT64 }), ["older_than_ms"]],
  ];
  const complete = (result: Result) => client.complete({ ...done, result });

  it.each(cases)("is refused: %s", async (_what, call, fields) => {
    const refusal = await refusalOf(call());
    expect(refusal.code).toBe("INVALID_ARGUMENT");
    expect(badFields(refusal)).toEqual(fields);
  });
});

describe("ordering", () => {
  it("is refused with everything that is wrong with it", async () => {
    const highest = String(2n ** 64n - 1n);
    const refusal = await refusalOf(
      client.begin({
        address: { key: "", stream: "" },
        ordering: { sequence: highest, mode: "MODE_UNSPECIFIED", initial: highest, onUnknownStream: 9 as never },
      }),
    );
    expect(refusal.code).toBe("INVALID_ARGUMENT");
    expect(badFields(refusal)).toEqual([
      "address.key",
      "ordering",
      "ordering.initial",
      "ordering.mode",
      "ordering.on_unknown_stream",
      "ordering.sequence",
    ]);
  });

  it("is refused in EXACT when its first version is 0, which nothing leads to", async () => {
    const ordering = { sequence: 1, mode: "EXACT", initial: 0 } as const;
    const refusal = await refusalOf(client.begin({ address: { ...AT, stream: "s" }, ordering }));
    expect(badFields(refusal)).toEqual(["ordering.initial"]);
  });
});
