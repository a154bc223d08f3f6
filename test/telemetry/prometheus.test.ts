import { describe, expect, it } from "vitest";
import { METRICS, type Metric } from "../../src/telemetry/names.ts";
import { prometheusName, prometheusText } from "../../src/telemetry/prometheus.ts";

describe("Prometheus' text format", () => {
  it("names a metric as a Collector would, with its unit and, of a counter, its total", () => {
    expect(Object.values(METRICS).map(prometheusName)).toEqual(expect.arrayContaining(EXPECTED_NAMES));
  });

  it("has a head and a line a series", () => {
    const points = [
      { attributes: { "onceward.namespace": "payments", "onceward.attempt": "1" }, value: 3 },
      { attributes: { "onceward.namespace": "mail", "onceward.attempt": "11+" }, value: 0 },
    ] as const;
    expect(prometheusText([{ metric: METRICS.starts, points }])).toBe(
      "# HELP onceward_starts_total Attempts started, by their number: from the second on they are retries.\n" +
        "# TYPE onceward_starts_total counter\n" +
        'onceward_starts_total{onceward_namespace="payments",onceward_attempt="1"} 3\n' +
        'onceward_starts_total{onceward_namespace="mail",onceward_attempt="11+"} 0\n',
    );
  });

  it("adds a histogram's buckets up, and has one above all bounds", () => {
    const metric: Metric = { ...METRICS.rpcDuration, bounds: [0.1, 1] };
    const points = [{ attributes: { "rpc.method": "a/B" }, value: { counts: [2, 0, 1], sum: 7.5 } }];
    expect(prometheusText([{ metric, points }]).split("\n").slice(2, -1)).toEqual([
      'rpc_server_call_duration_seconds_bucket{rpc_method="a/B",le="0.1"} 2',
      'rpc_server_call_duration_seconds_bucket{rpc_method="a/B",le="1"} 2',
      'rpc_server_call_duration_seconds_bucket{rpc_method="a/B",le="+Inf"} 3',
      'rpc_server_call_duration_seconds_sum{rpc_method="a/B"} 7.5',
      'rpc_server_call_duration_seconds_count{rpc_method="a/B"} 3',
    ]);
  });

  it("escapes what would end a label", () => {
    const points = [{ attributes: { "onceward.shard": 'a"b\\c\nd' }, value: 1 }];
    expect(prometheusText([{ metric: METRICS.shardUp, points }])).toContain('{onceward_shard="a\\"b\\\\c\\nd"} 1\n');
  });

  it("leaves out what has nothing to say yet", () => {
    expect(prometheusText([{ metric: METRICS.errors, points: [] }])).toBe("");
  });
});

const EXPECTED_NAMES = [
  "onceward_calls_total",
  "onceward_errors_total",
  "rpc_server_call_duration_seconds",
  "onceward_in_flight_calls",
  "onceward_unfinished_records_oldest_age_seconds",
  "onceward_shard_up",
  "onceward_build_info",
  "process_cpu_time_seconds_total",
  "process_memory_usage_bytes",
  "nodejs_eventloop_utilization_ratio",
];
