import { createHmac, hash } from "node:crypto";

/** What a payload was, without the payload. Two are comparable only under one algorithm. */
export interface Fingerprint {
  /** Names how the digest was made, and under which secret; part of the comparison. */
  readonly algorithm: string;
  readonly digest: Uint8Array;
}

/** A secret that turns digests into HMACs, so that a low-entropy payload cannot be guessed from its stored digest. */
export interface FingerprintSecret {
  readonly id: string;
  readonly secret: Uint8Array;
}

/** `json` is already canonical, see `canonicalJson`. */
export type FingerprintInput =
  | { readonly kind: "digest"; readonly algorithm: string; readonly digest: Uint8Array }
  | { readonly kind: "payload"; readonly payload: Uint8Array }
  | { readonly kind: "json"; readonly canonical: string };

/** Whether a Begin carrying any of `given` fits a record created with `kept`. Absent on either side = no check. */
export function sameFingerprint(kept: Fingerprint | undefined, given: readonly Fingerprint[]): boolean {
  if (kept === undefined || given.length === 0) return true;
  return given.some((one) => one.algorithm === kept.algorithm && Buffer.compare(one.digest, kept.digest) === 0);
}

/**
 * The fingerprints a payload may have been stored under, the one to store first: under the newest secret, then the
 * older ones, then (so that turning secrets on does not disown what was stored without) under none.
 */
export function fingerprintsOf(input: FingerprintInput, secrets: readonly FingerprintSecret[]): Fingerprint[] {
  if (input.kind === "digest") return [{ algorithm: input.algorithm, digest: input.digest }];
  const plain = input.kind === "json" ? "jcs-sha256" : "sha256";
  const keyed = input.kind === "json" ? "jcs-hmac-sha256" : "hmac-sha256";
  const bytes = input.kind === "json" ? input.canonical : input.payload;
  return [
    ...secrets.map(({ id, secret }) => ({
      algorithm: `${keyed}:${id}`,
      digest: createHmac("sha256", secret).update(bytes).digest(),
    })),
    { algorithm: plain, digest: hash("sha256", bytes, "buffer") },
  ];
}
