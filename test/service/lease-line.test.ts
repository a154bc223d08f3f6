import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { uniqueId } from "../../src/base/random.ts";
import { durationMs } from "../../src/base/units.ts";
import { type LeaseAcquireCall, leaseAcquire } from "../../src/service/lease-acquire.ts";
import { leaseForceRelease } from "../../src/service/lease-force-release.ts";
import { leaseRelease } from "../../src/service/lease-release.ts";
import { LeasesOnRecords } from "../../src/store/leases-on-records.ts";
import type { IdempotencyStore } from "../../src/store/port.ts";
import { SECOND } from "../support/commands.ts";
import { gated, interposed, unavailable } from "../support/interposed.ts";
import { caller, serviceOver } from "../support/service.ts";
import { progress, type Stillness, settle, stopTime } from "../support/stillness.ts";

const AT = { namespace: "default", resource: "nightly" };
const WAIT = 20 * SECOND;
/** Length of a lease where a test does not say, ms: longer than any wait. */
const TTL = 60 * SECOND;
/** Most that a look is put off by chance, ms. */
const JITTER = 50;

let still: Stillness;
beforeEach(async () => {
  still = await stopTime();
});
afterEach(() => still.resume());

type Parts = Partial<Omit<LeaseAcquireCall, "ttl" | "waitFor">> & { readonly ttl?: number; readonly waitFor?: number };

function call(parts: Parts = {}): LeaseAcquireCall {
  const { ttl = TTL, waitFor = 0, ...rest } = parts;
  const lengths = { ttl: durationMs(ttl), waitFor: durationMs(waitFor) };
  return { address: AT, owner: "", attemptId: uniqueId(), ...rest, ...lengths };
}

/** A service whose resource is held, and what gives it back. */
async function held(parts: { store?: IdempotencyStore; env?: Readonly<Record<string, string>>; ttl?: number } = {}) {
  const { store = still.harness.store, env = {}, ttl = TTL } = parts;
  const deps = serviceOver(store, { env });
  const attemptId = uniqueId();
  const { outcome, leaseId } = await leaseAcquire(deps, call({ owner: "holder", attemptId, ttl }), caller());
  if (outcome.kind !== "acquired") throw new Error("the resource is not free");
  const proof = { leaseId, token: outcome.token };
  return { deps, attemptId, proof, giveBack: () => leaseRelease(deps, { address: AT, proof }) };
}

