/** What the requests of LeaseService share. */
import { ATTEMPT_ID_BYTES_MAX, LEASE_MS_MIN, RESOURCE_BYTES_MAX } from "../../base/limits.ts";
import type { DurationMs } from "../../base/units.ts";
import type { HeldLease, LeaseAddress, LeaseProof } from "../../domain/lease.ts";
import type { TransportDeps } from "./context.ts";
import { timestamp } from "./convert.ts";
import type { Fields } from "./fields.ts";
import type { Lease } from "./gen/onceward/v1/Lease.ts";

export function readLeaseAddress(
  fields: Fields,
  request: { readonly namespace: string; readonly resource: string },
): LeaseAddress {
  return {
    namespace: fields.namespace("namespace", request.namespace),
    resource: fields.text("resource", request.resource, { min: 1, max: RESOURCE_BYTES_MAX }),
  };
}

export function readLeaseProof(
  fields: Fields,
  request: { readonly leaseId: string; readonly fencingToken: string },
): LeaseProof {
  return {
    leaseId: fields.text("lease_id", request.leaseId, { min: 1, max: ATTEMPT_ID_BYTES_MAX }),
    token: fields.token("fencing_token", request.fencingToken, false),
  };
}

export function readLeaseTtl(deps: TransportDeps, fields: Fields, ttlMs: string): DurationMs {
  return fields.duration("ttl_ms", ttlMs, { min: LEASE_MS_MIN, max: deps.settings.lease_ttl_max });
}

export function leaseMessage({ namespace, resource, owner, token, left, acquiredAt }: HeldLease): Lease {
  return {
    namespace,
    resource,
    owner,
    fencingToken: String(token),
    ttlMs: left,
    acquiredAt: acquiredAt === undefined ? null : timestamp(acquiredAt),
  };
}
