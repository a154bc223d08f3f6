import { afterEach, describe, expect, it, vi } from "vitest";
import { durationMs } from "../../src/base/units.ts";
import { LEASE_KNOWN_MS } from "../../src/domain/lease.ts";
import { LeasesOnRecords, recordOfLease } from "../../src/store/leases-on-records.ts";
import type { Harness } from "../conformance/harness.ts";
import { type LeaseHarness, leaseConformance } from "../conformance/lease.cases.ts";
import { SECOND } from "../support/commands.ts";
import { openEmbedded } from "../support/embedded-harness.ts";
import { interposed } from "../support/interposed.ts";
import { openRedis } from "../support/redis-harness.ts";
import { openReference } from "../support/reference-store.ts";
import { narrow } from "../support/subject.ts";

function on(open: () => Promise<Harness>): () => Promise<LeaseHarness> {
  return async () => {
    const { store, advance, close } = await open();
    return { leases: new LeasesOnRecords(store), pass: advance, close };
  };
}

leaseConformance(
  "the embedded store",
  on(() => openEmbedded()),
);
leaseConformance(
  "one Redis",
  on(() => openRedis(1)),
);

const AT = { namespace: "default", resource: "nightly" };
const command = (leaseId: string, ttl = 30 * SECOND) => ({ leaseId, owner: "", ttl: durationMs(ttl) });

describe("leases on records", () => {
  afterEach(() => void vi.useRealTimers());

  it.each([
    ["the reference store", openReference],
    ["the embedded store", openEmbedded],
    ["one Redis", () => openRedis(1)],
  ])("wakes who watches when the lease is given back, and when it is taken away, on %s", async (_name, open) => {
    const { store, close } = await open();
    const leases = new LeasesOnRecords(store);
    const wake = vi.fn();
    for (const end of ["release", "forceRelease"] as const) {
      const leaseId = `holder by ${end}`;
      const { token } = narrow("acquired", await leases.acquire(AT, command(leaseId)));
      const watch = leases.watch(AT, wake);
      expect((await leases.acquire(AT, command("other"))).kind).toBe("busy");
      if (end === "release") await leases.release(AT, { leaseId, token });
      else await leases.forceRelease(AT);
      await vi.waitUntil(() => wake.mock.calls.length > 0, { timeout: 20_000, interval: 5 });
      watch.close();
      watch.close();
      wake.mockClear();
    }
    await close();
  });

  it.each(["given back", "taken away", "left to run out"])("forget a lease 26 h after it was %s", async (way) => {
    const { store, advance, close } = await openEmbedded();
    const leases = new LeasesOnRecords(store);
    const { token } = narrow("acquired", await leases.acquire(AT, command("holder", SECOND)));
    if (way === "given back") await leases.release(AT, { leaseId: "holder", token });
    else if (way === "taken away") await leases.forceRelease(AT);
    else await advance(SECOND);
    await advance(LEASE_KNOWN_MS - SECOND);
    const stale = way === "taken away";
    expect(await leases.checkFence(AT, token)).toEqual({ kind: stale ? "stale" : "current" });
    await advance(2 * SECOND);
    await expect(leases.checkFence(AT, token)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await close();
  });

  it("tells a lease that was taken away from one that was given back, though nobody has it", async () => {
    const leases = new LeasesOnRecords((await openReference()).store);
    const { token } = narrow("acquired", await leases.acquire(AT, command("holder")));
    await leases.forceRelease(AT);
    expect(await leases.release(AT, { leaseId: "holder", token })).toEqual({ kind: "lost" });
  });

  it("takes what the call took off the validity, and gives no lease that has run out on the way", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const { store } = await openReference();
    let took = 400;
    const leases = new LeasesOnRecords(
      interposed(store, async () => {
        vi.advanceTimersByTime(took);
      }),
    );
    const acquired = narrow("acquired", await leases.acquire(AT, command("holder", 1000)));
    expect(acquired.validity).toBe(1000 - 400 - 12);
    took = 999;
    const late = leases.acquire({ ...AT, resource: "another" }, command("other", 1000));
    await expect(late).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });

  it("lets a lease be renewed for longer than any attempt may last", async () => {
    const { store, advance } = await openReference();
    const leases = new LeasesOnRecords(store);
    const { token } = narrow("acquired", await leases.acquire(AT, command("holder", 3600 * SECOND)));
    for (let hour = 0; hour < 24 * 60; hour++) {
      await advance(3500 * SECOND);
      const renewal = { leaseId: "holder", token, ttl: durationMs(3600 * SECOND) };
      narrow("renewed", await leases.renew(AT, renewal));
    }
  });

  it("counts no duplicates for those who ask in vain", async () => {
    const { store } = await openReference();
    const leases = new LeasesOnRecords(store);
    for (const leaseId of ["holder", "other", "third"]) await leases.acquire(AT, command(leaseId));
    expect(store.recordAt(recordOfLease(AT))?.duplicates).toBe(0);
  });
});
