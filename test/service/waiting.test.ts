import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { begin } from "../../src/service/begin.ts";
import type { ReadOptions } from "../../src/store/port.ts";
import { SECOND } from "../support/commands.ts";
import { interposed } from "../support/interposed.ts";
import { beginCall, caller } from "../support/service.ts";
import { decided, progress, type Stillness, settle, stopTime, WAIT, WAITED_LEASE } from "../support/stillness.ts";
import { bodyOf, narrow } from "../support/subject.ts";

let still: Stillness;
beforeEach(async () => {
  still = await stopTime();
});
afterEach(() => still.resume());

describe("a waiting Begin", () => {
  it("is woken by the completion, and replays it", async () => {
    const { subject, deps, token } = await still.running();
    const call = begin(deps, beginCall({ address: subject.at, waitFor: WAIT }), caller());
    await settle();
    expect(deps.waiting.waiting).toBe(1);
    await subject.finish(token);
    expect(bodyOf(narrow("replay", decided(await call)))).toBe("done");
    expect(deps.waiting.waiting).toBe(0);
  });

  it("starts when the lease lapses, as the next attempt", async () => {
    const { subject, deps, token } = await still.running();
    const call = begin(deps, beginCall({ address: subject.at, waitFor: WAIT }), caller());
    const seen = progress(call);
    await still.pass(WAITED_LEASE - 1);
    expect(seen.now).toBe("waiting");
    await still.pass(1);
    const started = narrow("started", decided(await call));
    expect(started).toMatchObject({ takeover: true, record: { attempts: 2 } });
    expect(started.record.token > token).toBe(true);
  });

  it("is unresolved when the lease lapses under HOLD", async () => {
    const { subject, deps } = await still.running();
    const call = begin(deps, beginCall({ address: subject.at, waitFor: WAIT, lapsePolicy: "hold" }), caller());
    await still.pass(WAITED_LEASE);
    expect(decided(await call).kind).toBe("unresolved");
  });

  it("goes on waiting while the attempt is renewed", async () => {
    const { subject, deps, token } = await still.running();
    const seen = progress(begin(deps, beginCall({ address: subject.at, waitFor: WAIT }), caller()));
    for (let renewals = 0; renewals < 4; renewals++) {
      await still.pass(WAITED_LEASE - SECOND);
      await subject.renew(token);
    }
    expect(seen.now).toBe("waiting");
    await subject.finish(token);
    await settle();
    expect(seen.now).toMatchObject({ outcome: { kind: "replay" } });
  });

  it("starts when the attempt is released: one of all that wait, and the others go on waiting", async () => {
    const { subject, deps, token } = await still.running();
    const calls = Array.from({ length: 5 }, () =>
      begin(deps, beginCall({ address: subject.at, waitFor: 2 * SECOND, leaseFor: 60 * SECOND }), caller()),
    );
    const seen = calls.map(progress);
    await settle();
    await subject.release(token);
    await settle();
    expect(seen.filter(({ now }) => now !== "waiting")).toHaveLength(1);
    await still.pass(2 * SECOND);
    const kinds = (await Promise.all(calls)).map((answer) => decided(answer).kind);
    expect(kinds.sort()).toEqual(["in_progress", "in_progress", "in_progress", "in_progress", "started"]);
  });

  it("is answered IN_PROGRESS when its wait is over", async () => {
    const { subject, deps } = await still.running();
    const call = begin(deps, beginCall({ address: subject.at, waitFor: 1500 }), caller());
    const seen = progress(call);
    await still.pass(1499);
    expect(seen.now).toBe("waiting");
    await still.pass(1);
    expect(decided(await call).kind).toBe("in_progress");
  });

  it.each([
    [200, 50],
    [800, 100],
    [2000, 250],
    [20_000, 500],
  ])(
    "whose caller's deadline is %i ms away is answered %i ms before it, however long it wanted to wait",
    async (left, rest) => {
      const { subject, deps, token } = await still.running();
      await subject.renew(token, { leaseFor: 60 * SECOND });
      const call = begin(deps, beginCall({ address: subject.at, waitFor: WAIT }), caller({ timeLeft: left }));
      const seen = progress(call);
      await still.pass(left - rest - 1);
      expect(seen.now).toBe("waiting");
      await still.pass(1);
      expect(decided(await call).kind).toBe("in_progress");
    },
  );

  it("is answered at once when there is no time left to wait", async () => {
    const { subject, deps } = await still.running();
    const call = begin(deps, beginCall({ address: subject.at, waitFor: WAIT }), caller({ timeLeft: 10 }));
    expect(decided(await call).kind).toBe("in_progress");
  });

  it("waits for no back-off", async () => {
    const { subject, deps, token } = await still.running();
    await subject.fail(token, { retryAfter: WAITED_LEASE });
    const call = begin(deps, beginCall({ address: subject.at, waitFor: WAIT }), caller());
    expect(decided(await call).kind).toBe("backing_off");
  });

  it("finds out by itself when the wake-up is lost", async () => {
    const { subject, deps, token } = await still.running({
      store: new Proxy(still.harness.store, {
        get(target, name) {
          const member: unknown = Reflect.get(target, name, target);
          if (name === "watch") return () => ({ close() {} });
          return typeof member === "function" ? member.bind(target) : member;
        },
      }),
    });
    const call = begin(deps, beginCall({ address: subject.at, waitFor: WAIT }), caller());
    await settle();
    await subject.finish(token);
    await still.pass(SECOND);
    expect(decided(await call).kind).toBe("replay");
  });

  it("misses no end that comes between its look and its sleep", async () => {
    let endAttempt = async () => {};
    const late = interposed(still.harness.store, async (call) => {
      if (call === "begin") queueMicrotask(() => void endAttempt());
    });
    const { subject, deps, token } = await still.running({ store: late });
    endAttempt = async () => {
      endAttempt = async () => {};
      await subject.finish(token);
    };
    const call = begin(deps, beginCall({ address: subject.at, waitFor: WAIT }), caller());
    expect(decided(await call).kind).toBe("replay");
  });

  it("counts as one duplicate, however often it looks", async () => {
    const options: (ReadOptions | undefined)[] = [];
    const noting = interposed(still.harness.store, async (call, given) => {
      if (call === "begin") options.push(given[2] as ReadOptions | undefined);
    });
    const { subject, deps, token } = await still.running({ store: noting });
    const call = begin(deps, beginCall({ address: subject.at, waitFor: WAIT }), caller());
    await still.pass(3 * SECOND);
    await subject.finish(token);
    await call;
    expect(options.length).toBeGreaterThan(2);
    expect(options.filter((given) => given?.askedBefore !== true)).toHaveLength(1);
    expect([...deps.tally.calls()]).toEqual([{ namespace: "default", call: "Begin", outcome: "replay", count: 1 }]);
  });
});

