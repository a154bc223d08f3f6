import { ATTRIBUTES, METRICS, type Metric } from "../../src/telemetry/names.ts";
import { prometheusLabel, prometheusName } from "../../src/telemetry/prometheus.ts";
import { EVENTS, SPAN_ATTRIBUTES } from "../../src/telemetry/spans.ts";
import { NOTABLE } from "../../src/telemetry/tally.ts";
import { QUESTIONS } from "./questions.ts";
import { RULES, type Rule } from "./rules.ts";

/** Of OpenTelemetry's, what is followed. */
const VARIABLES = {
  OTEL_EXPORTER_OTLP_ENDPOINT: "turns both on; so do its forms `OTEL_EXPORTER_OTLP_TRACES_…` and `…_METRICS_…`, one",
  OTEL_TRACES_EXPORTER: "`otlp` turns traces on without an endpoint, `none` off; likewise `OTEL_METRICS_EXPORTER`",
  OTEL_EXPORTER_OTLP_PROTOCOL: "`http/protobuf` (default), `grpc`, `http/json`; for one signal by its form as above",
  OTEL_TRACES_SAMPLER: "as specified; `parentbased_traceidratio` with `OTEL_TRACES_SAMPLER_ARG=0.01` is a good start",
  OTEL_SERVICE_NAME: "as specified, `onceward` otherwise; so are `OTEL_RESOURCE_ATTRIBUTES`",
  "OTEL_BSP_*":
    "as specified; so are `OTEL_METRIC_EXPORT_INTERVAL` and the exporters' headers, time-outs, certificates",
  OTEL_SDK_DISABLED: "`true` turns everything off",
} as const;

export function metricsPage(): string {
  return `# Metrics, traces, logs

Generated from \`src/telemetry/names.ts\` and \`scripts/deploy\` by \`npm run generate\`; do not edit.

\`/metrics\` on the ops listener always answers, for Prometheus. Traces and metrics are pushed by OTLP where one of the
standard variables of OpenTelemetry asks for it, and nothing of its SDK is loaded where none does:

| variable | what it does here |
|---|---|
${rows(VARIABLES)}

A collector that hangs, refuses or is slow costs no call: spans wait in a queue of fixed size, and what does not fit is
dropped. \`deploy/grafana/onceward.json\` is a dashboard, \`deploy/prometheus/rules.yaml\` holds alerts; both fit a
scrape and a Collector's Prometheus exporter alike.

## What to ask

| question | PromQL |
|---|---|
${QUESTIONS.map(questionRow).join("\n")}

## Metrics

${Object.values(METRICS).map(metricSection).join("\n")}
## Attributes

In Prometheus a dot is an underscore: \`onceward.namespace\` is
\`${prometheusLabel("onceward.namespace")}\`. The namespace is the only one that
callers choose. No metric, span or log line at \`info\` holds a key or a payload.

| attribute | meaning |
|---|---|
${rows(ATTRIBUTES)}

\`onceward.event\` is one of:

| event | meaning |
|---|---|
${rows(NOTABLE)}

## Traces

One span for each RPC, named as the RPC; on a Session one for each call on it. Below it one for each transition in the
store. The record keeps the W3C context of its first attempt: that of the sidecar's own span where that is sampled, else
the caller's. The spans of later Begins, of completions that come too late, and of Gets link to it. A call that has to
wait has the events \`${EVENTS.waitStarted}\` and \`${EVENTS.waitEnded}\`. A batch is one span, with a link for each
duplicate in it, a hundred at most.

| attribute | meaning |
|---|---|
${rows(SPAN_ATTRIBUTES)}

## Alerts

| alert | severity | when | what to do |
|---|---|---|---|
${RULES.map(alertRow).join("\n")}
`;
}

function metricSection(metric: Metric): string {
  const { name, kind, unit, meaning, attributes, bounds } = metric;
  const by = attributes.length === 0 ? "" : ` By ${attributes.map((one) => `\`${one}\``).join(", ")}.`;
  const buckets = bounds === undefined ? "" : ` Bounds: ${bounds.join(", ")}.`;
  const scraped = prometheusName(metric);
  return `### \`${name}\`\n${kind}, \`${unit}\`; in Prometheus \`${scraped}\`. ${meaning}${by}${buckets}\n`;
}

function rows(table: Readonly<Record<string, string>>): string {
  return Object.entries(table)
    .map(([name, meaning]) => `| \`${name}\` | ${meaning} |`)
    .join("\n");
}

function questionRow([question, expression]: (typeof QUESTIONS)[number]): string {
  return `| ${question} | ${code(expression)} |`;
}

function alertRow({ name, severity, summary, remedy }: Rule): string {
  const when = summary.replaceAll(/\{\{ \$(?:labels\.)?(\w+) \}\}/g, "<$1>");
  return `| \`${name}\` | ${severity} | ${when} | ${remedy} |`;
}

/** In a table a bar ends the cell, inside code too. */
function code(expression: string): string {
  return `\`${expression.replaceAll("|", "\\|")}\``;
}
