import { ATTEMPT_ID_BYTES_MAX } from "../../base/limits.ts";
import type { AdvanceOutcome } from "../../domain/advance.ts";
import { duplicateRetryAfter } from "../../domain/backoff.ts";
import { advanceSequence } from "../../service/sequence-advance.ts";
import type { TransportDeps } from "./context.ts";
import { Fields } from "./fields.ts";
import type { AdvanceRequest__Output } from "./gen/onceward/v1/AdvanceRequest.ts";
import type { AdvanceResponse } from "./gen/onceward/v1/AdvanceResponse.ts";
import { ORDERING_MODE } from "./ordering.ts";
import { lastMessage, readStreamAddress } from "./sequence-fields.ts";

const OUTCOME = {
  advanced: "ADVANCED",
  duplicate: "DUPLICATE",
  stale: "STALE",
  gap: "GAP",
  conflict: "CONFLICT",
  fenced: "FENCED",
} as const satisfies Record<AdvanceOutcome["kind"], AdvanceResponse["outcome"]>;

export async function handleSequenceAdvance(
  deps: TransportDeps,
  request: AdvanceRequest__Output,
): Promise<AdvanceResponse> {
  const fields = new Fields();
  const address = readStreamAddress(fields, request);
  const mode = fields.choice("mode", request.mode, ORDERING_MODE);
  const sequence = fields.sequence("sequence", request.sequence);
  const expected = BigInt(request.expected);
  if (mode === "exact" && expected >= sequence) fields.refuse("expected", "must be below sequence");
  if (mode !== "exact" && expected !== 0n) fields.refuse("expected", "must be 0 but in EXACT");
  const attemptId = fields.text("attempt_id", request.attemptId, { min: 0, max: ATTEMPT_ID_BYTES_MAX });
  fields.check();
  const epoch = BigInt(request.epoch);
  const tiebreak = mode === "last_write_wins" ? BigInt(request.tiebreak) : 0n;
  const outcome = await advanceSequence(deps, address, { mode, sequence, expected, epoch, tiebreak, attemptId });
  return {
    outcome: OUTCOME[outcome.kind],
    ...lastMessage(outcome.last),
    streamEpoch: String(outcome.streamEpoch),
    retryAfterMs: outcome.leaseLeft > 0 ? duplicateRetryAfter(outcome.leaseLeft, deps.random()) : 0,
  };
}
