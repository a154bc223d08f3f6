/** The HTTPS listener that the API server calls. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { later } from "../base/wait.ts";
import type { Logger } from "../telemetry/logger.ts";
import { SPANS } from "../telemetry/spans.ts";
import type { Tracing } from "../telemetry/tracing.ts";
import { hostAndPort } from "../transport/socket.ts";
import type { Pair } from "./certificate.ts";
import type { InjectorTally } from "./metrics.ts";
import { answer, type Reviewed } from "./review.ts";
import type { Template } from "./template.ts";
import { type TraceContext, traceOf } from "./trace.ts";

/** The API server takes requests of 3 MiB at most; a review is one of them in an envelope. */
const REVIEW_BYTES_MAX = 4 * 1024 * 1024;
/** The API server waits 30 s at most. */
const REQUEST_MS_MAX = 30_000;
/** Its client keeps an idle connection for 90 s: ours must not hang up first, while a review is on its way. */
const KEEP_ALIVE_MS = 120_000;

export interface WebhookDeps {
  readonly template: () => Template;
  readonly tally: InjectorTally;
  readonly logger: Logger;
  readonly tracing: Tracing;
}

export interface Webhook {
  /** `host:port`, the port being the real one. */
  readonly address: string;
  /** Shows this certificate from the next handshake on; connections that are open go on. */
  show(pair: Pair): void;
  /** Takes no new connection, lets reviews that run go on for `drainMs`. */
  stop(drainMs: number): Promise<void>;
}

/** Rejects when the address cannot be bound. */
export async function startWebhook(deps: WebhookDeps, pair: Pair, listen: string): Promise<Webhook> {
  const options = { cert: pair.certificate, key: pair.key, minVersion: "TLSv1.2" } as const;
  const server = createServer({ ...options, requestTimeout: REQUEST_MS_MAX, keepAliveTimeout: KEEP_ALIVE_MS });
  server.on("request", (request, response) => void serve(deps, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(hostAndPort(listen), () => {
      server.off("error", reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    address: listen.replace(/:\d+$/, `:${port}`),
    show: ({ certificate, key }) => server.setSecureContext({ ...options, cert: certificate, key }),
    stop: (drainMs) =>
      new Promise((resolve) => {
        const callOff = later(drainMs, () => server.closeAllConnections());
        server.close(() => {
          callOff();
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

async function serve(deps: WebhookDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // The API server adds ?timeout=.
  const pathname = URL.parse(request.url ?? "/", "https://injector")?.pathname;
  if (pathname !== "/inject") return send(response, 404, "only /inject\n");
  if (request.method !== "POST") return send(response.setHeader("allow", "POST"), 405, "only POST\n");
  try {
    const text = await bodyOf(request);
    if (text === undefined) return send(response.setHeader("connection", "close"), 413, "too long for a review\n");
    traced(deps, request, (trace) => review(deps, { text, trace }, response));
  } catch (error) {
    deps.logger.error({ err: error }, "a review failed");
    if (!response.headersSent) send(response, 500, "a defect of onceward: its log says which\n");
  }
}

/** The API server's trace goes on in a span of ours; where that is not sampled, the log names the API server's. */
function traced(
  { tracing }: WebhookDeps,
  request: IncomingMessage,
  work: (trace: TraceContext | undefined) => string,
): void {
  const traceparent = headerOf(request, "traceparent") ?? "";
  const trace = traceOf(traceparent);
  const context = {
    traceparent: trace === undefined ? "" : traceparent,
    tracestate: headerOf(request, "tracestate") ?? "",
  };
  const span = tracing.start({ name: SPANS.review, ...context, attributes: {} });
  if (span === undefined) {
    work(trace);
    return;
  }
  try {
    span.set({ "onceward.inject.decision": tracing.within(span, { batch: false }, () => work(undefined)) });
    span.end();
  } catch (error) {
    span.end("INTERNAL");
    throw error;
  }
}

interface Asked {
  readonly text: string;
  readonly trace: TraceContext | undefined;
}

/** What it came to. */
function review({ template, tally, logger }: WebhookDeps, { text, trace }: Asked, response: ServerResponse): string {
  const reviewed = answer(text, template());
  if (reviewed === undefined) {
    tally.count("invalid");
    logger.warn({ ...trace }, "what came was no AdmissionReview v1");
    send(response, 400, "no AdmissionReview of admission.k8s.io/v1\n");
    return "invalid";
  }
  tally.count(reviewed.decision.kind);
  const line = lineOf(reviewed, trace);
  if (reviewed.decision.kind === "refuse") logger.warn(line, "a pod is refused");
  else if (reviewed.decision.kind === "leave") logger.debug(line, "a pod is left as it is");
  else logger.info(line, reviewed.decision.kind === "mend" ? "a pod is mended" : "a pod gets its sidecar");
  send(response, 200, JSON.stringify(reviewed.answer), "application/json");
  return reviewed.decision.kind;
}

function lineOf({ request, decision }: Reviewed, trace: TraceContext | undefined) {
  const { uid, namespace, name } = request;
  const why = "why" in decision ? { why: decision.why } : {};
  const warnings = "warnings" in decision && decision.warnings.length > 0 ? { warnings: decision.warnings } : {};
  return { uid, namespace, pod: name || generateNameOf(request.object), ...why, ...warnings, ...trace };
}

/** A pod of a controller has no name yet, only the head of one. */
function generateNameOf(object: unknown): string | undefined {
  const { metadata } = (object ?? {}) as { readonly metadata?: { readonly generateName?: string } | null };
  return metadata?.generateName;
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" ? value : undefined;
}

/** Undefined when it is longer than any review. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Not destroyed where reading ends early: the answer goes over the same connection.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > REVIEW_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, status: number, body: string, type = "text/plain; charset=utf-8"): void {
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) }).end(body);
}
