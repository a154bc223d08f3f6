import type { HeldLease, LeaseAddress } from "../domain/lease.ts";
import type { ServiceDeps } from "./context.ts";

/** Who has it? Undefined = nobody. */
export async function leaseInspect(deps: ServiceDeps, address: LeaseAddress): Promise<HeldLease | undefined> {
  const held = await deps.leases.inspect(address);
  deps.tally.count(address.namespace, "LeaseInspect", held === undefined ? "not_held" : "held");
  return held;
}
