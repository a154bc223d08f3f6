import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { durationMs } from "../../../src/base/units.ts";
import type { VisibleState } from "../../../src/domain/record.ts";
import type { ListQuery } from "../../../src/store/port.ts";
import { freshNamespace, MINUTE } from "../../support/commands.ts";
import { type EmbeddedHarness, openEmbedded } from "../../support/embedded-harness.ts";
import { subjectOf } from "../../support/subject.ts";

describe("the list of unfinished records", () => {
  let harness: EmbeddedHarness;
  beforeAll(async () => {
    harness = await openEmbedded();
  });
  afterAll(() => harness.close());

  const query = (parts: Partial<ListQuery>): ListQuery => ({
    ...{ namespace: "default", states: new Set(), olderThan: durationMs(0), limit: 100, cursor: "", ...parts },
  });

  /** Begins that many records, each a millisecond after the other, and gives their keys. */
  async function begin(namespace: string, count: number): Promise<string[]> {
    const subjects = Array.from({ length: count }, () => subjectOf(harness, { namespace }));
    const begun: Promise<unknown>[] = [];
    for (const subject of subjects) {
      await harness.advance(1);
      begun.push(subject.start());
    }
    await Promise.all(begun);
    return subjects.map(({ at }) => at.key);
  }

  async function pages(parts: Partial<ListQuery>): Promise<string[][]> {
    const all: string[][] = [];
    let cursor = "";
    do {
      const page = await harness.store.list(query({ ...parts, cursor }));
      all.push(page.records.map(({ record }) => record.address.key));
      cursor = page.next;
    } while (cursor !== "");
    return all;
  }

  it("begins with those that were created first, and goes on where the page before ended", async () => {
    const namespace = freshNamespace();
    const keys = await begin(namespace, 25);
    const all = await pages({ namespace, limit: 10 });
    expect(all.map((page) => page.length)).toEqual([10, 10, 5]);
    expect(all.flat()).toEqual(keys);
  });

  it("looks at a bounded number of entries for a page, and then says where to go on", async () => {
    const namespace = freshNamespace();
    const keys = await begin(namespace, 1500);
    const wanted = subjectOf(harness, { namespace });
    await harness.advance(1);
    await wanted.fail((await wanted.start()).record.token);
    const states = new Set<VisibleState>(["retryable"]);
    const all = await pages({ namespace, states, limit: 10 });
    expect(all).toEqual([[], [wanted.at.key]]);
    expect((await pages({ namespace })).flat()).toEqual([...keys, wanted.at.key]);
  });

  it("does not look at what is too young to be asked for", async () => {
    const namespace = freshNamespace();
    const old = await begin(namespace, 3);
    await harness.advance(MINUTE);
    await begin(namespace, 1200);
    const page = await harness.store.list(query({ namespace, olderThan: durationMs(MINUTE) }));
    expect(page.records.map(({ record }) => record.address.key)).toEqual(old);
    expect(page.next).toBe("");
  });

  it("has what was begun just before, though it is not on disk yet", async () => {
    const subject = subjectOf(harness, { namespace: freshNamespace() });
    const begun = subject.start();
    const { records } = await harness.store.list(query({ namespace: subject.at.namespace }));
    expect(records.map(({ record }) => record.token)).toEqual([(await begun).record.token]);
  });

  it("leaves out a record that cannot be read", async () => {
    const namespace = freshNamespace();
    const [key] = await begin(namespace, 2);
    const place = (await harness.keys()).filter((one) => one.startsWith("u") && one.includes(namespace))[1] ?? "";
    const record = Buffer.concat([Buffer.from("r"), Buffer.from(place.slice(-24), "latin1")]);
    await harness.tamper([{ key: record, value: Buffer.from("damaged") }]);
    expect(await pages({ namespace })).toEqual([[key]]);
  });

  it("refuses a cursor that no page ended with", async () => {
    const fault = { code: "INVALID_ARGUMENT", violations: [expect.objectContaining({ field: "page_token" })] };
    await expect(harness.store.list(query({ cursor: "nonsense" }))).rejects.toMatchObject(fault);
  });
});
