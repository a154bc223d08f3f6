import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openOnceward } from "../../../clients/typescript/src/index.ts";
import { anAddress, errorOf, type Lab, openLab } from "./lab.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterEach(() => {
  lab.relay.asked.length = 0;
});
afterAll(() => lab.stop());

type Loose = Record<string, unknown>;
/** As from a caller without types. */
const call = (method: "begin" | "complete" | "get" | "renew" | "checkpoint" | "release", address: unknown, o?: Loose) =>
  errorOf((lab.client[method] as (address: unknown, options?: Loose) => Promise<unknown>)(address, o));
const fields = async (error: ReturnType<typeof call>) => (await error).violations.map(({ field }) => field);

const HALF = "order-\ud83d"; // half a character

describe("bad arguments", () => {
  afterEach(() => expect(lab.relay.asked).toEqual([]));

  it("are all named at once, and nothing is sent", async () => {
    const error = await call("begin", { namespace: "Not Good", key: "" }, { leaseMs: -1, lapsePolicy: "HOLD" });
    expect(error).toMatchObject({ code: "INVALID_ARGUMENT", reason: "INVALID_ARGUMENT", outcomeUnknown: false });
    expect(error.violations.map(({ field }) => field).sort()).toEqual([
      ...["address.key", "address.namespace", "lapsePolicy", "leaseMs"],
    ]);
    expect(error.message).toContain("lapsePolicy must be one of takeOver, hold");
  });

  it.each<[Loose, string[]]>([
    [{ leaseMs: 99 }, ["leaseMs"]],
    [{ leaseMs: 1.5e3 + 0.5 }, ["leaseMs"]],
    [{ leaseMs: "3000" }, ["leaseMs"]],
    [{ leaseMs: Number.NaN }, ["leaseMs"]],
    [{ waitMs: 30_001 }, ["waitMs"]],
    [{ retentionMs: -1 }, ["retentionMs"]],
    [{ maxAttempts: -1 }, ["maxAttempts"]],
    [{ maxAttempts: 2 ** 32 }, ["maxAttempts"]],
    [{ lapsPolicy: "hold" }, ["lapsPolicy"]],
    [{ lapsePolicy: null }, ["lapsePolicy"]],
    [{ attemptId: "x".repeat(65) }, ["attemptId"]],
    [{ owner: HALF }, ["owner"]],
    [{ timeoutMs: -5 }, ["timeoutMs"]],
    [{ signal: {} }, ["signal"]],
    [{ fingerprint: {} }, ["fingerprint"]],
    [{ fingerprint: { payload: "x", json: "{}" } }, ["fingerprint"]],
    [{ fingerprint: { payload: HALF } }, ["fingerprint.payload"]],
    [{ fingerprint: { payload: 7 } }, ["fingerprint.payload"]],
    [{ fingerprint: { payload: "x", algorithm: "sha256" } }, ["fingerprint.algorithm"]],
    [{ fingerprint: { digest: new Uint8Array(65), algorithm: "" } }, ["fingerprint.digest", "fingerprint.algorithm"]],
    [{ ordering: { sequence: 1n, mode: "strictNext" } }, ["ordering"]],
  ])("of begin: %o", async (options, expected) => {
    expect(await fields(call("begin", anAddress(), options))).toEqual(expected);
  });

  it.each<[Loose, string[]]>([
    [{ sequence: 1n }, ["ordering.mode"]],
    [{ sequence: 1, mode: "exact" }, ["ordering.sequence"]],
    [{ sequence: -1n, mode: "exact" }, ["ordering.sequence"]],
    [{ sequence: 2n ** 64n - 1n, mode: "exact" }, ["ordering.sequence"]],
    [{ sequence: 1n, mode: "STRICT_NEXT" }, ["ordering.mode"]],
    [{ sequence: 1n, mode: "exact", epoch: 2n ** 64n, onTerminalFailure: "skp" }, []],
  ])("of an ordering: %o", async (ordering, expected) => {
    const all = expected.length > 0 ? expected : ["ordering.epoch", "ordering.onTerminalFailure"];
    expect(await fields(call("begin", anAddress({ stream: "s" }), { ordering }))).toEqual(all);
  });

  it.each<[unknown, string[]]>([
    [undefined, ["address"]],
    ["order-1", ["address"]],
    [{}, ["address.key"]],
    [{ key: 17 }, ["address.key"]],
    [{ key: HALF }, ["address.key"]],
    [{ key: "k".repeat(513) }, ["address.key"]],
    [{ key: "k", operation: "ö".repeat(65) }, ["address.operation"]],
    [{ key: "k", steam: "s" }, ["address.steam"]],
  ])("of an address: %o", async (address, expected) => {
    expect(await fields(call("get", address))).toEqual(expected);
  });

  it.each<["complete" | "renew" | "checkpoint" | "release", Loose | undefined, string[]]>([
    ["complete", undefined, ["kind", "token"]],
    ["complete", { kind: "SUCCEEDED", token: 1n }, ["kind"]],
    ["complete", { kind: "toString", token: 1n }, ["kind"]],
    ["complete", { kind: "succeeded", token: 1 }, ["token"]],
    ["complete", { kind: "succeeded", token: -1n }, ["token"]],
    ["complete", { kind: "succeeded", token: 1n, error: "no" }, ["error"]],
    ["complete", { kind: "retryable", token: 1n, result: {} }, ["result"]],
    ["complete", { kind: "retryable", token: 1n, retryAfterMs: 0.5 }, ["retryAfterMs"]],
    ["complete", { kind: "succeeded", token: 1n, result: { body: 7, type: "x" } }, ["result.type", "result.body"]],
    ["complete", { kind: "succeeded", token: 1n, result: { metadata: { a: 1 } } }, ["result.metadata.a"]],
    ["complete", { kind: "failed", token: 1n, result: { reference: "r".repeat(2049) } }, ["result.reference"]],
    ["renew", { token: 2n ** 64n }, ["token"]],
    ["renew", { token: 1n, leaseMs: 1 }, ["leaseMs"]],
    ["checkpoint", { token: 1n, name: "", step: -1n, data: 1 }, ["name", "data", "step"]],
    ["release", {}, ["token"]],
  ])("of %s: %o", async (method, options, expected) => {
    expect(await fields(call(method, anAddress(), options))).toEqual(expected);
  });
});

