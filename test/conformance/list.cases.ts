import { describe, expect, it } from "vitest";
import { durationMs } from "../../src/base/units.ts";
import type { Seen, UnfinishedRecord, VisibleState } from "../../src/domain/record.ts";
import { censusOf } from "../support/census.ts";
import { DAY, freshNamespace, LEASE, MINUTE, RETENTION, SECOND } from "../support/commands.ts";
import { type Subject, subjectOf } from "../support/subject.ts";
import type { Harness } from "./harness.ts";

/** Bounds a loop over pages: far more than any case has. */
const PAGES_MAX = 2000;

interface Query {
  readonly states?: readonly VisibleState[];
  readonly olderThan?: number;
  readonly limit?: number;
}

/** ListRecords: unfinished records of one namespace. */
export function listCases(on: () => Harness): void {
  describe("the list of unfinished records", () => contents(on));
  describe("a page of the list", () => pages(on));
  describe("the census of unfinished records", () => census(on));
}

async function pagesOf(on: Harness, namespace: string, query: Query = {}) {
  const all: Seen<UnfinishedRecord>[][] = [];
  let cursor = "";
  do {
    const states = new Set(query.states);
    const olderThan = durationMs(query.olderThan ?? 0);
    const page = await on.store.list({ namespace, states, olderThan, limit: query.limit ?? 100, cursor });
    all.push([...page.records]);
    cursor = page.next;
  } while (cursor !== "" && all.length < PAGES_MAX);
  return all;
}

async function listed(on: Harness, namespace: string, query: Query = {}) {
  return (await pagesOf(on, namespace, query)).flat();
}

async function keysOf(on: Harness, namespace: string, query: Query = {}) {
  return (await listed(on, namespace, query)).map(({ record }) => record.address.key).sort();
}

/** One record in each unfinished state, its key the state's name. */
async function oneOfEach(on: Harness, namespace: string) {
  const [running, lapsed, failing, released, dead] = [
    subjectOf(on, { namespace, key: "in_progress" }),
    subjectOf(on, { namespace, key: "unknown" }),
    subjectOf(on, { namespace, key: "retryable" }),
    subjectOf(on, { namespace, key: "released" }),
    subjectOf(on, { namespace, key: "dead_lettered" }),
  ];
  const begin = async (subject: Subject) => (await subject.start()).record.token;
  const first = await begin(lapsed);
  await begin(dead);
  await on.advance(LEASE);
  await dead.begin({ maxAttempts: 1 });
  await begin(running);
  await failing.fail(await begin(failing), { retryAfter: MINUTE });
  await released.release(await begin(released));
  return { running, lapsed, failing, released, dead, first };
}

