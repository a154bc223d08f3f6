import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { uniqueId } from "../../src/base/random.ts";
import { type Receiver, startReceiver } from "../support/otlp-receiver.ts";
import { secretAddress as address, SERVICE, sidecars } from "../support/traced.ts";

const BOUND = { timeout: 25_000 };

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.stop());
const { start, close } = sidecars();
afterEach(close);

describe("metrics by OTLP", () => {
  it.each(["grpc", "http/protobuf", "http/json"])("are the same as those served, by %s", async (protocol) => {
    const endpoint = protocol === "grpc" ? receiver.grpcUrl : receiver.httpUrl;
    const given = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: protocol };
    const { client, sidecar } = await start({
      ...given,
      OTEL_METRIC_EXPORT_INTERVAL: "200",
      OTEL_METRIC_EXPORT_TIMEOUT: "200",
    });
    const namespace = `ns-${uniqueId()
      .toLowerCase()
      .replaceAll(/[^a-z0-9]/g, "")}`;
    for (const key of ["a", "a", "b"]) await client.begin({ address: { ...address(), namespace, key } });
    const of = (name: string) =>
      receiver.metrics.get(name)?.points.filter(({ attributes }) => attributes["onceward.namespace"] === namespace);
    // What was told between two of the calls comes first.
    const total = (name: string) => of(name)?.reduce((sum, { value }) => sum + value, 0);
    await vi.waitUntil(() => total("onceward.calls") === 3, BOUND);
    expect(of("onceward.calls")?.filter(({ value }) => value > 0)).toEqual([
      {
        attributes: { "onceward.namespace": namespace, "onceward.call": "Begin", "onceward.outcome": "started" },
        value: 2,
      },
      {
        attributes: { "onceward.namespace": namespace, "onceward.call": "Begin", "onceward.outcome": "in_progress" },
        value: 1,
      },
    ]);
    expect(receiver.metrics.get("rpc.server.call.duration")).toMatchObject({
      unit: "s",
      points: [{ attributes: { "rpc.method": `${SERVICE}/Begin`, "rpc.status_code": "OK" }, value: 3 }],
    });
    expect(receiver.metrics.get("onceward.in_flight_calls")?.points).toEqual([{ attributes: {}, value: 0 }]);
    const scraped = await (await fetch(`http://${sidecar.ready.ops}/metrics`)).text();
    expect(scraped).toContain(
      `onceward_namespace="${namespace}",onceward_call="Begin",onceward_outcome="started"} 2\n`,
    );
  });
});

describe("OpenTelemetry's SDK", () => {
  /** Says on stderr which of its packages is asked for. */
  const SPY = `data:text/javascript,${encodeURIComponent(
    `import { registerHooks } from "node:module";
     registerHooks({ resolve(name, context, next) {
       if (name.startsWith("@opentelemetry/")) console.error("LOADED " + name);
       return next(name, context);
     } });`,
  )}`;
  const MAIN = new URL("../../src/main.ts", import.meta.url).pathname;

  it.each([
    [{}, false],
    [{ OTEL_TRACES_SAMPLER: "always_on", OTEL_SERVICE_NAME: "x" }, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1", OTEL_SDK_DISABLED: "true" }, false],
    [{ OTEL_TRACES_EXPORTER: "none", OTEL_METRICS_EXPORTER: "none" }, false],
    [{ OTEL_TRACES_EXPORTER: "otlp" }, true],
    [{ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: "http://127.0.0.1:1" }, true],
  ] as const)("with %j is loaded: %s", async (env, loaded) => {
    const commandLine = [process.execPath, "--import", SPY, MAIN, "serve"] as const;
    const { sidecar } = await start(env, "embedded", commandLine);
    sidecar.signal("SIGTERM");
    await sidecar.exited;
    expect(sidecar.stderr().includes("LOADED @opentelemetry/")).toBe(loaded);
  });

  it("tells of settings that it cannot follow, and serves all the same", async () => {
    const { sidecar, client } = await start({
      OTEL_TRACES_EXPORTER: "zipkin",
      OTEL_METRICS_EXPORTER: "otlp",
      OTEL_EXPORTER_OTLP_PROTOCOL: "carrier-pigeon",
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.httpUrl,
    });
    expect(await client.begin({ address: address() })).toMatchObject({ outcome: "STARTED" });
    expect(sidecar.stdout()).toContain("OTEL_TRACES_EXPORTER=zipkin");
    expect(sidecar.stdout()).toContain("carrier-pigeon");
  });
});
