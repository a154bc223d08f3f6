import type { ResetOutcome } from "../../domain/reset.ts";
import { resetSequence } from "../../service/sequence-reset.ts";
import type { TransportDeps } from "./context.ts";
import { Fields } from "./fields.ts";
import type { SkipRequest__Output } from "./gen/onceward/v1/SkipRequest.ts";
import type { SkipResponse } from "./gen/onceward/v1/SkipResponse.ts";
import { lastMessage, readReset } from "./sequence-fields.ts";

const OUTCOME = { reset: "SKIPPED", conflict: "CONFLICT", not_found: "NOT_FOUND" } as const satisfies Record<
  ResetOutcome["kind"],
  SkipResponse["outcome"]
>;

export async function handleSequenceSkip(deps: TransportDeps, request: SkipRequest__Output): Promise<SkipResponse> {
  const fields = new Fields();
  const call = readReset(fields, request, true);
  fields.check();
  const { kind, last } = await resetSequence(deps, call);
  return { outcome: OUTCOME[kind], ...lastMessage(last) };
}
