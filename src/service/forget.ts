import { longer } from "../base/units.ts";
import { placeOf, type RecordAddress } from "../domain/address.ts";
import type { ForgetOutcome } from "../domain/forget.ts";
import { policies, type ServiceDeps } from "./context.ts";
import { observe } from "./observe.ts";

export interface ForgetCall {
  readonly address: RecordAddress;
  readonly reason: string;
  readonly actor: string;
}

/** An operator lets an effect run anew. Audited by one log line. */
export async function forget(deps: ServiceDeps, { address, reason, actor }: ForgetCall): Promise<ForgetOutcome> {
  const policy = policies(deps, address);
  const outcome = await deps.store.forget(address, { fenceFor: longer(policy.lease_total, policy.retention) });
  observe(deps, address, "Forget", outcome.kind);
  deps.logger.info(
    {
      audit: "forget",
      namespace: address.namespace,
      record: placeOf(address).id,
      outcome: outcome.kind,
      actor,
      reason,
    },
    "an operator forgot a record",
  );
  return outcome;
}
