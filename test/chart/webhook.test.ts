import { createPrivateKey, X509Certificate } from "node:crypto";
import { afterAll, describe, expect, it } from "vitest";
import { readTemplate } from "../../src/inject/template.ts";
import { Charts, HELMS, type Manifest, only, type RenderOptions } from "./support/helm.ts";

const charts = new Charts();
afterAll(() => charts.remove());

const SIDECAR = { image: { repository: "registry.example/onceward" }, store: { url: "redis://redis.data:6379" } };

function render(values: object = {}, options: RenderOptions = {}): Manifest[] {
  return charts.render({ ...options, values: { sidecar: SIDECAR, ...values } });
}

const webhooksOf = (objects: readonly Manifest[]) => only(objects, "MutatingWebhookConfiguration").webhooks;
const podOf = (object: Manifest) => object.spec.template.spec;

describe.each(HELMS)("the certificate that %s makes", (_major, helm) => {
  const objects = render({}, { helm });
  const { data } = only(objects, "Secret");
  const [certificate, key, ca] = ["tls.crt", "tls.key", "ca.crt"].map((name) => Buffer.from(data[name], "base64"));
  const leaf = new X509Certificate(certificate!);

  it("is for the name that the API server calls", () => {
    const { service } = webhooksOf(objects)[0].clientConfig;
    expect(service).toMatchObject({ name: "test-onceward-injector", namespace: "onceward", path: "/inject" });
    expect(leaf.checkHost(`${service.name}.${service.namespace}.svc`)).toBeDefined();
    expect(leaf.checkPrivateKey(createPrivateKey(key!))).toBe(true);
  });

  it("is by the CA that the API server is told", () => {
    expect(leaf.verify(new X509Certificate(ca!).publicKey)).toBe(true);
    for (const { clientConfig } of webhooksOf(objects)) {
      expect(Buffer.from(clientConfig.caBundle, "base64")).toEqual(ca);
    }
  });

  it("fits a release with a long name", () => {
    const long = render({}, { helm, release: "a-release-with-a-name-as-long-as-helm-takes-53-letter" });
    const { service } = webhooksOf(long)[0].clientConfig;
    expect(service.name.length).toBeLessThanOrEqual(63);
    const pem = Buffer.from(only(long, "Secret").data["tls.crt"], "base64");
    expect(new X509Certificate(pem).checkHost(`${service.name}.${service.namespace}.svc`)).toBeDefined();
  });
});

describe("a caBundle that somebody else writes", () => {
  it.each([
    ["cert-manager", { source: "certManager" }, "cert-manager.io/inject-ca-from", "onceward/test-onceward-injector"],
    [
      "cert-manager, from a secret",
      { source: "existingSecret", existingSecret: { name: "mine", injectCa: true } },
      "cert-manager.io/inject-ca-from-secret",
      "onceward/mine",
    ],
  ])("is not ours to declare: %s", (_who, certificate, annotation, from) => {
    const objects = render({ injector: { certificate } });
    for (const { clientConfig } of webhooksOf(objects)) expect(clientConfig).not.toHaveProperty("caBundle");
    expect(only(objects, "MutatingWebhookConfiguration").metadata.annotations).toEqual({ [annotation]: from });
  });
});

describe("a cloud's own words on the webhook", () => {
  it("stand beside those of cert-manager", () => {
    const word = { "admissions.enforcer/disabled": "true" };
    const given = { certificate: { source: "certManager" }, webhookLabels: word, webhookAnnotations: word };
    const { labels, annotations } = only(render({ injector: given }), "MutatingWebhookConfiguration").metadata;
    expect(labels).toMatchObject(word);
    expect(annotations).toEqual({
      ...word,
      "cert-manager.io/inject-ca-from": "onceward/test-onceward-injector",
    });
  });
});

