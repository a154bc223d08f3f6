import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { uniqueId } from "../../src/base/random.ts";
import { type Client, openClient } from "../support/grpc.ts";
import { type ReceivedSpan, type Receiver, startReceiver } from "../support/otlp-receiver.ts";
import { RedisServer } from "../support/redis-server.ts";
import { openSession } from "../support/session.ts";
import { freshFolder, killAll, type RunningSidecar, startProcess } from "../support/sidecar.ts";

/** In every key, owner, payload and result: what must be found nowhere. */
const SECRET = "4111-1111-1111-1111";
const BOUND = { timeout: 25_000 };
const CALLER_SPAN = "b7ad6b7169203331";
const LAPSED_MS = 150;
const SERVICE = "onceward.v1.IdempotencyService";

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.stop());

const closing: Array<() => unknown> = [];
afterEach(async () => {
  await killAll();
  for (const close of closing.splice(0).reverse()) await close();
});

/** A caller's trace: what it sends along, and the id it is found by. */
function trace(flags = "01") {
  const traceId = randomBytes(16).toString("hex");
  return { traceId, metadata: { traceparent: `00-${traceId}-${CALLER_SPAN}-${flags}` } };
}

async function spansOf(traceId: string, count: number): Promise<readonly ReceivedSpan[]> {
  const found = () => receiver.spans.filter((span) => span.traceId === traceId);
  await vi.waitUntil(() => found().length >= count, BOUND);
  return found();
}

async function serverSpanOf(traceId: string): Promise<ReceivedSpan> {
  const span = (await spansOf(traceId, 1)).find(({ kind }) => kind === "server");
  if (span !== undefined) return span;
  await vi.waitUntil(() => receiver.spans.some((one) => one.traceId === traceId && one.kind === "server"), BOUND);
  return serverSpanOf(traceId);
}

async function starting(env: Readonly<Record<string, string>>, store: "embedded" | "redis" = "embedded") {
  const otlp = { OTEL_BSP_SCHEDULE_DELAY: "50", ...env };
  let url: string;
  if (store === "redis") {
    const redis = await RedisServer.start();
    closing.push(() => redis.remove());
    url = redis.url();
  } else {
    const folder = freshFolder();
    closing.push(() => folder.remove());
    url = `embedded:${folder.path}/store`;
  }
  const sidecar = await startProcess({ ...otlp, ONCEWARD_STORE: url });
  return { sidecar, client: clientOf(sidecar) };
}

function clientOf({ ready }: RunningSidecar): Client {
  const client = openClient(ready.listen);
  closing.push(() => client.close());
  return client;
}

function address(): { namespace: string; operation: string; stream: string; key: string } {
  return { namespace: "payments", operation: "charge", stream: "", key: `${SECRET}-${uniqueId()}` };
}

const linkTo = ({ traceId, spanId }: ReceivedSpan, outcome: string) => ({
  ...{ traceId, spanId },
  attributes: { "onceward.link.type": "first_attempt", "onceward.outcome": outcome },
});

