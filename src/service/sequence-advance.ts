import type { StreamAddress } from "../domain/address.ts";
import type { AdvanceCommand, AdvanceOutcome } from "../domain/advance.ts";
import type { ServiceDeps } from "./context.ts";

/** Is it this place's turn? */
export async function advanceSequence(
  deps: ServiceDeps,
  address: StreamAddress,
  command: AdvanceCommand,
): Promise<AdvanceOutcome> {
  const outcome = await deps.store.sequences.advance(address, command);
  deps.tally.count(address.namespace, "SequenceAdvance", outcome.kind);
  return outcome;
}
