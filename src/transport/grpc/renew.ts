import { LEASE_MS_MAX, LEASE_MS_MIN } from "../../base/limits.ts";
import type { RenewOutcome } from "../../domain/renew.ts";
import { type RenewCall, renew } from "../../service/renew.ts";
import type { TransportDeps } from "./context.ts";
import { Fields } from "./fields.ts";
import type { RenewRequest__Output } from "./gen/onceward/v1/RenewRequest.ts";
import type { RenewResponse } from "./gen/onceward/v1/RenewResponse.ts";
import { zeroTokenAllowed } from "./token.ts";

const OUTCOME = {
  renewed: "RENEWED",
  fenced: "FENCED",
  finished: "FINISHED",
  not_found: "NOT_FOUND",
} as const satisfies Record<RenewOutcome["kind"], RenewResponse["outcome"]>;

export async function handleRenew(deps: TransportDeps, request: RenewRequest__Output): Promise<RenewResponse> {
  const fields = new Fields();
  const call = readRenew(deps, fields, request);
  fields.check();
  const outcome = await renew(deps, call);
  return { outcome: OUTCOME[outcome.kind], leaseMs: outcome.kind === "renewed" ? outcome.leaseLeft : 0 };
}

type Renewing = Pick<RenewRequest__Output, "address" | "fencingToken" | "leaseMs">;

/** What Renew and Checkpoint share. */
export function readRenew(deps: TransportDeps, fields: Fields, request: Renewing): RenewCall {
  const address = fields.address("address", request.address);
  return {
    address,
    token: fields.token("fencing_token", request.fencingToken, zeroTokenAllowed(deps, address)),
    leaseFor: fields.duration("lease_ms", request.leaseMs, { min: LEASE_MS_MIN, max: LEASE_MS_MAX }),
  };
}
