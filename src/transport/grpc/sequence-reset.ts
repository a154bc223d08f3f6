import { resetSequence } from "../../service/sequence-reset.ts";
import type { TransportDeps } from "./context.ts";
import { Fields } from "./fields.ts";
import type { ResetRequest__Output } from "./gen/onceward/v1/ResetRequest.ts";
import type { ResetResponse } from "./gen/onceward/v1/ResetResponse.ts";
import { lastMessage, readReset } from "./sequence-fields.ts";

export async function handleSequenceReset(deps: TransportDeps, request: ResetRequest__Output): Promise<ResetResponse> {
  const fields = new Fields();
  const call = readReset(fields, request, false);
  fields.check();
  const { kind, last } = await resetSequence(deps, call);
  return { outcome: kind === "reset" ? "RESET" : "CONFLICT", ...lastMessage(last) };
}
