import type { HeldLease, LeaseAddress } from "../domain/lease.ts";
import type { ServiceDeps } from "./context.ts";
import { observe } from "./observe.ts";

/** Who has it? Undefined = nobody. */
export async function leaseInspect(deps: ServiceDeps, address: LeaseAddress): Promise<HeldLease | undefined> {
  const held = await deps.leases.inspect(address);
  observe(deps, address, "LeaseInspect", held === undefined ? "not_held" : "held");
  return held;
}
