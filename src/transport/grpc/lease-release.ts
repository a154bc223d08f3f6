import type { LeaseReleaseOutcome } from "../../domain/lease.ts";
import { leaseRelease } from "../../service/lease-release.ts";
import type { TransportDeps } from "./context.ts";
import { Fields } from "./fields.ts";
import type { LeaseServiceReleaseRequest__Output } from "./gen/onceward/v1/LeaseServiceReleaseRequest.ts";
import type { LeaseServiceReleaseResponse } from "./gen/onceward/v1/LeaseServiceReleaseResponse.ts";
import { readLeaseAddress, readLeaseProof } from "./lease-fields.ts";

const OUTCOME = { released: "RELEASED", lost: "LOST" } as const satisfies Record<
  LeaseReleaseOutcome["kind"],
  LeaseServiceReleaseResponse["outcome"]
>;

export async function handleLeaseRelease(
  deps: TransportDeps,
  request: LeaseServiceReleaseRequest__Output,
): Promise<LeaseServiceReleaseResponse> {
  const fields = new Fields();
  const call = { address: readLeaseAddress(fields, request), proof: readLeaseProof(fields, request) };
  fields.check();
  return { outcome: OUTCOME[(await leaseRelease(deps, call)).kind] };
}
