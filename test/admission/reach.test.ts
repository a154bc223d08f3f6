import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CASES } from "../chart/support/cases.ts";
import { Charts, type Manifest, only } from "../chart/support/helm.ts";
import { pod } from "../inject/pods.ts";
import { killAll } from "../support/sidecar.ts";
import { ApiServer } from "./support/api-server.ts";
import { install, type Mode, NAMESPACES, type Release, servedAt } from "./support/release.ts";

const charts = new Charts();
const server = new ApiServer();
const releases: Release[] = [];
afterAll(async () => {
  await server.stop();
  await killAll();
  for (const release of releases) release.remove();
  charts.remove();
});

async function installed(mode: Mode, values?: object): Promise<Release> {
  const release = await install(charts, mode, values);
  releases.push(release);
  return release;
}

const labelled = (label?: string, spec?: object): Manifest => {
  const one = pod(spec);
  return { ...one, metadata: { name: "app", ...(label && { labels: { "onceward.dev/inject": label } }) } };
};

/** What became of a pod: a word. */
async function fate(namespace: string, given: Manifest): Promise<string> {
  const { refused, object } = await server.create(namespace, given);
  if (refused !== undefined) return `refused: ${refused}`;
  const names = (object.spec.initContainers ?? []).map(({ name }: Manifest) => name);
  return names.includes("onceward") ? "injected" : "left";
}

describe("what a chart renders", () => {
  /** Kinds of other projects, which no API server validates itself. */
  const FOREIGN = /^(Certificate|Issuer|PodMonitor|PrometheusRule)$/;
  /** The case has no certificate there, only a word. */
  const NO_PEM = /unable to load root certificates/;

  it.each(CASES)(
    "is taken by the API server, whole and without an unknown field: $name",
    async ({ values, versions }) => {
      const objects = charts.render({ values, kubeVersion: versions.at(-1) ?? "" });
      const own = objects.filter(({ kind }) => !FOREIGN.test(kind));
      expect(own.length).toBeGreaterThan(0);
      for (const object of own) {
        const { unknown, invalid = [] } = await server.check(object);
        const told = invalid.filter(
          (one) => !NO_PEM.test(one) || object.webhooks?.[0].clientConfig.caBundle !== "UEVN",
        );
        expect({ unknown, told }, object.kind).toEqual({ unknown: undefined, told: [] });
      }
    },
  );

  it("would not be taken otherwise", async () => {
    const service = only(charts.render({ values: CASES[0]!.values }), "Service");
    const { unknown } = await server.check({ ...service, spec: { ...service.spec, selectr: {} } });
    expect(unknown).toContain('unknown field "spec.selectr"');
    const { invalid } = await server.check({ ...service, spec: { ...service.spec, ports: [{ port: 70_000 }] } });
    expect(invalid?.join()).toContain("spec.ports[0].port");
  });
});

describe.each(["webhook", "policy"] as const)("whose pods are meant, by %s", (mode) => {
  beforeAll(async () => server.setUp((await installed(mode)).cluster));

  it.each([
    ["one that asks", "apps", "enabled", "injected"],
    ["one that does not", "apps", undefined, "left"],
    ["one that says something else", "apps", "yes", "left"],
    ["one whose namespace asks", "shop", undefined, "injected"],
    ["one that opts out of what its namespace asks", "shop", "disabled", "left"],
    ["one that asks twice", "shop", "enabled", "injected"],
    ["one of the cluster's own", "kube-system", "enabled", "left"],
    ["one of the release's own namespace", "onceward", "enabled", "left"],
  ])("%s: in %s, labelled %s, it is %s", async (_what, namespace, label, expected) => {
    expect(await fate(namespace, labelled(label))).toBe(expected);
  });

  it.each([
    ["on the node's network", { hostNetwork: true }, "hostNetwork"],
    ["for Windows", { os: { name: "windows" } }, "Linux"],
  ])("one that cannot have it is refused, in words: %s", async (_what, spec, word) => {
    expect(await fate("apps", labelled("enabled", spec))).toMatch(new RegExp(`^refused: .*${word}`));
    expect(await fate("apps", labelled(undefined, spec))).toBe("left");
  });

  it("one that a kubelet mirrors is left, since refusing it would change nothing", async () => {
    const one = labelled("enabled");
    one.metadata.annotations = { "kubernetes.io/config.mirror": "x" };
    expect(await fate("apps", one)).toBe("left");
  });
});

