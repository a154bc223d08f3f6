import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type ReceivedSpan, type Receiver, startReceiver } from "../support/otlp-receiver.ts";
import { openSession } from "../support/session.ts";
import { secretAddress as address, CALLER_SPAN, SECRET, SERVICE, sidecars, trace } from "../support/traced.ts";

const BOUND = { timeout: 25_000 };

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.stop());
const { start, close } = sidecars();
afterEach(close);

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
    const { client } = await start({ ...given, OTEL_METRICS_EXPORTER: "none" }, store);
    const at = address();
    const effect = { address: at, owner: SECRET, fingerprint: { payload: Buffer.from(SECRET) } };
    const [first, duplicate, patient, end] = [trace(), trace(), trace(), trace()];
    const [replay, get, lapsing, takeover, zombie] = [trace(), trace(), trace(), trace(), trace()];
    const started = await client.begin({ ...effect, leaseMs: 60_000 }, first);
    expect(await client.begin(effect, duplicate)).toMatchObject({ outcome: "IN_PROGRESS" });
    const waiting = client.begin({ ...effect, waitMs: 10_000 }, patient);
    await vi.waitUntil(async () => (await client.getStats({})).waiters === 1, BOUND);
    const result = { body: Buffer.from(SECRET), metadata: { card: SECRET } };
    const completing = (fencingToken = "0") => ({ address: at, kind: "SUCCEEDED", result, fencingToken }) as const;
    await client.complete(completing(started.attempt?.fencingToken), end);
    expect(await waiting).toMatchObject({ outcome: "REPLAY" });
    expect(await client.begin(effect, replay)).toMatchObject({ outcome: "REPLAY" });
    await client.get({ address: at }, get);
    const crashing = { ...effect, address: address() };
    const dying = await client.begin({ ...crashing, leaseMs: 100 }, lapsing);
    const second = await client.begin({ ...crashing, leaseMs: 60_000, waitMs: 20_000 }, takeover);
    expect(second.attempt).toMatchObject({ number: 2, takeover: true });
    const late = { ...completing(dying.attempt?.fencingToken), address: crashing.address };
    expect(await client.complete(late, zombie)).toMatchObject({ outcome: "FENCED" });

    const origin = await serverSpanOf(first.traceId);
    const lapsed = await serverSpanOf(lapsing.traceId);
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
      links: [linkTo(lapsed, "started")],
    });
    expect(await serverSpanOf(zombie.traceId)).toMatchObject({
      ...{ name: `${SERVICE}/Complete`, attributes: { ...rpc("Complete"), "onceward.outcome": "fenced" } },
      links: [linkTo(lapsed, "fenced")],
    });
    expect(await serverSpanOf(end.traceId)).toMatchObject({
      attributes: { "onceward.outcome": "stored", "onceward.attempt": 1, "onceward.late": false },
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
    const { client } = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.httpUrl });
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
    const { client } = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.httpUrl });
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
    const { client } = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.httpUrl });
    const own = trace();
    await expect(client.begin({ address: { ...address(), namespace: `${SECRET}!` } }, own)).rejects.toThrow();
    expect(await serverSpanOf(own.traceId)).toMatchObject({
      failed: true,
      attributes: { "rpc.status_code": "INVALID_ARGUMENT", "error.type": "INVALID_ARGUMENT" },
    });
    expect(receiver.raw().includes(SECRET)).toBe(false);
  });

  it("respect that the caller does not sample: no span, and the record keeps the caller's context", async () => {
    const { client } = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.httpUrl });
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
    const { client } = await start({ ...given, ...ratio, OTEL_SERVICE_NAME: "sampled-seldom" });
    await client.begin({ address: address() });
    const asked = trace();
    await client.begin({ address: address() }, asked);
    await serverSpanOf(asked.traceId);
    const own = receiver.spans.filter(({ resource }) => resource["service.name"] === "sampled-seldom");
    expect(new Set(own.map(({ traceId }) => traceId))).toEqual(new Set([asked.traceId]));
  });

  it("are named by the log lines of their calls, which hold no key either", async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.httpUrl, ONCEWARD_LOG_LEVEL: "debug" };
    const { client, sidecar } = await start(env);
    const own = trace();
    const at = address();
    await client.begin({ address: at });
    await client.begin({ address: at, owner: SECRET }, own);
    const span = await serverSpanOf(own.traceId);
    const lines = sidecar.stdout().trim().split("\n");
    const line = lines.map((text) => JSON.parse(text)).find(({ msg }) => msg === "a duplicate");
    expect(line).toMatchObject({
      ...{ level: 20, namespace: "payments", operation: "charge", outcome: "in_progress" },
      ...{ trace_id: own.traceId, span_id: span.spanId },
    });
    expect(sidecar.stdout()).not.toContain(SECRET);
  });

  it("go out before the process ends", async () => {
    const given = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.httpUrl, OTEL_BSP_SCHEDULE_DELAY: "3600000" };
    const { client, sidecar } = await start(given);
    const own = trace();
    await client.begin({ address: address() }, own);
    expect(receiver.spans.filter(({ traceId }) => traceId === own.traceId)).toEqual([]);
    sidecar.signal("SIGTERM");
    expect(await sidecar.exited).toEqual({ code: 0, signal: null });
    expect(await spansOf(own.traceId, 2)).toHaveLength(2);
  });
});
