import { describe, expect, it } from "vitest";
import { pause } from "../../src/base/wait.ts";
import type { RecordAddress } from "../../src/domain/address.ts";
import { LEASE } from "../support/commands.ts";
import { reach } from "../support/situations.ts";
import { type Subject, subjectOf } from "../support/subject.ts";
import type { Harness } from "./harness.ts";

const ANNOUNCE = { announce: true } as const;
/** Long enough for a wake that is on its way, ms: a watch may first have to be told to a server. */
const HINT_MS = 100;
/** Longest a wake may take on a busy machine, ms. */
const WAKE_MS_MAX = 10_000;

/** Watch: who waits for the end of an attempt is woken. */
export function watchCases(on: () => Harness): void {
  describe("a watcher", () => wakes(on));
}

/** Counts the wakes of an address; settled once the store may be expected to watch. */
async function watching(on: Harness, at: RecordAddress) {
  let wakes = 0;
  const watch = on.store.watch(at, () => {
    wakes += 1;
  });
  await pause(HINT_MS);
  return { wakes: () => wakes, close: () => watch.close() };
}

/** Each ends an attempt that has lapsed, or is live where that is enough. */
const ENDINGS: readonly (readonly [string, (subject: Subject, token: bigint) => Promise<unknown>])[] = [
  ["a success", (subject, token) => subject.complete(token)],
  ["a failure", (subject, token) => subject.complete(token, { kind: "failed" })],
  ["a retryable failure", (subject, token) => subject.complete(token, { kind: "retryable" })],
  ["a release", (subject, token) => subject.release(token)],
  ["a forget", (subject) => subject.forget()],
];
const RESOLUTIONS = ["succeeded", "failed", "retry"] as const;

function wakes(on: () => Harness): void {
  const woken = { timeout: WAKE_MS_MAX, interval: 5 };

  it.each(ENDINGS)("that found the attempt running is woken by %s", async (_how, end) => {
    const subject = await reach(on(), "with a live lease");
    const watcher = await watching(on(), subject.at);
    expect((await subject.begin({}, ANNOUNCE)).kind).toBe("in_progress");
    await end(subject, subject.token);
    await expect.poll(watcher.wakes, woken).toBeGreaterThan(0);
    watcher.close();
  });

  it.each(ENDINGS)("that read the record is woken by %s", async (_how, end) => {
    const subject = await reach(on(), "with a live lease");
    const watcher = await watching(on(), subject.at);
    expect((await subject.get(ANNOUNCE)).kind).toBe("found");
    await end(subject, subject.token);
    await expect.poll(watcher.wakes, woken).toBeGreaterThan(0);
    watcher.close();
  });

  it.each(RESOLUTIONS)("is woken by an operator who says %s", async (resolution) => {
    const subject = await reach(on(), "with a live lease");
    const watcher = await watching(on(), subject.at);
    await subject.begin({}, ANNOUNCE);
    await on().advance(LEASE);
    await subject.resolve({ resolution });
    await expect.poll(watcher.wakes, woken).toBeGreaterThan(0);
    watcher.close();
  });

  it("is not woken by a renewal, a checkpoint, a duplicate or a read, and still by the end", async () => {
    const subject = await reach(on(), "with a live lease", { attemptId: "mine" });
    const watcher = await watching(on(), subject.at);
    await subject.begin({}, ANNOUNCE);
    await subject.renew(subject.token);
    await subject.checkpoint(subject.token, { name: "sent", step: 2n });
    await subject.checkpoint(subject.token, { name: "older", step: 1n });
    await subject.start({ attemptId: "mine" });
    await subject.begin();
    await subject.get();
    await subject.complete(subject.token - 1n);
    await pause(HINT_MS);
    expect(watcher.wakes()).toBe(0);
    await subject.finish(subject.token);
    await expect.poll(watcher.wakes, woken).toBeGreaterThan(0);
    watcher.close();
  });

  it("is woken together with all others of the address, and without those of another", async () => {
    const subject = await reach(on(), "with a live lease");
    const stranger = await reach(on(), "with a live lease");
    const watchers = [await watching(on(), subject.at), await watching(on(), subject.at)];
    const strange = await watching(on(), stranger.at);
    await subject.begin({}, ANNOUNCE);
    await stranger.begin({}, ANNOUNCE);
    await subject.finish(subject.token);
    for (const watcher of watchers) await expect.poll(watcher.wakes, woken).toBeGreaterThan(0);
    expect(strange.wakes()).toBe(0);
    for (const watcher of [...watchers, strange]) watcher.close();
  });

  it("is woken no more once it is closed, which is safe to do twice, and leaves the others be", async () => {
    const subject = await reach(on(), "with a live lease");
    const [gone, staying] = [await watching(on(), subject.at), await watching(on(), subject.at)];
    await subject.begin({}, ANNOUNCE);
    gone.close();
    gone.close();
    await subject.finish(subject.token);
    await expect.poll(staying.wakes, woken).toBeGreaterThan(0);
    expect(gone.wakes()).toBe(0);
    staying.close();
  });

  it("may watch an address before there is a record", async () => {
    const subject = subjectOf(on());
    const watcher = await watching(on(), subject.at);
    expect(await subject.get(ANNOUNCE)).toEqual({ kind: "not_found" });
    const { record } = await subject.start();
    await subject.get(ANNOUNCE);
    await subject.finish(record.token);
    await expect.poll(watcher.wakes, woken).toBeGreaterThan(0);
    watcher.close();
  });
}
