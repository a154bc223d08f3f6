import type { FencingToken } from "../base/units.ts";
import { placeOf, type RecordAddress } from "../domain/address.ts";
import type { Resolution, ResolveOutcome } from "../domain/resolve.ts";
import { type ResultInput, storeResult } from "../domain/result.ts";
import { policies, retentionOf, type ServiceDeps } from "./context.ts";
import { observe } from "./observe.ts";

export interface ResolveCall {
  readonly address: RecordAddress;
  readonly resolution: Resolution;
  readonly result: ResultInput | undefined;
  readonly reason: string;
  readonly actor: string;
  /** What the operator looked at; 0 = any. */
  readonly token: FencingToken;
}

/** An operator settles what no attempt is going to settle. Audited by one log line. */
export async function resolve(deps: ServiceDeps, call: ResolveCall): Promise<ResolveOutcome> {
  const { address, resolution, reason, actor, token } = call;
  const outcome = await deps.store.resolve(address, {
    resolution,
    result: call.result && storeResult(call.result, deps.settings.result_inline),
    reason,
    token,
    retention: retentionOf(policies(deps, address)),
  });
  observe(deps, address, "Resolve", outcome.kind);
  deps.logger.info(
    {
      audit: "resolve",
      namespace: address.namespace,
      record: placeOf(address).id,
      lookedAt: String(token),
      resolution,
      outcome: outcome.kind,
      actor,
      reason,
    },
    "an operator resolved a record",
  );
  return outcome;
}