function contents(on: () => Harness): void {
  it("has every unfinished state where none is named, and the named ones otherwise", async () => {
    const namespace = freshNamespace();
    await oneOfEach(on(), namespace);
    const everything = ["dead_lettered", "in_progress", "released", "retryable", "unknown"];
    expect(await keysOf(on(), namespace)).toEqual(everything);
    expect(await keysOf(on(), namespace, { states: ["in_progress"] })).toEqual(["in_progress"]);
    expect(await keysOf(on(), namespace, { states: ["unknown"] })).toEqual(["unknown"]);
    expect(await keysOf(on(), namespace, { states: ["retryable"] })).toEqual(["released", "retryable"]);
    expect(await keysOf(on(), namespace, { states: ["dead_lettered"] })).toEqual(["dead_lettered"]);
    const two = await keysOf(on(), namespace, { states: ["dead_lettered", "unknown"] });
    expect(two).toEqual(["dead_lettered", "unknown"]);
    expect(await keysOf(on(), namespace, { states: ["succeeded", "failed"] })).toEqual([]);
  });

  it("gives each record whole, its address and its token included", async () => {
    const namespace = freshNamespace();
    const subject = subjectOf(on(), { namespace, operation: "ship|it", stream: "order:7", key: "ключ\0\n{}" });
    const { record } = await subject.start({ owner: "worker-3" });
    await subject.checkpoint(record.token, { name: "packed", step: 1n });
    const [seen] = await listed(on(), namespace);
    expect(seen?.record).toMatchObject({
      ...{ address: subject.at, token: record.token, state: "in_progress", attempts: 1, owner: "worker-3" },
      checkpoint: { name: "packed" },
    });
    expect(seen?.now).toBe(record.createdAt);
  });

  it("shows a lapse the moment it happens, and a renewal as the end of it", async () => {
    const namespace = freshNamespace();
    const subject = subjectOf(on(), { namespace, key: "k" });
    const { record } = await subject.start();
    await on().advance(LEASE - 1);
    expect(await keysOf(on(), namespace, { states: ["unknown"] })).toEqual([]);
    await on().advance(1);
    expect(await keysOf(on(), namespace, { states: ["unknown"] })).toEqual(["k"]);
    await subject.renew(record.token);
    expect(await keysOf(on(), namespace, { states: ["unknown"] })).toEqual([]);
    expect(await keysOf(on(), namespace, { states: ["in_progress"] })).toEqual(["k"]);
  });

  it("drops what is finished, by a caller, an operator or a restoration, and what is forgotten", async () => {
    const namespace = freshNamespace();
    const { running, lapsed, failing, released, dead, first } = await oneOfEach(on(), namespace);
    await running.finish((await running.read()).token);
    expect(await keysOf(on(), namespace)).toEqual(["dead_lettered", "released", "retryable", "unknown"]);
    await dead.resolve({ resolution: "failed" });
    await failing.finish((await failing.read()).token, { kind: "failed" });
    expect(await keysOf(on(), namespace)).toEqual(["released", "unknown"]);
    await lapsed.finish(first + 1n);
    await released.forget();
    expect(await keysOf(on(), namespace)).toEqual([]);
  });

  it("has what is begun anew after a forget or a loss", async () => {
    const namespace = freshNamespace();
    const subject = subjectOf(on(), { namespace, key: "k" });
    await subject.start();
    await subject.forget();
    await subject.start();
    expect(await keysOf(on(), namespace)).toEqual(["k"]);
    await subject.lose();
    expect(await keysOf(on(), namespace)).toEqual([]);
    await subject.start();
    expect(await keysOf(on(), namespace)).toEqual(["k"]);
  });

  it("keeps a record for its unfinished retention and no longer", async () => {
    const namespace = freshNamespace();
    const { record } = await subjectOf(on(), { namespace, key: "k" }).start();
    await on().advance(record.expiresAt - record.updatedAt - 1);
    expect(await keysOf(on(), namespace)).toEqual(["k"]);
    await on().advance(1);
    expect(await keysOf(on(), namespace)).toEqual([]);
  });

  it("goes by the age of the last change, which a renewal is", async () => {
    const namespace = freshNamespace();
    const [old, renewed] = [subjectOf(on(), { namespace, key: "old" }), subjectOf(on(), { namespace, key: "renewed" })];
    await old.start();
    const { record } = await renewed.start();
    await on().advance(10 * SECOND - 1);
    expect(await keysOf(on(), namespace, { olderThan: 10 * SECOND })).toEqual([]);
    await on().advance(1);
    expect(await keysOf(on(), namespace, { olderThan: 10 * SECOND })).toEqual(["old", "renewed"]);
    await renewed.renew(record.token);
    expect(await keysOf(on(), namespace, { olderThan: 10 * SECOND })).toEqual(["old"]);
    expect(await keysOf(on(), namespace, { olderThan: 10 * SECOND, states: ["unknown"] })).toEqual([]);
    expect(await keysOf(on(), namespace, { olderThan: RETENTION.unfinished + DAY })).toEqual([]);
  });

  it("is of one namespace, also where another's name begins or ends alike", async () => {
    const namespace = freshNamespace();
    await subjectOf(on(), { namespace, key: "mine" }).start();
    await subjectOf(on(), { namespace: `${namespace}x`, key: "longer" }).start();
    await subjectOf(on(), { namespace: namespace.slice(0, -1), key: "shorter" }).start();
    expect(await keysOf(on(), namespace)).toEqual(["mine"]);
    expect(await keysOf(on(), `${namespace}x`)).toEqual(["longer"]);
    expect(await keysOf(on(), `${namespace}y`)).toEqual([]);
  });
}

