/** Values that people install the chart with: each a way through its templates. */

const SIDECAR = { image: { repository: "registry.example/onceward" }, store: { url: "redis://redis.data:6379" } };
const EMBEDDED = { image: SIDECAR.image };
const OLDEST = "1.28";
const OLD = ["1.28", "1.29"] as const;
const NEW = ["1.33", "1.36", "1.37"] as const;

export interface Case {
  readonly name: string;
  readonly values: object;
  /** Minor versions of Kubernetes that it is for. */
  readonly versions: readonly string[];
  /** Kinds that come out, sorted, without those of the tests; a kind that comes twice is named twice. */
  readonly kinds: readonly string[];
}

const WEBHOOK = ["ConfigMap", "Deployment", "MutatingWebhookConfiguration", "PodDisruptionBudget", "Secret", "Service"];
const POLICY = ["MutatingAdmissionPolicy", ...Array(2).fill("MutatingAdmissionPolicyBinding")];
const GUARD = ["ValidatingAdmissionPolicy", ...Array(2).fill("ValidatingAdmissionPolicyBinding")];
const SHARED = ["Deployment", "PodDisruptionBudget", "Service"];
const without = (kinds: readonly string[], kind: string) => kinds.filter((one) => one !== kind);

export const CASES: readonly Case[] = [
  { name: "as it comes", values: { sidecar: SIDECAR }, versions: [...OLD, ...NEW], kinds: WEBHOOK },
  {
    name: "with cert-manager",
    values: { sidecar: SIDECAR, injector: { certificate: { source: "certManager" } } },
    versions: ["1.29", "1.37"],
    kinds: [...without(WEBHOOK, "Secret"), "Certificate", "Issuer"],
  },
  {
    name: "with an issuer of cert-manager's that is there",
    values: {
      sidecar: SIDECAR,
      injector: { certificate: { source: "certManager", issuerRef: { name: "ca", kind: "ClusterIssuer" } } },
    },
    versions: ["1.36"],
    kinds: [...without(WEBHOOK, "Secret"), "Certificate"],
  },
  {
    name: "with a certificate of one's own",
    values: {
      sidecar: SIDECAR,
      injector: { certificate: { source: "existingSecret", existingSecret: { name: "mine", caBundle: "PEM" } } },
    },
    versions: ["1.36"],
    kinds: without(WEBHOOK, "Secret"),
  },
  {
    name: "with a CA that cert-manager copies",
    values: {
      sidecar: SIDECAR,
      injector: { certificate: { source: "existingSecret", existingSecret: { name: "mine", injectCa: true } } },
    },
    versions: ["1.36"],
    kinds: without(WEBHOOK, "Secret"),
  },
  {
    name: "with everything said",
    values: {
      excludedNamespaces: ["monitoring"],
      sidecar: {
        image: { ...SIDECAR.image, digest: `sha256:${"a".repeat(64)}`, pullPolicy: "Always" },
        store: { secret: { name: "onceward", key: "url" } },
        transport: "uds",
        failOpen: true,
        readiness: "store",
        logLevel: "debug",
        settings: { retention: "48h", waiters: 10, strict: true },
        extraEnv: [{ name: "OTEL_EXPORTER_OTLP_ENDPOINT", value: "http://collector:4317" }],
        envFrom: [{ secretRef: { name: "fingerprints" } }],
        ports: { api: 9600, ops: 9601 },
        resources: { requests: { cpu: "50m", memory: "200Mi" }, limits: { cpu: 1, memory: "300Mi" } },
      },
      injector: {
        replicas: 3,
        port: 8443,
        extraEnv: [{ name: "OTEL_EXPORTER_OTLP_ENDPOINT", value: "http://collector:4317" }],
        failurePolicy: "Ignore",
        namespaceOptIn: { enabled: true, failurePolicy: "Fail" },
        podLabels: { team: "platform" },
        podAnnotations: { note: "yes" },
        nodeSelector: { "kubernetes.io/os": "linux" },
        tolerations: [{ key: "control", operator: "Exists" }],
        priorityClassName: "system-cluster-critical",
        imagePullSecrets: [{ name: "registry" }],
      },
    },
    versions: [OLDEST, "1.36"],
    kinds: WEBHOOK,
  },
  {
    name: "with one injector, and no namespace that asks for all",
    values: { sidecar: SIDECAR, injector: { replicas: 1, namespaceOptIn: { enabled: false } } },
    versions: ["1.33"],
    kinds: without(WEBHOOK, "PodDisruptionBudget"),
  },
  {
    name: "with an embedded store that one knows about",
    values: { sidecar: { ...EMBEDDED, store: { acknowledgePerPodScope: true } } },
    versions: [OLDEST, "1.36"],
    kinds: WEBHOOK,
  },
  {
    name: "by policy",
    values: { mode: "policy", sidecar: SIDECAR },
    versions: ["1.36", "1.37"],
    kinds: [...POLICY, ...GUARD],
  },
  {
    name: "by policy, on a socket, with ordinary containers and no guard",
    values: {
      mode: "policy",
      sidecar: { ...EMBEDDED, transport: "uds", nativeSidecar: false, store: { acknowledgePerPodScope: true } },
      policy: { failurePolicy: "Ignore", namespaceOptIn: false, guard: false },
    },
    versions: ["1.36"],
    kinds: ["MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding"],
  },
  {
    name: "as a service only",
    values: { mode: "none", sidecar: SIDECAR, shared: { enabled: true, replicas: 3, service: { headless: true } } },
    versions: [...OLD, ...NEW],
    kinds: SHARED,
  },
  {
    name: "as a service with a store of its own",
    values: {
      mode: "none",
      sidecar: EMBEDDED,
      shared: { enabled: true, replicas: 1, persistence: { storageClass: "fast" }, resources: { limits: {} } },
    },
    versions: [OLDEST, "1.36"],
    kinds: ["Service", "StatefulSet"],
  },
  {
    name: "with all that watches and fences it",
    values: {
      sidecar: { ...SIDECAR, egress: { redis: [{ ipBlock: { cidr: "10.0.0.0/8" } }], otlp: [{ podSelector: {} }] } },
      shared: { enabled: true, podLabels: { a: "b" } },
      monitoring: {
        podMonitor: { enabled: true, labels: { release: "prometheus" } },
        rules: { enabled: true, labels: { release: "prometheus" } },
      },
      networkPolicy: {
        enabled: true,
        from: [{ namespaceSelector: { matchLabels: { team: "payments" } } }],
        monitoringFrom: [{ namespaceSelector: { matchLabels: { name: "monitoring" } } }],
      },
    },
    versions: [OLDEST, "1.37"],
    kinds: [...WEBHOOK, ...SHARED, ...Array(2).fill("NetworkPolicy"), ...Array(2).fill("PodMonitor"), "PrometheusRule"],
  },
];
