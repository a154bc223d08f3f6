import { type BudgetId, type BudgetResult, budgetResults, type Checked } from "./budgets.ts";
import type { Machine } from "./machine.ts";
import type { Spread } from "./statistics.ts";

/** What `--json` writes, whichever suite ran; NaN becomes null. */
export interface Results {
  readonly suite: string;
  readonly date: string;
  readonly machine: Omit<Machine, "commit" | "node" | "date">;
  readonly commit: string;
  readonly node: string;
  /** By how much two copies of one thing differed; null where the suite has no copies. */
  readonly noise: Readonly<Record<string, Spread>> | null;
  readonly budgets: Partial<Record<BudgetId, BudgetResult>>;
  /** One for each thing that was measured beside the others. */
  readonly variants: readonly object[];
  /** How it was measured. */
  readonly run: object;
}

export interface Measured {
  readonly suite: string;
  readonly machine: Machine;
  readonly noise?: Readonly<Record<string, Spread>> | undefined;
  readonly budgets: readonly Checked[];
  readonly variants: readonly object[];
  readonly run: object;
}

export function resultsOf({ suite, machine, noise = undefined, budgets, variants, run }: Measured): Results {
  const { commit, node, date, ...about } = machine;
  return {
    suite,
    date,
    machine: about,
    commit,
    node,
    noise: noise ?? null,
    budgets: budgetResults(budgets),
    variants,
    run,
  };
}