describe("where the injector cannot be reached", () => {
  let silent: Server;
  let release: Release;
  const open = new Set<{ destroy(): void }>();
  beforeAll(async () => {
    release = await installed("webhook", { injector: { timeoutSeconds: 1 } });
    silent = createServer((socket) => void open.add(socket));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => {
    for (const socket of open) socket.destroy();
    silent.close();
  });

  const portOf = (listening: Server) => (listening.address() as { port: number }).port;
  const CASES_OF_ABSENCE = [
    ["it has no endpoint", () => undefined, /no endpoint/],
    ["nobody listens", () => "127.0.0.1:1", /connection refused/],
    ["it does not answer in time", () => `127.0.0.1:${portOf(silent)}`, /deadline exceeded|Timeout/],
  ] as const;

  it.each(CASES_OF_ABSENCE)(
    "no pod goes without that asked for it, and nobody else notices: %s",
    async (_what, at, why) => {
      await server.setUp(servedAt(release, at()));
      const refused = await fate("apps", labelled("enabled"));
      expect(refused).toMatch(/^refused: .*failed calling webhook "pods\.onceward\.dev"/);
      expect(refused).toMatch(why);
      expect(await fate("apps", labelled())).toBe("left");
      expect(await fate("kube-system", labelled("enabled"))).toBe("left");
      expect(await fate("onceward", labelled("enabled"))).toBe("left");
      // Whose namespace asks, but not itself: it has to start, with or without.
      expect(await fate("shop", labelled())).toBe("left");
    },
  );

  it("nor when somebody else answers there, with a certificate of another CA", async () => {
    const other = await installed("webhook");
    await server.setUp(servedAt(release, other.injector?.ready.listen));
    expect(await fate("apps", labelled("enabled"))).toMatch(/^refused: .*certificate signed by unknown authority/);
    expect(await fate("apps", labelled())).toBe("left");
  });

  it("unless the chart was told to let pods go without", async () => {
    const lenient = await installed("webhook", { injector: { failurePolicy: "Ignore" } });
    await server.setUp(servedAt(lenient, "127.0.0.1:1"));
    expect(await fate("apps", labelled("enabled"))).toBe("left");
  });

  it("and again when it is back", async () => {
    await server.setUp(release.cluster);
    expect(await fate("apps", labelled("enabled"))).toBe("injected");
  });
});

describe.each(["webhook", "policy"] as const)("beside a mesh that comes after it, by %s", (mode) => {
  const proxy = { name: "mesh-proxy", image: "mesh:1", restartPolicy: "Always" };
  const helper = { name: "mesh-helper", image: "mesh:1" };
  let release: Release;
  beforeAll(async () => {
    release = await installed(mode);
    const neighbour = { name: "zz-mesh", initContainers: [proxy], containers: [helper] };
    await server.setUp({ ...release.cluster, neighbour });
  });

  it("is asked again, and puts nothing in twice", async () => {
    const { object, refused } = await server.create("apps", labelled("enabled"));
    expect(refused).toBeUndefined();
    const names = (list: readonly Manifest[]) => list.map(({ name }) => name);
    expect(names(object.spec.initContainers)).toEqual(["onceward", "mesh-proxy"]);
    expect(names(object.spec.containers)).toEqual(["app", "mesh-helper"]);
    const variables = (one: Manifest) => (one.env ?? []).map(({ name }: Manifest) => name);
    expect(variables(object.spec.containers[0])).toEqual(["ONCEWARD_ADDRESS"]);
    if (release.injector === undefined) return;
    const { ready } = release.injector;
    const metrics = await (await fetch(`http://${ready.ops}/metrics`)).text();
    expect(metrics).toContain('onceward_injector_reviews_total{result="inject"} 1\n');
    expect(metrics).toContain('onceward_injector_reviews_total{result="leave"} 1\n');
  });

  it("leaves a pod that is sent with the sidecar in it, as a restored one is", async () => {
    const { object } = await server.create("apps", labelled("enabled"));
    const { status, ...again } = object;
    expect(status).toEqual({});
    const second = await server.create("apps", again);
    expect(second.object).toEqual(object);
  });
});

describe("beside an old webhook that comes after it and takes what it does not know", () => {
  it("gets its sidecar back, which would keep the pod from starting otherwise", async () => {
    const release = await installed("webhook");
    const neighbour = { name: "zz-old", strips: true };
    await server.setUp({ ...release.cluster, neighbour });
    const { object, invalid } = await server.create("apps", labelled("enabled"));
    expect(invalid).toBeUndefined();
    expect(object.spec.initContainers).toMatchObject([{ name: "onceward", restartPolicy: "Always" }]);
    // That it did take it: without the injector, nobody puts it back.
    await server.setUp({ objects: NAMESPACES, neighbour });
    const proxy = { name: "proxy", image: "mesh:1", restartPolicy: "Always" };
    const alone = await server.create("apps", labelled("enabled", { initContainers: [proxy] }));
    expect(alone.object.spec.initContainers[0]).not.toHaveProperty("restartPolicy");
  });
});
