import { ATTEMPT_ID_BYTES_MAX, OWNER_BYTES_MAX } from "../../base/limits.ts";
import { type LeaseAcquireCall, leaseAcquire } from "../../service/lease-acquire.ts";
import type { GrpcCaller, TransportDeps } from "./context.ts";
import { Fields } from "./fields.ts";
import type { AcquireRequest__Output } from "./gen/onceward/v1/AcquireRequest.ts";
import type { AcquireResponse } from "./gen/onceward/v1/AcquireResponse.ts";
import { readLeaseAddress, readLeaseTtl } from "./lease-fields.ts";

export async function handleLeaseAcquire(
  deps: TransportDeps,
  request: AcquireRequest__Output,
  caller: GrpcCaller,
): Promise<AcquireResponse> {
  const { outcome, leaseId, retryAfter } = await leaseAcquire(deps, readAcquire(deps, request), caller);
  if (outcome.kind === "busy") return { outcome: "BUSY", owner: outcome.owner, retryAfterMs: retryAfter };
  const { token, validity } = outcome;
  return { outcome: "ACQUIRED", leaseId, fencingToken: String(token), validityMs: validity };
}

function readAcquire(deps: TransportDeps, request: AcquireRequest__Output): LeaseAcquireCall {
  const fields = new Fields();
  const call = {
    address: readLeaseAddress(fields, request),
    ttl: readLeaseTtl(deps, fields, request.ttlMs),
    waitFor: fields.duration("wait_ms", request.waitMs, { min: 0, max: deps.settings.wait_max }),
    owner: fields.text("owner", request.owner, { min: 0, max: OWNER_BYTES_MAX }),
    attemptId: fields.text("attempt_id", request.attemptId, { min: 0, max: ATTEMPT_ID_BYTES_MAX }),
  };
  fields.check();
  return call;
}
