import type { CheckFenceOutcome } from "../../domain/lease.ts";
import { leaseCheckFence } from "../../service/lease-check-fence.ts";
import type { TransportDeps } from "./context.ts";
import { Fields } from "./fields.ts";
import type { CheckFenceRequest__Output } from "./gen/onceward/v1/CheckFenceRequest.ts";
import type { CheckFenceResponse } from "./gen/onceward/v1/CheckFenceResponse.ts";
import { readLeaseAddress } from "./lease-fields.ts";

const OUTCOME = { current: "CURRENT", stale: "STALE" } as const satisfies Record<
  CheckFenceOutcome["kind"],
  CheckFenceResponse["outcome"]
>;

export async function handleLeaseCheckFence(
  deps: TransportDeps,
  request: CheckFenceRequest__Output,
): Promise<CheckFenceResponse> {
  const fields = new Fields();
  const call = {
    address: readLeaseAddress(fields, request),
    token: fields.token("fencing_token", request.fencingToken, false),
  };
  fields.check();
  return { outcome: OUTCOME[(await leaseCheckFence(deps, call)).kind] };
}