describe("good arguments", () => {
  it("arrive as they were meant, whatever becomes of the caller's own objects", async () => {
    const address = anAddress({ stream: "s", namespace: "team-a" });
    const payload = new Uint8Array([1, 2, 3]);
    const options = {
      ...{ attemptId: "a", owner: "host", leaseMs: 3_600_000, retentionMs: 7_776_000_000, maxAttempts: 4_294_967_295 },
      ...{ fingerprint: { payload }, lapsePolicy: "hold" as const },
      ordering: { mode: "lastWriteWins" as const, sequence: 2n ** 64n - 2n, tiebreak: 2n ** 53n + 1n, initial: 0n },
    };
    const outcome = lab.client.begin(address, options);
    payload.fill(9);
    expect(await outcome).toMatchObject({ kind: "started", attempt: { attemptId: "a" } });
    expect(lab.relay.asked[0]?.items[0]).toMatchObject({
      ...{ attemptId: "a", owner: "host", leaseMs: "3600000", retentionMs: "7776000000", maxAttempts: 4_294_967_295 },
      ...{ fingerprint: { payload: Buffer.from([1, 2, 3]) }, lapsePolicy: "HOLD", waitMs: "0" },
      ordering: {
        mode: "LAST_WRITE_WINS",
        sequence: "18446744073709551614",
        tiebreak: "9007199254740993",
        initial: "0",
      },
    });
  });

  it("open a client, bad ones do not", () => {
    expect(() => openOnceward({ address: "", timeoutMs: -1 })).toThrow("address must not be empty; timeoutMs must be");
  });
});
