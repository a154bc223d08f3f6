import { type StreamAddress, streamPlaceOf } from "../domain/address.ts";
import type { ResetCommand, ResetOutcome } from "../domain/reset.ts";
import type { ServiceDeps } from "./context.ts";
import { observe } from "./observe.ts";

export interface ResetSequenceCall {
  readonly address: StreamAddress;
  readonly command: ResetCommand;
  readonly reason: string;
  readonly actor: string;
}

/** An operator sets where a stream stands: a Reset, or a Skip where only a known stream may be moved. Audited. */
export async function resetSequence(deps: ServiceDeps, call: ResetSequenceCall): Promise<ResetOutcome> {
  const { address, command, reason, actor } = call;
  const outcome = await deps.store.sequences.reset(address, command);
  const skips = command.onlyKnown;
  observe(deps, address, skips ? "SequenceSkip" : "SequenceReset", outcome.kind);
  deps.logger.info(
    {
      audit: skips ? "sequence_skip" : "sequence_reset",
      namespace: address.namespace,
      stream: streamPlaceOf(address).id,
      expectedLast: command.expectedLast === undefined ? undefined : String(command.expectedLast),
      to: String(command.to),
      outcome: outcome.kind,
      actor,
      reason,
    },
    skips ? "an operator skipped places of a stream" : "an operator reset a stream",
  );
  return outcome;
}
