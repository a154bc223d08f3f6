import { randomFillSync } from "node:crypto";

/** Uniform in [0, 1); passed in, so that a test can hold it. */
export type Random = () => number;

export const systemRandom: Random = () => Math.random();

const ID_BYTES = 16;
/** Asked of the system at once: for a single id, asking takes most of the time. */
const IDS_PER_DRAW = 256;
const drawn = Buffer.allocUnsafeSlow(ID_BYTES * IDS_PER_DRAW);
let used = drawn.length;

/** A name nobody else has: 128 bits, 22 characters of [A-Za-z0-9_-]. */
export function uniqueId(): string {
  if (used === drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  used += ID_BYTES;
  return drawn.toString("base64url", used - ID_BYTES, used);
}
