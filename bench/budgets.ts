import type { Spread } from "./statistics.ts";
import { table } from "./table.ts";

/** A figure that the project has promised itself. */
interface Budget {
  readonly what: string;
  readonly better: "more" | "less";
  readonly floor: number;
  readonly goal: number;
}

const less = (what: string, floor: number, goal: number): Budget => ({ what, better: "less", floor, goal });
const more = (what: string, floor: number, goal: number): Budget => ({ what, better: "more", floor, goal });

const BUDGETS = {
  P1: more("Begin on Redis : empty echo, calls per server core", 0.7, 0.8),
  P2: more("BeginBatch(100) : bare script for 100 keys, items per core of the one that decides", 0.5, 0.7),
  P3: more("BeginBatch(100) : Begin, items per server core", 6, 10),
  P4: less("Redis CPU of a pair : the bare scripts'", 1.8, 1.4),
  P5: more("embedded, durable pairs a second", 10_000, 15_000),
  P6: less("event-loop delay p99 meanwhile, ms", 20, 10),
  P7: less("our client : Powertools, CPU of the caller for a duplicate", 0.5, 0.25),
  P8: less("our client : node-idempotency, CPU of the caller for a duplicate", 1.4, 1),
  "P9-idle": less("resident memory when idle, MB", 90, 75),
  "P9-load": less("resident memory under load, MB", 150, 120),
  P10: less("start to ready, ms", 300, 200),
  P11: less("memory of a finished record in Redis, bytes", 400, 300),
  "P13-off": more("Begin, tracing off : no telemetry code runs, calls per server core", 0.97, 0.99),
  "P13-metrics": more("Begin, metrics on : no telemetry code runs, calls per server core", 0.95, 0.98),
  "P13-traces": more("Begin, 1 % traced : no telemetry code runs, calls per server core", 0.9, 0.95),
  P12: less("replay latency in process, largest store : smallest", 2, 1.3),
  "P12-served": less("the same through a sidecar, as callers have it", 2, 1.3),
} as const satisfies Record<string, Budget>;

export type BudgetId = keyof typeof BUDGETS;

export interface Checked {
  readonly id: BudgetId;
  /** NaN = was not measured. */
  readonly measured: Spread;
}

/** A budget as a program reads it. */
export interface BudgetResult extends Budget {
  readonly value: number;
  /** Where the middle half of what was measured lies. */
  readonly iqr: readonly [lower: number, upper: number];
  /** Where the value would lie after endless rounds, with 95 % confidence. */
  readonly confidence: readonly [from: number, to: number];
  /** The value reaches the floor. */
  readonly held: boolean;
}

function verdict({ id, measured: { median } }: Checked): "goal" | "floor" | "missed" {
  const budget = BUDGETS[id];
  const reaches = (mark: number) => (budget.better === "more" ? median >= mark : median <= mark);
  if (reaches(budget.goal)) return "goal";
  return reaches(budget.floor) ? "floor" : "missed";
}

/** Those that were measured. */
export function budgetResults(all: readonly Checked[]): Partial<Record<BudgetId, BudgetResult>> {
  const results: Partial<Record<BudgetId, BudgetResult>> = {};
  for (const checked of all.filter(wasMeasured)) {
    const { median, lowerQuartile, upperQuartile, confidence } = checked.measured;
    const held = verdict(checked) !== "missed";
    const iqr = [lowerQuartile, upperQuartile] as const;
    results[checked.id] = { ...BUDGETS[checked.id], value: median, iqr, confidence, held };
  }
  return results;
}

function wasMeasured({ measured }: Checked): boolean {
  return Number.isFinite(measured.median);
}

/** Where the floor and the goal of a budget lie, for a chart. */
export function marksOf(id: BudgetId): { readonly label: string; readonly value: number }[] {
  const { floor, goal } = BUDGETS[id];
  return [
    { label: `${id} floor`, value: floor },
    { label: "goal", value: goal },
  ];
}

/** Empty when none of them was measured. */
export function budgetTable(all: readonly Checked[]): string {
  const rows = all.filter(wasMeasured).map((checked) => {
    const { what, floor, goal } = BUDGETS[checked.id];
    const digits = goal >= 100 ? 0 : 2;
    const { median, lowerQuartile, upperQuartile, confidence } = checked.measured;
    const range = (values: readonly number[]) => values.map((value) => value.toFixed(digits)).join("–");
    const marks = [String(floor), String(goal), verdict(checked)];
    const ranges = [range([lowerQuartile, upperQuartile]), range(confidence)];
    return [`${checked.id} ${what}`, median.toFixed(digits), ...ranges, ...marks];
  });
  const header = ["budget", "measured", "quartiles", "95 % of the median", "floor", "goal", "reaches"];
  return rows.length === 0 ? "" : table(header, rows);
}
