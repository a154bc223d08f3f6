import { randomBytes, randomInt, randomUUID } from "node:crypto";

/** Length of a SHA-256, which is what most callers will send. */
const FINGERPRINT_BYTES = 32;
const RESULT_BYTES = 100;
/** Where results are cut from: of no pattern that a store could shorten, and made once. */
const NOISE = randomBytes(1024 * 1024);
const NOISE_TEXT = NOISE.toString("hex");

export const LEASE_MS = 30_000;
export const RETENTION_MS = 24 * 3_600_000;
/** Longest a call may take, ms: every caller of a sidecar should say so, so ours pay for it too. */
export const DEADLINE_MS = 10_000;
export const FINGERPRINT_ALGORITHM = "sha256";

/** What idempotency keys are: random, so that no two calls touch neighbouring records. */
export function randomKey(): string {
  return randomUUID();
}

export function randomFingerprint(): Buffer {
  return noise(FINGERPRINT_BYTES);
}

export function randomResult(): Buffer {
  return noise(RESULT_BYTES);
}

/** A result as long as {@link randomResult}, for what stores JSON. */
export function randomTextResult(): string {
  const from = randomInt(NOISE_TEXT.length - RESULT_BYTES);
  return NOISE_TEXT.slice(from, from + RESULT_BYTES);
}

function noise(length: number): Buffer {
  const from = randomInt(NOISE.length - length);
  return NOISE.subarray(from, from + length);
}
