import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { placeOf } from "../../../src/domain/address.ts";
import { LAYOUT_KEY, parseExpiryKey, recordKey, TOKEN_KEY } from "../../../src/store/embedded/keys.ts";
import { DAY, HOUR, LEASE, MINUTE, RETENTION, resultOf, SECOND } from "../../support/commands.ts";
import { type EmbeddedHarness, openEmbedded } from "../../support/embedded-harness.ts";
import { bodyOf, narrow, type Subject, subjectOf } from "../../support/subject.ts";

/** What is never swept. */
const FOR_EVER = [LAYOUT_KEY, TOKEN_KEY].map((key) => key.toString("latin1")).sort();
const SWEEP_EVERY_MS = 10;
/** Longer than anything is kept by default. */
const LONG = 400 * DAY;

describe("the sweep", () => {
  let harness: EmbeddedHarness;
  beforeEach(async () => {
    harness = await openEmbedded({ sweepEveryMs: SWEEP_EVERY_MS });
  });
  afterEach(() => harness.close());

  /** Waits until the keys on disk are as asked; they are those of the sweep's own doing. */
  async function keysBecome(check: (keys: readonly string[]) => boolean): Promise<void> {
    await expect.poll(async () => check(await harness.keys()), { timeout: 20_000, interval: 20 }).toBe(true);
  }

  const nothingIsLeft = () => keysBecome((keys) => keys.join() === FOR_EVER.join());
  const beginningWith = async (letter: string) => (await harness.keys()).filter((key) => key.startsWith(letter));
  const sweptTwice = () => new Promise((resolve) => setTimeout(resolve, 5 * SWEEP_EVERY_MS));

  it("leaves nothing of a record whose entry it had moved while its attempt ran", async () => {
    const subject = subjectOf(harness);
    const { record } = await subject.start();
    const [entry] = await beginningWith("e");
    await harness.advance(LEASE + RETENTION.tombstone + MINUTE);
    await keysBecome((keys) => keys.some((key) => key.startsWith("e")) && !keys.includes(entry ?? ""));
    await subject.finish(record.token);
    expect(await beginningWith("e")).toHaveLength(1);
    await harness.advance(LONG);
    await nothingIsLeft();
  });

  it("has a record that it cannot read refused, though its attempt runs, and leaves it", async () => {
    const subject = subjectOf(harness);
    const { record } = await subject.start();
    const key = recordKey(placeOf(subject.at).id);
    const value = Buffer.from(harness.database().read(key) ?? []);
    value[4] = 99; // the version of the layout
    await harness.tamper([{ key, value }]);
    const [entry] = await beginningWith("e");
    await harness.advance(LEASE + RETENTION.tombstone + MINUTE);
    await keysBecome((keys) => keys.some((one) => one.startsWith("e")) && !keys.includes(entry ?? ""));
    await expect(subject.complete(record.token)).rejects.toMatchObject({ code: "STORE_DAMAGED" });
    expect(await beginningWith("r")).toHaveLength(1);
  });

  it("leaves nothing of any record, whatever became of it", async () => {
    const started = async () => {
      const subject = subjectOf(harness);
      return { subject, token: (await subject.start()).record.token };
    };
    const ends: readonly ((subject: Subject, token: bigint) => Promise<unknown>)[] = [
      async () => {},
      (subject, token) => subject.finish(token),
      (subject, token) => subject.finish(token, { result: resultOf(5000) }),
      (subject, token) => subject.finish(token, { retentionFor: 90 * DAY, result: resultOf(2000) }),
      (subject, token) => subject.fail(token),
      (subject, token) => subject.release(token),
      (subject, token) => subject.renew(token, { leaseFor: HOUR }),
      (subject, token) => subject.checkpoint(token, { data: Buffer.alloc(3000) }),
      async (subject, token) => {
        await subject.fail(token);
        await subject.begin({ maxAttempts: 1 });
      },
      async (subject, token) => {
        await subject.finish(token, { result: resultOf(5000) });
        await subject.forget();
      },
      async (subject, token) => {
        await subject.finish(token, { result: resultOf(5000) });
        await subject.forget(SECOND);
        await subject.finish((await subject.start()).record.token, { result: resultOf(6000) });
      },
      async (subject, token) => {
        await subject.release(token);
        await subject.finish((await subject.start()).record.token);
        await subject.begin();
      },
    ];
    for (const end of ends) {
      const { subject, token } = await started();
      await end(subject, token);
    }
    await harness.advance(LONG);
    await nothingIsLeft();
  });

  it("drops a body when its retention is over, and the record at the end of its tombstone", async () => {
    const subject = subjectOf(harness);
    const { record } = await subject.start();
    await subject.finish(record.token, { result: resultOf(5000) });
    expect(await beginningWith("b")).toHaveLength(1);
    await harness.advance(RETENTION.result + 2 * SECOND);
    await keysBecome((keys) => !keys.some((key) => key.startsWith("b")));
    const replay = narrow("replay", await subject.begin());
    expect(bodyOf(replay)).toBeUndefined();
    expect(replay.record.result?.bodySize).toBe(5000);
    expect(await beginningWith("r")).toHaveLength(1);
    await harness.advance(RETENTION.tombstone);
    await harness.advance(2 * MINUTE);
    await nothingIsLeft();
  });

  it("makes no difference to anybody: what has expired is absent before", async () => {
    const subject = subjectOf(harness);
    const { record } = await subject.start();
    const { record: finished } = await subject.finish(record.token);
    await harness.advance(finished.expiresAt - harness.nowUs() / 1000 - 1);
    expect(await subject.state()).toBe("succeeded");
    await harness.advance(1);
    expect(await subject.state()).toBe("absent");
  });

  it("spares a record that was begun anew where one had expired", async () => {
    const subject = subjectOf(harness);
    await subject.finish((await subject.start()).record.token);
    await harness.advance(RETENTION.tombstone + HOUR);
    const { record } = await subject.start();
    await sweptTwice();
    expect((await subject.read()).token).toBe(record.token);
    expect(await beginningWith("e")).toHaveLength(1);
  });

  it("keeps one entry for a record, however often its lease is renewed", async () => {
    const subject = subjectOf(harness);
    const { record } = await subject.start({ leaseFor: LEASE });
    for (let beat = 0; beat < 50; beat++) {
      await harness.advance(LEASE / 2);
      await subject.renew(record.token, { leaseTotal: DAY });
      expect(await beginningWith("e")).toHaveLength(1);
    }
    expect(await beginningWith("u")).toHaveLength(1);
  });

  it("comes by a record that lives longer than was thought, and moves its entry", async () => {
    const subject = subjectOf(harness);
    const { record } = await subject.start({ retention: { tombstone: HOUR, unfinished: 30 * DAY } });
    const [before] = await beginningWith("e");
    await harness.advance(2 * HOUR);
    await keysBecome((keys) => keys.filter((key) => key.startsWith("e")).join() !== before);
    const [after] = await beginningWith("e");
    const { second } = parseExpiryKey(Buffer.from(after ?? "", "latin1"));
    expect(second).toBe(Math.ceil(record.expiresAt / 1000));
    expect((await subject.read()).token).toBe(record.token);
    await harness.advance(31 * DAY);
    await nothingIsLeft();
  });

  it("moves an entry forward in time that would have kept a record much too long", async () => {
    const subject = subjectOf(harness);
    const { record } = await subject.start({ retention: { tombstone: 30 * DAY } });
    const { record: finished } = await subject.finish(record.token, {
      retention: { result: SECOND, tombstone: SECOND },
    });
    const entries = await beginningWith("e");
    expect(entries).toHaveLength(1);
    const { second } = parseExpiryKey(Buffer.from(entries[0] ?? "", "latin1"));
    expect(second).toBe(Math.ceil(finished.expiresAt / 1000));
  });

  it("deals with thousands at a time", async () => {
    const subjects = Array.from({ length: 3000 }, () => subjectOf(harness));
    await Promise.all(subjects.map(async (subject) => subject.finish((await subject.start()).record.token)));
    const lasting = subjectOf(harness);
    await lasting.finish((await lasting.start()).record.token, { retentionFor: 300 * DAY });
    await harness.advance(RETENTION.tombstone + HOUR);
    await keysBecome((keys) => keys.length === 4);
    expect(await lasting.state()).toBe("succeeded");
  });

  it("goes on after the clock was set back and forward again", async () => {
    await harness.advance(10 * DAY);
    await sweptTwice();
    await harness.advance(-10 * DAY);
    await sweptTwice();
    const subject = subjectOf(harness);
    await subject.finish((await subject.start()).record.token);
    await harness.advance(5 * DAY);
    await nothingIsLeft();
  });

  it("goes on after the database had to be opened again", async () => {
    const subject = subjectOf(harness);
    await subject.finish((await subject.start()).record.token);
    harness.beforeWrite = async () => {
      harness.beforeWrite = async () => {};
      throw new Error("No space left on device");
    };
    await harness.advance(LONG);
    await expect.poll(() => harness.store.status().serving).toBe(false);
    await expect.poll(() => harness.store.status().serving, { timeout: 10_000 }).toBe(true);
    await nothingIsLeft();
  });

  it("clears away what a lost record leaves", async () => {
    const subject = subjectOf(harness);
    await subject.finish((await subject.start()).record.token, { result: resultOf(5000) });
    await subject.lose();
    await harness.advance(LONG);
    await nothingIsLeft();
  });

  it("leaves a record that cannot be read to a human, and sweeps the others", async () => {
    const [damaged, sound] = [subjectOf(harness), subjectOf(harness)];
    for (const subject of [damaged, sound]) await subject.finish((await subject.start()).record.token);
    const key = recordKey(placeOf(damaged.at).id);
    const value = harness.database().read(key) as Buffer;
    value[4] = 99; // the layout version
    await harness.tamper([{ key, value }]);
    await harness.advance(LONG);
    await keysBecome((keys) => keys.filter((one) => one.startsWith("r")).length === 1);
    await expect(damaged.get()).rejects.toMatchObject({ code: "STORE_DAMAGED" });
    await expect(damaged.begin()).rejects.toMatchObject({ code: "STORE_DAMAGED" });
    expect(await damaged.forget()).toEqual({ kind: "forgotten" });
    expect((await damaged.start()).record.attempts).toBe(1);
    await harness.advance(LONG);
    await nothingIsLeft();
  });
});
