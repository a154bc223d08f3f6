import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { uniqueId } from "../../src/base/random.ts";
import type { Ordering } from "../../src/transport/grpc/gen/onceward/v1/Ordering.ts";
import { LEASE } from "../support/commands.ts";
import { fresh, openWire, type Wire } from "../support/wire.ts";

/** Order on the wire; what decides it is the stores' conformance. */
let wire: Wire;
beforeAll(async () => {
  wire = await openWire();
});
afterAll(() => wire.stop());

const HIGHEST = String(2n ** 64n - 1n);

/** A stream of its own: begins and completes effects at places of it. */
function stream(mode: Ordering["mode"] = "STRICT_NEXT") {
  const name = uniqueId();
  const request = (sequence: string, ordering: Ordering = {}, key = sequence) => ({
    address: fresh({ stream: name, key }),
    ordering: { sequence, mode, ...ordering },
    leaseMs: LEASE,
  });
  const begin = (...given: Parameters<typeof request>) => wire.client.begin(request(...given));
  const commit = async (...given: Parameters<typeof request>) => {
    const { attempt } = await begin(...given);
    const { address } = request(...given);
    return wire.client.complete({ address, fencingToken: attempt?.fencingToken ?? 0, kind: "SUCCEEDED" });
  };
  return { name, request, begin, commit };
}

describe("an ordered Begin", () => {
  it("answers GAP with what has to come first, and when to ask again only while that runs", async () => {
    const { begin } = stream();
    expect(await begin("2")).toEqual({
      outcome: "GAP",
      attempt: null,
      record: null,
      retryAfterMs: "0",
      expectedSequence: "1",
      streamEpoch: "0",
    });
    expect(await begin("1")).toMatchObject({ outcome: "STARTED", expectedSequence: "0" });
    const { outcome, retryAfterMs } = await begin("2");
    expect(outcome).toBe("GAP");
    expect(Number(retryAfterMs)).toBeGreaterThanOrEqual(1);
    expect(Number(retryAfterMs)).toBeLessThanOrEqual(LEASE);
  });

  it("answers STALE, CONFLICT and IN_PROGRESS", async () => {
    const { begin, commit } = stream();
    await commit("1");
    expect(await begin("1", {}, "other")).toMatchObject({ outcome: "STALE", expectedSequence: "2", retryAfterMs: "0" });
    await begin("2", { epoch: HIGHEST, initial: "2" });
    expect(await begin("2", { epoch: HIGHEST }, "other")).toMatchObject({ outcome: "CONFLICT", streamEpoch: HIGHEST });
    expect(await begin("3", { epoch: 0 })).toMatchObject({ outcome: "STALE", streamEpoch: HIGHEST });
    const monotonic = stream("MONOTONIC");
    await monotonic.begin("1");
    const busy = await monotonic.begin("2");
    expect(busy).toMatchObject({ outcome: "IN_PROGRESS", record: null, expectedSequence: "1" });
    expect(Number(busy.retryAfterMs)).toBeGreaterThanOrEqual(1);
  });

  it("blocks a strict stream on a failure and skips it in the other modes, where nothing else is said", async () => {
    for (const [mode, last] of [["STRICT_NEXT", "0"] as const, ["MONOTONIC", "1"] as const]) {
      const { name, request, begin } = stream(mode);
      const { attempt } = await begin("1");
      const { address } = request("1");
      await wire.client.complete({ address, fencingToken: attempt?.fencingToken ?? 0, kind: "FAILED" });
      expect(await wire.client.getSequence({ stream: name })).toMatchObject({ found: true, last });
    }
  });

  it("answers SUPERSEDED to a completion whose place has gone", async () => {
    const { request, begin } = stream();
    const { attempt } = await begin("1");
    await begin("1", { epoch: 1 }, "next");
    const { address } = request("1");
    const completed = await wire.client.complete({
      ...{ address, fencingToken: attempt?.fencingToken ?? 0, kind: "SUCCEEDED" },
      result: { body: Buffer.from("done") },
    });
    expect(completed).toMatchObject({
      outcome: "SUPERSEDED",
      late: false,
      record: { state: "SUCCEEDED", result: null },
    });
    expect(await begin("1")).toMatchObject({ outcome: "REPLAY", record: { result: { body: Buffer.from("done") } } });
  });

  it("carries numbers that no double holds", async () => {
    const { begin, commit } = stream("LAST_WRITE_WINS");
    const at = { tiebreak: HIGHEST };
    expect(await commit("9007199254740993", at)).toMatchObject({ outcome: "STORED" });
    expect(await begin("9007199254740993", at, "twin")).toMatchObject({
      outcome: "STALE",
      expectedSequence: "9007199254740994",
    });
  });

  it("is decided in the order of the items in a batch", async () => {
    const { request } = stream();
    const [third, first, second] = (await wire.client.beginBatch({ items: [request("3"), request("1"), request("2")] }))
      .items;
    expect([third, first, second].map((item) => item?.response?.outcome)).toEqual(["GAP", "STARTED", "GAP"]);
  });
});
