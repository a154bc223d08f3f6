/** The injector's own health, beside the webhook and without TLS, so that a kubelet can ask. No data, no writes. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "../base/clock.ts";
import type { EpochMs } from "../base/units.ts";
import { hostAndPort } from "../transport/socket.ts";
import { type InjectorTally, injectorMetrics } from "./metrics.ts";

export interface InjectorOpsDeps {
  readonly tally: InjectorTally;
  readonly clock: Clock;
  readonly notAfter: () => EpochMs;
  readonly stopping: AbortSignal;
}

export interface InjectorOps {
  readonly address: string;
  stop(): Promise<void>;
}

export async function startInjectorOps(deps: InjectorOpsDeps, listen: string): Promise<InjectorOps> {
  const server = createServer((request, response) => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      return send(response.setHeader("allow", "GET, HEAD"), 405, "only GET\n");
    }
    const pathname = URL.parse(request.url ?? "/", "http://ops")?.pathname;
    if (pathname === "/livez") return send(response, 200, "ok\n");
    if (pathname === "/readyz") return ready(deps, response);
    if (pathname === "/metrics") {
      const text = injectorMetrics(deps.tally, deps.notAfter());
      return send(response, 200, text, "text/plain; version=0.0.4; charset=utf-8");
    }
    send(response, 404, "only /livez, /readyz and /metrics\n");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(hostAndPort(listen), resolve);
  });
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    address: listen.replace(/:\d+$/, `:${port}`),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An expired certificate is nobody's to call: say so where somebody looks, rather than fail handshakes in silence. */
function ready({ stopping, clock, notAfter }: InjectorOpsDeps, response: ServerResponse): void {
  if (stopping.aborted) send(response, 503, "stopping\n");
  else if (notAfter() <= clock.now()) send(response, 503, "the certificate has expired\n");
  else send(response, 200, "ok\n");
}

function send(response: ServerResponse, status: number, body: string, type = "text/plain; charset=utf-8"): void {
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) }).end(body);
}
