import { uniqueId } from "../base/random.ts";
import { type DurationMs, durationMs } from "../base/units.ts";
import { duplicateRetryAfter } from "../domain/backoff.ts";
import type { AcquireOutcome, LeaseAddress } from "../domain/lease.ts";
import type { Caller } from "./caller.ts";
import type { ServiceDeps } from "./context.ts";
import { leaseTtl } from "./lease-renew.ts";
import { observe } from "./observe.ts";

/** An Acquire as the caller put it, every field within its bounds. */
export interface LeaseAcquireCall {
  readonly address: LeaseAddress;
  /** 0 = the default. */
  readonly ttl: DurationMs;
  readonly waitFor: DurationMs;
  readonly owner: string;
  /** Empty = one is made. */
  readonly attemptId: string;
}

export interface LeaseAcquireAnswer {
  readonly outcome: AcquireOutcome;
  readonly leaseId: string;
  /** When to ask again; 0 when acquired. */
  readonly retryAfter: DurationMs;
}

/** May I have it? Waits, if asked to, while somebody else holds it. */
export async function leaseAcquire(
  deps: ServiceDeps,
  call: LeaseAcquireCall,
  caller: Caller,
): Promise<LeaseAcquireAnswer> {
  const { address, waitFor, owner, attemptId } = call;
  const mayResume = attemptId !== "";
  const leaseId = mayResume ? attemptId : uniqueId();
  const command = { leaseId, owner, ttl: leaseTtl(deps, call.ttl) };
  let outcome = await deps.leaseLine.acquire(address, command, { forMs: waitFor, mayResume }, caller);
  // With an id of its own the caller may hold the lease already, through a repeat of this call: it is left to run out.
  if (outcome.kind === "acquired" && !mayResume && caller.signal().aborted) {
    await deps.leases.release(address, { leaseId, token: outcome.token }).catch((error: unknown) => {
      deps.logger.debug({ err: error }, "the lease of a caller who has gone is left to run out");
    });
    deps.leaseLine.ended(address);
    outcome = { kind: "busy", owner: "", left: durationMs(1) };
  }
  observe(deps, address, "LeaseAcquire", outcome.kind);
  if (outcome.kind === "acquired") deps.holds.acquired(address, leaseId);
  const retryAfter = outcome.kind === "busy" ? duplicateRetryAfter(outcome.left, deps.random()) : durationMs(0);
  return { outcome, leaseId, retryAfter };
}
