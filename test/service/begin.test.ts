import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { begin } from "../../src/service/begin.ts";
import { complete } from "../../src/service/complete.ts";
import { freshNamespace, HOUR, MINUTE, SECOND } from "../support/commands.ts";
import { openReference } from "../support/reference-store.ts";
import { beginCall, caller, completeCall, serviceOver } from "../support/service.ts";
import { narrow, subjectOf } from "../support/subject.ts";

/** The seed that a failure prints; ONCEWARD_SEED tries the same numbers again. */
const SEED = Number(process.env.ONCEWARD_SEED ?? Math.trunc(Math.random() * 2 ** 31));

describe("the answer to a duplicate", () => {
  it(`says to call again after 1 ms or more, and never after the lease, seed ${SEED}`, async () => {
    const chance = fc.oneof(
      fc.constantFrom(0, 1 - Number.EPSILON),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    );
    const lease = fc.oneof(fc.constantFrom(100, 1000, HOUR), fc.integer({ min: 100, max: HOUR }));
    const property = fc.asyncProperty(chance, lease, fc.nat(), async (fraction, leaseFor, part) => {
      const harness = await openReference();
      const subject = subjectOf(harness);
      await subject.start({ leaseFor });
      const passed = part % leaseFor;
      await harness.advance(passed);
      const deps = { ...serviceOver(harness.store), random: () => fraction };
      const answer = narrow("decided", await begin(deps, beginCall({ address: subject.at }), caller()));
      expect(answer.outcome.kind).toBe("in_progress");
      expect(answer.retryAfter).toBeGreaterThanOrEqual(1);
      expect(answer.retryAfter).toBeLessThanOrEqual(leaseFor - passed);
    });
    await fc.assert(property, { seed: SEED });
  });

  it("spreads the callers of one moment", async () => {
    const harness = await openReference();
    const subject = subjectOf(harness);
    await subject.start();
    const hints = [0, 0.5, 0.999].map(async (fraction) => {
      const deps = { ...serviceOver(harness.store), random: () => fraction };
      return narrow("decided", await begin(deps, beginCall({ address: subject.at }), caller())).retryAfter;
    });
    expect(new Set(await Promise.all(hints)).size).toBe(3);
  });

  it("says what is left of a back-off to the millisecond, and nothing where waiting does not help", async () => {
    const harness = await openReference();
    const subject = subjectOf(harness);
    const deps = serviceOver(harness.store);
    const ask = async () => narrow("decided", await begin(deps, beginCall({ address: subject.at }), caller()));
    const { record } = await subject.start();
    await subject.fail(record.token, { retryAfter: MINUTE });
    await harness.advance(20 * SECOND);
    expect(await ask()).toMatchObject({ outcome: { kind: "backing_off" }, retryAfter: 40 * SECOND });
    await harness.advance(40 * SECOND - 1);
    expect(await ask()).toMatchObject({ outcome: { kind: "backing_off" }, retryAfter: 1 });
    await harness.advance(1);
    const again = narrow("started", (await ask()).outcome);
    await subject.finish(again.record.token);
    expect(await ask()).toMatchObject({ outcome: { kind: "replay" }, retryAfter: 0 });
  });
});

describe("a namespace's policies", () => {
  it("hold where the caller names none, and the caller's where it does", async () => {
    const { store } = await openReference();
    const namespace = freshNamespace();
    const own = { lease: 2 * SECOND, retention: 2 * HOUR, tombstone_retention: 3 * HOUR } as never;
    const deps = serviceOver(store, { namespaces: { [namespace]: own } });
    const started = async (parts: Parameters<typeof beginCall>[0]) =>
      narrow("started", narrow("decided", await begin(deps, beginCall(parts), caller())).outcome).record;

    const byPolicy = await started({ address: { namespace, operation: "", stream: "", key: "1" } });
    const byCaller = await started({ address: { namespace, operation: "", stream: "", key: "2" }, leaseFor: HOUR });
    const elsewhere = await started({});
    expect([byPolicy.leaseFor, byCaller.leaseFor, elsewhere.leaseFor]).toEqual([2 * SECOND, HOUR, 30 * SECOND]);

    const { record } = narrow(
      "stored",
      await complete(deps, completeCall(byPolicy.token, { address: byPolicy.address })),
    );
    if (record.state !== "succeeded") throw new Error("a successful completion is a success");
    expect(record.resultUntil - record.finishedAt).toBe(2 * HOUR);
    expect(record.expiresAt - record.finishedAt).toBe(3 * HOUR);
  });

  it("say how the back-off of retryable failures grows, and up to where", async () => {
    const harness = await openReference();
    const namespace = freshNamespace();
    const own = { backoff_base: 10 * SECOND, backoff_cap: 15 * SECOND } as never;
    const deps = { ...serviceOver(harness.store, { namespaces: { [namespace]: own } }), random: () => 0.999 };
    const at = { namespace, operation: "", stream: "", key: "1" };
    const fail = async () => {
      const answer = narrow("decided", await begin(deps, beginCall({ address: at }), caller()));
      const { token } = narrow("started", answer.outcome).record;
      const stored = narrow("stored", await complete(deps, completeCall(token, { address: at, kind: "retryable" })));
      await harness.advance(MINUTE);
      return stored.record.state === "retryable" ? stored.record.retryAt - stored.now : undefined;
    };
    expect([await fail(), await fail(), await fail()]).toEqual([9990, 14_985, 14_985]);
  });
});

describe("a completion that brings a lost record back", () => {
  it("is stored, counted besides and logged without the key", async () => {
    const harness = await openReference();
    const subject = subjectOf(harness);
    const logged: unknown[] = [];
    const note = (given: unknown) => void logged.push(given);
    const deps = serviceOver(harness.store, { logger: { debug: note, info: note, warn: note, error: note } });
    const { record } = await subject.start();
    await subject.lose();
    const outcome = await complete(deps, completeCall(record.token, { address: subject.at }));
    expect(outcome).toMatchObject({ kind: "stored", restored: true });
    expect([...deps.tally.calls()]).toMatchObject([{ call: "Complete", outcome: "stored", count: 1 }]);
    expect(deps.tally.notable("restored_completion")).toBe(1);
    expect(logged).toEqual([{ namespace: "default" }]);
  });
});
