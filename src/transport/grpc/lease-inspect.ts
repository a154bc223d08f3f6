import { leaseInspect } from "../../service/lease-inspect.ts";
import type { TransportDeps } from "./context.ts";
import { Fields } from "./fields.ts";
import type { InspectRequest__Output } from "./gen/onceward/v1/InspectRequest.ts";
import type { InspectResponse } from "./gen/onceward/v1/InspectResponse.ts";
import { leaseMessage, readLeaseAddress } from "./lease-fields.ts";

export async function handleLeaseInspect(
  deps: TransportDeps,
  request: InspectRequest__Output,
): Promise<InspectResponse> {
  const fields = new Fields();
  const address = readLeaseAddress(fields, request);
  fields.check();
  const held = await leaseInspect(deps, address);
  return { held: held !== undefined, lease: held === undefined ? null : leaseMessage(held) };
}
