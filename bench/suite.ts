import type { Panel } from "./chart.ts";
import type { Progress } from "./progress.ts";
import type { Results } from "./results.ts";
import type { Workplace } from "./support/workplace.ts";

export interface SuiteDeps {
  readonly workplace: Workplace;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export interface SuiteResult {
  /** For people: the heading and the tables. */
  readonly text: string;
  /** The same as pictures. */
  readonly panels: readonly Panel[];
  /** For programs. */
  readonly results: Results;
}
