import type { ReleaseOutcome } from "../../domain/release.ts";
import { release } from "../../service/release.ts";
import type { TransportDeps } from "./context.ts";
import { Fields } from "./fields.ts";
import type { ReleaseRequest__Output } from "./gen/onceward/v1/ReleaseRequest.ts";
import type { ReleaseResponse } from "./gen/onceward/v1/ReleaseResponse.ts";
import { zeroTokenAllowed } from "./token.ts";

const OUTCOME = {
  released: "RELEASED",
  fenced: "FENCED",
  finished: "FINISHED",
  not_found: "NOT_FOUND",
} as const satisfies Record<ReleaseOutcome["kind"], ReleaseResponse["outcome"]>;

export async function handleRelease(deps: TransportDeps, request: ReleaseRequest__Output): Promise<ReleaseResponse> {
  const fields = new Fields();
  const address = fields.address("address", request.address);
  const token = fields.token("fencing_token", request.fencingToken, zeroTokenAllowed(deps, address));
  fields.check();
  return { outcome: OUTCOME[(await release(deps, { address, token })).kind] };
}
