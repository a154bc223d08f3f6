import { CHECKPOINT_NAME_BYTES_MAX } from "../../base/limits.ts";
import type { CheckpointOutcome } from "../../domain/checkpoint.ts";
import { checkpoint } from "../../service/checkpoint.ts";
import type { TransportDeps } from "./context.ts";
import { Fields } from "./fields.ts";
import type { CheckpointRequest__Output } from "./gen/onceward/v1/CheckpointRequest.ts";
import type { CheckpointResponse } from "./gen/onceward/v1/CheckpointResponse.ts";
import { readRenew } from "./renew.ts";

const OUTCOME = {
  saved: "SAVED",
  stale: "STALE",
  fenced: "FENCED",
  finished: "FINISHED",
  not_found: "NOT_FOUND",
} as const satisfies Record<CheckpointOutcome["kind"], CheckpointResponse["outcome"]>;

export async function handleCheckpoint(
  deps: TransportDeps,
  request: CheckpointRequest__Output,
): Promise<CheckpointResponse> {
  const fields = new Fields();
  const call = {
    ...readRenew(deps, fields, request),
    name: fields.text("name", request.name, { min: 1, max: CHECKPOINT_NAME_BYTES_MAX }),
    data: fields.bytes("data", request.data, { min: 0, max: deps.settings.checkpoint_inline }),
    step: BigInt(request.step),
  };
  fields.check();
  const outcome = await checkpoint(deps, call);
  return { outcome: OUTCOME[outcome.kind], leaseMs: "leaseLeft" in outcome ? outcome.leaseLeft : 0 };
}
