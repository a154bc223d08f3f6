import { afterEach, describe, expect, it, vi } from "vitest";
import { freshNamespace } from "../support/commands.ts";
import { refusalIn, refusalOf } from "../support/grpc.ts";
import { breakable, gated, unavailable } from "../support/interposed.ts";
import { openReference } from "../support/reference-store.ts";
import { openSession } from "../support/session.ts";
import { type Served, serveStore } from "../support/sidecar.ts";
import { fresh } from "../support/wire.ts";

/** Longest that something is waited for, ms. */
const BOUND = { timeout: 20_000 };

let served: Served;
afterEach(() => served.stop());

/** A sidecar with room for 8 calls, one of them kept for ending calls, over a store that answers when it is let. */
async function crowded() {
  const { store, gate } = gated((await openReference()).store, "begin", "get");
  served = await serveStore(store, { env: { ONCEWARD_IN_FLIGHT: "8" } });
  const calls = Array.from({ length: 7 }, () => served.client.begin({ address: fresh() }));
  await vi.waitUntil(() => gate.held === 7, BOUND);
  return { gate, calls };
}

describe("over the limit of calls in flight", () => {
  it("an ordinary call is turned away at once, with RetryInfo, and the running ones are not disturbed", async () => {
    const { gate, calls } = await crowded();
    const address = fresh();
    for (const call of [served.client.begin({ address }), served.client.get({ address }), served.client.getStats({})]) {
      const refusal = await refusalOf(call);
      expect(refusal).toMatchObject({
        code: "RESOURCE_EXHAUSTED",
        errorInfo: { reason: "OVERLOADED", domain: "onceward" },
        retryInfo: { retryDelay: { seconds: "0", nanos: 100_000_000 } },
      });
    }
    gate.open();
    const outcomes = (await Promise.all(calls)).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(Array(7).fill("STARTED"));
    expect(await served.client.get({ address })).toEqual({ found: false, record: null });
    expect((await served.client.begin({ address })).outcome).toBe("STARTED");
  });

  it("Complete, Renew, Checkpoint and Release get through on the places kept for them", async () => {
    const { gate, calls } = await crowded();
    const held = { address: fresh(), fencingToken: 1 };
    expect((await served.client.complete({ ...held, kind: "SUCCEEDED" })).outcome).toBe("NOT_FOUND");
    expect((await served.client.renew(held)).outcome).toBe("NOT_FOUND");
    expect((await served.client.checkpoint({ ...held, name: "half" })).outcome).toBe("NOT_FOUND");
    expect((await served.client.release(held)).outcome).toBe("NOT_FOUND");
    const { items } = await served.client.completeBatch({ items: [{ ...held, kind: "FAILED" }] });
    expect(items[0]?.response?.outcome).toBe("NOT_FOUND");
    gate.open();
    await Promise.all(calls);
  });

  it("a call of a session is turned away by itself, and the session goes on", async () => {
    const { gate, calls } = await crowded();
    const session = openSession(served.client);
    const { error } = await session.call({ begin: { address: fresh() } });
    expect(refusalIn(error ?? { code: 0, message: "", details: [] })).toMatchObject({
      code: "RESOURCE_EXHAUSTED",
      errorInfo: { reason: "OVERLOADED" },
    });
    const held = { address: fresh(), fencingToken: 1 };
    expect((await session.call({ release: held })).release?.outcome).toBe("NOT_FOUND");
    gate.open();
    await Promise.all(calls);
    expect((await session.call({ begin: { address: fresh() } })).begin?.outcome).toBe("STARTED");
    await session.halfClose();
  });

  it("bad input takes no place for longer than it takes to refuse it", async () => {
    served = await serveStore((await openReference()).store, { env: { ONCEWARD_IN_FLIGHT: "8" } });
    for (let count = 0; count < 20; count++) await refusalOf(served.client.begin({}));
    expect(served.deps.admission.inFlight).toBe(0);
  });

  it("a call whose caller has given up keeps its place until the store has answered", async () => {
    const { store, gate } = gated((await openReference()).store, "begin");
    served = await serveStore(store, { env: { ONCEWARD_IN_FLIGHT: "8" } });
    const refusal = await refusalOf(served.client.begin({ address: fresh() }, { deadlineMs: 500 }));
    expect(refusal.code).toBe("DEADLINE_EXCEEDED");
    expect(served.deps.admission.inFlight).toBe(gate.held);
    gate.open();
    await vi.waitUntil(() => served.deps.admission.inFlight === 0, BOUND);
  });
});

