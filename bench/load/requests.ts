import type { BeginRequest } from "../../src/transport/grpc/gen/onceward/v1/BeginRequest.ts";
import type { CompleteRequest } from "../../src/transport/grpc/gen/onceward/v1/CompleteRequest.ts";
import {
  FINGERPRINT_ALGORITHM,
  LEASE_MS,
  RETENTION_MS,
  randomFingerprint,
  randomKey,
  randomResult,
} from "./payloads.ts";

/** Asks for an effect that nobody has asked for yet. */
export function beginRequest(): BeginRequest {
  return {
    address: { namespace: "default", operation: "charge", key: randomKey() },
    fingerprint: { digest: randomFingerprint(), algorithm: FINGERPRINT_ALGORITHM },
    attemptId: randomKey(),
    leaseMs: LEASE_MS,
    retentionMs: RETENTION_MS,
  };
}

export function completeRequest({ address }: BeginRequest, fencingToken: string): CompleteRequest {
  return { address: address ?? null, fencingToken, kind: "SUCCEEDED", result: { body: randomResult() } };
}
