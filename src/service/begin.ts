import { OncewardError } from "../base/errors.ts";
import { uniqueId } from "../base/random.ts";
import { type DurationMs, durationMs, timeLeft } from "../base/units.ts";
import type { RecordAddress } from "../domain/address.ts";
import { duplicateRetryAfter } from "../domain/backoff.ts";
import type { BeginCommand, BeginOutcome } from "../domain/begin.ts";
import { type FingerprintInput, fingerprintsOf } from "../domain/fingerprint.ts";
import type { LapsePolicy } from "../domain/record.ts";
import type { Ordering } from "../domain/stream.ts";
import type { Caller } from "./caller.ts";
import { policies, retentionOf, type ServiceDeps } from "./context.ts";
import { observeBegin, observeUnguarded } from "./observe.ts";

/** A Begin as the caller put it, every field within its bounds; a duration of 0 = the default. */
export interface BeginCall {
  readonly address: RecordAddress;
  readonly fingerprint: FingerprintInput | undefined;
  readonly attemptId: string;
  readonly owner: string;
  readonly leaseFor: DurationMs;
  readonly waitFor: DurationMs;
  readonly retentionFor: DurationMs;
  readonly lapsePolicy: LapsePolicy;
  readonly maxAttempts: number;
  readonly traceparent: string;
  readonly ordering: Ordering | undefined;
}

export type BeginAnswer =
  | { readonly kind: "decided"; readonly outcome: BeginOutcome; readonly retryAfter: DurationMs }
  /** The store gave no answer, and the namespace's policy is to run unguarded then. */
  | { readonly kind: "unguarded"; readonly attemptId: string };

/** May I run this effect now? Waits, if asked to, while another attempt of the address is live. */
export async function begin(deps: ServiceDeps, call: BeginCall, caller: Caller): Promise<BeginAnswer> {
  const command = commandOf(deps, call);
  const asking = { answered: false };
  try {
    return answerOf(deps, call, await beginOrWait(deps, call, command, caller, asking));
  } catch (error) {
    return unguardedAfter(error, deps, call, command, asking.answered);
  }
}

/** Many at once, each as {@link begin} has it; none of them waits. */
export async function beginMany(
  deps: ServiceDeps,
  calls: readonly BeginCall[],
): Promise<PromiseSettledResult<BeginAnswer>[]> {
  const asks = calls.map((call) => ({ at: call.address, command: commandOf(deps, call), call }));
  const outcomes = await deps.store.beginMany(asks);
  return asks.map(({ call, command }, n) => {
    const outcome = outcomes[n] ?? { status: "rejected", reason: new Error("an item was left out of the answers") };
    if (outcome.status === "fulfilled") return { status: outcome.status, value: answerOf(deps, call, outcome.value) };
    try {
      return { status: "fulfilled", value: unguardedAfter(outcome.reason, deps, call, command, false) };
    } catch (reason) {
      return { status: "rejected", reason };
    }
  });
}

function commandOf(deps: ServiceDeps, call: BeginCall): BeginCommand {
  const policy = policies(deps, call.address);
  return {
    fingerprints:
      call.fingerprint === undefined ? [] : fingerprintsOf(call.fingerprint, deps.settings.fingerprint_secrets),
    attemptId: call.attemptId === "" ? uniqueId() : call.attemptId,
    owner: call.owner,
    leaseFor: durationMs(call.leaseFor || policy.lease),
    retentionFor: call.retentionFor,
    lapsePolicy: call.lapsePolicy,
    maxAttempts: call.maxAttempts,
    traceparent: call.traceparent,
    ordering: call.ordering,
    retention: retentionOf(policy),
  };
}

function answerOf(deps: ServiceDeps, call: BeginCall, outcome: BeginOutcome): BeginAnswer {
  observeBegin(deps, call.address, outcome);
  return { kind: "decided", outcome, retryAfter: retryAfter(deps, outcome) };
}

/**
 * @param answered The store has answered this Begin before: once it was told that another attempt is live, silence is
 * no reason to run beside it.
 * @throws what was thrown, unless the namespace lets an effect run unguarded then.
 */
function unguardedAfter(
  error: unknown,
  deps: ServiceDeps,
  { address, lapsePolicy }: BeginCall,
  { attemptId }: BeginCommand,
  answered: boolean,
): BeginAnswer {
  // Nor is it a reason to run out of turn, which a record may have without this Begin saying so.
  const guarded = lapsePolicy === "hold" || address.stream !== "" || answered;
  if (!policies(deps, address).fail_open || guarded || !isUnavailable(error)) throw error;
  observeUnguarded(deps, address, error);
  return { kind: "unguarded", attemptId };
}

function beginOrWait(
  deps: ServiceDeps,
  call: BeginCall,
  command: BeginCommand,
  caller: Caller,
  asking: { answered: boolean },
): Promise<BeginOutcome> {
  if (call.waitFor === 0) return deps.store.begin(call.address, command);
  return deps.waiting.until(call.address, call.waitFor, caller, async (announce) => {
    const outcome = await deps.store.begin(call.address, command, { announce, askedBefore: asking.answered });
    asking.answered = true;
    const running = outcome.kind === "in_progress";
    return { answer: outcome, standsForMs: running ? timeLeft(outcome.record.leaseUntil, outcome.now) : undefined };
  });
}

function retryAfter(deps: ServiceDeps, outcome: BeginOutcome): DurationMs {
  switch (outcome.kind) {
    case "in_progress":
      return duplicateRetryAfter(timeLeft(outcome.record.leaseUntil, outcome.now), deps.random());
    case "backing_off":
      return timeLeft(outcome.record.retryAt, outcome.now);
    case "gap":
    case "stream_busy":
      return outcome.leaseLeft > 0 ? duplicateRetryAfter(outcome.leaseLeft, deps.random()) : durationMs(0);
    default:
      return durationMs(0);
  }
}

function isUnavailable(error: unknown): boolean {
  return error instanceof OncewardError && error.code === "STORE_UNAVAILABLE";
}
