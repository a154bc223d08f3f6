import type { LeaseAddress, LeaseProof, LeaseReleaseOutcome } from "../domain/lease.ts";
import type { ServiceDeps } from "./context.ts";
import { observe } from "./observe.ts";

export interface LeaseReleaseCall {
  readonly address: LeaseAddress;
  readonly proof: LeaseProof;
}

/** I am done with it. */
export async function leaseRelease(
  deps: ServiceDeps,
  { address, proof }: LeaseReleaseCall,
): Promise<LeaseReleaseOutcome> {
  const outcome = await deps.leases.release(address, proof).finally(() => deps.leaseLine.ended(address));
  deps.holds.ended(address, proof.leaseId, outcome.kind);
  observe(deps, address, "LeaseRelease", outcome.kind);
  return outcome;
}
