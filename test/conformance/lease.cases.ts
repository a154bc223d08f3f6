/** What every store of leases must show. One store serves all cases: each takes a fresh resource. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { uniqueId } from "../../src/base/random.ts";
import { durationMs, fencingToken } from "../../src/base/units.ts";
import type { LeaseAddress } from "../../src/domain/lease.ts";
import type { LeaseStore } from "../../src/store/port.ts";
import { freshNamespace, HIGHEST_TOKEN, SECOND } from "../support/commands.ts";
import { narrow } from "../support/subject.ts";

export interface LeaseHarness {
  readonly leases: LeaseStore;
  /** Lets so much time pass for leases, ms: by moving the store's clock, or by waiting. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Short enough to be waited for where no clock can be moved, long enough for a busy machine, ms. */
const SHORT = 1500;
/** Longer than any case takes, ms. */
const LONG = 60 * SECOND;

export function leaseConformance(name: string, open: () => Promise<LeaseHarness>): void {
  describe(`leases on ${name}`, () => {
    let harness: LeaseHarness | undefined;
    const on = (): LeaseHarness => {
      if (harness === undefined) throw new Error("the store is not open");
      return harness;
    };
    beforeAll(async () => {
      harness = await open();
    });
    afterAll(async () => harness?.close());

    holdingCases(on);
    endingCases(on);
    fenceCases(on);
    lookingCases(on);
  });
}

type On = () => LeaseHarness;

/** A resource nobody else uses, and every call one can make about it. */
function resourceOf(on: On, parts: Partial<LeaseAddress> = {}) {
  const at = { namespace: "default", resource: uniqueId(), ...parts };
  const acquire = (given: { leaseId?: string; ttl?: number; owner?: string } = {}) => {
    const { leaseId = uniqueId(), ttl = LONG, owner = "worker-1" } = given;
    return on().leases.acquire(at, { leaseId, owner, ttl: durationMs(ttl) });
  };
  return {
    at,
    acquire,
    hold: async (given: { leaseId?: string; ttl?: number; owner?: string } = {}) => {
      const leaseId = given.leaseId ?? uniqueId();
      const { token, validity } = narrow("acquired", await acquire({ ...given, leaseId }));
      return { leaseId, token, validity };
    },
    renew: (proof: { leaseId: string; token: bigint }, ttl = LONG) =>
      on().leases.renew(at, { ...proof, token: fencingToken(proof.token), ttl: durationMs(ttl) }),
    release: (proof: { leaseId: string; token: bigint }) =>
      on().leases.release(at, { ...proof, token: fencingToken(proof.token) }),
    check: (token: bigint) => on().leases.checkFence(at, fencingToken(token)),
  };
}

