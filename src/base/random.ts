import { randomBytes } from "node:crypto";

/** Uniform in [0, 1); passed in, so that a test can hold it. */
export type Random = () => number;

export const systemRandom: Random = () => Math.random();

/** A name nobody else has: 128 bits, 22 characters of [A-Za-z0-9_-]. */
export function uniqueId(): string {
  return randomBytes(16).toString("base64url");
}
