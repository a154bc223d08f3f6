/** Fields of replies, by the scripts' heads. Byte strings are Buffers; numbers beyond 2^31 are decimal strings. */
import { type DurationMs, durationMs, type FencingToken, fencingToken } from "../../base/units.ts";
import type { Reply } from "./node.ts";

export function tagOf(reply: Reply): string {
  return String(reply[0]);
}

/** Empty where there is nothing. */
export function textOf(field: unknown): string {
  return field === null || field === undefined ? "" : String(field);
}

/** 0 where there is nothing. */
export function tokenOf(field: unknown): FencingToken {
  return fencingToken(BigInt(textOf(field) || 0));
}

/** A time to live as Redis tells it: negative where there is no key, or no end. */
export function leftOf(field: unknown): number {
  return Math.max(0, Number(field));
}

/** As an answer to a caller tells it: at least 1. */
export function atLeastOne(ms: number): DurationMs {
  return durationMs(Math.max(1, Math.ceil(ms)));
}

/** The highest of them; 0 of none. */
export function highest(tokens: Iterable<FencingToken>): FencingToken {
  let found = fencingToken(0n);
  for (const token of tokens) if (token > found) found = token;
  return found;
}

/** What at least `majority` of these have left, ms; 0 when they are fewer. */
export function leftOnMajority(lefts: readonly number[], majority: number): number {
  return lefts.toSorted((a, b) => b - a)[majority - 1] ?? 0;
}
