import { type HrTime, ValueType } from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import {
  AggregationTemporality,
  type CollectionResult,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type MetricDescriptor,
  type MetricProducer,
} from "@opentelemetry/sdk-metrics";
import type { Clock } from "../../base/clock.ts";
import type { Metric } from "../names.ts";
import type { Distribution, Point, Reading, ReadMetrics } from "../reading.ts";

interface Deps {
  readonly read: ReadMetrics;
  readonly clock: Clock;
  readonly resource: Resource;
  /** Name and version of this program. */
  readonly scope: { readonly name: string; readonly version: string };
}

/** What is counted anyway, in the SDK's form when it asks: nothing of OpenTelemetry's is called while calls run. */
export function producerOf({ read, clock, resource, scope }: Deps): MetricProducer {
  const since = hrTime(clock.now());
  return {
    async collect(): Promise<CollectionResult> {
      const window = { startTime: since, endTime: hrTime(clock.now()) };
      const metrics = read().flatMap((reading) => (reading.points.length === 0 ? [] : [dataOf(reading, window)]));
      return { resourceMetrics: { resource, scopeMetrics: [{ scope, metrics }] }, errors: [] };
    },
  };
}

type Window = Pick<DataPoint<unknown>, "startTime" | "endTime">;

function dataOf({ metric, points }: Reading, window: Window): MetricData {
  const about = { descriptor: descriptorOf(metric), aggregationTemporality: AggregationTemporality.CUMULATIVE };
  switch (metric.kind) {
    case "counter":
      return { ...about, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints: numbers(points, window) };
    case "gauge":
      return { ...about, dataPointType: DataPointType.GAUGE, dataPoints: numbers(points, window) };
    case "histogram":
      return { ...about, dataPointType: DataPointType.HISTOGRAM, dataPoints: distributions(metric, points, window) };
  }
}

function descriptorOf({ name, meaning, unit }: Metric): MetricDescriptor {
  return { name, description: meaning, unit, valueType: ValueType.DOUBLE };
}

function numbers(points: readonly Point[], window: Window): DataPoint<number>[] {
  return points.flatMap(({ attributes, value }) =>
    typeof value === "number" ? [{ ...window, attributes: { ...attributes }, value }] : [],
  );
}

function distributions(metric: Metric, points: readonly Point[], window: Window): DataPoint<Histogram>[] {
  const boundaries = [...(metric.bounds ?? [])];
  return points.flatMap(({ attributes, value }) =>
    typeof value === "number" ? [] : [{ ...window, attributes: { ...attributes }, value: inAll(value, boundaries) }],
  );
}

function inAll({ counts, sum }: Distribution, boundaries: number[]): Histogram {
  const count = counts.reduce((total, one) => total + one, 0);
  return { buckets: { boundaries, counts: [...counts] }, sum, count };
}

function hrTime(epochMs: number): HrTime {
  return [Math.floor(epochMs / 1000), (epochMs % 1000) * 1_000_000];
}
