import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pause } from "../../src/base/wait.ts";
import { protos } from "../../src/transport/grpc/protos.ts";
import { SECOND } from "../support/commands.ts";
import { openEmbedded } from "../support/embedded-harness.ts";
import { refusalIn } from "../support/grpc.ts";
import { breakable, type Switch, unavailable } from "../support/interposed.ts";
import { openKeepAlive } from "../support/keep-alive.ts";
import { openReference, type ReferenceHarness } from "../support/reference-store.ts";
import { type Served, serveStore } from "../support/sidecar.ts";

/** Longest that something is waited for, ms. */
const BOUND = { timeout: 20_000, interval: 5 };
const RESOURCE = "nightly";
/** Messages in a row without a renewal after which the sidecar reads none, and how many are sent at most. */
const IDLE_SENDS = 2000;
const SENDS_MAX = 100_000;

let harness: ReferenceHarness;
let served: Served;
let broken: Switch;
beforeEach(async () => {
  harness = await openReference();
  const faulty = breakable(harness.store);
  broken = faulty.broken;
  served = await serveStore(faulty.store);
});
afterEach(() => served.stop());

/** A lease of so many ms, and a KeepAlive of it. */
async function keep(ttlMs: number, more: { everyMs?: number } = {}) {
  const { leaseId, fencingToken } = await served.client.acquire({ resource: RESOURCE, ttlMs });
  const lease = { resource: RESOURCE, leaseId, fencingToken };
  return { lease, ...openKeepAlive(served.client, { ...lease, ttlMs, ...more }) };
}

