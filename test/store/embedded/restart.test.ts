import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HOUR, resultOf, SECOND } from "../../support/commands.ts";
import { type EmbeddedHarness, openEmbedded } from "../../support/embedded-harness.ts";
import { plain } from "../../support/plain.ts";
import { narrow, type Subject, subjectOf } from "../../support/subject.ts";

describe("a restarted embedded store", () => {
  let directory: string;
  let harness: EmbeddedHarness;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "onceward-restart-"));
    harness = await openEmbedded({ directory });
  });
  afterEach(async () => {
    await harness.close();
    await rm(directory, { recursive: true, force: true });
  });

  /** Stops the store and starts it anew, its clock moved by that much meanwhile. */
  async function restart(ms = 0): Promise<void> {
    const fromUs = harness.nowUs() + ms * 1000;
    await harness.close();
    harness = await openEmbedded({ directory, fromUs });
  }

  /** The same address, on the store as it is now. */
  function again(subject: Subject): Subject {
    return subjectOf(harness, subject.at);
  }

  it("has every record as it was", async () => {
    const subjects = await Promise.all(
      [10, 1024, 1025, 100_000].map(async (size) => {
        const subject = subjectOf(harness);
        const { record } = await subject.start({ owner: `owner of ${size}` });
        await subject.finish(record.token, { result: resultOf(size) });
        return subject;
      }),
    );
    const running = subjectOf(harness);
    const { record } = await running.start({ lapsePolicy: "hold", attemptId: "one" });
    await running.checkpoint(record.token, { data: Buffer.alloc(5000, 7), step: 3n });
    const failed = subjectOf(harness);
    await failed.fail((await failed.start()).record.token);
    const all = [...subjects, running, failed];
    const before = await Promise.all(all.map((subject) => subject.snapshot()));
    await restart();
    expect(await Promise.all(all.map((subject) => again(subject).snapshot()))).toEqual(before);
    expect((await again(running).start({ attemptId: "one" })).resumed).toBe(true);
  });

  it("finds no log that it has to read, once it was closed", async () => {
    const logBytes = async () => {
      const logs = (await readdir(directory)).filter((name) => /^\d+\.log$/.test(name));
      const sizes = await Promise.all(logs.map(async (name) => (await stat(join(directory, name))).size));
      return sizes.reduce((sum, size) => sum + size, 0);
    };
    const subjects = Array.from({ length: 100 }, () => subjectOf(harness));
    for (const subject of subjects) {
      const { record } = await subject.start();
      await subject.finish(record.token, { result: resultOf(1000) });
    }
    expect(await logBytes()).toBeGreaterThan(100_000);
    await harness.close();
    expect(await logBytes()).toBe(0);
    harness = await openEmbedded({ directory });
    for (const subject of subjects) expect(await again(subject).state()).toBe("succeeded");
  });

  it("has the duplicates that were counted, once it was closed", async () => {
    const subject = subjectOf(harness);
    await subject.start();
    for (let n = 0; n < 7; n++) await subject.begin();
    await restart();
    expect((await again(subject).read()).duplicates).toBe(7);
  });

  it("mints higher tokens than before, though its clock was set back", async () => {
    let highest = 0n;
    for (let round = 0; round < 3; round++) {
      const { record } = await subjectOf(harness).start();
      expect(record.token).toBeGreaterThan(highest);
      highest = record.token;
      await restart(-HOUR);
    }
  });

  it("mints a higher token for an address that was forgotten before", async () => {
    const subject = subjectOf(harness);
    const { record } = await subject.start();
    await subject.forget();
    await restart(-HOUR);
    const { record: next } = await again(subject).start();
    // One for the Forget lies between.
    expect(next.token).toBeGreaterThan(record.token + 1n);
    expect(narrow("fenced", await again(subject).complete(record.token)).record.token).toBe(next.token);
  });

  it("goes on counting the time of leases", async () => {
    const subject = subjectOf(harness);
    await subject.start({ leaseFor: 10 * SECOND });
    await restart(9 * SECOND);
    expect(await again(subject).state()).toBe("in_progress");
    await restart(SECOND);
    expect(await again(subject).state()).toBe("unknown");
    expect((await again(subject).start()).takeover).toBe(true);
  });

  it("lists what was unfinished", async () => {
    const at = subjectOf(harness).at;
    await subjectOf(harness, at).start();
    await restart();
    const query = { namespace: at.namespace, states: new Set<never>(), olderThan: 0 as never, limit: 10, cursor: "" };
    const { records } = await harness.store.list(query);
    expect(records.map(({ record }) => plain(record.address))).toEqual([plain(at)]);
  });
});
