import { monotonicMs } from "../../base/clock.ts";
import type { StoreStatus } from "../../store/port.ts";
import { type CallTally, NOTABLE } from "../../telemetry/tally.ts";

export interface MetricSources {
  readonly tally: CallTally;
  readonly inFlight: () => number;
  readonly waiters: () => number;
  readonly status: () => StoreStatus;
}

interface Metric {
  readonly name: string;
  readonly type: "counter" | "gauge";
  readonly help: string;
  readonly samples: ReadonlyArray<{ readonly labels: Readonly<Record<string, string>>; readonly value: number }>;
}

/** What this process counts itself, in Prometheus' text format (version 0.0.4). */
export function metricsText({ tally, inFlight, waiters, status }: MetricSources): string {
  const metrics: Metric[] = [
    {
      name: "onceward_calls_total",
      type: "counter",
      help: "Calls answered with an outcome since this process started; items of batches and sessions count singly.",
      samples: [...tally.calls()].map(({ namespace, call, outcome, count }) => ({
        labels: { namespace, call, outcome },
        value: count,
      })),
    },
    {
      name: "onceward_errors_total",
      type: "counter",
      help: "Calls ended with an error status since this process started, but for those that gRPC itself refuses.",
      samples: [...tally.errors()].map(([reason, value]) => ({ labels: { reason }, value })),
    },
    {
      name: "onceward_notable_events_total",
      type: "counter",
      help: "Completions that restored a record the store had lost, and starts that nothing guards (fail_open).",
      samples: NOTABLE.map((event) => ({ labels: { event }, value: tally.notable(event) })),
    },
    gauge(
      "onceward_gap_windows",
      "Losses of acknowledged data by the store that this process noticed.",
      status().gaps.length,
    ),
    gauge("onceward_in_flight_calls", "Calls being worked on now, waiting ones included.", inFlight()),
    gauge("onceward_waiting_calls", "Calls waiting now for an attempt or a lease to end.", waiters()),
    gauge("onceward_uptime_seconds", "Time since this process started.", Math.round(monotonicMs()) / 1000),
  ];
  return metrics.map(render).join("");
}

function gauge(name: string, help: string, value: number): Metric {
  return { name, type: "gauge", help, samples: [{ labels: {}, value }] };
}

function render({ name, type, help, samples }: Metric): string {
  const lines = samples.map(({ labels, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}=${JSON.stringify(text)}`);
    return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}\n`;
  });
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}