function holdingCases(on: On): void {
  it("gives a free resource, for less than was asked for and more than half of it", async () => {
    const { validity } = await resourceOf(on).hold();
    expect(validity).toBeLessThan(LONG);
    expect(validity).toBeGreaterThan(LONG / 2);
  });

  it("tells everybody else who holds it, and for how long at most", async () => {
    const resource = resourceOf(on);
    await resource.hold({ owner: "worker-7" });
    const busy = narrow("busy", await resource.acquire());
    expect(["worker-7", ""]).toContain(busy.owner);
    expect(busy.left).toBeGreaterThanOrEqual(1);
    expect(busy.left).toBeLessThanOrEqual(LONG);
  });

  it("gives a lease back to the try that has it, with its token", async () => {
    const resource = resourceOf(on);
    const held = await resource.hold();
    expect(await resource.acquire({ leaseId: held.leaseId })).toMatchObject({ kind: "acquired", token: held.token });
  });

  it("gives one of 32 who ask at once the lease", async () => {
    const resource = resourceOf(on);
    const outcomes = await Promise.all(Array.from({ length: 32 }, () => resource.acquire()));
    expect(outcomes.filter(({ kind }) => kind === "acquired").length).toBeLessThanOrEqual(1);
    // On several nodes a split vote leaves nobody with it; alone, the next one gets it.
    const free = outcomes.every(({ kind }) => kind === "busy");
    if (free) await on().pass(SHORT);
    expect((await resource.acquire()).kind).toBe(free ? "acquired" : "busy");
  });

  it("keeps resources and namespaces apart, whatever their names", async () => {
    const name = uniqueId();
    const [one, other] = [freshNamespace(), freshNamespace()];
    await resourceOf(on, { namespace: one, resource: name }).hold();
    await resourceOf(on, { namespace: other, resource: name }).hold();
    await resourceOf(on, { namespace: one, resource: `${name}:` }).hold();
    await resourceOf(on, { namespace: one, resource: "ä".repeat(256) }).hold();
  });

  it("moves the end of a lease, and never makes it shorter", async () => {
    const resource = resourceOf(on);
    const held = await resource.hold({ ttl: 4 * SHORT });
    const longer = narrow("renewed", await resource.renew(held, LONG));
    expect(longer.validity).toBeGreaterThan(LONG / 2);
    const shorter = narrow("renewed", await resource.renew(held, SHORT));
    expect(shorter.validity).toBeGreaterThan(LONG / 2);
  });

  it("renews for nobody but the holder", async () => {
    const resource = resourceOf(on);
    const held = await resource.hold();
    expect(await resource.renew({ ...held, leaseId: uniqueId() })).toEqual({ kind: "lost" });
    expect(await resource.renew({ ...held, token: held.token - 1n })).toEqual({ kind: "lost" });
    // A token above all that is known is a sign of lost data, and may be told as that.
    const above = await resource.renew({ ...held, token: HIGHEST_TOKEN }).catch(({ code }) => ({ kind: code }));
    expect(["lost", "STORE_UNAVAILABLE"]).toContain(above.kind);
    expect((await resource.renew(held)).kind).toBe("renewed");
    expect(await resourceOf(on).renew(held)).toEqual({ kind: "lost" });
  });
}

function endingCases(on: On): void {
  it("gives a lease that ran out to the next, under a higher token, and the first has lost it", async () => {
    const resource = resourceOf(on);
    const first = await resource.hold({ ttl: SHORT });
    await on().pass(2 * SHORT);
    expect(await resource.renew(first)).toEqual({ kind: "lost" });
    const second = await resource.hold();
    expect(second.token).toBeGreaterThan(first.token);
    expect(await resource.renew(first)).toEqual({ kind: "lost" });
    expect(await resource.release(first)).toEqual({ kind: "lost" });
    expect((await resource.acquire()).kind).toBe("busy");
  });

  it("gives the same try a higher token once its lease has run out", async () => {
    const resource = resourceOf(on);
    const first = await resource.hold({ ttl: SHORT });
    await on().pass(2 * SHORT);
    const second = await resource.hold({ leaseId: first.leaseId });
    expect(second.token).toBeGreaterThan(first.token);
    expect(await resource.renew(first)).toEqual({ kind: "lost" });
    expect((await resource.renew(second)).kind).toBe("renewed");
  });

  it("gives a lease that was given back to the next at once, under a higher token", async () => {
    const resource = resourceOf(on);
    const first = await resource.hold();
    expect(await resource.release(first)).toEqual({ kind: "released" });
    expect(await resource.renew(first)).toEqual({ kind: "lost" });
    const second = await resource.hold();
    expect(second.token).toBeGreaterThan(first.token);
  });

  it("takes a lease back from nobody but the holder", async () => {
    const resource = resourceOf(on);
    const held = await resource.hold();
    expect(await resource.release({ ...held, leaseId: uniqueId() })).toEqual({ kind: "lost" });
    expect(await resource.release({ ...held, token: held.token - 1n })).toEqual({ kind: "lost" });
    expect((await resource.renew(held)).kind).toBe("renewed");
  });

  it("takes a lease from its holder by force, and the next token is higher", async () => {
    const resource = resourceOf(on);
    const first = await resource.hold();
    expect(await on().leases.forceRelease(resource.at)).toEqual({ kind: "released" });
    expect(await resource.renew(first)).toEqual({ kind: "lost" });
    const second = await resource.hold();
    expect(second.token).toBeGreaterThan(first.token);
    expect(await resource.release(first)).toEqual({ kind: "lost" });
    expect((await resource.renew(second)).kind).toBe("renewed");
  });

  it("takes nothing by force where nobody holds anything", async () => {
    const resource = resourceOf(on);
    expect(await on().leases.forceRelease(resource.at)).toEqual({ kind: "not_held" });
    await resource.release(await resource.hold());
    expect(await on().leases.forceRelease(resource.at)).toEqual({ kind: "not_held" });
  });

  it("hands out tokens that only rise, whatever ends the leases", async () => {
    const resource = resourceOf(on);
    let last = 0n;
    for (let n = 0; n < 12; n++) {
      const held = await resource.hold();
      expect(held.token).toBeGreaterThan(last);
      last = held.token;
      if (n % 2 === 0) await resource.release(held);
      else await on().leases.forceRelease(resource.at);
    }
  });
}

