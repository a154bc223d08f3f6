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

  /** Those whose unfinished records are counted in the background. */
  override namespaces(): string[] {
    return counts() ? super.namespaces() : [];
  }
}