describe("the webhook", () => {
  const [pods, namespaces] = webhooksOf(render({ excludedNamespaces: ["monitoring"] }));
  const excluded = (webhook: Manifest) =>
    webhook.namespaceSelector.matchExpressions.find(({ key }: Manifest) => key === "kubernetes.io/metadata.name");

  it("never looks at what has to work before it: its own namespace and those of Kubernetes", () => {
    for (const webhook of [pods, namespaces]) {
      expect(excluded(webhook)).toMatchObject({ operator: "NotIn" });
      expect(excluded(webhook).values).toEqual(
        expect.arrayContaining(["onceward", "kube-system", "kube-public", "kube-node-lease", "monitoring"]),
      );
    }
  });

  it("can keep only those pods from being made that ask for it themselves", () => {
    expect(pods).toMatchObject({ failurePolicy: "Fail", sideEffects: "None", reinvocationPolicy: "IfNeeded" });
    expect(pods.objectSelector.matchExpressions).toEqual([
      { key: "onceward.dev/inject", operator: "In", values: ["enabled"] },
    ]);
    expect(namespaces.failurePolicy).toBe("Ignore");
  });

  it("is asked about a pod once at most, and never about one that refuses", () => {
    expect(namespaces.objectSelector.matchExpressions).toEqual([
      { key: "onceward.dev/inject", operator: "NotIn", values: ["enabled", "disabled"] },
    ]);
  });

  it("is asked about new pods only", () => {
    for (const { rules } of [pods, namespaces]) {
      expect(rules).toEqual([
        { operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"], scope: "Namespaced" },
      ]);
    }
  });
});

describe("the injector", () => {
  const objects = render({ injector: { port: 8443, opsPort: 9601 } });
  const deployment = only(objects, "Deployment");
  const [container] = podOf(deployment).containers;

  it("is given a template that it takes", () => {
    const { data } = only(objects, "ConfigMap");
    expect(readTemplate(data["sidecar.json"])).toMatchObject({ native: true, transport: "tcp", isEmbedded: false });
  });

  it("is rolled out anew when what it puts into pods changes", () => {
    const checksum = (values: object) =>
      only(render(values), "Deployment").spec.template.metadata.annotations["checksum/template"];
    expect(checksum({})).toBe(checksum({ injector: { replicas: 5 } }));
    expect(checksum({})).not.toBe(checksum({ sidecar: { ...SIDECAR, logLevel: "debug" } }));
  });

  it("has no token of the cluster, and is in nobody's mesh", () => {
    expect(podOf(deployment).automountServiceAccountToken).toBe(false);
    expect(deployment.spec.template.metadata).toMatchObject({
      labels: { "onceward.dev/inject": "disabled", "sidecar.istio.io/inject": "false" },
      annotations: { "linkerd.io/inject": "disabled" },
    });
    expect(objects.map(({ kind }) => kind).filter((kind) => /Role|ServiceAccount/.test(kind))).toEqual([]);
  });

  it("listens where its ports, its service and its probes say", () => {
    const env = Object.fromEntries(container.env.map(({ name, value }: Manifest) => [name, value]));
    expect(env).toMatchObject({ ONCEWARD_INJECT_LISTEN: "0.0.0.0:8443", ONCEWARD_INJECT_OPS_LISTEN: "0.0.0.0:9601" });
    const ports = Object.fromEntries(container.ports.map((port: Manifest) => [port.name, port.containerPort]));
    expect(ports).toEqual({ https: 8443, "onceward-ops": 9601 });
    expect(only(objects, "Service").spec.ports).toMatchObject([{ port: 443, targetPort: "https" }]);
    for (const probe of [container.startupProbe, container.livenessProbe, container.readinessProbe]) {
      expect(probe.httpGet.port).toBe("onceward-ops");
    }
  });

  it("finds its files where the volumes put them", () => {
    const env = Object.fromEntries(container.env.map(({ name, value }: Manifest) => [name, value]));
    const mounts = Object.fromEntries(container.volumeMounts.map((one: Manifest) => [one.mountPath, one.name]));
    expect(mounts).toEqual({ "/etc/onceward/template": "template", "/etc/onceward/tls": "tls" });
    expect(env).toMatchObject({
      ONCEWARD_INJECT_TEMPLATE: "/etc/onceward/template/sidecar.json",
      ONCEWARD_INJECT_CERTIFICATE: "/etc/onceward/tls/tls.crt",
      ONCEWARD_INJECT_PRIVATE_KEY: "/etc/onceward/tls/tls.key",
    });
    const [template, tls] = podOf(deployment).volumes;
    expect(template.configMap.name).toBe(only(objects, "ConfigMap").metadata.name);
    expect(tls.secret.secretName).toBe(only(objects, "Secret").metadata.name);
  });
});
