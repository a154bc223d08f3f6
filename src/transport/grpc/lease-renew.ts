import type { LeaseRenewOutcome } from "../../domain/lease.ts";
import { leaseRenew } from "../../service/lease-renew.ts";
import type { TransportDeps } from "./context.ts";
import { Fields } from "./fields.ts";
import type { LeaseServiceRenewRequest__Output } from "./gen/onceward/v1/LeaseServiceRenewRequest.ts";
import type { LeaseServiceRenewResponse } from "./gen/onceward/v1/LeaseServiceRenewResponse.ts";
import { readLeaseAddress, readLeaseProof, readLeaseTtl } from "./lease-fields.ts";

const OUTCOME = { renewed: "RENEWED", lost: "LOST" } as const satisfies Record<
  LeaseRenewOutcome["kind"],
  LeaseServiceRenewResponse["outcome"]
>;

export async function handleLeaseRenew(
  deps: TransportDeps,
  request: LeaseServiceRenewRequest__Output,
): Promise<LeaseServiceRenewResponse> {
  const fields = new Fields();
  const call = {
    address: readLeaseAddress(fields, request),
    proof: readLeaseProof(fields, request),
    ttl: readLeaseTtl(deps, fields, request.ttlMs),
  };
  fields.check();
  const outcome = await leaseRenew(deps, call);
  return { outcome: OUTCOME[outcome.kind], validityMs: outcome.kind === "renewed" ? outcome.validity : 0 };
}
