import type { Metric } from "./names.ts";
import type { Attributes, Distribution, Reading } from "./reading.ts";

export const PROMETHEUS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** What the units are called in names, as OpenTelemetry's rules for Prometheus have it. */
const UNITS: Readonly<Record<string, string>> = { s: "seconds", By: "bytes", "1": "ratio" };

/** A metric's name in Prometheus: what a Collector makes of it, so that dashboards fit a scrape and a push alike. */
export function prometheusName({ name, unit, kind }: Metric): string {
  const base = name.replaceAll(".", "_");
  const word = UNITS[unit];
  // A gauge that is 1 by convention, such as build_info, is no ratio.
  const suffixed = word === undefined || (unit === "1" && !base.endsWith("utilization")) ? base : `${base}_${word}`;
  return kind === "counter" ? `${suffixed}_total` : suffixed;
}

export function prometheusLabel(attribute: string): string {
  return attribute.replaceAll(".", "_");
}

/** Prometheus' text format, version 0.0.4. Metrics without points are left out. */
export function prometheusText(readings: readonly Reading[]): string {
  return readings.map(render).join("");
}

function render({ metric, points }: Reading): string {
  if (points.length === 0) return "";
  const name = prometheusName(metric);
  const lines = points.map(({ attributes, value }) =>
    typeof value === "number"
      ? `${name}${labels(attributes)} ${value}\n`
      : histogram(name, metric.bounds ?? [], attributes, value),
  );
  return `# HELP ${name} ${metric.meaning}\n# TYPE ${name} ${metric.kind}\n${lines.join("")}`;
}

function histogram(name: string, bounds: readonly number[], attributes: Attributes, { counts, sum }: Distribution) {
  let total = 0;
  const buckets = counts.map((count, index) => {
    total += count;
    const bound = bounds[index];
    return `${name}_bucket${labels(attributes, bound === undefined ? "+Inf" : String(bound))} ${total}\n`;
  });
  return `${buckets.join("")}${name}_sum${labels(attributes)} ${sum}\n${name}_count${labels(attributes)} ${total}\n`;
}

function labels(attributes: Attributes, bound?: string): string {
  const pairs = Object.entries(attributes).map(([name, value]) => `${prometheusLabel(name)}="${escaped(value)}"`);
  if (bound !== undefined) pairs.push(`le="${bound}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === "\n" ? "\\n" : `\\${character}`));
}
