import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { ROOT } from "../../scripts/support/run.ts";
import { Charts, HELMS, type Manifest, only, type RenderOptions } from "./support/helm.ts";
import { whyNotContainer, whyNotRestricted } from "./support/restricted.ts";
import { faultsOf } from "./support/validate.ts";

const charts = new Charts();
afterAll(() => charts.remove());

/** A service's own chart: the two templates that docs/kubernetes.md shows, as they stand there. */
const SHOWN = [...readFileSync(join(ROOT, "docs/kubernetes.md"), "utf8").matchAll(/```yaml\n([\s\S]*?)```/g)];
const SERVICE = SHOWN.map(([, text = ""]) => text).filter((text) => text.startsWith("apiVersion: "));

beforeAll(() => {
  const path = join(charts.path, "service");
  const { version } = manifest;
  const library = { name: "onceward-lib", version, repository: "file://../onceward-lib", alias: "onceward" };
  // Its own versions are others than the library's.
  const chart = { apiVersion: "v2", name: "service", version: "9.9.9", appVersion: "8.8.8", dependencies: [library] };
  mkdirSync(join(path, "templates"), { recursive: true });
  writeFileSync(join(path, "Chart.yaml"), JSON.stringify(chart));
  writeFileSync(join(path, "values.yaml"), "replicaCount: 1\n");
  writeFileSync(join(path, "templates", "service.yaml"), SERVICE.join("---\n"));
  charts.buildDependencies(path);
});

const IMAGE = { repository: "registry.example/onceward" };
const REDIS = { image: IMAGE, store: { url: "redis://redis.data:6379" } };

function render(onceward: object, options: RenderOptions & { readonly more?: object } = {}): Manifest[] {
  return charts.render({ chart: "service", ...options, values: { onceward, ...options.more } });
}
const podOf = (objects: readonly Manifest[]) => only(objects, "Deployment").spec.template.spec;
const sidecarOf = (onceward: object, options: RenderOptions = {}) => podOf(render(onceward, options)).initContainers[0];
const envOf = ({ env }: Manifest) =>
  Object.fromEntries(env.map((one: Manifest) => [one.name, one.value ?? one.valueFrom]));

describe.each(HELMS)("a chart of one's own with the library, by %s", (_major, helm) => {
  const versions = ["1.28", "1.29", "1.36", "1.37"];
  const values = [
    { ...REDIS },
    { ...REDIS, transport: "uds" },
    { image: IMAGE, transport: "uds" },
    { image: IMAGE, store: { data: { volume: "mine" } } },
  ];

  it("is taken by every Kubernetes, and adds nothing that is not restricted", () => {
    const questions = versions.flatMap((version) =>
      values.flatMap((one) => render(one, { helm, kubeVersion: version }).map((object) => ({ version, object }))),
    );
    expect(faultsOf(questions).flat()).toEqual([]);
    const pods = questions.map(({ object }) => object).filter(({ kind }) => kind === "Deployment");
    for (const { spec } of pods) {
      const { initContainers = [], containers } = spec.template.spec;
      const [sidecar] = [...initContainers, ...containers];
      expect(sidecar.name).toBe("onceward");
      expect(whyNotContainer(sidecar)).toEqual([]);
      expect(whyNotRestricted({ ...spec.template.spec, initContainers: [], containers: [sidecar] })).toEqual([]);
    }
  });

  it("runs the sidecar of the library's version, whatever the version of the chart", () => {
    expect(sidecarOf(REDIS, { helm }).image).toBe(`${IMAGE.repository}:${manifest.version}`);
  });
});

describe("the kind of sidecar", () => {
  it.each([
    ["auto", "1.28", false],
    ["auto", "1.29", true],
    ["auto", "1.36", true],
    [false, "1.36", false],
    [true, "1.28", true],
    ["true", "1.28", true],
  ])("with nativeSidecar %s under %s is a native one: %s", (nativeSidecar, kubeVersion, isNative) => {
    const { initContainers, containers } = podOf(render({ ...REDIS, nativeSidecar }, { kubeVersion }));
    const names = (list: readonly Manifest[] | undefined) => list?.map(({ name }) => name);
    if (isNative) {
      expect([names(initContainers), names(containers)]).toEqual([["onceward"], ["app"]]);
      expect(initContainers[0]).toMatchObject({ restartPolicy: "Always" });
      expect(initContainers[0]).not.toHaveProperty("lifecycle");
    } else {
      expect([names(initContainers), names(containers)]).toEqual([undefined, ["onceward", "app"]]);
      expect(containers[0]).not.toHaveProperty("restartPolicy");
    }
  });

  it("that is an ordinary container keeps the app from starting before it, and outlives its drain", () => {
    const [sidecar] = podOf(render({ ...REDIS, nativeSidecar: false, startupSeconds: 30 })).containers;
    expect(sidecar.lifecycle.postStart.exec.command).toEqual([
      ...["/nodejs/bin/node", "/app/onceward.mjs", "wait"],
      ...["--address", "127.0.0.1:7600", "--for", "30s", "--live"],
    ]);
    expect(sidecar.lifecycle.preStop.exec.command).toEqual(["/nodejs/bin/node", "-e", "setTimeout(() => {}, 5000)"]);
  });
});

