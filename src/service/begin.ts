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
  const policy = policies(deps, call.address);
  const command: BeginCommand = {
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
  const asking = { answered: false };
  try {
    const outcome = await beginOrWait(deps, call, command, caller, asking);
    deps.tally.count(call.address.namespace, "Begin", outcome.kind);
    return { kind: "decided", outcome, retryAfter: retryAfter(deps, outcome) };
  } catch (error) {
    // Once it was told that another attempt is live, silence is no reason to run beside it; nor to run out of turn,
    // which a record may have without this Begin saying so.
    const guarded = call.lapsePolicy === "hold" || call.address.stream !== "" || asking.answered;
    if (!policy.fail_open || guarded || !isUnavailable(error)) throw error;
    deps.tally.count(call.address.namespace, "Begin", "started");
    deps.tally.countNotable("unguarded_start");
    deps.logger.warn({ namespace: call.address.namespace, err: error }, "the store is unreachable: running unguarded");
    return { kind: "unguarded", attemptId: command.attemptId };
  }
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
