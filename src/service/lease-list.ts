import type { LeaseQuery } from "../store/port.ts";
import type { ServiceDeps } from "./context.ts";

/** Which leases are held? The longest page of the longest leases fits into one message. */
export function leaseList(deps: ServiceDeps, query: LeaseQuery) {
  return deps.leases.list(query);
}
