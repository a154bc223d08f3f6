import { table } from "./table.ts";

/** A figure that the project has promised itself. */
export interface Budget {
  readonly id: string;
  readonly what: string;
  readonly better: "more" | "less";
  readonly floor: number;
  readonly goal: number;
}

/** Those of the budgets that are measured so far. */
export const BUDGETS = {
  P1: { id: "P1", what: "Begin on Redis : empty echo, calls per server core", better: "more", floor: 0.7, goal: 0.8 },
  P4: { id: "P4", what: "Redis CPU of a pair : the bare scripts'", better: "less", floor: 1.8, goal: 1.4 },
  P5: { id: "P5", what: "embedded, durable pairs a second", better: "more", floor: 10_000, goal: 15_000 },
  P6: { id: "P6", what: "event-loop delay p99 meanwhile, ms", better: "less", floor: 20, goal: 10 },
} as const satisfies Record<string, Budget>;

export interface Checked {
  readonly budget: Budget;
  /** NaN = was not measured. */
  readonly measured: number;
}

export function verdict({ budget, measured }: Checked): "goal" | "floor" | "missed" {
  const reaches = (mark: number) => (budget.better === "more" ? measured >= mark : measured <= mark);
  if (reaches(budget.goal)) return "goal";
  return reaches(budget.floor) ? "floor" : "missed";
}

/** Empty when none of them was measured. */
export function budgetTable(all: readonly Checked[]): string {
  const rows = all
    .filter(({ measured }) => Number.isFinite(measured))
    .map((checked) => {
      const { id, what, floor, goal } = checked.budget;
      const digits = goal >= 1000 ? 0 : 2;
      return [`${id} ${what}`, checked.measured.toFixed(digits), String(floor), String(goal), verdict(checked)];
    });
  return rows.length === 0 ? "" : table(["budget", "measured", "floor", "goal", "reaches"], rows);
}
