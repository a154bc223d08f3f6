import { describe, expect, it } from "vitest";
import { uniqueId } from "../../src/base/random.ts";
import type { RecordAddress } from "../../src/domain/address.ts";
import { freshNamespace, result } from "../support/commands.ts";
import { bodyOf, narrow, subjectOf } from "../support/subject.ts";
import type { Harness } from "./harness.ts";

type Parts = readonly [namespace: string, operation: string, stream: string, key: string];

/** All four parts are the identity, and none can imitate another. */
export function addressCases(on: () => Harness): void {
  describe("two addresses", () => apart(on));
  describe("an address", () => whole(on));
}

/** Names that would run together if parts were joined, or if one were left out. */
const TWINS: readonly (readonly [string, Parts, Parts])[] = [
  ["a delimiter in the key", ["n", "a", "", "b|c"], ["n", "a|b", "", "c"]],
  ["a delimiter in the stream", ["n", "a", "b|c", "d"], ["n", "a|b", "c", "d"]],
  ["a colon", ["n", "a", "b:c", "d"], ["n", "a:b", "c", "d"]],
  ["a slash", ["n", "a/b", "", "c"], ["n", "a", "b", "c"]],
  ["a zero byte", ["n", "a\0b", "", "c"], ["n", "a", "b", "c"]],
  ["parts that run together", ["n", "ab", "", "c"], ["n", "a", "b", "c"]],
  ["a length that imitates a prefix", ["n", "a", "", "\0\0\0\u0001b"], ["n", "a\0\0\0\u0001", "", "b"]],
  ["operation and stream exchanged", ["n", "x", "y", "k"], ["n", "y", "x", "k"]],
  ["with and without operation", ["n", "charge", "", "k"], ["n", "", "", "k"]],
  ["with and without stream", ["n", "charge", "s", "k"], ["n", "charge", "", "k"]],
  ["another operation", ["n", "charge", "", "k"], ["n", "refund", "", "k"]],
  ["another stream", ["n", "charge", "s-1", "k"], ["n", "charge", "s-2", "k"]],
  ["upper and lower case", ["n", "charge", "", "key"], ["n", "charge", "", "KEY"]],
  ["a space at the end", ["n", "charge", "", "key"], ["n", "charge", "", "key "]],
  ["composed and decomposed letters", ["n", "charge", "", "\u00e9"], ["n", "charge", "", "e\u0301"]],
  ["a namespace that ends as the operation begins", ["n.a", "b", "", "k"], ["n", "a.b", "", "k"]],
];

function apart(on: () => Harness): void {
  it.each(TWINS)("are two records: %s", async (_what, one, other) => {
    const fresh = freshNamespace();
    const named = ([namespace, operation, stream, key]: Parts): RecordAddress => {
      return { namespace: `${fresh}${namespace}`, operation, stream, key };
    };
    const [a, b] = [subjectOf(on(), named(one)), subjectOf(on(), named(other))];
    const first = await a.start();
    const second = await b.start();
    expect(second).toMatchObject({ resumed: false, takeover: false, record: { attempts: 1 } });
    await a.finish(first.record.token, { result: result({ body: Buffer.from("of a") }) });
    expect((await b.begin()).kind).toBe("in_progress");
    await b.finish(second.record.token, { result: result({ body: Buffer.from("of b") }) });
    expect(bodyOf(narrow("replay", await a.begin()))).toBe("of a");
    expect(bodyOf(narrow("replay", await b.begin()))).toBe("of b");
  });

  it("of two namespaces know nothing of each other, whatever call is made", async () => {
    const parts = { operation: "charge", stream: "s", key: uniqueId() };
    const [mine, theirs] = [
      subjectOf(on(), { ...parts, namespace: freshNamespace() }),
      subjectOf(on(), { ...parts, namespace: freshNamespace() }),
    ];
    const { record } = await mine.start({ attemptId: "same" });
    expect(await theirs.get()).toEqual({ kind: "not_found" });
    expect(await theirs.renew(record.token)).toEqual({ kind: "not_found" });
    expect(await theirs.checkpoint(record.token)).toEqual({ kind: "not_found" });
    expect(await theirs.release(record.token)).toEqual({ kind: "not_found" });
    expect(await theirs.resolve()).toEqual({ kind: "not_found" });
    expect(await theirs.forget()).toEqual({ kind: "not_found" });
    expect(await theirs.start({ attemptId: "same" })).toMatchObject({ resumed: false });
    expect(await theirs.forget()).toEqual({ kind: "forgotten" });
    expect((await mine.renew(record.token)).kind).toBe("renewed");
  });

  it("of one stream share a slot and nothing else", async () => {
    const scope = { namespace: freshNamespace(), stream: "order-7" };
    const subjects = Array.from({ length: 20 }, () => subjectOf(on(), scope));
    const started = await Promise.all(subjects.map((subject) => subject.start()));
    expect(new Set(started.map(({ record }) => record.token)).size).toBe(20);
    await subjects[0]?.finish(started[0]?.record.token ?? 0n);
    const states = await Promise.all(subjects.slice(1).map((subject) => subject.state()));
    expect(new Set(states)).toEqual(new Set(["in_progress"]));
  });
}

function whole(on: () => Harness): void {
  const longest = {
    namespace: `n${"z".repeat(62)}`,
    operation: "ö".repeat(64),
    stream: "流".repeat(85),
    key: `${"🔑".repeat(127)}${uniqueId().slice(0, 4)}`,
  };

  it("may be as long as it may be, in any script", async () => {
    expect(Buffer.byteLength(longest.key)).toBe(512);
    const subject = subjectOf(on(), longest);
    const { record } = await subject.start();
    expect(record.address).toEqual(longest);
    expect((await subject.read()).address).toEqual(longest);
    await subject.finish(record.token);
    expect((await subject.read()).address).toEqual(longest);
  });

  it("that differs in the last of 512 bytes is another", async () => {
    const key = `${uniqueId()}${"k".repeat(489)}`;
    await subjectOf(on(), { key: `${key}1` }).start();
    expect(await subjectOf(on(), { key: `${key}2` }).get()).toEqual({ kind: "not_found" });
  });

  it.each([
    ["a zero byte", "\0"],
    ["line ends", "\r\n"],
    ["braces, which mark a slot in Redis", "{ow0001}"],
    ["a format directive", "%s%d"],
    ["quotes and a backslash", `"'\\`],
    ["the name of an object's property", "__proto__"],
    ["a byte order mark", "\uFEFF"],
    ["the last code point", "\u{10FFFF}"],
  ])("may hold %s in every part but the namespace", async (_what, text) => {
    const parts = { operation: text, stream: `${text}${uniqueId()}`, key: text };
    const subject = subjectOf(on(), parts);
    const { record } = await subject.start({ attemptId: text, owner: text });
    expect(record).toMatchObject({ address: parts, attemptId: text, owner: text });
    expect((await subject.begin({ attemptId: text })).kind).toBe("started");
    await subject.fail(record.token, { error: text, retryAfter: 5 });
    expect(await subject.read()).toMatchObject({ address: parts, lastError: text });
  });

  it("without operation and stream is as good as any", async () => {
    const subject = subjectOf(on(), { operation: "", stream: "" });
    const { record } = await subject.start();
    expect(record.address).toEqual(subject.at);
    await subject.finish(record.token);
    expect((await subject.begin()).kind).toBe("replay");
  });
}
