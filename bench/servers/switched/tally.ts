import type { CallName, OutcomeOf } from "../../../src/telemetry/outcomes.ts";
import * as real from "../../../src/telemetry/tally.ts";
import { counts } from "./switch.ts";

export const { NOTABLE } = real;

export class CallTally extends real.CallTally {
  override count<Call extends CallName>(namespace: string, call: Call, outcome: OutcomeOf<Call>): void {
    if (counts()) super.count(namespace, call, outcome);
  }

  override countStart(namespace: string, attempt: number): void {
    if (counts()) super.countStart(namespace, attempt);
  }

  override countNotable(namespace: string, event: real.Notable): void {
    if (counts()) super.countNotable(namespace, event);
  }

  override countError(code: string): void {
    if (counts()) super.countError(code);
  }
}
