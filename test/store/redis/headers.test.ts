import { expect, it } from "vitest";
import { readScripts } from "../../../src/store/redis/scripts.ts";
import { redisLab } from "../../support/redis-lab.ts";

const lab = redisLab();
const STAMP = Buffer.alloc(16, 0xaa);
const OTHER = Buffer.alloc(16, 0xbb);
const NONE = Buffer.alloc(8);
const token = (last: number) => Buffer.from([1, 2, 3, 4, 5, 6, 7, last]);

it("many headers are told as one: how many are gone, whose stamp is none of ours, and the token of each", async () => {
  const redis = lab.client(await lab.server());
  const { text } = readScripts().headers;
  const look = async (...headers: readonly (Buffer | undefined)[]) => {
    await redis.flushall();
    for (const [n, header] of headers.entries()) if (header !== undefined) await redis.set(`h${n}`, header);
    const keys = headers.map((_, n) => `h${n}`);
    return redis.callBuffer("EVAL", text, keys.length, ...keys, STAMP);
  };
  const ours = (last: number) => Buffer.concat([STAMP, token(last)]);
  const theirs = Buffer.concat([OTHER, token(9)]);
  expect(await look(ours(1), ours(2))).toEqual([0, null, Buffer.concat([token(1), token(2)])]);
  expect(await look(undefined, ours(2))).toEqual([1, null, Buffer.concat([NONE, token(2)])]);
  expect(await look(ours(1), theirs, ours(3))).toEqual([0, OTHER, Buffer.concat([token(1), token(9), token(3)])]);
  // What is too short or too long has no token, and moves nobody else's.
  const long = Buffer.concat([ours(1), Buffer.of(0)]);
  expect(await look(long, STAMP, ours(3))).toEqual([0, null, Buffer.concat([NONE, NONE, token(3)])]);
  expect(await look(Buffer.from("?"), ours(2))).toEqual([0, Buffer.from("?"), Buffer.concat([NONE, token(2)])]);
  expect(await look(Buffer.alloc(0), theirs)).toEqual([0, Buffer.alloc(0), Buffer.concat([NONE, token(9)])]);
});
