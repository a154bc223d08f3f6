import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ROOT } from "../../scripts/support/run.ts";
import { epochMs } from "../../src/base/units.ts";
import { InjectorTally, injectorMetrics } from "../../src/inject/metrics.ts";
import { Charts, type Manifest, only } from "./support/helm.ts";

const charts = new Charts();
afterAll(() => charts.remove());

const IMAGE = { repository: "registry.example/onceward" };
const REDIS = { image: IMAGE, store: { url: "redis://redis.data:6379" } };
const render = (shared: object = {}, more: object = {}, kubeVersion = "1.36") =>
  charts.render({
    kubeVersion,
    values: { mode: "none", sidecar: REDIS, shared: { enabled: true, ...shared }, ...more },
  });
const podOf = (objects: readonly Manifest[], kind = "Deployment") => only(objects, kind).spec.template.spec;
const envOf = ({ env }: Manifest) => Object.fromEntries(env.map((one: Manifest) => [one.name, one.value]));

describe("the shared deployment", () => {
  it("is reached by its service, from other pods", () => {
    const objects = render({ service: { port: 7000, annotations: { a: "b" } } });
    const service = only(objects, "Service");
    const [container] = podOf(objects).containers;
    expect(envOf(container).ONCEWARD_LISTEN).toBe("0.0.0.0:7600");
    expect(container.ports).toContainEqual({ name: "grpc", containerPort: 7600, protocol: "TCP" });
    expect(service.spec.ports).toMatchObject([{ port: 7000, targetPort: "grpc" }]);
    expect(service.spec).not.toHaveProperty("clusterIP");
    const labels = only(objects, "Deployment").spec.template.metadata.labels;
    expect(labels).toMatchObject(service.spec.selector);
    expect(labels["onceward.dev/inject"]).toBe("disabled");
  });

  it("lets clients balance themselves where that is said", () => {
    expect(only(render({ service: { headless: true } }), "Service").spec.clusterIP).toBe("None");
  });

  it("goes on serving while clients learn that it ends, and has the time for it", () => {
    const hook = (version: string) => podOf(render({ drainSeconds: 7 }, {}, version)).containers[0].lifecycle.preStop;
    expect(hook("1.36")).toEqual({ sleep: { seconds: 7 } });
    expect(hook("1.29").exec.command).toEqual(["/nodejs/bin/node", "-e", "setTimeout(() => {}, 7000)"]);
    expect(podOf(render({ drainSeconds: 7 })).terminationGracePeriodSeconds).toBe(22);
    expect(podOf(render({ drainSeconds: 0 })).containers[0]).not.toHaveProperty("lifecycle");
  });

  it("keeps an embedded store in a volume of its own, which the sidecar may write to", () => {
    const objects = render({ replicas: 1, persistence: { size: "2Gi" } }, { sidecar: { image: IMAGE } });
    const { spec } = only(objects, "StatefulSet");
    const [claim] = spec.volumeClaimTemplates;
    const pod = podOf(objects, "StatefulSet");
    expect(claim.spec.resources.requests.storage).toBe("2Gi");
    expect(pod.containers[0].volumeMounts).toEqual([{ name: claim.metadata.name, mountPath: "/var/lib/onceward" }]);
    expect(envOf(pod.containers[0]).ONCEWARD_STORE).toBe("embedded:/var/lib/onceward/store");
    expect(pod.securityContext.fsGroup).toBe(pod.containers[0].securityContext.runAsGroup);
    expect(spec.serviceName).toBe(only(objects, "Service").metadata.name);
  });

  it("is not on a socket, whatever the sidecars are", () => {
    const pod = podOf(render({}, { sidecar: { ...REDIS, transport: "uds" } }));
    expect(envOf(pod.containers[0])).toMatchObject({ ONCEWARD_LISTEN: "0.0.0.0:7600" });
    expect(envOf(pod.containers[0])).not.toHaveProperty("ONCEWARD_SOCKET_MODE");
  });
});

