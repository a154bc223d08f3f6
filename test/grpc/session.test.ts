import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { protos } from "../../src/transport/grpc/protos.ts";
import { beginCommand, LEASE } from "../support/commands.ts";
import { refusalIn } from "../support/grpc.ts";
import { gated } from "../support/interposed.ts";
import { openReference } from "../support/reference-store.ts";
import { openSession } from "../support/session.ts";
import { serveStore } from "../support/sidecar.ts";
import { fresh, openWire, type Wire } from "../support/wire.ts";

let wire: Wire;
beforeEach(async () => {
  wire = await openWire();
});
afterEach(() => wire.stop());

/** Longest that something is waited for, ms. */
const BOUND = { timeout: 20_000 };

describe("a session", () => {
  it("serves every single call", async () => {
    const session = openSession(wire.client);
    const address = fresh();
    const { begin } = await session.call({ begin: { address } });
    expect(begin).toMatchObject({ outcome: "STARTED", attempt: { number: 1 } });
    const held = { address, fencingToken: begin?.attempt?.fencingToken ?? "" };
    expect((await session.call({ renew: held })).renew).toEqual({ outcome: "RENEWED", leaseMs: String(LEASE) });
    const checkpoint = { ...held, name: "charged", step: 1 };
    expect((await session.call({ checkpoint })).checkpoint?.outcome).toBe("SAVED");
    expect((await session.call({ get: { address } })).get).toMatchObject({
      found: true,
      record: { state: "IN_PROGRESS" },
    });
    expect((await session.call({ release: held })).release).toEqual({ outcome: "RELEASED" });
    const again = (await session.call({ begin: { address } })).begin;
    const complete = { address, fencingToken: again?.attempt?.fencingToken ?? "", kind: "SUCCEEDED" } as const;
    expect((await session.call({ complete })).complete?.outcome).toBe("STORED");
    expect((await session.call({ begin: { address } })).begin?.outcome).toBe("REPLAY");
    expect(await session.halfClose()).toMatchObject({ code: "OK" });
  });

  it("answers a bad call with an error of its own, details included, and goes on", async () => {
    const session = openSession(wire.client);
    const { error } = await session.call({ begin: { address: { key: "" }, leaseMs: 1 } });
    const refusal = refusalIn(error ?? { code: 0, message: "", details: [] });
    expect(refusal).toMatchObject({ code: "INVALID_ARGUMENT", errorInfo: { domain: "onceward" } });
    expect(refusal.badRequest?.fieldViolations).toHaveLength(2);
    expect((await session.call({ begin: { address: fresh() } })).begin?.outcome).toBe("STARTED");
    expect(await session.halfClose()).toMatchObject({ code: "OK" });
  });

  it("answers each call with its own correlation id, the largest and a repeated one included", async () => {
    const session = openSession(wire.client);
    const ids = ["18446744073709551615", "0", "7", "7"];
    for (const correlationId of ids) session.stream.write({ correlationId, get: { address: fresh() } });
    await session.halfClose();
    expect(session.answers.map(({ correlationId }) => correlationId).sort()).toEqual([...ids].sort());
  });

  it("answers in the order in which calls end, not in which they came", async () => {
    const { at, token } = await wire.begun();
    const session = openSession(wire.client);
    const waiting = session.call({ begin: { address: at, waitMs: 30_000 } });
    expect((await session.call({ begin: { address: fresh() } })).begin?.outcome).toBe("STARTED");
    await session.call({ complete: { address: at, fencingToken: token, kind: "SUCCEEDED" } });
    expect((await waiting).begin?.outcome).toBe("REPLAY");
    expect(session.answers.map(({ correlationId }) => correlationId)).toEqual(["2", "3", "1"]);
    await session.halfClose();
  });

  it("answers thousands of calls that are sent at once, each once", async () => {
    const session = openSession(wire.client);
    const calls = 5000;
    const answers = await Promise.all(
      Array.from({ length: calls }, () => session.call({ begin: { address: fresh() } })),
    );
    expect(new Set(answers.map(({ begin }) => begin?.outcome))).toEqual(new Set(["STARTED"]));
    expect(new Set(answers.map(({ begin }) => begin?.attempt?.attemptId)).size).toBe(calls);
    expect(await session.halfClose()).toMatchObject({ code: "OK" });
    expect(session.answers).toHaveLength(calls);
  });

  it("is not read further while its caller takes no answers, and goes on when it does", async () => {
    const { at, token } = await wire.begun();
    const result = { body: Buffer.alloc(256 * 1024, 1) };
    await wire.client.complete({ address: at, fencingToken: token, kind: "SUCCEEDED", result });
    const session = openSession(wire.client);
    const calls = 400;
    const handled = () => [...wire.deps.tally.calls()].find(({ call }) => call === "Get")?.count ?? 0;
    session.stream.pause();
    for (let id = 1; id <= calls; id++) session.stream.write({ correlationId: id, get: { address: at } });
    let before = -1;
    await vi.waitFor(
      () => {
        const stands = handled() > 0 && handled() === before;
        before = handled();
        if (!stands) throw new Error("calls are still being handled");
      },
      { ...BOUND, interval: 300 },
    );
    expect(handled()).toBeLessThan(calls);
    session.stream.resume();
    expect(await session.halfClose()).toMatchObject({ code: "OK" });
    expect(session.answers).toHaveLength(calls);
  });

  it("answers all it has received before it ends, when its caller closes its side", async () => {
    const { store, gate } = gated((await openReference()).store);
    const served = await serveStore(store);
    const session = openSession(served.client);
    const calls = Array.from({ length: 20 }, () => session.call({ begin: { address: fresh() } }));
    const ended = session.halfClose();
    await vi.waitUntil(() => gate.held === 20, BOUND);
    gate.open();
    const answers = await Promise.all(calls);
    expect(answers.map(({ begin }) => begin?.outcome)).toEqual(Array(20).fill("STARTED"));
    expect(await ended).toMatchObject({ code: "OK" });
    await served.stop();
  });

  it("takes the trace context of the stream for each of its calls", async () => {
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const session = openSession(wire.client, { metadata: { traceparent } });
    const address = fresh();
    await session.call({ begin: { address } });
    expect((await session.call({ get: { address } })).get?.record?.traceparent).toBe(traceparent);
    await session.halfClose();
  });
});

