import type { DurationMs } from "../base/units.ts";
import type { LeaseAddress, LeaseProof, LeaseRenewOutcome } from "../domain/lease.ts";
import type { ServiceDeps } from "./context.ts";
import { observe } from "./observe.ts";

export interface LeaseRenewCall {
  readonly address: LeaseAddress;
  readonly proof: LeaseProof;
  /** 0 = the default. */
  readonly ttl: DurationMs;
}

/** I need it longer. */
export async function leaseRenew(
  deps: ServiceDeps,
  { address, proof, ttl }: LeaseRenewCall,
): Promise<LeaseRenewOutcome> {
  const outcome = await deps.leases.renew(address, { ...proof, ttl: leaseTtl(deps, ttl) });
  if (outcome.kind === "lost") deps.holds.ended(address, proof.leaseId, "lost");
  observe(deps, address, "LeaseRenew", outcome.kind);
  return outcome;
}

/** The length asked for, or the default for 0. */
export function leaseTtl({ settings }: Pick<ServiceDeps, "settings">, asked: DurationMs): DurationMs {
  return asked === 0 ? settings.lease_ttl : asked;
}
