import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { silentLogger } from "../../src/telemetry/logger.ts";
import { openExport } from "../../src/telemetry/otlp/open.ts";
import type { Client } from "../support/grpc.ts";
import { secretAddress, sidecars } from "../support/traced.ts";

/** Spans that are thrown at it, and what the heap may grow by, bytes: kept they would take a hundred megabytes. */
const SPANS = 100_000;
const GROWTH_MAX = 30 * 1024 * 1024;
/** Calls at once. */
const AT_ONCE = 250;

const { start, close } = sidecars();
const servers: Array<() => void> = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  await close();
  for (const stop of servers.splice(0)) stop();
});

async function listening(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  servers.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const COLLECTORS = {
  /** Takes connections and bytes, and never says anything. */
  hangs: () => listening(createServer((socket) => socket.resume())),
  /** Nobody listens there. */
  "is not there": async () => {
    const url = await listening(createServer());
    for (const stop of servers.splice(0)) stop();
    return url;
  },
  /** Breaks every connection at once. */
  "breaks off": () => listening(createServer((socket) => socket.destroy())),
  /** Refuses everything, politely. */
  refuses: () => listening(createHttpServer((_, response) => response.writeHead(503).end())),
  /** Answers after two seconds. */
  "is slow": () =>
    listening(createHttpServer((_, response) => void setTimeout(() => response.writeHead(200).end(), 2000))),
} as const;

/** Each is two spans, and is answered as if there was no collector. */
async function calls(client: Client, count: number): Promise<void> {
  for (let done = 0; done < count; done += AT_ONCE) {
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => client.get({ address: secretAddress() })));
    expect(answers.every(({ found }) => !found)).toBe(true);
  }
}

describe.each(Object.keys(COLLECTORS) as (keyof typeof COLLECTORS)[])("a collector that %s", (kind) => {
  it.each(["http/protobuf", "grpc"])("costs no call by %s, and does not hold up the end", async (protocol) => {
    const { client, sidecar } = await start({
      OTEL_EXPORTER_OTLP_ENDPOINT: await COLLECTORS[kind](),
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      // Nothing would end in time if the process waited for these.
      OTEL_EXPORTER_OTLP_TIMEOUT: "3600000",
      OTEL_BSP_EXPORT_TIMEOUT: "3600000",
      OTEL_METRIC_EXPORT_INTERVAL: "100",
      OTEL_METRIC_EXPORT_TIMEOUT: "100",
    });
    await calls(client, 2000);
    sidecar.signal("SIGTERM");
    expect(await sidecar.exited).toEqual({ code: 0, signal: null });
    expect(sidecar.stdout().split("\n").length).toBeLessThan(20);
  });
});

describe("a collector that hangs", () => {
  /** By how much the heap has grown when so many spans have ended and garbage was collected, bytes. */
  async function growth(environment: Readonly<Record<string, string>>): Promise<number> {
    vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", await COLLECTORS.hangs());
    const about = { version: "0", clock: systemClock, logger: silentLogger, environment };
    const configured = { traces: "http/protobuf", metrics: undefined, ignored: [] } as const;
    const { tracer, close: closeExport } = await openExport({ ...about, configured });
    const before = heapBytes();
    for (let count = 0; count < SPANS; count++) {
      const span = tracer?.start({ name: "call", traceparent: "", tracestate: "", attributes: { "rpc.method": "m" } });
      span?.set({ "onceward.namespace": `payments-${count}`, "onceward.outcome": "started" });
      span?.end();
      // As between calls, the exporter has its turns.
      if (count % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const grown = heapBytes() - before;
    await closeExport();
    return grown;
  }

  function heapBytes(): number {
    setFlagsFromString("--expose-gc");
    runInNewContext("gc")();
    return process.memoryUsage().heapUsed;
  }

  it("costs bounded memory, which one without a bound would not", async () => {
    expect(await growth({})).toBeLessThan(GROWTH_MAX);
    expect(await growth({ OTEL_BSP_MAX_QUEUE_SIZE: "1000000" })).toBeGreaterThan(2 * GROWTH_MAX);
  });
});