describe.each([
  ["embedded", "http/protobuf"],
  ["redis", "grpc"],
] as const)("traces of a sidecar on %s, by %s", (store, protocol) => {
  it("link a duplicate, a takeover, a zombie and a Get to the run that the record began with", async () => {
    const endpoint = protocol === "grpc" ? receiver.grpcUrl : receiver.httpUrl;
    const given = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: protocol };
    const { client } = await starting({ ...given, OTEL_METRICS_EXPORTER: "none" }, store);
    const at = address();
    const [first, duplicate, patient, takeover] = [trace(), trace(), trace(), trace()];
    const [zombie, end, replay, get] = [trace(), trace(), trace(), trace()];
    const effect = { address: at, owner: SECRET, fingerprint: { payload: Buffer.from(SECRET) } };
    const started = await client.begin({ ...effect, leaseMs: LAPSED_MS }, first);
    expect(await client.begin(effect, duplicate)).toMatchObject({ outcome: "IN_PROGRESS" });
    await pause(LAPSED_MS + 20);
    const second = await client.begin({ ...effect, leaseMs: 60_000 }, takeover);
    expect(second.attempt).toMatchObject({ number: 2, takeover: true });
    const waiting = client.begin({ ...effect, waitMs: 10_000 }, patient);
    const result = { body: Buffer.from(SECRET), metadata: { card: SECRET } };
    const complete = { address: at, kind: "SUCCEEDED", result } as const;
    const late = { ...complete, fencingToken: started.attempt?.fencingToken ?? 0 };
    expect(await client.complete(late, zombie)).toMatchObject({ outcome: "FENCED" });
    await vi.waitUntil(async () => (await client.getStats({})).waiters === 1, BOUND);
    await client.complete({ ...complete, fencingToken: second.attempt?.fencingToken ?? 0 }, end);
    expect(await waiting).toMatchObject({ outcome: "REPLAY" });
    expect(await client.begin(effect, replay)).toMatchObject({ outcome: "REPLAY" });
    await client.get({ address: at }, get);

    const origin = await serverSpanOf(first.traceId);
    const named = { "onceward.namespace": "payments", "onceward.operation": "charge" };
    const rpc = (name: string) => ({ "rpc.system.name": "grpc", "rpc.method": `${SERVICE}/${name}` });
    const ok = { "rpc.status_code": "OK" };
    expect(origin).toMatchObject({
      ...{ name: `${SERVICE}/Begin`, kind: "server", parentId: CALLER_SPAN, links: [], failed: false },
      attributes: { ...named, ...rpc("Begin"), ...ok, "onceward.outcome": "started", "onceward.attempt": 1 },
      resource: { "service.name": "onceward", "service.version": expect.stringMatching(/^\d/) },
    });
    expect(await serverSpanOf(duplicate.traceId)).toMatchObject({
      attributes: { ...named, "onceward.outcome": "in_progress", "onceward.attempt": 1 },
      links: [linkTo(origin, "in_progress")],
    });
    expect(await serverSpanOf(takeover.traceId)).toMatchObject({
      attributes: { "onceward.outcome": "started", "onceward.attempt": 2, "onceward.takeover": true },
      links: [linkTo(origin, "started")],
    });
    expect(await serverSpanOf(zombie.traceId)).toMatchObject({
      ...{ name: `${SERVICE}/Complete`, attributes: { ...rpc("Complete"), "onceward.outcome": "fenced" } },
      links: [linkTo(origin, "fenced")],
    });
    expect(await serverSpanOf(end.traceId)).toMatchObject({
      attributes: { "onceward.outcome": "stored", "onceward.attempt": 2, "onceward.late": false },
      links: [],
    });
    expect(await serverSpanOf(replay.traceId)).toMatchObject({ links: [linkTo(origin, "replay")] });
    expect(await serverSpanOf(get.traceId)).toMatchObject({ name: `${SERVICE}/Get`, links: [linkTo(origin, "found")] });
    expect(await serverSpanOf(patient.traceId)).toMatchObject({
      links: [linkTo(origin, "replay")],
      events: [
        { name: "onceward.wait.started", attributes: {} },
        { name: "onceward.wait.ended", attributes: { "onceward.wait.end": "answered" } },
      ],
    });

    const under = (await spansOf(first.traceId, 2)).find(({ kind }) => kind === "client");
    const redis = { "db.system.name": "redis", "db.operation.name": "EVALSHA" };
    expect(under).toMatchObject({ name: "onceward.store begin", parentId: origin.spanId, links: [], failed: false });
    expect(under?.attributes).toEqual({
      ...(store === "redis" ? redis : { "db.system.name": "leveldb" }),
      ...{ "db.stored_procedure.name": "begin", "onceward.shard": "main" },
    });
    expect((await client.get({ address: at })).record?.traceparent).toBe(`00-${origin.traceId}-${origin.spanId}-01`);
    expect(receiver.raw().includes(SECRET)).toBe(false);
    expect(receiver.raw().includes("payments")).toBe(true);
  });
});