describe("helm test", () => {
  const testsIn = (objects: readonly Manifest[]) =>
    objects.filter(({ metadata }) => metadata.annotations?.["helm.sh/hook"] === "test");

  it("asks the shared service", () => {
    const [pod, ...others] = testsIn(render());
    expect(others).toEqual([]);
    expect(pod.spec.containers[0].args).toEqual([
      "check",
      "--timeout",
      "30s",
      "--address",
      "test-onceward.onceward.svc:7600",
    ]);
  });

  it("runs a sidecar as pods get it, and asks it; its pods are nobody else's to inject, and end", () => {
    const [pod] = testsIn(charts.render({ values: { sidecar: { ...REDIS, transport: "uds" } } }));
    expect(pod.spec.initContainers).toMatchObject([{ name: "onceward", restartPolicy: "Always" }]);
    expect(pod.spec.containers[0]).toMatchObject({
      args: ["wait", "--for", "60s"],
      env: [{ name: "ONCEWARD_ADDRESS", value: "unix:/run/onceward/onceward.sock" }],
      volumeMounts: [{ name: "onceward-run" }],
    });
    expect(pod.spec.restartPolicy).toBe("Never");
    expect(pod.metadata.labels).toMatchObject({
      "onceward.dev/inject": "disabled",
      "sidecar.istio.io/inject": "false",
    });
    expect(pod.metadata.annotations["helm.sh/hook-delete-policy"]).toBe("before-hook-creation,hook-succeeded");
  });

  it("is left out where sidecars would not let its pod end, and where nobody wants it", () => {
    expect(testsIn(charts.render({ kubeVersion: "1.28", values: { sidecar: REDIS } }))).toEqual([]);
    expect(testsIn(render({}, { tests: { enabled: false } }))).toEqual([]);
  });
});

describe("what watches it", () => {
  const objects = charts.render({
    values: {
      sidecar: REDIS,
      shared: { enabled: true },
      monitoring: {
        podMonitor: { enabled: true, interval: "10s", labels: { release: "p" } },
        rules: { enabled: true },
      },
    },
  });

  it("finds every sidecar by the label that it is given, and our own pods by theirs", () => {
    const sidecars = only(objects, "PodMonitor", "test-onceward-sidecars");
    expect(sidecars.spec.selector.matchLabels).toEqual({ "onceward.dev/sidecar": "true" });
    expect(sidecars.spec.namespaceSelector).toEqual({ any: true });
    const own = only(objects, "PodMonitor", "test-onceward");
    const components = own.spec.selector.matchExpressions[0].values;
    for (const one of objects.filter(({ kind }) => kind === "Deployment")) {
      const { labels } = one.spec.template.metadata;
      expect(labels).toMatchObject(own.spec.selector.matchLabels);
      expect(components).toContain(labels["app.kubernetes.io/component"]);
      const ports = podOf([one]).containers[0].ports.map(({ name }: Manifest) => name);
      expect(ports).toContain(own.spec.podMetricsEndpoints[0].port);
    }
  });

  it("has rules on what there is", () => {
    const { groups } = only(objects, "PrometheusRule").spec;
    const file = parse(readFileSync(join(ROOT, "charts/onceward/files/injector-rules.yaml"), "utf8"));
    expect(groups).toEqual(expect.arrayContaining(file.groups));
    const told = injectorMetrics(new InjectorTally(), epochMs(0));
    const asked = file.groups.flatMap(({ rules }: Manifest) => rules.map(({ expr }: Manifest) => expr)).join(" ");
    const names: string[] = asked.match(/onceward_\w+/g) ?? [];
    expect(names.length).toBeGreaterThan(3);
    expect(names.filter((name) => !told.includes(`# TYPE ${name} `))).toEqual([]);
  });

  it("has the dashboard that lies in the chart, or says that there is none", () => {
    const wanted = { monitoring: { dashboard: { enabled: true } } };
    const { ok, stdout, stderr } = charts.template({ values: { sidecar: REDIS, ...wanted } });
    if (ok) expect(stdout).toContain("onceward-dashboard.json: |");
    else expect(stderr).toContain("no dashboard");
  });
});
