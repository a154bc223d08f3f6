import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { LEVELS } from "../../bench/servers/switched/levels.ts";
import { startSwitched } from "../../bench/support/servers.ts";
import { Workplace } from "../../bench/support/workplace.ts";
import { openClient } from "../support/grpc.ts";
import { type Receiver, startReceiver } from "../support/otlp-receiver.ts";

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.stop());

it("one sidecar counts, and traces, when it is told to and not otherwise", { timeout: 60_000 }, async () => {
  await using workplace = new Workplace(undefined);
  const sidecar = await startSwitched(workplace, "telemetry", {
    store: `embedded:${join(workplace.directory, "store")}`,
    env: {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${receiver.httpUrl}/v1/traces`,
      OTEL_TRACES_SAMPLER_ARG: "1",
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${receiver.httpUrl}/v1/metrics`,
      OTEL_METRIC_EXPORT_INTERVAL: "200",
      OTEL_METRIC_EXPORT_TIMEOUT: "200",
    },
  });
  const client = openClient(sidecar.address);
  // Back and forth: what a level leaves out is left out again after another one.
  for (const level of [...LEVELS, ...LEVELS.toReversed()]) {
    await sidecar.switchTo(level);
    const items = [1, 2].map((n) => ({ address: { namespace: level, operation: "charge", key: `${level}-${n}` } }));
    await client.begin(items[0] ?? {});
    await client.beginBatch({ items });
  }
  await sidecar.switchTo("none"); // GetStats is a call as well
  expect(receiver.spans).toEqual([]);
  await sidecar.sendSpans();
  const { namespaces } = await client.getStats({});
  const begins = (level: string) =>
    namespaces
      .find(({ namespace }) => namespace === level)
      ?.outcomes.reduce((sum, { count }) => sum + Number(count), 0);
  expect(LEVELS.map((level) => [level, begins(level)])).toEqual([
    ["none", undefined],
    ["uncounted", undefined],
    ["counted", 6],
    ["traced", 6],
  ]);
  const servers = () => receiver.spans.filter(({ kind }) => kind === "server");
  const timed = () =>
    ["rpc.server.call.duration", "onceward.store.operation.duration"].map((metric) =>
      receiver.metrics.get(metric)?.points.reduce((sum, { value }) => sum + value, 0),
    );
  await vi.waitUntil(() => timed().every((count) => count !== undefined && count >= 8), { timeout: 25_000 });
  client.close();
  await sidecar.end();
  expect(timed()).toEqual([8, 8]);
  const traced = servers().map(({ attributes }) => attributes["onceward.namespace"] ?? attributes["rpc.method"]);
  const batch = "onceward.v1.IdempotencyService/BeginBatch";
  expect(traced.toSorted()).toEqual([batch, batch, "traced", "traced"].toSorted());
});
