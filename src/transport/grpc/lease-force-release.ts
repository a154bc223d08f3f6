import { ERROR_BYTES_MAX, OWNER_BYTES_MAX } from "../../base/limits.ts";
import type { ForceReleaseOutcome } from "../../domain/lease.ts";
import { leaseForceRelease } from "../../service/lease-force-release.ts";
import type { TransportDeps } from "./context.ts";
import { Fields } from "./fields.ts";
import type { ForceReleaseRequest__Output } from "./gen/onceward/v1/ForceReleaseRequest.ts";
import type { ForceReleaseResponse } from "./gen/onceward/v1/ForceReleaseResponse.ts";
import { readLeaseAddress } from "./lease-fields.ts";

const OUTCOME = { released: "RELEASED", not_held: "NOT_HELD" } as const satisfies Record<
  ForceReleaseOutcome["kind"],
  ForceReleaseResponse["outcome"]
>;

export async function handleLeaseForceRelease(
  deps: TransportDeps,
  request: ForceReleaseRequest__Output,
): Promise<ForceReleaseResponse> {
  const fields = new Fields();
  const call = {
    address: readLeaseAddress(fields, request),
    reason: fields.text("reason", request.reason, { min: 1, max: ERROR_BYTES_MAX }),
    actor: fields.text("actor", request.actor, { min: 0, max: OWNER_BYTES_MAX }),
  };
  fields.check();
  return { outcome: OUTCOME[(await leaseForceRelease(deps, call)).kind] };
}