function pages(on: () => Harness): void {
  it.each([1, 7, 50, 1000])("has at most %i records, and all pages have each record once", async (limit) => {
    const namespace = freshNamespace();
    const keys = Array.from({ length: 120 }, (_, i) => `key-${String(i).padStart(3, "0")}`);
    await Promise.all(keys.map((key) => subjectOf(on(), { namespace, key }).start()));
    const all = await pagesOf(on(), namespace, { limit });
    expect(Math.max(...all.map((page) => page.length))).toBeLessThanOrEqual(limit);
    expect(
      all
        .flat()
        .map(({ record }) => record.address.key)
        .sort(),
    ).toEqual(keys);
  });

  it("goes on where the one before ended, though records came and went meanwhile", async () => {
    const namespace = freshNamespace();
    const subjects = Array.from({ length: 30 }, (_, i) => subjectOf(on(), { namespace, key: `key-${i}` }));
    await Promise.all(subjects.map((subject) => subject.start()));
    const query = { namespace, states: new Set<VisibleState>(), olderThan: durationMs(0), limit: 10 };
    const seen: string[] = [];
    let cursor = "";
    for (let n = 0; n === 0 || (cursor !== "" && n < PAGES_MAX); n++) {
      const page = await on().store.list({ ...query, cursor });
      for (const { record, now } of page.records) {
        seen.push(record.address.key);
        expect(record.expiresAt).toBeGreaterThan(now);
        await on().store.forget(record.address, { fenceFor: durationMs(MINUTE) });
      }
      await subjectOf(on(), { namespace, key: `later-${n}` }).start();
      cursor = page.next;
    }
    expect(seen.filter((key) => key.startsWith("key-")).sort()).toEqual(subjects.map(({ at }) => at.key).sort());
  });

  it("of records of one stream, which live in one slot, is limited too", async () => {
    const namespace = freshNamespace();
    const keys = Array.from({ length: 25 }, (_, i) => `key-${i}`);
    await Promise.all(keys.map((key) => subjectOf(on(), { namespace, stream: "s", key }).start()));
    const all = await pagesOf(on(), namespace, { limit: 10 });
    expect(Math.max(...all.map((page) => page.length))).toBeLessThanOrEqual(10);
    expect(
      all
        .flat()
        .map(({ record }) => record.address.key)
        .sort(),
    ).toEqual(keys.sort());
  });
}

function census(on: () => Harness): void {
  it("counts each unfinished state as callers see it, and tells the age of the oldest", async () => {
    const namespace = freshNamespace();
    const { running } = await oneOfEach(on(), namespace);
    await on().advance(SECOND);
    await subjectOf(on(), { namespace }).start();
    const finished = subjectOf(on(), { namespace });
    await finished.finish((await finished.start()).record.token);
    const forgotten = subjectOf(on(), { namespace });
    await forgotten.start();
    await on().store.forget(forgotten.at, { fenceFor: durationMs(MINUTE) });
    await subjectOf(on(), { namespace: freshNamespace() }).start();
    expect(await censusOf(on().store, namespace, 100)).toEqual({
      in_progress: { records: 2, oldest: SECOND },
      unknown: { records: 1, oldest: LEASE + SECOND },
      retryable: { records: 2, oldest: SECOND },
      dead_lettered: { records: 1, oldest: LEASE + SECOND },
    });
    await running.release((await running.read()).token);
    expect((await censusOf(on().store, namespace, 100)).in_progress).toEqual({ records: 1, oldest: 0 });
  });

  it.each([1, 7, 50, 1000])("counts every record once in pages of %i", async (limit) => {
    const namespace = freshNamespace();
    await Promise.all(Array.from({ length: 120 }, () => subjectOf(on(), { namespace }).start()));
    expect(await censusOf(on().store, namespace, limit)).toEqual({ in_progress: { records: 120, oldest: 0 } });
    expect(await censusOf(on().store, `${namespace}x`, limit)).toEqual({});
  });

  it("counts a record for its unfinished retention and no longer", async () => {
    const namespace = freshNamespace();
    const { record } = await subjectOf(on(), { namespace }).start();
    await on().advance(record.expiresAt - record.updatedAt - 1);
    const age = record.expiresAt - record.updatedAt - 1;
    expect(await censusOf(on().store, namespace, 10)).toEqual({ unknown: { records: 1, oldest: age } });
    await on().advance(1);
    expect(await censusOf(on().store, namespace, 10)).toEqual({});
  });
}