describe("a caller who goes away", () => {
  it("gives up the place, and starts nothing afterwards", async () => {
    const { subject, deps, token } = await still.running();
    const gone = new AbortController();
    const call = begin(deps, beginCall({ address: subject.at, waitFor: WAIT }), caller({ signal: gone.signal }));
    await settle();
    expect(deps.waiting.waiting).toBe(1);
    gone.abort();
    expect(decided(await call).kind).toBe("in_progress");
    expect(deps.waiting.waiting).toBe(0);
    await subject.release(token);
    await settle();
    expect(await subject.state()).toBe("retryable");
  });

  it("starts nothing even when the attempt ends at that very moment", async () => {
    const { subject, deps, token } = await still.running();
    const gone = new AbortController();
    const call = begin(deps, beginCall({ address: subject.at, waitFor: WAIT }), caller({ signal: gone.signal }));
    await settle();
    await subject.release(token);
    gone.abort();
    expect(decided(await call).kind).toBe("in_progress");
    expect(await subject.state()).toBe("retryable");
  });

  it("is not waited for when gone before", async () => {
    const { subject, deps } = await still.running();
    const call = begin(
      deps,
      beginCall({ address: subject.at, waitFor: WAIT }),
      caller({ signal: AbortSignal.abort() }),
    );
    expect(decided(await call).kind).toBe("in_progress");
  });
});
