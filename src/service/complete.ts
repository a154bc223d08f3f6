import type { DurationMs, FencingToken } from "../base/units.ts";
import type { RecordAddress } from "../domain/address.ts";
import type { CompleteCommand, CompleteOutcome, CompletionKind } from "../domain/complete.ts";
import { type ResultInput, storeResult } from "../domain/result.ts";
import { policies, retentionOf, type ServiceDeps } from "./context.ts";
import { observeComplete } from "./observe.ts";
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
  if (unguarded(call.token)) return noted(deps, call, NOT_FOUND);
  return noted(deps, call, await deps.store.complete(call.address, commandOf(deps, call)));
}

/** Many at once, each as {@link complete} has it. */
export async function completeMany(
  deps: ServiceDeps,
  calls: readonly CompleteCall[],
): Promise<PromiseSettledResult<CompleteOutcome>[]> {
  const guarded = calls.filter(({ token }) => !unguarded(token));
  const outcomes = await deps.store.completeMany(
    guarded.map((call) => ({ at: call.address, command: commandOf(deps, call) })),
  );
  let next = 0;
  return calls.map((call) => {
    if (unguarded(call.token)) return { status: "fulfilled", value: noted(deps, call, NOT_FOUND) };
    const outcome = outcomes[next++] ?? { status: "rejected", reason: new Error("an item was left out") };
    if (outcome.status === "fulfilled") noted(deps, call, outcome.value);
    return outcome;
  });
}

const NOT_FOUND = { kind: "not_found" } as const;

function commandOf(deps: ServiceDeps, call: CompleteCall): CompleteCommand {
  const policy = policies(deps, call.address);
  return {
    token: call.token,
    kind: call.kind,
    result: call.result && storeResult(call.result, deps.settings.result_inline),
    error: call.error,
    retryAfter: call.retryAfter,
    backoff: { base: policy.backoff_base, cap: policy.backoff_cap },
    jitter: deps.random(),
    retentionFor: call.retentionFor,
    retention: retentionOf(policy),
  };
}

function noted(deps: ServiceDeps, call: CompleteCall, outcome: CompleteOutcome): CompleteOutcome {
  observeComplete(deps, call.address, outcome);
  return outcome;
}
