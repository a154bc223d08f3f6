import { describe, expect, it } from "vitest";
import { ERRORS, type ErrorCode, OncewardError } from "../../src/base/errors.ts";
import { durationMs, fencingToken } from "../../src/base/units.ts";
import { begin } from "../../src/service/begin.ts";
import { checkpoint } from "../../src/service/checkpoint.ts";
import { complete } from "../../src/service/complete.ts";
import { get } from "../../src/service/get.ts";
import { release } from "../../src/service/release.ts";
import { renew } from "../../src/service/renew.ts";
import { address, freshNamespace } from "../support/commands.ts";
import { breakable, unavailable } from "../support/interposed.ts";
import { openReference } from "../support/reference-store.ts";
import { beginCall, caller, completeCall, serviceOver } from "../support/service.ts";
import { narrow } from "../support/subject.ts";

const OPEN = freshNamespace();

/** A service of which one namespace fails open, over a store that gives no answers. */
async function downService(fault: OncewardError = unavailable()) {
  const { store } = await openReference();
  const faulty = breakable(store);
  faulty.broken.fault = fault;
  const logged: unknown[] = [];
  const note = (given: unknown) => void logged.push(given);
  const logger = { debug: note, info: note, warn: note, error: note };
  const deps = serviceOver(faulty.store, { namespaces: { [OPEN]: { fail_open: true } }, logger });
  return { deps, store, broken: faulty.broken, logged };
}

describe("a Begin in a namespace that fails open", () => {
  it("runs unguarded while the store gives no answer, and that is counted and logged", async () => {
    const { deps, logged } = await downService();
    const at = address({ namespace: OPEN });
    const answer = await begin(deps, beginCall({ address: at, attemptId: "mine" }), caller());
    expect(answer).toEqual({ kind: "unguarded", attemptId: "mine" });
    expect([...deps.tally.calls()]).toEqual([{ namespace: OPEN, call: "Begin", outcome: "started", count: 1 }]);
    expect(deps.tally.notable("unguarded_start")).toBe(1);
    expect(logged).toHaveLength(1);
    expect(JSON.stringify(logged)).not.toContain(at.key);
  });

  it("is given an attempt id where it has none", async () => {
    const { deps } = await downService();
    const call = beginCall({ address: address({ namespace: OPEN }), attemptId: "" });
    expect(narrow("unguarded", await begin(deps, call, caller())).attemptId).not.toBe("");
  });

  it("runs unguarded when it would have waited, too", async () => {
    const { deps } = await downService();
    const call = beginCall({ address: address({ namespace: OPEN }), waitFor: 1000 });
    expect((await begin(deps, call, caller())).kind).toBe("unguarded");
    expect(deps.waiting.waiting).toBe(0);
  });

  it("does not run beside an attempt it was told of when the store falls silent while it waits", async () => {
    const { deps, store, broken } = await downService();
    broken.fault = undefined;
    const at = address({ namespace: OPEN });
    await begin(deps, beginCall({ address: at }), caller());
    const watched = new Promise<void>((resolve) => {
      const { watch } = store;
      store.watch = (...given) => {
        setImmediate(resolve);
        return watch.apply(store, given);
      };
    });
    const waiting = begin(deps, beginCall({ address: at, attemptId: "other", waitFor: 30_000 }), caller());
    await watched;
    broken.fault = unavailable();
    await expect(waiting).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });

  it("never runs unguarded under HOLD", async () => {
    const { deps } = await downService();
    const call = beginCall({ address: address({ namespace: OPEN }), lapsePolicy: "hold" });
    await expect(begin(deps, call, caller())).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });

  const others = (Object.keys(ERRORS) as ErrorCode[]).filter((code) => code !== "STORE_UNAVAILABLE");
  it.each(others)("never runs unguarded on %s, which is no silence of the store", async (code) => {
    const { deps } = await downService(new OncewardError(code, "another fault"));
    const call = beginCall({ address: address({ namespace: OPEN }) });
    await expect(begin(deps, call, caller())).rejects.toMatchObject({ code });
  });

  it("is guarded again as soon as the store answers", async () => {
    const { deps, broken } = await downService();
    broken.fault = undefined;
    const call = beginCall({ address: address({ namespace: OPEN }) });
    const { outcome } = narrow("decided", await begin(deps, call, caller()));
    expect(narrow("started", outcome).record.token > 0n).toBe(true);
  });
});

describe("a namespace that fails closed", () => {
  it("gets no unguarded run, whatever others are granted", async () => {
    const { deps } = await downService();
    const call = beginCall({ address: address() });
    await expect(begin(deps, call, caller())).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", shard: "main" });
    expect([...deps.tally.calls()]).toEqual([]);
  });
});

describe("the other calls in a namespace that fails open", () => {
  it("fail as elsewhere while the store gives no answer", async () => {
    const { deps } = await downService();
    const at = address({ namespace: OPEN });
    const held = { address: at, token: fencingToken(7n), leaseFor: durationMs(0) };
    const calls = [
      complete(deps, completeCall(7n, { address: at })),
      renew(deps, held),
      checkpoint(deps, { ...held, name: "half", step: 0n, data: Buffer.alloc(0) }),
      release(deps, held),
      get(deps, { address: at, waitFor: durationMs(0) }, caller()),
    ];
    const codes = (await Promise.allSettled(calls)).map((call) =>
      call.status === "rejected" ? call.reason.code : call,
    );
    expect(codes).toEqual(Array.from(calls, () => "STORE_UNAVAILABLE"));
  });

  it("answer NOT_FOUND to token 0, without asking the store and without writing", async () => {
    const { deps, store } = await downService();
    const at = address({ namespace: OPEN });
    const held = { address: at, token: fencingToken(0n), leaseFor: durationMs(0) };
    expect((await complete(deps, completeCall(0n, { address: at }))).kind).toBe("not_found");
    expect((await renew(deps, held)).kind).toBe("not_found");
    expect((await checkpoint(deps, { ...held, name: "half", step: 0n, data: Buffer.alloc(0) })).kind).toBe("not_found");
    expect((await release(deps, held)).kind).toBe("not_found");
    expect(store.recordAt(at)).toBeUndefined();
  });
});
