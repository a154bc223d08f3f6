import { BUDGETS, budgetTable, type Checked } from "../budgets.ts";
import { decimals, ratio, table, whole } from "../table.ts";
import type { Summary } from "./summary.ts";
import { ECHO_COPY, STORE } from "./variants.ts";

/** The closing tables, as Markdown. */
export function report(summaries: readonly Summary[]): string {
  const parts = [
    `Medians of ${summaries[0]?.rounds ?? 0} rounds. An item of a batch is a call; two calls make a pair.`,
    costs(summaries),
    "Ratios, paired by round: median (quartiles).",
    ratios(summaries),
    noise(summaries),
    "Latency of one call, ms, under closed-loop load: as many callers as there are, each waiting for its answer.",
    latencies(summaries),
    budgetTable(checkBudgets(summaries)),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function costs(summaries: readonly Summary[]): string {
  const header = [
    "variant",
    "",
    "pairs/s",
    "calls/s",
    "server busy",
    "server µs/call",
    "Redis µs/call",
    "client µs/call",
  ];
  const rows = summaries.map((one) => [
    one.name,
    one.title,
    whole(one.pairsPerSecond.median),
    whole(one.callsPerSecond.median),
    percent(one.serverBusy.median),
    decimals(one.serverUsPerCall.median, 1),
    decimals(one.redisUsPerCall.median, 1),
    decimals(one.clientUsPerCall.median, 1),
  ]);
  return table(header, rows, 2);
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${Math.round(share * 100)} %` : decimals(share, 0);
}

function ratios(summaries: readonly Summary[]): string {
  const header = ["variant", "calls/s : echo", "calls per server core : echo", "Redis CPU a call : bare script"];
  const rows = summaries.map(({ name, ratios: { throughput, perServerCore, redisCpu } }) => [
    name,
    ...[throughput, perServerCore, redisCpu].map(ratio),
  ]);
  return table(header, rows);
}

/** What two copies of one thing differ by is what no difference between two things may be below. */
function noise(summaries: readonly Summary[]): string {
  const copy = summaries.find(({ name }) => name === ECHO_COPY);
  if (copy === undefined) return "Without echo-copy this run does not show its own noise.";
  const { throughput, perServerCore } = copy.ratios;
  return `Noise: echo copies differ by ${ratio(throughput)} in calls/s, by ${ratio(perServerCore)} per core.`;
}

function latencies(summaries: readonly Summary[]): string {
  const rows = summaries.flatMap(({ name, latencies: byCall }) =>
    Object.entries(byCall).map(([call, { p50, p95, p99, max }]) => [
      name,
      call,
      ...[p50, p95, p99, max].map((ms) => decimals(ms, 2)),
    ]),
  );
  return table(["variant", "call", "p50", "p95", "p99", "max"], rows, 2);
}

export function checkBudgets(summaries: readonly Summary[]): Checked[] {
  const find = (name: string) => summaries.find((one) => one.name === name);
  return [
    { budget: BUDGETS.P1, measured: find("redis-begin")?.ratios.perServerCore.median ?? Number.NaN },
    { budget: BUDGETS.P4, measured: find(STORE)?.ratios.redisCpu.median ?? Number.NaN },
  ];
}