describe("traces", () => {
  it("are one span for a batch, with a link for each duplicate and the outcomes in numbers", async () => {
    const { client } = await starting({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.httpUrl });
    const [first, batch] = [trace(), trace()];
    const known = address();
    await client.begin({ address: known }, first);
    await client.beginBatch({ items: [{ address: known }, { address: address() }, { address: known }] }, batch);
    const origin = await serverSpanOf(first.traceId);
    const span = await serverSpanOf(batch.traceId);
    expect(span.name).toBe(`${SERVICE}/BeginBatch`);
    expect(span.links).toEqual([linkTo(origin, "in_progress"), linkTo(origin, "in_progress")]);
    expect(span.attributes).toMatchObject({ "onceward.batch.size": 3 });
    expect(span.attributes["onceward.batch.outcomes"]).toEqual(expect.arrayContaining(["in_progress 2", "started 1"]));
  });

  it("are one span for each call on a Session", async () => {
    const { client } = await starting({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.httpUrl });
    const own = trace();
    const session = openSession(client, own);
    const at = address();
    await session.call({ begin: { address: at } });
    await session.call({ get: { address: at } });
    await session.halfClose();
    const spans = (await spansOf(own.traceId, 4)).filter(({ kind }) => kind === "server");
    expect(spans.map(({ name, attributes }) => [name, attributes["onceward.call"]])).toEqual([
      [`${SERVICE}/Session`, "begin"],
      [`${SERVICE}/Session`, "get"],
    ]);
    expect(spans[1]?.links).toMatchObject([{ spanId: spans[0]?.spanId }]);
  });

  it("of a call that fails say why, by the reason alone", async () => {
    const { client } = await starting({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.httpUrl });
    const own = trace();
    await expect(client.begin({ address: { ...address(), namespace: `${SECRET}!` } }, own)).rejects.toThrow();
    expect(await serverSpanOf(own.traceId)).toMatchObject({
      failed: true,
      attributes: { "rpc.status_code": "INVALID_ARGUMENT", "error.type": "INVALID_ARGUMENT" },
    });
    expect(receiver.raw().includes(SECRET)).toBe(false);
  });

  it("respect that the caller does not sample: no span, and the record keeps the caller's context", async () => {
    const { client } = await starting({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.httpUrl });
    const [quiet, later] = [trace("00"), trace()];
    const at = address();
    await client.begin({ address: at }, quiet);
    await client.begin({ address: at }, later);
    expect((await serverSpanOf(later.traceId)).links).toMatchObject([{ traceId: quiet.traceId, spanId: CALLER_SPAN }]);
    expect(receiver.spans.filter(({ traceId }) => traceId === quiet.traceId)).toEqual([]);
  });

  it("are sampled as OTEL_TRACES_SAMPLER says", async () => {
    const given = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.httpUrl, OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" };
    const ratio = { OTEL_TRACES_SAMPLER: "parentbased_traceidratio", OTEL_TRACES_SAMPLER_ARG: "0" };
    const { client } = await starting({ ...given, ...ratio, OTEL_SERVICE_NAME: "sampled-seldom" });
    await client.begin({ address: address() });
    const asked = trace();
    await client.begin({ address: address() }, asked);
    await serverSpanOf(asked.traceId);
    const own = receiver.spans.filter(({ resource }) => resource["service.name"] === "sampled-seldom");
    expect(new Set(own.map(({ traceId }) => traceId))).toEqual(new Set([asked.traceId]));
  });

  it("go out before the process ends", async () => {
    const given = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.httpUrl, OTEL_BSP_SCHEDULE_DELAY: "3600000" };
    const { client, sidecar } = await starting(given);
    const own = trace();
    await client.begin({ address: address() }, own);
    expect(receiver.spans.filter(({ traceId }) => traceId === own.traceId)).toEqual([]);
    sidecar.signal("SIGTERM");
    expect(await sidecar.exited).toEqual({ code: 0, signal: null });
    expect(await spansOf(own.traceId, 2)).toHaveLength(2);
  });
});

describe("metrics by OTLP", () => {
  it.each(["grpc", "http/protobuf", "http/json"])("are the same as those served, by %s", async (protocol) => {
    const endpoint = protocol === "grpc" ? receiver.grpcUrl : receiver.httpUrl;
    const given = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: protocol };
    const { client, sidecar } = await starting({
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
    await vi.waitUntil(() => (of("onceward.calls")?.length ?? 0) > 0, BOUND);
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
    const folder = freshFolder();
    closing.push(() => folder.remove());
    const commandLine = [process.execPath, "--import", SPY, MAIN, "serve"] as const;
    const sidecar = await startProcess({ ...env, ONCEWARD_STORE: `embedded:${folder.path}/store` }, commandLine);
    sidecar.signal("SIGTERM");
    await sidecar.exited;
    expect(sidecar.stderr().includes("LOADED @opentelemetry/")).toBe(loaded);
  });

  it("tells of settings that it cannot follow, and serves all the same", async () => {
    const { sidecar, client } = await starting({
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
