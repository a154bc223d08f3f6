import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { BeginAnswer } from "../../src/service/begin.ts";
import { begin } from "../../src/service/begin.ts";
import { get } from "../../src/service/get.ts";
import type { IdempotencyStore, ReadOptions } from "../../src/store/port.ts";
import { SECOND } from "../support/commands.ts";
import { breakable, interposed, unavailable } from "../support/interposed.ts";
import { openReference, type ReferenceHarness } from "../support/reference-store.ts";
import { beginCall, caller, serviceOver } from "../support/service.ts";
import { bodyOf, narrow, subjectOf } from "../support/subject.ts";

const WAIT = 30 * SECOND;
const LEASE = 5 * SECOND;

let harness: ReferenceHarness;
beforeEach(async () => {
  // Time stands still unless a test moves it: whatever ends before that was ended by something else.
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance"] });
  harness = await openReference();
});
afterEach(() => vi.useRealTimers());

/** Lets that much time pass, for the process and for the store alike. */
async function pass(ms: number): Promise<void> {
  await harness.advance(ms);
  await vi.advanceTimersByTimeAsync(ms);
}

/** An address whose attempt runs, and a service over the store. */
async function running(given: { store?: IdempotencyStore; env?: Readonly<Record<string, string>> } = {}) {
  const subject = subjectOf(harness);
  const { record } = await subject.start({ leaseFor: LEASE });
  const deps = serviceOver(given.store ?? harness.store, { env: given.env ?? {} });
  return { subject, deps, token: record.token };
}

/** The outcome of a Begin that the store has decided. */
function decided(answer: BeginAnswer) {
  return narrow("decided", answer).outcome;
}

/** Lets everything happen that needs no time to pass. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** `waiting`, or what the call was answered. */
function progress<T>(call: Promise<T>): { now: T | "waiting" } {
  const seen: { now: T | "waiting" } = { now: "waiting" };
  void call.then((answer) => {
    seen.now = answer;
  });
  return seen;
}

