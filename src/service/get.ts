import type { DurationMs } from "../base/units.ts";
import type { RecordAddress } from "../domain/address.ts";
import type { GetOutcome } from "../domain/get.ts";
import { isFinished } from "../domain/record.ts";
import type { Caller } from "./caller.ts";
import type { ServiceDeps } from "./context.ts";
import { observeGet } from "./observe.ts";

export interface GetCall {
  readonly address: RecordAddress;
  readonly waitFor: DurationMs;
}

/** What is known about this effect? Waits, if asked to, until it is finished. */
export async function get(deps: ServiceDeps, call: GetCall, caller: Caller): Promise<GetOutcome> {
  const outcome = await deps.waiting.until(call.address, call.waitFor, caller, async (announce) => {
    const answer = await deps.store.get(call.address, { announce });
    const settled = answer.kind === "not_found" || isFinished(answer.record);
    return { answer, standsForMs: settled ? undefined : Number.POSITIVE_INFINITY };
  });
  observeGet(deps, call.address, outcome);
  return outcome;
}
