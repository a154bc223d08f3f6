import { ERROR_BYTES_MAX, OWNER_BYTES_MAX } from "../../base/limits.ts";
import type { ResolveOutcome } from "../../domain/resolve.ts";
import { resolve } from "../../service/resolve.ts";
import type { TransportDeps } from "./context.ts";
import { Fields } from "./fields.ts";
import type { ResolveRequest__Output } from "./gen/onceward/v1/ResolveRequest.ts";
import type { ResolveResponse } from "./gen/onceward/v1/ResolveResponse.ts";

const RESOLUTION = { SUCCEEDED: "succeeded", FAILED: "failed", RETRY: "retry" } as const;

const OUTCOME = {
  resolved: "RESOLVED",
  in_progress: "IN_PROGRESS",
  finished: "FINISHED",
  fenced: "FENCED",
  not_found: "NOT_FOUND",
} as const satisfies Record<ResolveOutcome["kind"], ResolveResponse["outcome"]>;

export async function handleResolve(deps: TransportDeps, request: ResolveRequest__Output): Promise<ResolveResponse> {
  const fields = new Fields();
  const resolution = fields.choice("resolution", request.resolution, RESOLUTION);
  const call = {
    address: fields.address("address", request.address),
    resolution,
    result: resolution === "retry" ? undefined : fields.result("result", request.result),
    reason: fields.text("reason", request.reason, { min: 0, max: ERROR_BYTES_MAX }),
    actor: fields.text("actor", request.actor, { min: 0, max: OWNER_BYTES_MAX }),
    token: fields.token("fencing_token", request.fencingToken, true),
  };
  fields.check();
  return { outcome: OUTCOME[(await resolve(deps, call)).kind] };
}
