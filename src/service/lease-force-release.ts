import { placeOf } from "../domain/address.ts";
import type { ForceReleaseOutcome, LeaseAddress } from "../domain/lease.ts";
import { recordOfLease } from "../store/leases-on-records.ts";
import type { ServiceDeps } from "./context.ts";
import { observe } from "./observe.ts";

export interface LeaseForceReleaseCall {
  readonly address: LeaseAddress;
  readonly reason: string;
  readonly actor: string;
}

/** An operator takes a lease away. Audited by one log line. */
export async function leaseForceRelease(
  deps: ServiceDeps,
  { address, reason, actor }: LeaseForceReleaseCall,
): Promise<ForceReleaseOutcome> {
  const outcome = await deps.leases.forceRelease(address).finally(() => deps.leaseLine.ended(address));
  observe(deps, address, "LeaseForceRelease", outcome.kind);
  deps.logger.info(
    {
      audit: "lease_force_release",
      namespace: address.namespace,
      resource: placeOf(recordOfLease(address)).id,
      outcome: outcome.kind,
      actor,
      reason,
    },
    "an operator took a lease away",
  );
  return outcome;
}
