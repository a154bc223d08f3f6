import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { resultOf } from "../../support/commands.ts";
import { type EmbeddedHarness, openEmbedded } from "../../support/embedded-harness.ts";
import { narrow, subjectOf } from "../../support/subject.ts";

const MIB = 1024 * 1024;

/** Holds every write back from the disk until it is let go, and counts them. */
function hold(harness: EmbeddedHarness) {
  const { promise, resolve } = Promise.withResolvers<void>();
  let count = 0;
  harness.beforeWrite = () => {
    count++;
    return promise;
  };
  return { letGo: resolve, writes: () => count };
}

/** How a call stands after the event loop has turned a few times. */
async function standing(call: Promise<unknown>): Promise<"answered" | "waiting"> {
  let stands: "answered" | "waiting" = "waiting";
  call.then(
    () => {
      stands = "answered";
    },
    () => {
      stands = "answered";
    },
  );
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  return stands;
}

describe("the embedded store", () => {
  let harness: EmbeddedHarness;
  beforeEach(async () => {
    harness = await openEmbedded();
  });
  afterEach(() => harness.close());

  it("answers no call before what it wrote is on disk", async () => {
    const subject = subjectOf(harness);
    const disk = hold(harness);
    const begun = subject.start();
    expect(await standing(begun)).toBe("waiting");
    disk.letGo();
    const { record } = await begun;
    const again = hold(harness);
    const calls = [subject.renew(record.token), subject.checkpoint(record.token), subject.complete(record.token)];
    for (const call of calls) expect(await standing(call)).toBe("waiting");
    again.letGo();
    expect((await Promise.all(calls)).map(({ kind }) => kind)).toEqual(["renewed", "saved", "stored"]);
  });

  it("answers no call before what it read is on disk", async () => {
    const subject = subjectOf(harness);
    const disk = hold(harness);
    const begun = subject.start({ attemptId: "one" });
    const calls = [subject.begin(), subject.begin({ attemptId: "one" }), subject.get(), subject.complete(1n)];
    for (const call of [begun, ...calls]) expect(await standing(call)).toBe("waiting");
    disk.letGo();
    expect((await Promise.all(calls)).map(({ kind }) => kind)).toEqual(["in_progress", "started", "found", "fenced"]);
    const { record } = await begun;

    const again = hold(harness);
    const finished = subject.finish(record.token);
    const more = [subject.begin(), subject.complete(record.token), subject.get(), subject.renew(record.token)];
    for (const call of [finished, ...more]) expect(await standing(call)).toBe("waiting");
    again.letGo();
    expect((await Promise.all(more)).map(({ kind }) => kind)).toEqual([
      "replay",
      "already_stored",
      "found",
      "finished",
    ]);
    await finished;
  });

  it("answers at once what it read from disk, whoever else is being written", async () => {
    const [subject, other] = [subjectOf(harness), subjectOf(harness)];
    const { record } = await subject.start();
    await subject.finish(record.token);
    const disk = hold(harness);
    const begun = other.start();
    expect(await standing(begun)).toBe("waiting");
    expect(await standing(subject.get())).toBe("answered");
    expect(await standing(subject.begin())).toBe("answered");
    disk.letGo();
    await begun;
  });

  it("writes the transitions of one turn together", async () => {
    const disk = hold(harness);
    disk.letGo();
    await Promise.all(Array.from({ length: 100 }, () => subjectOf(harness).start()));
    expect(disk.writes()).toBe(1);
  });

  it("gathers what comes while a write is under way", async () => {
    const disk = hold(harness);
    const first = subjectOf(harness).start();
    expect(await standing(first)).toBe("waiting");
    const later: Promise<unknown>[] = [];
    for (let turn = 0; turn < 10; turn++) {
      later.push(subjectOf(harness).start());
      expect(await standing(first)).toBe("waiting");
    }
    expect(disk.writes()).toBe(1);
    disk.letGo();
    await Promise.all([first, ...later]);
    expect(disk.writes()).toBe(2);
  });

  it("keeps one write from growing without bound", async () => {
    const subjects = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const subject = subjectOf(harness);
        return { subject, token: (await subject.start()).record.token };
      }),
    );
    const sizes: number[] = [];
    harness.beforeWrite = async (writes) => {
      sizes.push(writes.reduce((sum, { value }) => sum + (value?.length ?? 0), 0));
    };
    const result = resultOf(MIB, MIB);
    await Promise.all(subjects.map(({ subject, token }) => subject.finish(token, { result })));
    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThan(6 * MIB);
  });

  it("finishes what was asked before it is closed, and refuses what comes after", async () => {
    const subject = subjectOf(harness);
    const begun = subject.start();
    const closed = harness.store.close();
    await begun;
    await Promise.all([closed, harness.store.close()]);
    await expect(subject.get()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await expect(subject.begin()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(harness.store.status().serving).toBe(false);
  });

  it("says what an acknowledgement is worth, and where the records are", async () => {
    const status = harness.store.status();
    expect(status).toMatchObject({
      ...{ kind: "embedded", serving: true, reason: "", warnings: [], gaps: [] },
      durability: "group commit, synced to disk before each answer",
      shards: [{ name: "main", address: harness.directory, state: "serving", reason: "", slots: 4096 }],
    });
  });

  it("wakes the watchers of an attempt once its end is on disk, not before", async () => {
    const subject = subjectOf(harness);
    const { record } = await subject.start();
    let woken = 0;
    const watch = harness.store.watch(subject.at, () => {
      woken++;
    });
    const disk = hold(harness);
    const finished = subject.finish(record.token);
    expect(await standing(finished)).toBe("waiting");
    expect(woken).toBe(0);
    disk.letGo();
    await finished;
    expect(woken).toBe(1);
    watch.close();
    expect(narrow("replay", await subject.begin()).record.token).toBe(record.token);
  });
});
