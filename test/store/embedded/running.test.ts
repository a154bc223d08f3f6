import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { placeOf } from "../../../src/domain/address.ts";
import { unpackAnyhow } from "../../../src/store/embedded/held.ts";
import { recordKey } from "../../../src/store/embedded/keys.ts";
import { HOUR } from "../../support/commands.ts";
import { type EmbeddedHarness, openEmbedded } from "../../support/embedded-harness.ts";
import { type Subject, subjectOf } from "../../support/subject.ts";

/** More attempts than are kept in memory. */
const MANY = 10_000;

describe("the embedded store, of an attempt that runs", () => {
  let harness: EmbeddedHarness;
  beforeEach(async () => {
    harness = await openEmbedded();
  });
  afterEach(() => harness.close());

  /** Reads of the record from the database while `act` runs. */
  async function readsOf({ at }: Subject, act: () => Promise<unknown>): Promise<number> {
    const key = recordKey(placeOf(at).id);
    const from = harness.reads(key);
    await act();
    return harness.reads(key) - from;
  }

  it("need not read it back to end it, and reads from disk what has ended", async () => {
    const subject = subjectOf(harness);
    const { record } = await subject.start();
    expect(await readsOf(subject, () => subject.renew(record.token))).toBe(0);
    expect(await readsOf(subject, () => subject.begin())).toBe(0);
    expect(await readsOf(subject, () => subject.finish(record.token))).toBe(0);
    expect(await readsOf(subject, () => subject.begin())).toBe(1);
  });

  it("finds it in memory when some thousand others have begun since", async () => {
    const subject = subjectOf(harness);
    const { record } = await subject.start();
    await Promise.all(Array.from({ length: 3000 }, () => subjectOf(harness).start()));
    expect(await readsOf(subject, () => subject.finish(record.token))).toBe(0);
  });

  it("holds its digest by itself, not the message in which it came", async () => {
    const subject = subjectOf(harness);
    const message = Buffer.alloc(100_000, 7);
    await subject.start({ fingerprints: [{ algorithm: "sha256", digest: message.subarray(10, 42) }] });
    const { fingerprint } = await subject.read();
    expect(fingerprint?.digest.buffer.byteLength).toBe(32);
    expect(Buffer.from(fingerprint?.digest ?? [])).toEqual(message.subarray(10, 42));
  });

  it("reads it from disk where an earlier attempt has left an error, which may be long", async () => {
    const subject = subjectOf(harness);
    await subject.fail((await subject.start()).record.token);
    await harness.advance(HOUR);
    const { record } = await subject.start();
    expect(record.lastError).not.toBe("");
    expect(await readsOf(subject, () => subject.renew(record.token))).toBe(1);
  });

  it("reads it from disk once it has a checkpoint, which may be large", async () => {
    const subject = subjectOf(harness);
    const { record } = await subject.start();
    await subject.checkpoint(record.token);
    expect(await readsOf(subject, () => subject.renew(record.token))).toBe(1);
    expect((await subject.read()).state).toBe("in_progress");
  });

  it("keeps count of its duplicates", async () => {
    const subject = subjectOf(harness);
    const { record } = await subject.start();
    for (let n = 0; n < 3; n++) await subject.begin();
    expect((await subject.read()).duplicates).toBe(3);
    const onDisk = () => unpackAnyhow(harness.database().read(recordKey(placeOf(subject.at).id)))?.record.duplicates;
    await expect.poll(onDisk, { timeout: 10_000 }).toBe(3);
    await subject.finish(record.token);
    expect((await subject.read()).duplicates).toBe(3);
  });

  it("does not believe what it had in memory once a write has failed", async () => {
    const [subject, other] = [subjectOf(harness), subjectOf(harness)];
    await subject.start();
    // Whoever has the directory meanwhile may change it.
    harness.beforeWrite = async () => {
      harness.beforeWrite = async () => {};
      await harness.tamper([{ key: recordKey(placeOf(subject.at).id), value: undefined }]);
      throw new Error("No space left on device");
    };
    await expect(other.begin()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await expect.poll(() => harness.store.status().serving, { timeout: 10_000 }).toBe(true);
    expect((await subject.get()).kind).toBe("not_found");
  });

  it("keeps a bounded number of them, and finds the others on disk", async () => {
    const all = Array.from({ length: MANY }, () => subjectOf(harness));
    const begun = await Promise.all(all.map((subject) => subject.start()));
    const [first, last] = [all[0] as Subject, all[MANY - 1] as Subject];
    expect(await readsOf(first, () => first.renew(begun[0]?.record.token ?? 0n))).toBe(1);
    expect(await readsOf(last, () => last.renew(begun[MANY - 1]?.record.token ?? 0n))).toBe(0);
    const ended = await Promise.all(all.map((subject, n) => subject.complete(begun[n]?.record.token ?? 0n)));
    expect(new Set(ended.map(({ kind }) => kind))).toEqual(new Set(["stored"]));
    const replayed = await Promise.all(all.map((subject) => subject.begin()));
    expect(new Set(replayed.map(({ kind }) => kind))).toEqual(new Set(["replay"]));
  });
});
