import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { begin } from "../../src/service/begin.ts";
import { get } from "../../src/service/get.ts";
import { SECOND } from "../support/commands.ts";
import { breakable, unavailable } from "../support/interposed.ts";
import { beginCall, caller } from "../support/service.ts";
import { decided, progress, type Stillness, settle, stopTime, WAIT, WAITED_LEASE } from "../support/stillness.ts";
import { narrow, subjectOf } from "../support/subject.ts";

let still: Stillness;
beforeEach(async () => {
  still = await stopTime();
});
afterEach(() => still.resume());

describe("the waiting room", () => {
  it("answers at once over the limit of one record, and takes in others", async () => {
    const { subject, deps } = await still.running({ env: { ONCEWARD_WAITERS_PER_RECORD: "2" } });
    const another = subjectOf(still.harness);
    await another.start({ leaseFor: WAITED_LEASE });
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
    const { subject, deps, token } = await still.running({ env: { ONCEWARD_WAITERS: "1" } });
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
    const { subject, deps } = await still.running({ env: { ONCEWARD_WAITERS: "0" } });
    const call = begin(deps, beginCall({ address: subject.at, waitFor: WAIT }), caller());
    expect(decided(await call).kind).toBe("in_progress");
  });

  it("gives the place back when the store fails meanwhile", async () => {
    const { store, broken } = breakable(still.harness.store);
    const { subject, deps } = await still.running({ store });
    const call = begin(deps, beginCall({ address: subject.at, waitFor: WAIT }), caller());
    const failed = expect(call).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await settle();
    broken.fault = unavailable();
    await still.pass(SECOND);
    await failed;
    expect(deps.waiting.waiting).toBe(0);
  });
});

describe("a waiting Get", () => {
  const waitFor = beginCall({ waitFor: WAIT }).waitFor;

  it("is woken by the completion", async () => {
    const { subject, deps, token } = await still.running();
    const call = get(deps, { address: subject.at, waitFor }, caller());
    await settle();
    await subject.finish(token);
    expect(narrow("found", await call).record.state).toBe("succeeded");
  });

  it("waits over a release and a back-off until the record is finished", async () => {
    const { subject, deps, token } = await still.running();
    const seen = progress(get(deps, { address: subject.at, waitFor }, caller()));
    await subject.release(token);
    await still.pass(SECOND);
    const next = await subject.start();
    await subject.fail(next.record.token, { retryAfter: SECOND });
    await still.pass(SECOND);
    expect(seen.now).toBe("waiting");
    const last = await subject.start();
    await subject.finish(last.record.token, { kind: "failed" });
    await settle();
    expect(seen.now).toMatchObject({ kind: "found", record: { state: "failed" } });
  });

  it("is answered with the record as it stands when its wait is over", async () => {
    const { subject, deps } = await still.running();
    const call = get(deps, { address: subject.at, waitFor }, caller());
    await still.pass(WAIT);
    const { record, now } = narrow("found", await call);
    expect(record).toMatchObject({ state: "in_progress" });
    expect("leaseUntil" in record && now >= record.leaseUntil).toBe(true);
  });

  it("is answered at once where there is no record, or a finished one", async () => {
    const { subject, deps, token } = await still.running();
    const absent = get(deps, { address: { ...subject.at, key: "another" }, waitFor }, caller());
    expect((await absent).kind).toBe("not_found");
    await subject.finish(token);
    expect((await get(deps, { address: subject.at, waitFor }, caller())).kind).toBe("found");
  });

  it("is answered when the record is forgotten meanwhile", async () => {
    const { subject, deps } = await still.running();
    const call = get(deps, { address: subject.at, waitFor }, caller());
    await settle();
    await subject.forget();
    await settle();
    expect((await call).kind).toBe("not_found");
  });
});
