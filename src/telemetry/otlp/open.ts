import { diag } from "@opentelemetry/api";
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import { type Clock, monotonicMs } from "../../base/clock.ts";
import { systemRandom, uniqueId } from "../../base/random.ts";
import { pause } from "../../base/wait.ts";
import type { Logger } from "../logger.ts";
import type { ReadMetrics } from "../reading.ts";
import type { Tracer } from "../tracing.ts";
import { type Configured, type Environment, type Protocol, positive } from "./configured.ts";
import { producerOf } from "./metrics.ts";
import { samplingOf } from "./sampler.ts";
import { tracerOver } from "./tracer.ts";

/** Trouble with the collector is logged once in this time, ms: it is nobody's fault who calls. */
const TROUBLE_EVERY_MS = 60_000;
/** Longest the last spans and numbers may take on their way out, ms: a collector that hangs must not hold up a stop. */
const FLUSH_MS_MAX = 1000;

interface Deps {
  readonly environment: Environment;
  readonly configured: Configured;
  readonly version: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Export {
  /** Undefined = traces are not exported. */
  readonly tracer: Tracer | undefined;
  /** Begins to push what `read` says, if metrics are exported. */
  pushMetrics(read: ReadMetrics): Promise<void>;
  /** Sends what is left, within a bounded time. */
  close(): Promise<void>;
}

/**
 * OpenTelemetry's SDK, set up as the standard variables say. Spans and numbers go out in the background from a queue of
 * fixed size; what does not fit is dropped, and no call ever waits.
 */
export async function openExport(deps: Deps): Promise<Export> {
  const { configured, environment, version } = deps;
  diag.setLogger(troubleLogger(deps.logger));
  const resource = resourceOf(version);
  const closing: Array<() => Promise<void>> = [];
  let tracer: Tracer | undefined;
  if (configured.traces !== undefined) {
    const { AlwaysOnSampler, BatchSpanProcessor, TracerProvider } = await import("@opentelemetry/sdk-trace");
    const exporter = await spanExporter(configured.traces);
    const provider = new TracerProvider({
      resource,
      sampler: new AlwaysOnSampler(), // what is not to be sampled does not come here
      spanProcessors: [
        new BatchSpanProcessor({
          exporter,
          ...given("maxQueueSize", positive(environment, "OTEL_BSP_MAX_QUEUE_SIZE")),
          ...given("maxExportBatchSize", positive(environment, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE")),
          ...given("scheduledDelayMillis", positive(environment, "OTEL_BSP_SCHEDULE_DELAY")),
          ...given("exportTimeoutMillis", positive(environment, "OTEL_BSP_EXPORT_TIMEOUT")),
        }),
      ],
    });
    closing.push(() => provider.shutdown());
    tracer = tracerOver(provider.getTracer("onceward", version), samplingOf(environment, systemRandom));
  }
  return {
    tracer,
    async pushMetrics(read) {
      if (configured.metrics === undefined) return;
      const { MeterProvider, PeriodicExportingMetricReader } = await import("@opentelemetry/sdk-metrics");
      const scope = { name: "onceward", version };
      const reader = new PeriodicExportingMetricReader({
        exporter: await metricExporter(configured.metrics),
        metricProducers: [producerOf({ read, clock: deps.clock, resource, scope })],
        ...given("exportIntervalMillis", positive(environment, "OTEL_METRIC_EXPORT_INTERVAL")),
        ...given("exportTimeoutMillis", positive(environment, "OTEL_METRIC_EXPORT_TIMEOUT")),
      });
      const provider = new MeterProvider({ resource, readers: [reader] });
      closing.push(() => provider.shutdown());
    },
    async close() {
      const flushed = Promise.allSettled(closing.splice(0).map((close) => close()));
      await Promise.race([flushed, pause(FLUSH_MS_MAX)]);
    },
  };
}

function given<Name extends string>(name: Name, value: number | undefined) {
  return (value === undefined ? {} : { [name]: value }) as { readonly [name in Name]?: number };
}

/** Who this is: the variables first; nothing of the command line or the machine. */
function resourceOf(version: string) {
  const own = { "service.name": "onceward", "service.version": version, "service.instance.id": uniqueId() };
  return defaultResource()
    .merge(resourceFromAttributes(own))
    .merge(detectResources({ detectors: [envDetector] }));
}

/** Each reads endpoint, headers, time-outs, compression and certificates from its variables by itself. */
async function spanExporter(protocol: Protocol) {
  switch (protocol) {
    case "grpc":
      return new (await import("@opentelemetry/exporter-trace-otlp-grpc")).OTLPTraceExporter();
    case "http/protobuf":
      return new (await import("@opentelemetry/exporter-trace-otlp-proto")).OTLPTraceExporter();
    case "http/json":
      return new (await import("@opentelemetry/exporter-trace-otlp-http")).OTLPTraceExporter();
  }
}

async function metricExporter(protocol: Protocol) {
  switch (protocol) {
    case "grpc":
      return new (await import("@opentelemetry/exporter-metrics-otlp-grpc")).OTLPMetricExporter();
    case "http/protobuf":
      return new (await import("@opentelemetry/exporter-metrics-otlp-proto")).OTLPMetricExporter();
    case "http/json":
      return new (await import("@opentelemetry/exporter-metrics-otlp-http")).OTLPMetricExporter();
  }
}

/** What OpenTelemetry says of itself, as our log lines, seldom. */
function troubleLogger(logger: Logger) {
  let [heldBack, quietUntil] = [0, 0];
  const trouble = (message: string) => {
    const now = monotonicMs();
    if (now < quietUntil) {
      heldBack++;
      return;
    }
    logger.warn({ cause: message.slice(0, 500), heldBack }, "telemetry cannot be exported as it should");
    [heldBack, quietUntil] = [0, now + TROUBLE_EVERY_MS];
  };
  const quiet = () => {};
  return { error: trouble, warn: trouble, info: quiet, debug: quiet, verbose: quiet };
}