describe("how the app reaches the sidecar", () => {
  it("is the loopback, which nobody else reaches", () => {
    const objects = render(REDIS);
    const [app] = podOf(objects).containers;
    expect(envOf(app)).toEqual({ ONCEWARD_ADDRESS: "127.0.0.1:7600" });
    const sidecar = podOf(objects).initContainers[0];
    expect(envOf(sidecar)).toMatchObject({ ONCEWARD_LISTEN: "127.0.0.1:7600", ONCEWARD_OPS_LISTEN: "0.0.0.0:7601" });
    expect(sidecar.ports.map((port: Manifest) => port.containerPort)).toEqual([7601]);
  });

  it("is a socket that any user of the pod may connect to, with uds", () => {
    const pod = podOf(render({ ...REDIS, transport: "uds" }));
    const [app] = pod.containers;
    const mount = { name: "onceward-run", mountPath: "/run/onceward" };
    expect(envOf(app)).toEqual({ ONCEWARD_ADDRESS: "unix:/run/onceward/onceward.sock" });
    expect(app.volumeMounts).toEqual([mount]);
    expect(pod.initContainers[0].volumeMounts).toEqual([mount]);
    expect(envOf(pod.initContainers[0])).toMatchObject({
      ONCEWARD_LISTEN: "unix:/run/onceward/onceward.sock",
      ONCEWARD_SOCKET_MODE: "666",
    });
    expect(pod.volumes).toEqual([{ name: "onceward-run", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } }]);
  });
});

describe("the probes", () => {
  const paths = (onceward: object) => {
    const { startupProbe, livenessProbe, readinessProbe } = sidecarOf({ ...REDIS, ...onceward });
    return [startupProbe, livenessProbe, readinessProbe].map(({ httpGet }) => httpGet.path);
  };

  it("ask about the store for readiness only: a restart does not mend a Redis", () => {
    expect(paths({})).toEqual(["/livez", "/livez", "/readyz"]);
  });

  it("keep the app in service without the store where it is answered without", () => {
    expect(paths({ failOpen: true })).toEqual(["/livez", "/livez", "/livez"]);
    expect(paths({ failOpen: true, readiness: "store" })).toEqual(["/livez", "/livez", "/readyz"]);
    expect(paths({ readiness: "process" })).toEqual(["/livez", "/livez", "/livez"]);
  });

  it("ask the port that is named, wherever it listens", () => {
    const { startupProbe, ports } = sidecarOf({ ...REDIS, ports: { ops: 9601 } });
    expect(startupProbe.httpGet.port).toBe("onceward-ops");
    expect(ports).toEqual([{ name: "onceward-ops", containerPort: 9601, protocol: "TCP" }]);
  });
});

describe("an embedded store", () => {
  const refused = (onceward: object, more: object) => {
    const { ok, stderr } = charts.template({
      chart: "service",
      values: { onceward: { image: IMAGE, ...onceward }, ...more },
    });
    return ok ? "" : stderr;
  };

  it.each([
    ["in replicaCount", {}, { replicaCount: 2 }],
    ["in replicas", {}, { replicas: 3, replicaCount: 0 }],
    ["told to the library", { replicas: 2 }, {}],
    ["by an autoscaler", {}, { autoscaling: { enabled: true } }],
  ])("is refused with several replicas, %s", (_where, onceward, more) => {
    expect(refused(onceward, more)).toContain("acknowledgePerPodScope");
  });

  it("is taken with one, with several that one knows about, and with a Redis", () => {
    expect(refused({}, {})).toBe("");
    expect(refused({ store: { acknowledgePerPodScope: true } }, { replicaCount: 2 })).toBe("");
    expect(refused({ store: { secret: { name: "s" } } }, { replicaCount: 2 })).toBe("");
    expect(refused({ store: { url: "embedded:/var/lib/onceward/mine" } }, { replicaCount: 2 })).not.toBe("");
  });

  it("is on the pod's disk, or in a volume that the pod has", () => {
    const own = podOf(render({ image: IMAGE }));
    expect(own.volumes).toEqual([{ name: "onceward-data", emptyDir: { sizeLimit: "1Gi" } }]);
    expect(own.initContainers[0].volumeMounts).toEqual([{ name: "onceward-data", mountPath: "/var/lib/onceward" }]);
    const given = podOf(render({ image: IMAGE, store: { data: { volume: "claim" } } }));
    expect(given.volumes).toBeUndefined();
    expect(given.initContainers[0].volumeMounts).toEqual([{ name: "claim", mountPath: "/var/lib/onceward" }]);
  });
});

describe("the settings", () => {
  it("reach the sidecar as variables, numbers and truths among them", () => {
    const onceward = { ...REDIS, settings: { retention: "48h", waiters: 10, strict: true }, logLevel: "warn" };
    expect(envOf(sidecarOf(onceward))).toMatchObject({
      ONCEWARD_RETENTION: "48h",
      ONCEWARD_WAITERS: "10",
      ONCEWARD_STRICT: "true",
      ONCEWARD_LOG_LEVEL: "warn",
      ONCEWARD_STORE: "redis://redis.data:6379",
    });
  });

  it("take the store from a secret, which then is nowhere in the pod", () => {
    const sidecar = sidecarOf({ image: IMAGE, store: { secret: { name: "redis", key: "url" } } });
    expect(envOf(sidecar).ONCEWARD_STORE).toEqual({ secretKeyRef: { name: "redis", key: "url" } });
  });
});

describe("a NetworkPolicy with the library's egress", () => {
  it("lets the pod reach DNS, the store and nothing else that was not said", () => {
    const onceward = {
      ...REDIS,
      egress: { redis: [{ podSelector: { matchLabels: { app: "redis" } } }], otlpPorts: [] },
    };
    const { egress } = only(render(onceward), "NetworkPolicy").spec;
    expect(egress.map(({ ports }: Manifest) => ports.map(({ port }: Manifest) => port))).toEqual([[53, 53], [6379]]);
    expect(egress[1].to).toEqual([{ podSelector: { matchLabels: { app: "redis" } } }]);
  });
});
