import { ERROR_BYTES_MAX, OWNER_BYTES_MAX } from "../../base/limits.ts";
import type { ForgetOutcome } from "../../domain/forget.ts";
import { forget } from "../../service/forget.ts";
import type { TransportDeps } from "./context.ts";
import { Fields } from "./fields.ts";
import type { ForgetRequest__Output } from "./gen/onceward/v1/ForgetRequest.ts";
import type { ForgetResponse } from "./gen/onceward/v1/ForgetResponse.ts";

const OUTCOME = { forgotten: "FORGOTTEN", not_found: "NOT_FOUND" } as const satisfies Record<
  ForgetOutcome["kind"],
  ForgetResponse["outcome"]
>;

export async function handleForget(deps: TransportDeps, request: ForgetRequest__Output): Promise<ForgetResponse> {
  const fields = new Fields();
  const call = {
    address: fields.address("address", request.address),
    reason: fields.text("reason", request.reason, { min: 0, max: ERROR_BYTES_MAX }),
    actor: fields.text("actor", request.actor, { min: 0, max: OWNER_BYTES_MAX }),
  };
  fields.check();
  return { outcome: OUTCOME[(await forget(deps, call)).kind] };
}
