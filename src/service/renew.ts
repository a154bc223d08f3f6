import type { DurationMs, FencingToken } from "../base/units.ts";
import type { RecordAddress } from "../domain/address.ts";
import type { RenewOutcome } from "../domain/renew.ts";
import { policies, retentionOf, type ServiceDeps } from "./context.ts";
import { observe } from "./observe.ts";
import { unguarded } from "./unguarded.ts";

export interface RenewCall {
  readonly address: RecordAddress;
  readonly token: FencingToken;
  /** 0 = the length given at Begin. */
  readonly leaseFor: DurationMs;
}

/** I am still at it. */
export async function renew(deps: ServiceDeps, { address, token, leaseFor }: RenewCall): Promise<RenewOutcome> {
  const policy = policies(deps, address);
  const command = { token, leaseFor, leaseTotal: policy.lease_total, retention: retentionOf(policy) };
  const outcome: RenewOutcome = unguarded(token) ? { kind: "not_found" } : await deps.store.renew(address, command);
  observe(deps, address, "Renew", outcome.kind);
  return outcome;
}
