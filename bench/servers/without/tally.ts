import type * as Real from "../../../src/telemetry/tally.ts";

export class CallTally implements Pick<Real.CallTally, "count" | "countError" | "countStart" | "countNotable"> {
  count(): void {}
  countError(): void {}
  countStart(): void {}
  countNotable(): void {}
  namespaces(): string[] {
    return [];
  }
}
