import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ROWS } from "../../scripts/deploy/panels.ts";
import { QUESTIONS } from "../../scripts/deploy/questions.ts";
import { RULES } from "../../scripts/deploy/rules.ts";
import { METRICS } from "../../src/telemetry/names.ts";
import { prometheusName } from "../../src/telemetry/prometheus.ts";
import { keepBusy, SECRET, type Work } from "../support/busy-sidecar.ts";
import { openClient } from "../support/grpc.ts";
import { startLeaseNode } from "../support/lease-nodes.ts";
import { type PrometheusServer, promtool, startPrometheus } from "../support/prometheus.ts";
import { RedisServer } from "../support/redis-server.ts";
import { freshFolder, killAll, type RunningSidecar, startProcess } from "../support/sidecar.ts";

/** What is shipped for operators, run against real sidecars that a real Prometheus scrapes. */
const DEPLOY = fileURLToPath(new URL("../../deploy/prometheus/", import.meta.url));
const BOUND = { timeout: 60_000, interval: 500 };

let prometheus: PrometheusServer;
let sidecars: readonly RunningSidecar[];
const work: Work[] = [];
const closing: Array<() => unknown> = [];

beforeAll(async () => {
  const folder = freshFolder();
  const [store, ...nodes] = await Promise.all([RedisServer.start(), ...[1, 2, 3].map(() => startLeaseNode())]);
  closing.push(() => folder.remove(), ...[store, ...nodes].map((server) => () => server.remove()));
  // Named beforehand, a namespace is counted from the first background count on.
  writeFileSync(join(folder.path, "onceward.yaml"), "namespaces: { payments: {} }\n");
  const env = { ONCEWARD_CONFIG: join(folder.path, "onceward.yaml") };
  sidecars = await Promise.all([
    startProcess({ ...env, ONCEWARD_STORE: `embedded:${folder.path}/store` }),
    startProcess({
      ...{ ...env, ONCEWARD_STORE: store.url() },
      ONCEWARD_LEASE_NODES: nodes.map((node) => node.url()).join(),
    }),
  ]);
  for (const { ready } of sidecars) {
    const client = openClient(ready.listen);
    closing.push(() => client.close());
    work.push(keepBusy(client, "payments"));
  }
  prometheus = await startPrometheus(
    sidecars.map(({ ready }) => ready.ops),
    join(DEPLOY, "rules.yaml"),
  );
  await vi.waitUntil(() => work.every(({ rounds }) => rounds() > 10), BOUND);
}, 120_000);
afterAll(async () => {
  await Promise.all(work.map((one) => one.stop()));
  await prometheus?.stop();
  await killAll();
  for (const close of closing.splice(0).reverse()) await close();
});

/** Resolves with the values once there are some that are numbers; rejects, naming the expression, when none come. */
async function valuesOf(expression: string, timeout = 20_000): Promise<readonly string[]> {
  let values: readonly string[] = [];
  const some = async () => {
    values = (await prometheus.query(expression)).map(({ value }) => value[1]);
    return values.some((value) => Number.isFinite(Number(value)));
  };
  await vi.waitUntil(some, { ...BOUND, timeout }).catch(() => {
    throw new Error(`nothing but ${JSON.stringify(values)} is answered to ${expression}`);
  });
  return values;
}

/** As Grafana fills in its variables. */
function filledIn(expression: string): string {
  return expression.replaceAll("$__rate_interval", "10s").replaceAll(/\$(job|instance|namespace)\b/g, ".*");
}

describe("the dashboard", () => {
  const panels = ROWS.flatMap(({ title: row, panels: inRow }) =>
    inRow.flatMap(({ title, queries }) => queries.map(({ expression }) => [`${row}: ${title}`, expression] as const)),
  );

  it.each(panels)("%s has an answer to %s", async (_, expression) => {
    expect(await valuesOf(filledIn(expression))).not.toEqual([]);
  });

  it("asks about every metric", () => {
    const asked = panels.map(([, expression]) => expression).join("\n");
    const silent = Object.values(METRICS)
      .map(prometheusName)
      .filter((name) => !asked.includes(name));
    expect(silent).toEqual([]);
  });
});

it("is noticed when an expression has no answer", async () => {
  await expect(valuesOf("sum(rate(onceward_no_such_metric_total[10s]))", 1000)).rejects.toThrow("no_such_metric");
  await expect(valuesOf("vector(0) / 0", 1000)).rejects.toThrow("nothing but");
});

describe("the alerts", () => {
  it.each(RULES.map(({ name, measure }) => [name, measure] as const))(
    "%s measures something: %s",
    async (_, measure) => {
      expect(await valuesOf(measure)).not.toEqual([]);
    },
  );

  it("are evaluated by Prometheus without an error", async () => {
    interface Groups {
      readonly groups: readonly { readonly rules: readonly { readonly name: string; readonly health: string }[] }[];
    }
    const rules = async () =>
      ((await prometheus.get("/api/v1/rules")) as Groups).groups.flatMap((group) => group.rules);
    await vi.waitUntil(async () => (await rules()).every(({ health }) => health === "ok"), BOUND);
    expect((await rules()).map(({ name }) => name).sort()).toEqual(RULES.map(({ name }) => name).sort());
  });

  it("fire and keep silent as their unit tests say", async () => {
    expect(await promtool(["test", "rules", "rules.test.yaml"], "", DEPLOY)).toMatchObject({ ok: true });
  });
});

describe("the questions of an operator", () => {
  it.each(QUESTIONS)("%s", async (_, expression) => {
    expect(await valuesOf(expression.replaceAll("[5m]", "[10s]"))).not.toEqual([]);
  });
});

describe("what is scraped", () => {
  it("has no fault that promtool finds, and holds no key", async () => {
    for (const { ready } of sidecars) {
      const text = await (await fetch(`http://${ready.ops}/metrics`)).text();
      expect(await promtool(["check", "metrics"], text)).toMatchObject({ ok: true });
      expect(text).not.toContain(SECRET);
    }
  });

  it("counts right: each round has one takeover and one zombie a sidecar", async () => {
    await Promise.all(work.map((one) => one.stop()));
    for (const [n, { ready }] of sidecars.entries()) {
      const text = await (await fetch(`http://${ready.ops}/metrics`)).text();
      const value = (line: string) =>
        Number(
          text
            .split("\n")
            .find((one) => one.startsWith(line))
            ?.split(" ")
            .at(-1),
        );
      const rounds = work[n]?.rounds();
      expect(value('onceward_notable_events_total{onceward_namespace="payments",onceward_event="takeover"}')).toBe(
        rounds,
      );
      const fenced = 'onceward_namespace="payments",onceward_call="Complete",onceward_outcome="fenced"';
      expect(value(`onceward_calls_total{${fenced}}`)).toBe(rounds);
      expect(value('onceward_errors_total{error_type="INVALID_ARGUMENT"}')).toBe(rounds);
      expect(value('onceward_starts_total{onceward_namespace="payments",onceward_attempt="2"}')).toBe(
        2 * (rounds ?? 0),
      );
      const waited = 'onceward_wait_for="record",onceward_wait_end="answered"';
      expect(value(`onceward_wait_duration_seconds_count{${waited}}`)).toBe(rounds);
    }
  });
});
