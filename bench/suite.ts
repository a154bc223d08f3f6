import type { Progress } from "./progress.ts";
import type { Workplace } from "./support/workplace.ts";

export interface SuiteDeps {
  readonly workplace: Workplace;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export interface SuiteResult {
  /** For people: the heading and the tables. */
  readonly text: string;
  /** For programs; NaN becomes null. */
  readonly json: object;
}