describe("while the store gives no answer", () => {
  it("a call is UNAVAILABLE, with the shard and when to call again", async () => {
    const { store, broken } = breakable((await openReference()).store);
    served = await serveStore(store);
    broken.fault = unavailable();
    const address = fresh();
    const held = { address, fencingToken: 7 };
    const { client } = served;
    const calls = [
      client.begin({ address }),
      client.get({ address }),
      client.complete({ ...held, kind: "SUCCEEDED" }),
      client.renew(held),
      client.checkpoint({ ...held, name: "half" }),
      client.release(held),
      client.resolve({ address, resolution: "RETRY" }),
      client.forget({ address }),
      client.listRecords({}),
    ];
    for (const call of calls) {
      const refusal = await refusalOf(call);
      expect(refusal).toMatchObject({
        code: "UNAVAILABLE",
        errorInfo: { reason: "STORE_UNAVAILABLE", domain: "onceward", metadata: { shard: "main" } },
      });
      expect(refusal.retryInfo?.retryDelay).not.toBeNull();
      expect(refusal.message).not.toContain(address.key);
    }
    broken.fault = undefined;
    expect((await client.begin({ address })).outcome).toBe("STARTED");
  });

  it("a namespace that fails open is answered STARTED, unguarded and without a token", async () => {
    const namespace = freshNamespace();
    const { store, broken } = breakable((await openReference()).store);
    served = await serveStore(store, { namespaces: { [namespace]: { fail_open: true } } });
    const { client } = served;
    broken.fault = unavailable();
    const address = fresh({ namespace });
    expect(await client.begin({ address, attemptId: "mine" })).toMatchObject({
      outcome: "STARTED",
      record: null,
      attempt: { unguarded: true, fencingToken: "0", attemptId: "mine", leaseMs: "0", resumed: false, takeover: false },
    });
    const unguarded = { address, fencingToken: 0 };
    expect((await client.complete({ ...unguarded, kind: "SUCCEEDED" })).outcome).toBe("NOT_FOUND");
    expect((await client.renew(unguarded)).outcome).toBe("NOT_FOUND");
    expect((await client.checkpoint({ ...unguarded, name: "half" })).outcome).toBe("NOT_FOUND");
    expect((await client.release(unguarded)).outcome).toBe("NOT_FOUND");
    expect((await refusalOf(client.begin({ address, lapsePolicy: "HOLD" }))).code).toBe("UNAVAILABLE");
    const ordered = { address: { ...address, stream: "s" }, ordering: { sequence: 1, mode: "MONOTONIC" } } as const;
    expect((await refusalOf(client.begin(ordered))).code).toBe("UNAVAILABLE");
    // The record may have a place in its stream, which this Begin need not say.
    expect((await refusalOf(client.begin({ address: ordered.address }))).code).toBe("UNAVAILABLE");
    broken.fault = undefined;
    expect(await client.get({ address })).toEqual({ found: false, record: null });
    expect((await client.begin({ address })).attempt).toMatchObject({ unguarded: false, number: 1 });
  });
});

describe("a defect", () => {
  it("is INTERNAL with a request id that the log has too, and tells nothing else", async () => {
    const logged: Record<string, unknown>[] = [];
    const note = (given: unknown) => void logged.push(given as Record<string, unknown>);
    const { store, broken } = breakable((await openReference()).store);
    served = await serveStore(store, { logger: { debug: note, info: note, warn: note, error: note } });
    broken.fault = Object.assign(new Error("hunter2 in the driver's words")) as never;
    const refusal = await refusalOf(served.client.begin({ address: fresh() }));
    expect(refusal).toMatchObject({ code: "INTERNAL", errorInfo: { reason: "INTERNAL", domain: "onceward" } });
    expect(JSON.stringify(refusal)).not.toContain("hunter2");
    const requestId = refusal.errorInfo?.metadata.request_id;
    expect(requestId).toMatch(/^[\w-]{22}$/);
    expect(refusal.message).toContain(requestId);
    expect(logged).toMatchObject([{ requestId, reason: "INTERNAL" }]);
    expect(String(logged[0]?.err)).toContain("hunter2");
  });
});