describe("calls that wait for a lease", () => {
  it("get it in the order in which they came, whenever it is given back", async () => {
    const { deps, giveBack } = await held();
    const order: number[] = [];
    const calls = Array.from({ length: 6 }, async (_, n) => {
      const { outcome, leaseId } = await leaseAcquire(deps, call({ waitFor: WAIT }), caller());
      order.push(n);
      if (outcome.kind !== "acquired") throw new Error(`call ${n} was ${outcome.kind}`);
      await settle();
      await leaseRelease(deps, { address: AT, proof: { leaseId, token: outcome.token } });
    });
    await settle();
    expect(deps.waiting.waiting).toBe(6);
    await giveBack();
    await Promise.all(calls);
    expect(order).toEqual([0, 1, 2, 3, 4, 5]);
    expect(deps.waiting.waiting).toBe(0);
  });

  it("are not overtaken by one that does not wait, nor by one that is turned away", async () => {
    const { store, gate } = gated(still.harness.store, "begin");
    const { deps, giveBack } = await held();
    const slow = serviceOver(store);
    const first = progress(leaseAcquire(slow, call({ waitFor: WAIT }), caller()));
    await settle();
    await giveBack();
    const second = await leaseAcquire(slow, call({ attemptId: "" }), caller());
    expect(second.outcome).toMatchObject({ kind: "busy" });
    const third = await leaseAcquire(slow, call(), caller());
    expect(third.outcome).toMatchObject({ kind: "busy" });
    gate.open();
    await settle();
    expect(first.now).toMatchObject({ outcome: { kind: "acquired" } });
    expect(deps.waiting.waiting).toBe(0);
  });

  it("let the holder pass who asks for its own lease again, waiting or not", async () => {
    const { deps, attemptId, proof } = await held();
    const waiting = progress(leaseAcquire(deps, call({ waitFor: WAIT }), caller()));
    await settle();
    for (const waitFor of [0, WAIT]) {
      const again = await leaseAcquire(deps, call({ attemptId, waitFor }), caller());
      expect(again).toMatchObject({ outcome: { kind: "acquired", token: proof.token }, leaseId: attemptId });
    }
    expect(waiting.now).toBe("waiting");
  });

  it("are told BUSY with the holder when their wait is over, first in line or not", async () => {
    const { deps } = await held();
    const calls = [1, 2].map(() => leaseAcquire(deps, call({ waitFor: 1500 }), caller()));
    const seen = calls.map(progress);
    await still.pass(1499);
    expect(seen.map(({ now }) => now)).toEqual(["waiting", "waiting"]);
    await still.pass(1);
    for (const { outcome, retryAfter } of await Promise.all(calls)) {
      expect(outcome).toMatchObject({ kind: "busy", owner: "holder" });
      expect(retryAfter).toBeGreaterThanOrEqual(1);
    }
  });

  it.each([
    [200, 50],
    [2000, 250],
    [20_000, 500],
  ])("are answered before the caller's deadline: %i ms away, %i ms before it", async (left, rest) => {
    const { deps } = await held();
    const seen = progress(leaseAcquire(deps, call({ waitFor: 30 * SECOND }), caller({ timeLeft: left })));
    await still.pass(left - rest - 1);
    expect(seen.now).toBe("waiting");
    await still.pass(1);
    expect(seen.now).toMatchObject({ outcome: { kind: "busy" } });
  });

  it("get it when it runs out, though nothing wakes them", async () => {
    const { deps, proof } = await held({ ttl: 5 * SECOND });
    const seen = progress(leaseAcquire(deps, call({ waitFor: WAIT }), caller()));
    await still.pass(5 * SECOND - 1);
    expect(seen.now).toBe("waiting");
    await still.pass(JITTER + 1);
    expect(seen.now).toMatchObject({ outcome: { kind: "acquired" } });
    if (seen.now !== "waiting" && seen.now.outcome.kind === "acquired") {
      expect(seen.now.outcome.token).toBeGreaterThan(proof.token);
    }
  });

  it("do not bring each other down: the next goes on when the first gets no answer", async () => {
    let faults = 0;
    const flaky = interposed(still.harness.store, async (name) => {
      if (name === "begin" && faults-- > 0) throw unavailable();
    });
    const { deps, giveBack } = await held({ store: flaky });
    const first = leaseAcquire(deps, call({ waitFor: WAIT }), caller());
    const failed = expect(first).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    const second = progress(leaseAcquire(deps, call({ waitFor: WAIT, attemptId: "" }), caller()));
    await settle();
    faults = 1;
    await still.pass(SECOND + JITTER);
    await failed;
    expect(second.now).toBe("waiting");
    await giveBack();
    await settle();
    expect(second.now).toMatchObject({ outcome: { kind: "acquired" } });
  });

  it("are answered at once over the limit of one resource, and of the process", async () => {
    const { deps } = await held({ env: { ONCEWARD_WAITERS_PER_RECORD: "2", ONCEWARD_WAITERS: "3" } });
    const other = { ...AT, resource: "another" };
    await leaseAcquire(deps, call({ address: other }), caller());
    const wait = (address = AT) => progress(leaseAcquire(deps, call({ address, waitFor: WAIT }), caller()));
    const seen = [wait(), wait(), wait(), wait(other), wait(other)];
    await settle();
    const kinds = seen.map(({ now }) => (now === "waiting" ? now : now.outcome.kind));
    expect(kinds).toEqual(["waiting", "waiting", "busy", "waiting", "busy"]);
    expect(deps.waiting.waiting).toBe(3);
  });
});

