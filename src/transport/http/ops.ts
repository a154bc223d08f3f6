import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { StoreStatus } from "../../store/port.ts";
import { PROMETHEUS_CONTENT_TYPE, prometheusText } from "../../telemetry/prometheus.ts";
import type { ReadMetrics } from "../../telemetry/reading.ts";
import { hostAndPort, removeStaleSocket, socketPath } from "../socket.ts";

interface OpsDeps {
  readonly metrics: ReadMetrics;
  readonly status: () => StoreStatus;
  readonly stopping: AbortSignal;
}

export interface OpsServer {
  readonly address: string;
  stop(): Promise<void>;
}

/** Serves /livez, /readyz and /metrics: nothing else, no data, no writes. Rejects when the address cannot be bound. */
export async function startOpsServer(deps: OpsDeps, listen: string): Promise<OpsServer> {
  await removeStaleSocket(listen);
  const server = createServer((request, response) => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      return send(response.setHeader("allow", "GET, HEAD"), 405, "only GET\n");
    }
    // Not every request line is a URL: `//` is none.
    const pathname = URL.parse(request.url ?? "/", "http://ops")?.pathname;
    if (pathname === "/livez") return send(response, 200, "ok\n");
    if (pathname === "/readyz") return ready(deps, response);
    if (pathname === "/metrics") {
      return send(response, 200, prometheusText(deps.metrics()), PROMETHEUS_CONTENT_TYPE);
    }
    send(response, 404, "only /livez, /readyz and /metrics\n");
  });
  await bind(server, listen);
  return {
    address: addressOf(server, listen),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function ready({ status, stopping }: OpsDeps, response: ServerResponse): void {
  const { serving, reason, shards } = status();
  const down = shards.filter(({ state }) => state !== "serving").map(({ name, reason: why }) => `${name}: ${why}\n`);
  if (stopping.aborted) send(response, 503, "stopping\n");
  else if (serving) send(response, 200, `ok\n${down.join("")}`);
  else send(response, 503, `${reason}\n${down.join("")}`);
}

function send(response: ServerResponse, status: number, body: string, type = "text/plain; charset=utf-8"): void {
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) }).end(body);
}

function bind(server: Server, listen: string): Promise<void> {
  const path = socketPath(listen);
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path === undefined ? hostAndPort(listen) : { path }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function addressOf(server: Server, listen: string): string {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") return listen;
  return listen.replace(/:\d+$/, `:${address.port}`);
}
