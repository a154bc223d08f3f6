import type { DurationMs, FencingToken } from "../base/units.ts";
import type { RecordAddress } from "../domain/address.ts";
import type { CompleteOutcome, CompletionKind } from "../domain/complete.ts";
import { type ResultInput, storeResult } from "../domain/result.ts";
import { policies, retentionOf, type ServiceDeps } from "./context.ts";
import { unguarded } from "./unguarded.ts";

/** A Complete as the caller put it, every field within its bounds; a duration of 0 = the default. */
export interface CompleteCall {
  readonly address: RecordAddress;
  readonly token: FencingToken;
  readonly kind: CompletionKind;
  readonly result: ResultInput | undefined;
  readonly error: string;
  readonly retryAfter: DurationMs;
  readonly retentionFor: DurationMs;
}

/** My attempt ended. */
export async function complete(deps: ServiceDeps, call: CompleteCall): Promise<CompleteOutcome> {
  const policy = policies(deps, call.address);
  const outcome: CompleteOutcome = unguarded(call.token)
    ? { kind: "not_found" }
    : await deps.store.complete(call.address, {
        token: call.token,
        kind: call.kind,
        result: call.result && storeResult(call.result, deps.settings.result_inline),
        error: call.error,
        retryAfter: call.retryAfter,
        backoff: { base: policy.backoff_base, cap: policy.backoff_cap },
        jitter: deps.random(),
        retentionFor: call.retentionFor,
        retention: retentionOf(policy),
      });
  deps.tally.count(call.address.namespace, "Complete", outcome.kind);
  if (outcome.kind === "stored" && outcome.restored) {
    deps.tally.countNotable("restored_completion");
    deps.logger.warn({ namespace: call.address.namespace }, "a completion restored a record that the store had lost");
  }
  return outcome;
}