describe("a KeepAlive", () => {
  it("renews at once, and goes on at a third of the length without being asked", async () => {
    const { told, halfClose } = await keep(600);
    await vi.waitUntil(() => told.length >= 4, BOUND);
    for (const { outcome, validityMs } of told) {
      expect(outcome).toBe("RENEWED");
      expect(Number(validityMs)).toBeGreaterThan(0);
      expect(Number(validityMs)).toBeLessThan(600);
    }
    expect(await halfClose()).toMatchObject({ code: "OK" });
  });

  it("renews at once for every message, and takes over the length that it sets", async () => {
    const { told, send, cancel } = await keep(60 * SECOND);
    await vi.waitUntil(() => told.length === 1, BOUND);
    send();
    await vi.waitUntil(() => told.length === 2, BOUND);
    send({ ttlMs: 120 * SECOND });
    await vi.waitUntil(() => told.length === 3, BOUND);
    expect(Number(told[2]?.validityMs)).toBeGreaterThan(90 * SECOND);
    send();
    await vi.waitUntil(() => told.length === 4, BOUND);
    expect(Number(told[3]?.validityMs)).toBeGreaterThan(90 * SECOND);
    cancel();
  });

  it("says LOST and ends when the lease is taken away", async () => {
    const { told, ended } = await keep(900);
    await vi.waitUntil(() => told.length >= 1, BOUND);
    await served.client.forceRelease({ resource: RESOURCE, reason: "stuck" });
    expect(await ended).toMatchObject({ code: "OK" });
    expect(told.at(-1)).toMatchObject({ outcome: "LOST", reason: expect.stringMatching(/taken away/) });
    expect(told.filter(({ outcome }) => outcome === "LOST")).toHaveLength(1);
  });

  it("says LOST at once for a lease that is not the caller's", async () => {
    const { lease } = await keep(60 * SECOND);
    const { told, ended } = openKeepAlive(served.client, { ...lease, leaseId: "another" });
    await ended;
    expect(told).toMatchObject([{ outcome: "LOST" }]);
  });

  it("says LOST before the validity told last is over when the store gives no answers, and why", async () => {
    const { told, ended } = await keep(3 * SECOND);
    await vi.waitUntil(() => told.length >= 2, BOUND);
    broken.fault = unavailable();
    await ended;
    const [last, lost] = told.slice(-2);
    expect(lost).toMatchObject({ outcome: "LOST", reason: expect.stringMatching(/no renewal succeeded in time: .+/) });
    expect(Number(lost?.validityMs)).toBeGreaterThan(0);
    expect((lost?.at ?? 0) - (last?.at ?? 0)).toBeLessThan(Number(last?.validityMs));
  });

  it.each([
    ["what the holder says it has, whatever the length", { validityMs: 800 }, 800],
    ["a third of the length", { ttlMs: 2400 }, 800],
  ])("says LOST in time when no renewal succeeds at all: it counts from %s", async (_what, more, validMs) => {
    const { leaseId, fencingToken } = await served.client.acquire({ resource: RESOURCE, ttlMs: 5000 });
    broken.fault = unavailable();
    const openedAt = performance.now();
    const { told, ended } = openKeepAlive(served.client, { resource: RESOURCE, leaseId, fencingToken, ...more });
    await ended;
    expect(told).toMatchObject([{ outcome: "LOST", reason: expect.stringMatching(/no renewal succeeded/) }]);
    expect(Number(told[0]?.validityMs)).toBeGreaterThan(0);
    expect((told[0]?.at ?? 0) - openedAt).toBeLessThan(validMs);
  });

  it("gets over a store that gives no answers for a while", async () => {
    const { told, cancel } = await keep(3 * SECOND);
    await vi.waitUntil(() => told.length === 1, BOUND);
    broken.fault = unavailable();
    await pause(1300);
    expect(told).toHaveLength(1);
    broken.fault = undefined;
    await vi.waitUntil(() => told.length >= 2, BOUND);
    expect(told.every(({ outcome }) => outcome === "RENEWED")).toBe(true);
    cancel();
  });

  it("stops renewing for a caller who was not heard of for too long, and says LOST in time", async () => {
    const { told, ended } = await keep(3 * SECOND, { everyMs: 100 });
    await ended;
    const [last, lost] = told.slice(-2);
    expect(lost).toMatchObject({ outcome: "LOST", reason: "the holder was not heard of for 100 ms" });
    expect((lost?.at ?? 0) - (last?.at ?? 0)).toBeLessThan(Number(last?.validityMs));
  });

  it("goes on for a caller who is heard of again in time", async () => {
    const { told, send, cancel } = await keep(3 * SECOND, { everyMs: 1000 });
    for (let beat = 0; beat < 8; beat++) {
      await pause(500);
      send();
    }
    expect(told.every(({ outcome }) => outcome === "RENEWED")).toBe(true);
    expect(told.length).toBeGreaterThanOrEqual(8);
    cancel();
  });

  it.each(["halfClose", "cancel"] as const)("renews no more after %s, and gives nothing back", async (way) => {
    const kept = await keep(400);
    await vi.waitUntil(() => kept.told.length >= 1, BOUND);
    void kept[way]();
    await kept.ended;
    expect((await served.client.inspect({ resource: RESOURCE })).held).toBe(true);
    await pause(100);
    await harness.advance(400);
    await pause(400);
    expect((await served.client.inspect({ resource: RESOURCE })).held).toBe(false);
  });

  it("names every bad field of the first message, and ends", async () => {
    const { ended, told } = openKeepAlive(served.client, {
      namespace: "A",
      ttlMs: 1,
      everyMs: 300_001,
      validityMs: 300_001,
    });
    const { code, metadata } = await ended;
    const [bytes] = metadata.get("grpc-status-details-bin");
    const refusal = refusalIn(protos().google.rpc.Status.deserialize(bytes as Buffer));
    expect(code).toBe("INVALID_ARGUMENT");
    expect(refusal.badRequest?.fieldViolations.map(({ field }) => field).sort()).toEqual([
      ...["every_ms", "fencing_token", "lease_id", "namespace", "resource", "ttl_ms", "validity_ms"],
    ]);
    expect(told).toEqual([]);
  });

  it("keeps nothing alive for a good message behind a bad one", async () => {
    const { leaseId, fencingToken } = await served.client.acquire({ resource: RESOURCE, ttlMs: 600 });
    const { send, ended, told } = openKeepAlive(served.client, {});
    send({ resource: RESOURCE, leaseId, fencingToken, ttlMs: 60 * SECOND });
    expect(await ended).toMatchObject({ code: "INVALID_ARGUMENT" });
    await pause(200);
    expect(told).toEqual([]);
    const { lease } = await served.client.inspect({ resource: RESOURCE });
    expect(Number(lease?.ttlMs)).toBeLessThanOrEqual(600);
  });

  it("is counted by what it told", async () => {
    const { told, send, ended } = await keep(60 * SECOND);
    await vi.waitUntil(() => told.length === 1, BOUND);
    await served.client.forceRelease({ resource: RESOURCE, reason: "stuck" });
    send();
    await ended;
    const counted = [...served.deps.tally.calls()].filter(({ call }) => call === "LeaseKeepAlive");
    expect(counted.map(({ outcome, count }) => [outcome, count])).toEqual([
      ["renewed", 1],
      ["lost", 1],
    ]);
  });

  it("refuses a bad length in a later message, and ends", async () => {
    const { told, send, ended } = await keep(60 * SECOND);
    await vi.waitUntil(() => told.length === 1, BOUND);
    send({ ttlMs: 1 });
    expect(await ended).toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  it("is not read further while its caller takes no answers, and goes on when it does", async () => {
    const { stream, told, send, cancel } = await keep(60 * SECOND);
    await vi.waitUntil(() => told.length === 1, BOUND);
    stream.pause();
    const renewed = () => [...served.deps.tally.calls()].find(({ outcome }) => outcome === "renewed")?.count ?? 0;
    // One at a time, until the sidecar reads no more of them: then the connection is full of answers.
    for (let [sent, before, idle] = [0, 0, 0]; idle < IDLE_SENDS && sent < SENDS_MAX; sent++) {
      send();
      await setImmediate();
      idle = renewed() === before ? idle + 1 : 0;
      before = renewed();
    }
    const stood = renewed();
    await pause(100);
    expect(renewed() - stood).toBeLessThan(2);
    stream.resume();
    await vi.waitUntil(() => renewed() > stood + 1 && told.length > 1, BOUND);
    expect(told.every(({ outcome }) => outcome === "RENEWED")).toBe(true);
    expect(Number(told.at(-1)?.validityMs)).toBeGreaterThan(30 * SECOND);
    cancel();
  });

  it("ends with UNAVAILABLE when the sidecar stops, and holds up the stop no longer than a moment", async () => {
    const { told, ended } = await keep(60 * SECOND);
    await vi.waitUntil(() => told.length === 1, BOUND);
    await served.stop(10_000);
    expect(await ended).toMatchObject({ code: "UNAVAILABLE", message: expect.stringMatching(/stopping/) });
  });

  it("keeps a lease under the true clock for many times its length", async () => {
    const { store, advance, close } = await openEmbedded();
    const other = await serveStore(store);
    const { leaseId, fencingToken } = await other.client.acquire({ resource: RESOURCE, ttlMs: 900 });
    const { told, cancel } = openKeepAlive(other.client, { resource: RESOURCE, leaseId, fencingToken, ttlMs: 900 });
    const began = performance.now();
    for (let past = began; performance.now() - began < 3000; ) {
      await pause(20);
      const now = performance.now();
      await advance(Math.floor(now - past));
      past += Math.floor(now - past);
    }
    expect(told.every(({ outcome }) => outcome === "RENEWED")).toBe(true);
    expect((await other.client.acquire({ resource: RESOURCE })).outcome).toBe("BUSY");
    cancel();
    await other.stop();
    await close();
  });
});
