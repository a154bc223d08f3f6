import { budgetTable, type Checked } from "../budgets.ts";
import type { Panel } from "../chart.ts";
import { decimals, ratio, table, whole } from "../table.ts";
import type { Offered } from "./offer.ts";
import type { Summary } from "./summary.ts";
import { ECHO_COPY } from "./variants.ts";

export interface Figures {
  readonly summaries: readonly Summary[];
  readonly offered: readonly Offered[];
  readonly budgets: readonly Checked[];
}

/** The closing tables, as Markdown. */
export function report({ summaries, offered, budgets }: Figures): string {
  const parts = [
    `Medians of ${summaries[0]?.rounds ?? 0} rounds. An item of a batch is a call; two calls make a pair.`,
    costs(summaries),
    "Ratios, paired by round: median (quartiles).",
    ratios(summaries),
    noise(summaries),
    "Latency of one call, ms, under closed-loop load: as many callers as there are, each waiting for its answer.",
    latencies(summaries),
    ...(offered.length === 0 ? [] : [offeredTitle(offered), offeredTable(offered)]),
    budgetTable(budgets),
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

function offeredTitle([first]: readonly Offered[]): string {
  return [
    `Latency, ms, at ${whole(first?.callsPerSecond ?? Number.NaN)} calls a second offered to each, from when a step`,
    "was due, whether earlier ones were answered or not (open loop). A step of new keys is Begin and Complete.",
  ].join("\n");
}

function offeredTable(offered: readonly Offered[]): string {
  const header = ["variant", "p50", "p95", "p99", "max", "sent late p99"];
  const rows = offered.map(({ variant, step, sentLate }) => [
    variant,
    ...[step.p50, step.p95, step.p99, step.max, sentLate.p99].map((ms) => decimals(ms, 2)),
  ]);
  const failures = offered.flatMap(({ variant, failure }) => (failure === undefined ? [] : [`${variant}: ${failure}`]));
  return [table(header, rows), ...failures].join("\n\n");
}

/** The same as bars. */
export function panels({ summaries, offered }: Figures): Panel[] {
  const cpu = summaries.map(({ name, serverUsPerCall, redisUsPerCall, clientUsPerCall }) => ({
    label: name,
    values: [clientUsPerCall.median, serverUsPerCall.median, redisUsPerCall.median],
  }));
  const perCore = summaries
    .filter(({ ratios }) => Number.isFinite(ratios.perServerCore.median))
    .map(
      ({
        name,
        ratios: {
          perServerCore: { median, lowerQuartile, upperQuartile },
        },
      }) => ({
        label: name,
        values: [median],
        iqr: [lowerQuartile, upperQuartile] as const,
      }),
    );
  const step = offered.map((one) => ({
    label: one.variant,
    values: [one.step.p50],
    iqr: [one.step.p50, one.step.p99] as const,
  }));
  return [
    { title: "CPU of one call, less is better", unit: "µs", parts: ["caller", "sidecar", "Redis"], bars: cpu },
    {
      title: "Calls that one core of the server serves, more is better",
      unit: "echo = 1, quartiles",
      parts: ["calls"],
      bars: perCore,
      marks: [{ label: "echo", value: 1 }],
    },
    { title: "Latency at the same offered load", unit: "ms, p50 and up to p99", parts: ["step"], bars: step },
  ].filter(({ bars }) => bars.length > 0);
}
