/** The pair that the API server is shown, and when it ends. */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { type EpochMs, epochMs } from "../base/units.ts";

export interface Pair {
  /** PEM: the leaf first. */
  readonly certificate: string;
  readonly key: string;
}

export interface CheckedPair extends Pair {
  readonly notAfter: EpochMs;
}

/** @throws {Error} where they are unreadable or not of one another: half a rotation must not be served. */
export function checkPair({ certificate, key }: Pair): CheckedPair {
  const leaf = new X509Certificate(certificate);
  if (!leaf.checkPrivateKey(createPrivateKey(key))) throw new Error("the private key is not the certificate's");
  return { certificate, key, notAfter: epochMs(leaf.validToDate.getTime()) };
}