function fenceCases(on: On): void {
  it("calls the latest token current, given back or not, and every one before it stale", async () => {
    const resource = resourceOf(on);
    const first = await resource.hold();
    expect(await resource.check(first.token)).toEqual({ kind: "current" });
    await resource.release(first);
    expect(await resource.check(first.token)).toEqual({ kind: "current" });
    const second = await resource.hold();
    expect(await resource.check(first.token)).toEqual({ kind: "stale" });
    expect(await resource.check(second.token)).toEqual({ kind: "current" });
  });

  it("calls a token stale whose lease was taken by force, though nobody holds the next", async () => {
    const resource = resourceOf(on);
    const held = await resource.hold();
    await on().leases.forceRelease(resource.at);
    expect(await resource.check(held.token)).toEqual({ kind: "stale" });
  });

  it("does not judge a token above all that is known, before and after a forced release", async () => {
    const resource = resourceOf(on);
    await expect(resource.check(7n)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    const held = await resource.hold();
    await expect(resource.check(HIGHEST_TOKEN)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect((await resource.renew(held)).kind).toBe("renewed");
    await on().leases.forceRelease(resource.at);
    await expect(resource.check(HIGHEST_TOKEN)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });
}

function lookingCases(on: On): void {
  it("tells who holds a lease, and when nobody does any more", async () => {
    const resource = resourceOf(on);
    expect(await on().leases.inspect(resource.at)).toBeUndefined();
    const { token } = await resource.hold({ owner: "worker-7", ttl: SHORT });
    const held = await on().leases.inspect(resource.at);
    expect(held).toMatchObject({ ...resource.at, owner: "worker-7", token });
    expect(held?.left).toBeLessThanOrEqual(SHORT);
    await on().pass(2 * SHORT);
    expect(await on().leases.inspect(resource.at)).toBeUndefined();
  });

  it("lists what is held in a namespace and nothing else, a page at a time", async () => {
    const namespace = freshNamespace();
    const held = new Set<string>();
    for (let n = 0; n < 5; n++) {
      const resource = resourceOf(on, { namespace });
      const proof = await resource.hold();
      if (n === 4) await resource.release(proof);
      else held.add(resource.at.resource);
    }
    const listed: string[] = [];
    let cursor = "";
    do {
      const page = await on().leases.list({ namespace, limit: 2, cursor });
      expect(page.leases.length).toBeLessThanOrEqual(2);
      listed.push(...page.leases.map(({ resource }) => resource));
      cursor = page.next;
    } while (cursor !== "");
    expect(listed.sort()).toEqual([...held].sort());
  });

  it("says that it serves, and what keeps the tokens rising", () => {
    const status = on().leases.status();
    expect(status).toMatchObject({ serving: true, reason: "" });
    expect(status.fence).not.toBe("");
  });
}
