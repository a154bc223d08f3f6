import type { FencingToken } from "../base/units.ts";
import type { RecordAddress } from "../domain/address.ts";
import type { ReleaseOutcome } from "../domain/release.ts";
import { policies, retentionOf, type ServiceDeps } from "./context.ts";
import { observe } from "./observe.ts";
import { unguarded } from "./unguarded.ts";

export interface ReleaseCall {
  readonly address: RecordAddress;
  readonly token: FencingToken;
}

/** I did not run it. */
export async function release(deps: ServiceDeps, { address, token }: ReleaseCall): Promise<ReleaseOutcome> {
  const command = { token, retention: retentionOf(policies(deps, address)) };
  const outcome: ReleaseOutcome = unguarded(token) ? { kind: "not_found" } : await deps.store.release(address, command);
  observe(deps, address, "Release", outcome.kind);
  return outcome;
}
