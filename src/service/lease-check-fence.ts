import type { FencingToken } from "../base/units.ts";
import type { CheckFenceOutcome, LeaseAddress } from "../domain/lease.ts";
import type { ServiceDeps } from "./context.ts";
import { observe } from "./observe.ts";

export interface LeaseCheckFenceCall {
  readonly address: LeaseAddress;
  readonly token: FencingToken;
}

/** Is this token the latest? */
export async function leaseCheckFence(
  deps: ServiceDeps,
  { address, token }: LeaseCheckFenceCall,
): Promise<CheckFenceOutcome> {
  const outcome = await deps.leases.checkFence(address, token);
  observe(deps, address, "LeaseCheckFence", outcome.kind);
  return outcome;
}