describe("a waiting Begin", () => {
  it("is woken by the completion, and replays it", async () => {
    const { subject, deps, token } = await running();
    const call = begin(deps, beginCall({ address: subject.at, waitFor: WAIT }), caller());
    await settle();
    expect(deps.waiting.waiting).toBe(1);
    await subject.finish(token);
    expect(bodyOf(narrow("replay", decided(await call)))).toBe("done");
    expect(deps.waiting.waiting).toBe(0);
  });

  it("starts when the lease lapses, as the next attempt", async () => {
    const { subject, deps, token } = await running();
    const call = begin(deps, beginCall({ address: subject.at, waitFor: WAIT }), caller());
    const seen = progress(call);
    await pass(LEASE - 1);
    expect(seen.now).toBe("waiting");
    await pass(1);
    const started = narrow("started", decided(await call));
    expect(started).toMatchObject({ takeover: true, record: { attempts: 2 } });
    expect(started.record.token > token).toBe(true);
  });

  it("is unresolved when the lease lapses under HOLD", async () => {
    const { subject, deps } = await running();
    const call = begin(deps, beginCall({ address: subject.at, waitFor: WAIT, lapsePolicy: "hold" }), caller());
    await pass(LEASE);
    expect(decided(await call).kind).toBe("unresolved");
  });

  it("goes on waiting while the attempt is renewed", async () => {
    const { subject, deps, token } = await running();
    const seen = progress(begin(deps, beginCall({ address: subject.at, waitFor: WAIT }), caller()));
    for (let renewals = 0; renewals < 4; renewals++) {
      await pass(LEASE - SECOND);
      await subject.renew(token);
    }
    expect(seen.now).toBe("waiting");
    await subject.finish(token);
    await settle();
    expect(seen.now).toMatchObject({ outcome: { kind: "replay" } });
  });

  it("starts when the attempt is released: one of all that wait, and the others go on waiting", async () => {
    const { subject, deps, token } = await running();
    const calls = Array.from({ length: 5 }, () =>
      begin(deps, beginCall({ address: subject.at, waitFor: 2 * SECOND, leaseFor: 60 * SECOND }), caller()),
    );
    const seen = calls.map(progress);
    await settle();
    await subject.release(token);
    await settle();
    expect(seen.filter(({ now }) => now !== "waiting")).toHaveLength(1);
    await pass(2 * SECOND);
    const kinds = (await Promise.all(calls)).map((answer) => decided(answer).kind);
    expect(kinds.sort()).toEqual(["in_progress", "in_progress", "in_progress", "in_progress", "started"]);
  });

  it("is answered IN_PROGRESS when its wait is over", async () => {
    const { subject, deps } = await running();
    const call = begin(deps, beginCall({ address: subject.at, waitFor: 1500 }), caller());
    const seen = progress(call);
    await pass(1499);
    expect(seen.now).toBe("waiting");
    await pass(1);
    expect(decided(await call).kind).toBe("in_progress");
  });

  it("is answered before its caller's deadline, however long it wanted to wait", async () => {
    const { subject, deps } = await running();
    const call = begin(deps, beginCall({ address: subject.at, waitFor: WAIT }), caller({ timeLeft: 800 }));
    await pass(799);
    expect(decided(await call).kind).toBe("in_progress");
  });

  it("is answered at once when there is no time left to wait", async () => {
    const { subject, deps } = await running();
    const call = begin(deps, beginCall({ address: subject.at, waitFor: WAIT }), caller({ timeLeft: 10 }));
    expect(decided(await call).kind).toBe("in_progress");
  });

  it("waits for no back-off", async () => {
    const { subject, deps, token } = await running();
    await subject.fail(token, { retryAfter: LEASE });
    const call = begin(deps, beginCall({ address: subject.at, waitFor: WAIT }), caller());
    expect(decided(await call).kind).toBe("backing_off");
  });

  it("finds out by itself when the wake-up is lost", async () => {
    const { subject, deps, token } = await running({
      store: new Proxy(harness.store, {
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
    await pass(SECOND);
    expect(decided(await call).kind).toBe("replay");
  });

  it("misses no end that comes between its look and its sleep", async () => {
    let endAttempt = async () => {};
    const late = interposed(harness.store, async (call) => {
      if (call === "begin") queueMicrotask(() => void endAttempt());
    });
    const { subject, deps, token } = await running({ store: late });
    endAttempt = async () => {
      endAttempt = async () => {};
      await subject.finish(token);
    };
    const call = begin(deps, beginCall({ address: subject.at, waitFor: WAIT }), caller());
    expect(decided(await call).kind).toBe("replay");
  });

  it("counts as one duplicate, however often it looks", async () => {
    const options: (ReadOptions | undefined)[] = [];
    const noting = interposed(harness.store, async (call, given) => {
      if (call === "begin") options.push(given[2] as ReadOptions | undefined);
    });
    const { subject, deps, token } = await running({ store: noting });
    const call = begin(deps, beginCall({ address: subject.at, waitFor: WAIT }), caller());
    await pass(3 * SECOND);
    await subject.finish(token);
    await call;
    expect(options.length).toBeGreaterThan(2);
    expect(options.filter((given) => given?.askedBefore !== true)).toHaveLength(1);
    expect([...deps.tally.calls()]).toEqual([{ namespace: "default", call: "Begin", outcome: "replay", count: 1 }]);
  });
});

describe("a caller who goes away", () => {
  it("gives up the place, and starts nothing afterwards", async () => {
    const { subject, deps, token } = await running();
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
    const { subject, deps, token } = await running();
    const gone = new AbortController();
    const call = begin(deps, beginCall({ address: subject.at, waitFor: WAIT }), caller({ signal: gone.signal }));
    await settle();
    await subject.release(token);
    gone.abort();
    expect(decided(await call).kind).toBe("in_progress");
    expect(await subject.state()).toBe("retryable");
  });

  it("is not waited for when gone before", async () => {
    const { subject, deps } = await running();
    const call = begin(
      deps,
      beginCall({ address: subject.at, waitFor: WAIT }),
      caller({ signal: AbortSignal.abort() }),
    );
    expect(decided(await call).kind).toBe("in_progress");
  });
});

describe("the waiting room", () => {
  it("answers at once over the limit of one record, and takes in others", async () => {
    const { subject, deps } = await running({ env: { ONCEWARD_WAITERS_PER_RECORD: "2" } });
    const another = subjectOf(harness);
    await another.start({ leaseFor: LEASE });
    const wait = (at: typeof subject.at) => begin(deps, beginCall({ address: at, waitFor: WAIT }), caller());
    const seen = [wait(subject.at), wait(subject.at), wait(subject.at), wait(another.at)].map(progress);
    await settle();
    expect(deps.waiting.waiting).toBe(3);
    expect(seen.map(({ now }) => (now === "waiting" ? now : decided(now).kind))).toEqual([
      "waiting",
      "waiting",
      "in_progress",
      "waiting",
    ]);
  });

  it("answers at once over the limit of the process, Begin and Get alike, and has room again later", async () => {
    const { subject, deps, token } = await running({ env: { ONCEWARD_WAITERS: "1" } });
    const first = begin(deps, beginCall({ address: subject.at, waitFor: WAIT }), caller());
    await settle();
    const other = begin(deps, beginCall({ address: subject.at, waitFor: WAIT }), caller());
    expect(decided(await other).kind).toBe("in_progress");
    const read = get(deps, { address: subject.at, waitFor: beginCall({ waitFor: WAIT }).waitFor }, caller());
    expect((await read).kind).toBe("found");
    await subject.finish(token);
    await first;
    expect(deps.waiting.waiting).toBe(0);
  });

  it("answers at once where it has no places at all", async () => {
    const { subject, deps } = await running({ env: { ONCEWARD_WAITERS: "0" } });
    const call = begin(deps, beginCall({ address: subject.at, waitFor: WAIT }), caller());
    expect(decided(await call).kind).toBe("in_progress");
  });

  it("gives the place back when the store fails meanwhile", async () => {
    const { store, broken } = breakable(harness.store);
    const { subject, deps } = await running({ store });
    const call = begin(deps, beginCall({ address: subject.at, waitFor: WAIT }), caller());
    const failed = expect(call).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await settle();
    broken.fault = unavailable();
    await pass(SECOND);
    await failed;
    expect(deps.waiting.waiting).toBe(0);
  });
});

describe("a waiting Get", () => {
  const waitFor = beginCall({ waitFor: WAIT }).waitFor;

  it("is woken by the completion", async () => {
    const { subject, deps, token } = await running();
    const call = get(deps, { address: subject.at, waitFor }, caller());
    await settle();
    await subject.finish(token);
    expect(narrow("found", await call).record.state).toBe("succeeded");
  });

  it("waits over a release and a back-off until the record is finished", async () => {
    const { subject, deps, token } = await running();
    const seen = progress(get(deps, { address: subject.at, waitFor }, caller()));
    await subject.release(token);
    await pass(SECOND);
    const next = await subject.start();
    await subject.fail(next.record.token, { retryAfter: SECOND });
    await pass(SECOND);
    expect(seen.now).toBe("waiting");
    const last = await subject.start();
    await subject.finish(last.record.token, { kind: "failed" });
    await settle();
    expect(seen.now).toMatchObject({ kind: "found", record: { state: "failed" } });
  });

  it("is answered with the record as it stands when its wait is over", async () => {
    const { subject, deps } = await running();
    const call = get(deps, { address: subject.at, waitFor }, caller());
    await pass(WAIT);
    const { record, now } = narrow("found", await call);
    expect(record).toMatchObject({ state: "in_progress" });
    expect("leaseUntil" in record && now >= record.leaseUntil).toBe(true);
  });

  it("is answered at once where there is no record, or a finished one", async () => {
    const { subject, deps, token } = await running();
    const absent = get(deps, { address: { ...subject.at, key: "another" }, waitFor }, caller());
    expect((await absent).kind).toBe("not_found");
    await subject.finish(token);
    expect((await get(deps, { address: subject.at, waitFor }, caller())).kind).toBe("found");
  });

  it("is answered when the record is forgotten meanwhile", async () => {
    const { subject, deps } = await running();
    const call = get(deps, { address: subject.at, waitFor }, caller());
    await settle();
    await subject.forget();
    await settle();
    expect((await call).kind).toBe("not_found");
  });
});