describe("a session that breaks", () => {
  it("gives up the places of its waiting calls, and keeps the attempts it was given", async () => {
    const { at } = await wire.begun();
    const session = openSession(wire.client);
    const mine = fresh();
    expect((await session.call({ begin: { address: mine, attemptId: "mine" } })).begin?.outcome).toBe("STARTED");
    const waiting = [1, 2, 3].map(() => session.call({ begin: { address: at, waitMs: 30_000 } }));
    const broken = Promise.allSettled(waiting);
    await vi.waitUntil(() => wire.deps.waiting.waiting === 3, BOUND);
    session.cancel();
    expect((await session.ended).code).toBe("CANCELLED");
    expect((await broken).map(({ status }) => status)).toEqual(Array(3).fill("rejected"));
    await vi.waitUntil(() => wire.deps.waiting.waiting === 0, BOUND);
    await vi.waitUntil(() => wire.deps.admission.inFlight === 0, BOUND);
    expect((await wire.client.begin({ address: mine })).outcome).toBe("IN_PROGRESS");
    expect((await wire.client.begin({ address: mine, attemptId: "mine" })).attempt?.resumed).toBe(true);
  });

  it("ends with its deadline, and its waiting calls are answered before", async () => {
    const { at } = await wire.begun();
    const session = openSession(wire.client, { deadlineMs: 4000 });
    const { begin } = await session.call({ begin: { address: at, waitMs: 30_000 } });
    expect(begin?.outcome).toBe("IN_PROGRESS");
    expect((await session.ended).code).toBe("DEADLINE_EXCEEDED");
  });

  it("leaves calls in the store's hands alone: what was decided stands", async () => {
    const reference = await openReference();
    const { store, gate } = gated(reference.store, "begin");
    const served = await serveStore(store);
    const session = openSession(served.client);
    const address = fresh();
    session.call({ begin: { address, attemptId: "mine" } }).catch(() => {});
    await vi.waitUntil(() => gate.held === 1, BOUND);
    session.cancel();
    await session.ended;
    gate.open();
    await vi.waitUntil(() => served.deps.admission.inFlight === 0, BOUND);
    expect((await reference.store.begin(address, beginCommand({ attemptId: "mine" }))).kind).toBe("started");
    expect(await reference.store.begin(address, beginCommand())).toMatchObject({ kind: "in_progress" });
    await served.stop();
  });
});

describe("a session at the stop of the process", () => {
  it("gets the answers to what runs, waiting calls at once, and is told that no more is taken", async () => {
    const { at } = await wire.begun();
    const session = openSession(wire.client);
    await session.call({ get: { address: at } });
    const waiting = session.call({ begin: { address: at, waitMs: 30_000 } });
    await vi.waitUntil(() => wire.deps.waiting.waiting === 1, BOUND);
    const stopped = wire.stop(60_000);
    expect((await waiting).begin?.outcome).toBe("IN_PROGRESS");
    const { code, metadata } = await session.ended;
    expect(code).toBe("UNAVAILABLE");
    const [details] = metadata.get("grpc-status-details-bin");
    const { errorInfo, retryInfo } = refusalIn(protos().google.rpc.Status.deserialize(details as Buffer));
    expect(errorInfo).toMatchObject({ reason: "SHUTTING_DOWN", domain: "onceward" });
    expect(retryInfo).toBeDefined();
    await stopped;
  });

  it("holds up no stop when it is idle", async () => {
    const sessions = [openSession(wire.client), openSession(wire.client)];
    for (const session of sessions) await session.call({ get: { address: fresh() } });
    await wire.stop(60_000);
    expect((await Promise.all(sessions.map(({ ended }) => ended))).map(({ code }) => code)).toEqual([
      "UNAVAILABLE",
      "UNAVAILABLE",
    ]);
  });

  it("carries nothing out that comes too late", async () => {
    const reference = await openReference();
    const { store, gate } = gated(reference.store, "begin");
    const served = await serveStore(store);
    const session = openSession(served.client);
    const first = session.call({ begin: { address: fresh() } });
    await vi.waitUntil(() => gate.held === 1, BOUND);
    served.deps.stop();
    const late = fresh();
    const refused = session.call({ complete: { address: late, fencingToken: Date.now() * 1000, kind: "SUCCEEDED" } });
    const outcome = expect(refused).rejects.toThrow("UNAVAILABLE");
    // A round trip on the same connection: what was sent before it has arrived.
    await served.client.get({ address: fresh() });
    gate.open();
    expect((await first).begin?.outcome).toBe("STARTED");
    await outcome;
    await served.stop();
    expect(reference.store.recordAt(late)).toBeUndefined();
  });
});
