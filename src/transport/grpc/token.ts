import type { RecordAddress } from "../../domain/address.ts";
import { policies } from "../../service/context.ts";
import type { TransportDeps } from "./context.ts";

/** Token 0 says that the caller runs unguarded, which only a namespace that fails open lets it do. */
export function zeroTokenAllowed(deps: TransportDeps, address: RecordAddress): boolean {
  return policies(deps, address).fail_open;
}
