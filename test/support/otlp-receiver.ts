/** A collector of the test's own: takes OTLP over gRPC and over HTTP, and keeps what it was told. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

const FOLDER = fileURLToPath(new URL("./otlp/", import.meta.url));
const LOADER = { longs: String, defaults: true, oneofs: true } as const;

type Value = string | number | boolean | readonly Value[];
type Told = Readonly<Record<string, Value>>;

export interface ReceivedSpan {
  readonly name: string;
  readonly kind: "internal" | "server" | "client";
  readonly traceId: string;
  readonly spanId: string;
  /** Empty = it is a root. */
  readonly parentId: string;
  readonly attributes: Told;
  readonly events: readonly { readonly name: string; readonly attributes: Told }[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string; readonly attributes: Told }[];
  readonly failed: boolean;
  /** Of the process. */
  readonly resource: Told;
}

interface ReceivedPoint {
  readonly attributes: Told;
  readonly value: number;
}

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>> & {
    readonly arrayValue?: { readonly values: KeyValue["value"][] };
  };
}

export interface Receiver {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly grpcUrl: string;
  readonly httpUrl: string;
  /** In the order in which they came. */
  readonly spans: readonly ReceivedSpan[];
  /** The latest numbers of each metric; of a histogram how many values there were. */
  readonly metrics: ReadonlyMap<string, { readonly unit: string; readonly points: readonly ReceivedPoint[] }>;
  /** Everything as it came, to look for what must not be in it. */
  raw(): Buffer;
  stop(): Promise<void>;
}

type Decode = (bytes: Buffer) => unknown;

export async function startReceiver(): Promise<Receiver> {
  const received = new Received();
  const [server, grpcPort] = await serveGrpc(received);
  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const sent = Buffer.concat(chunks);
      const body = request.headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent;
      const json = request.headers["content-type"] === "application/json";
      if (request.url === "/v1/traces") received.take("trace", body, json);
      else if (request.url === "/v1/metrics") received.take("metrics", body, json);
      response.writeHead(200, { "content-type": request.headers["content-type"] ?? "" });
      response.end(json ? "{}" : "");
    });
  }).listen(0, "127.0.0.1");
  await once(http, "listening");
  const { port } = http.address() as AddressInfo;
  return {
    grpcUrl: `http://127.0.0.1:${grpcPort}`,
    httpUrl: `http://127.0.0.1:${port}`,
    spans: received.spans,
    metrics: received.metrics,
    raw: () => Buffer.concat(received.bytes),
    async stop() {
      server.forceShutdown();
      http.close();
      http.closeAllConnections();
    },
  };
}

class Received {
  readonly spans: ReceivedSpan[] = [];
  readonly metrics = new Map<string, { unit: string; points: ReceivedPoint[] }>();
  readonly bytes: Buffer[] = [];
  readonly decode = { trace: exportOf("trace").requestDeserialize, metrics: exportOf("metrics").requestDeserialize };

  take(signal: "trace" | "metrics", bytes: Buffer, json = false): void {
    this.bytes.push(bytes);
    const decode: Decode = this.decode[signal];
    const message = json ? JSON.parse(bytes.toString()) : decode(bytes);
    if (signal === "trace") this.spans.push(...spansIn(message as TraceRequest, json));
    else for (const metric of metricsIn(message as MetricsRequest)) this.metrics.set(metric.name, metric);
  }
}

function exportOf(signal: "trace" | "metrics"): grpc.MethodDefinition<object, object> {
  const name = signal === "trace" ? "TraceService" : "MetricsService";
  const definition = loadSync(`${FOLDER}${signal}.proto`, LOADER);
  const service = definition[`opentelemetry.proto.collector.${signal}.v1.${name}`] as grpc.ServiceDefinition;
  return service.Export as grpc.MethodDefinition<object, object>;
}

async function serveGrpc(received: Received): Promise<[grpc.Server, number]> {
  const server = new grpc.Server();
  for (const signal of ["trace", "metrics"] as const) {
    const service = { Export: { ...exportOf(signal), requestDeserialize: (bytes: Buffer) => bytes } };
    server.addService(service as unknown as grpc.ServiceDefinition, {
      Export: (call: grpc.ServerUnaryCall<Buffer, object>, callback: grpc.sendUnaryData<object>) => {
        received.take(signal, call.request);
        callback(null, {});
      },
    });
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return [server, port];
}

interface TraceRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly { readonly spans: readonly SpanMessage[] }[];
  }[];
}

interface SpanMessage {
  readonly traceId: Buffer | string;
  readonly spanId: Buffer | string;
  readonly parentSpanId?: Buffer | string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly KeyValue[];
  readonly events: readonly { readonly name: string; readonly attributes: readonly KeyValue[] }[];
  readonly links: readonly {
    readonly traceId: Buffer | string;
    readonly spanId: Buffer | string;
    readonly attributes: readonly KeyValue[];
  }[];
  readonly status: { readonly code: number } | null;
}

const KINDS = ["internal", "internal", "server", "client"] as const;
const STATUS_ERROR = 2;

function spansIn({ resourceSpans }: TraceRequest, json: boolean): ReceivedSpan[] {
  const id = (value: Buffer | string | undefined) =>
    value === undefined ? "" : json ? String(value) : (value as Buffer).toString("hex");
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        name: span.name,
        kind: KINDS[span.kind] ?? "internal",
        traceId: id(span.traceId),
        spanId: id(span.spanId),
        parentId: id(span.parentSpanId),
        attributes: told(span.attributes),
        events: span.events.map(({ name, attributes }) => ({ name, attributes: told(attributes) })),
        links: span.links.map((link) => ({
          traceId: id(link.traceId),
          spanId: id(link.spanId),
          attributes: told(link.attributes),
        })),
        failed: span.status?.code === STATUS_ERROR,
        resource: told(resource.attributes),
      })),
    ),
  );
}

interface MetricsRequest {
  readonly resourceMetrics: readonly { readonly scopeMetrics: readonly { readonly metrics: readonly Metric[] }[] }[];
}

interface Numbers {
  readonly dataPoints: readonly { readonly asDouble?: number; readonly attributes: readonly KeyValue[] }[];
}

interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly gauge?: Numbers;
  readonly sum?: Numbers;
  readonly histogram?: {
    readonly dataPoints: readonly { readonly count: string; readonly attributes: readonly KeyValue[] }[];
  };
}

function metricsIn({ resourceMetrics }: MetricsRequest) {
  return resourceMetrics.flatMap(({ scopeMetrics }) =>
    scopeMetrics.flatMap(({ metrics }) =>
      metrics.map(({ name, unit, gauge, sum, histogram }) => ({
        name,
        unit,
        points: [
          ...((gauge ?? sum)?.dataPoints ?? []).map((one) => ({
            attributes: told(one.attributes),
            value: one.asDouble ?? 0,
          })),
          ...(histogram?.dataPoints ?? []).map((one) => ({
            attributes: told(one.attributes),
            value: Number(one.count),
          })),
        ],
      })),
    ),
  );
}

function told(attributes: readonly KeyValue[]): Told {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, valueIn(value)]));
}

function valueIn(value: KeyValue["value"]): Value {
  if (value.arrayValue) return value.arrayValue.values.map(valueIn);
  if (value.intValue !== undefined) return Number(value.intValue);
  return (value.stringValue ?? value.boolValue ?? value.doubleValue) as Value; // one of these is set
}