describe("a caller who goes away while waiting for a lease", () => {
  it("loses its place in line, and gets no lease afterwards", async () => {
    const { deps, giveBack } = await held();
    const gone = new AbortController();
    const first = leaseAcquire(deps, call({ waitFor: WAIT }), caller({ signal: gone.signal }));
    const second = progress(leaseAcquire(deps, call({ waitFor: WAIT }), caller()));
    await settle();
    gone.abort();
    expect((await first).outcome.kind).toBe("busy");
    expect(deps.waiting.waiting).toBe(1);
    await giveBack();
    await settle();
    expect(second.now).toMatchObject({ outcome: { kind: "acquired" } });
  });

  it("gets none even when it is given back at that very moment", async () => {
    const { deps, giveBack } = await held();
    const gone = new AbortController();
    const waiting = leaseAcquire(deps, call({ waitFor: WAIT }), caller({ signal: gone.signal }));
    await settle();
    await giveBack();
    gone.abort();
    expect((await waiting).outcome.kind).toBe("busy");
    expect(await deps.leases.inspect(AT)).toBeUndefined();
  });

  it("has the lease given back that came too late, where nobody else can know its id", async () => {
    const { store, gate } = gated(still.harness.store, "begin");
    const deps = serviceOver(store);
    const gone = new AbortController();
    const late = leaseAcquire(deps, call({ attemptId: "" }), caller({ signal: gone.signal }));
    await settle();
    gone.abort();
    gate.open();
    expect((await late).outcome.kind).toBe("busy");
    expect(await deps.leases.inspect(AT)).toBeUndefined();
  });

  it("keeps what came too late under an id of its own: a repeat of the call may have it already", async () => {
    const { store, gate } = gated(still.harness.store, "begin");
    const deps = serviceOver(store);
    const gone = new AbortController();
    const attemptId = uniqueId();
    const late = leaseAcquire(deps, call({ attemptId }), caller({ signal: gone.signal }));
    await settle();
    gone.abort();
    gate.open();
    await late;
    const elsewhere = serviceOver(still.harness.store, { leases: new LeasesOnRecords(still.harness.store) });
    const repeat = await leaseAcquire(elsewhere, call({ attemptId }), caller());
    expect(repeat.outcome.kind).toBe("acquired");
    expect((await deps.leases.inspect(AT))?.left).toBeGreaterThan(0);
  });
});

describe("calls that wait for a lease of a store that tells nobody of its end", () => {
  /** As many nodes do: no hints. */
  const deaf = () => {
    const leases = new LeasesOnRecords(still.harness.store);
    leases.watch = () => ({ hears: false, close: () => {} });
    const asked = vi.spyOn(leases, "acquire");
    return { deps: serviceOver(still.harness.store, { leases }), asked };
  };
  const holdOf = async ({ deps }: ReturnType<typeof deaf>) => {
    const { outcome, leaseId } = await leaseAcquire(deps, call(), caller());
    if (outcome.kind !== "acquired") throw new Error("the resource is not free");
    return { leaseId, token: outcome.token };
  };

  it.each(["release", "force release"])("get it at its %s in the same process, with no time passing", async (way) => {
    const service = deaf();
    const { deps } = service;
    const proof = await holdOf(service);
    const first = progress(leaseAcquire(deps, call({ waitFor: WAIT }), caller()));
    const second = progress(leaseAcquire(deps, call({ waitFor: WAIT }), caller()));
    await settle();
    if (way === "release") await leaseRelease(deps, { address: AT, proof });
    else await leaseForceRelease(deps, { address: AT, reason: "stuck", actor: "" });
    await settle();
    expect(first.now).toMatchObject({ outcome: { kind: "acquired" } });
    expect(second.now).toBe("waiting");
  });

  it("get it soon after its release elsewhere, and ask no more often than twenty times a second", async () => {
    const service = deaf();
    const { deps, asked } = service;
    const proof = await holdOf(service);
    const waiting = progress(leaseAcquire(deps, call({ waitFor: WAIT }), caller()));
    await still.pass(SECOND);
    expect(asked.mock.calls.length).toBeLessThanOrEqual(1 + 1 + 20); // the holder's, the first, and every 50 ms
    await still.pass(SECOND / 2);
    await new LeasesOnRecords(still.harness.store).release(AT, proof);
    await still.pass(150);
    expect(waiting.now).toMatchObject({ outcome: { kind: "acquired" } });
  });
});
