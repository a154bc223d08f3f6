import type * as Real from "../../../src/telemetry/retry-watch.ts";

export class RetryWatch implements Pick<Real.RetryWatch, "duplicate"> {
  duplicate(): void {}
}
