import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { epochMs, fencingToken } from "../../../src/base/units.ts";
import { GroupCommit } from "../../../src/store/embedded/commit.ts";
import { RunningRecords } from "../../../src/store/embedded/running.ts";
import { type EmbeddedHarness, openEmbedded } from "../../support/embedded-harness.ts";
import { bodyOf, narrow, subjectOf } from "../../support/subject.ts";

const UNKNOWN = { code: "STORE_UNAVAILABLE", shard: "main" };

/** Lets the next write fail as a full disk would, and those after it succeed. */
function failOnce(harness: EmbeddedHarness): void {
  harness.beforeWrite = async () => {
    harness.beforeWrite = async () => {};
    throw new Error("No space left on device");
  };
}

async function served(harness: EmbeddedHarness): Promise<void> {
  await expect.poll(() => harness.store.status().serving, { timeout: 10_000 }).toBe(true);
}

describe("a failed write", () => {
  let harness: EmbeddedHarness;
  beforeEach(async () => {
    harness = await openEmbedded();
  });
  afterEach(() => harness.close());

  it("leaves everybody it concerns without an answer, those too who only read what it would have stored", async () => {
    const subject = subjectOf(harness);
    const other = subjectOf(harness);
    failOnce(harness);
    const calls = [subject.begin(), subject.begin(), subject.get(), subject.complete(1n), other.begin()];
    const told = await Promise.allSettled(calls);
    expect(told.map(({ status }) => status)).toEqual(calls.map(() => "rejected"));
    for (const call of calls) await expect(call).rejects.toMatchObject(UNKNOWN);
  });

  it("takes along what gathered behind it, which was decided on top of it", async () => {
    const [subject, other] = [subjectOf(harness), subjectOf(harness)];
    const { promise, reject } = Promise.withResolvers<void>();
    harness.beforeWrite = () => promise;
    const first = subject.begin();
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    const behind = [subject.begin(), other.begin()];
    harness.beforeWrite = async () => {};
    reject(new Error("Input/output error"));
    for (const call of [first, ...behind]) await expect(call).rejects.toMatchObject(UNKNOWN);
  });

  it("stops the store, says why, and is over once the database could be opened again", async () => {
    const subject = subjectOf(harness);
    failOnce(harness);
    await expect(subject.begin()).rejects.toMatchObject(UNKNOWN);
    const status = harness.store.status();
    expect(status).toMatchObject({ serving: false, shards: [{ state: "unavailable" }] });
    expect(status.reason).toContain("No space left on device");
    expect(status.warnings).toEqual([
      { code: "DISK_TROUBLE", message: status.reason, since: epochMs(Math.floor(harness.nowUs() / 1000)) },
    ]);
    await expect(subject.get()).rejects.toMatchObject(UNKNOWN);
    await expect(harness.store.list(everything(subject.at.namespace))).rejects.toMatchObject(UNKNOWN);
    await served(harness);
    expect(harness.store.status()).toMatchObject({ reason: "", warnings: [], shards: [{ state: "serving" }] });
  });

  it("leaves nothing behind of what it did not store, and everything of what was acknowledged", async () => {
    const [kept, lost] = [subjectOf(harness), subjectOf(harness)];
    const { record } = await kept.start();
    await kept.finish(record.token);
    failOnce(harness);
    await expect(lost.begin()).rejects.toMatchObject(UNKNOWN);
    await served(harness);
    expect(await lost.get()).toEqual({ kind: "not_found" });
    expect(bodyOf(narrow("replay", await kept.begin()))).toBe("done");
  });

  it("can be repeated by its caller, with a higher token than any before", async () => {
    const subject = subjectOf(harness);
    const { record: before } = await subjectOf(harness).start();
    failOnce(harness);
    await expect(subject.begin({ attemptId: "one" })).rejects.toMatchObject(UNKNOWN);
    await served(harness);
    const { record, resumed } = await subject.start({ attemptId: "one" });
    expect(resumed).toBe(false);
    // The failed one may have been told its token by nobody, yet nobody else is given it either.
    expect(record.token).toBeGreaterThan(before.token + 1n);
  });

  it("may have reached the disk after all: then the repetition resumes it", async () => {
    const subject = subjectOf(harness);
    harness.beforeWrite = async (writes) => {
      harness.beforeWrite = async () => {};
      await harness.tamper(writes);
      throw new Error("Input/output error");
    };
    await expect(subject.begin({ attemptId: "one" })).rejects.toMatchObject(UNKNOWN);
    await served(harness);
    expect((await subject.start({ attemptId: "one" })).resumed).toBe(true);
  });

  it("is followed by further tries until the database can be opened", async () => {
    const subject = subjectOf(harness);
    let tries = 0;
    harness.beforeOpen = async () => {
      if (++tries < 3) throw new Error("Read-only file system");
    };
    failOnce(harness);
    await expect(subject.begin()).rejects.toMatchObject(UNKNOWN);
    await expect.poll(() => harness.store.status().reason).toContain("Read-only file system");
    await expect(subject.begin()).rejects.toMatchObject(UNKNOWN);
    await served(harness);
    expect(tries).toBe(3);
    expect((await subject.start()).record.attempts).toBe(1);
  });

  it("does not keep the store from being closed", async () => {
    harness.beforeOpen = async () => {
      throw new Error("Read-only file system");
    };
    failOnce(harness);
    await expect(subjectOf(harness).begin()).rejects.toMatchObject(UNKNOWN);
    await harness.store.close();
    expect(harness.store.status().serving).toBe(false);
  });
});

describe("closing", () => {
  it("puts what is in memory into files, unless the disk is in trouble", async () => {
    const [well, ill] = [await openEmbedded(), await openEmbedded()];
    for (const { store } of [well, ill]) await subjectOf({ ...well, store }).start();
    failOnce(ill);
    ill.beforeOpen = async () => {
      throw new Error("Input/output error");
    };
    await expect(subjectOf(ill).begin()).rejects.toMatchObject(UNKNOWN);
    for (const harness of [well, ill]) await harness.close();
    expect([well.flushes(), ill.flushes()]).toEqual([1, 0]);
  });
});

describe("a write that gives no answer", () => {
  it("counts as failed after a while, and what it says later is not heard", async () => {
    const failures: unknown[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const commit = new GroupCommit({
      running: new RunningRecords(),
      write: () => promise,
      onFailure: (cause) => failures.push(cause),
      faultOf: (cause) => new Error("unknown", { cause }),
      writeMsMax: 10,
    });
    const { done } = commit.add({ id: "a", held: undefined, writes: [], lastToken: fencingToken(1n) });
    await expect(done).rejects.toThrow("unknown");
    expect(failures).toHaveLength(1);
    expect(commit.pending("a")).toBeUndefined();
    resolve();
    await promise;
    expect(failures).toHaveLength(1);
  });
});

function everything(namespace: string) {
  return { namespace, states: new Set<never>(), olderThan: 0 as never, limit: 1, cursor: "" };
}
