import type { CheckpointOutcome } from "../domain/checkpoint.ts";
import { policies, retentionOf, type ServiceDeps } from "./context.ts";
import { observe } from "./observe.ts";
import type { RenewCall } from "./renew.ts";
import { unguarded } from "./unguarded.ts";

export interface CheckpointCall extends RenewCall {
  readonly name: string;
  /** 0 = not numbered. */
  readonly step: bigint;
  readonly data: Uint8Array;
}

/** I have got this far. */
export async function checkpoint(deps: ServiceDeps, call: CheckpointCall): Promise<CheckpointOutcome> {
  const { address, ...rest } = call;
  const policy = policies(deps, address);
  const command = { ...rest, leaseTotal: policy.lease_total, retention: retentionOf(policy) };
  const outcome: CheckpointOutcome = unguarded(call.token)
    ? { kind: "not_found" }
    : await deps.store.checkpoint(address, command);
  observe(deps, address, "Checkpoint", outcome.kind);
  return outcome;
}
