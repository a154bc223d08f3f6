import type { StreamAddress } from "../domain/address.ts";
import type { AdvanceCommand, AdvanceOutcome } from "../domain/advance.ts";
import type { ServiceDeps } from "./context.ts";
import { observe } from "./observe.ts";

/** Is it this place's turn? */
export async function advanceSequence(
  deps: ServiceDeps,
  address: StreamAddress,
  command: AdvanceCommand,
): Promise<AdvanceOutcome> {
  const outcome = await deps.store.sequences.advance(address, command);
  observe(deps, address, "SequenceAdvance", outcome.kind);
  return outcome;
}
