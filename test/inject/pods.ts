/** Pods as people write them and as other webhooks leave them, and what is expected of each. */
import type { Json } from "./apply.ts";

export interface PodCase {
  readonly name: string;
  readonly pod: Json;
  /** Names of the init containers afterwards, a star on those that keep running; then of the others. */
  readonly inits: readonly string[];
  readonly containers: readonly string[];
  /** Names of the volumes afterwards. */
  readonly volumes?: readonly string[];
  /** Words of the warnings, one each. */
  readonly warnings?: readonly string[];
}

const ASKS = { "onceward.dev/inject": "enabled" };
const APP = { name: "app", image: "app:1" };
const PROXY = { name: "istio-proxy", image: "proxyv2", restartPolicy: "Always", ports: [{ containerPort: 15090 }] };
const MIGRATE = { name: "migrate", image: "app:1", args: ["migrate"] };

export function pod(spec: Json = {}, annotations?: Readonly<Record<string, string>>): Json {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { generateName: "app-", labels: ASKS, ...(annotations && { annotations }) },
    spec: { containers: [APP], ...spec },
  };
}

/** All of them are given the sidecar. The template's defaults: a native one, on the loopback, with a Redis. */
export const INJECTED: readonly PodCase[] = [
  { name: "a plain one", pod: pod(), inits: ["onceward*"], containers: ["app"] },
  {
    name: "that of a Job",
    pod: pod({ restartPolicy: "Never", activeDeadlineSeconds: 600 }),
    inits: ["onceward*"],
    containers: ["app"],
  },
  {
    name: "one with init containers, which can call it",
    pod: pod({ initContainers: [MIGRATE, { name: "warm", image: "app:1" }] }),
    inits: ["onceward*", "migrate", "warm"],
    containers: ["app"],
  },
  {
    name: "one with a mesh's native sidecar, whose proxy comes first",
    pod: pod({ initContainers: [PROXY, MIGRATE] }),
    inits: ["istio-proxy*", "onceward*", "migrate"],
    containers: ["app"],
  },
  {
    name: "one with a mesh's set-up before its sidecar",
    pod: pod({ initContainers: [{ name: "istio-init", image: "proxyv2" }, PROXY] }),
    inits: ["onceward*", "istio-init", "istio-proxy*"],
    containers: ["app"],
  },
  {
    name: "one whose init containers all keep running",
    pod: pod({ initContainers: [PROXY, { name: "logs", image: "fluent", restartPolicy: "Always" }] }),
    inits: ["istio-proxy*", "logs*", "onceward*"],
    containers: ["app"],
  },
  {
    name: "one with a mesh's ordinary sidecar",
    pod: pod({ containers: [APP, { name: "linkerd-proxy", image: "proxy" }] }),
    inits: ["onceward*"],
    containers: ["app", "linkerd-proxy"],
  },
  {
    name: "one that wants it first",
    pod: pod({ initContainers: [PROXY] }, { "onceward.dev/position": "first" }),
    inits: ["onceward*", "istio-proxy*"],
    containers: ["app"],
  },
  {
    name: "one that wants it last",
    pod: pod({ initContainers: [MIGRATE] }, { "onceward.dev/position": "last" }),
    inits: ["migrate", "onceward*"],
    containers: ["app"],
  },
  {
    name: "one with several containers, variables and volumes",
    pod: pod({
      containers: [
        { ...APP, env: [{ name: "A", value: "$(ONCEWARD_ADDRESS)" }], volumeMounts: [{ name: "v", mountPath: "/v" }] },
        { name: "worker", image: "app:1", env: [] },
        { name: "own", image: "app:1", env: [{ name: "ONCEWARD_ADDRESS", value: "dns:///shared:7600" }] },
      ],
      volumes: [{ name: "v", emptyDir: {} }],
    }),
    inits: ["onceward*"],
    containers: ["app", "worker", "own"],
    volumes: ["v"],
  },
  {
    name: "one that wants a socket",
    pod: pod({ volumes: [{ name: "v", emptyDir: {} }] }, { "onceward.dev/transport": "uds" }),
    inits: ["onceward*"],
    containers: ["app"],
    volumes: ["v", "onceward-run"],
  },
  {
    name: "one on the node's network, on a socket",
    pod: pod({ hostNetwork: true }, { "onceward.dev/transport": "uds" }),
    inits: ["onceward*"],
    containers: ["app"],
    volumes: ["onceward-run"],
  },
  {
    name: "one that wants an ordinary container",
    pod: pod({ initContainers: [MIGRATE] }, { "onceward.dev/native-sidecar": "false" }),
    inits: ["migrate"],
    containers: ["onceward", "app"],
  },
  {
    name: "one that keeps its records itself",
    pod: pod({}, { "onceward.dev/store": "embedded" }),
    inits: ["onceward*"],
    containers: ["app"],
    volumes: ["onceward-data"],
    warnings: ["end with it"],
  },
  {
    name: "one that keeps its records in a volume of its own",
    pod: pod(
      { volumes: [{ name: "claim", persistentVolumeClaim: { claimName: "c" } }] },
      { "onceward.dev/store": "embedded", "onceward.dev/data-volume": "claim" },
    ),
    inits: ["onceward*"],
    containers: ["app"],
    volumes: ["claim"],
    warnings: ["end with it"],
  },
  {
    name: "one with a word that is none",
    pod: pod({}, { "onceward.dev/trasnport": "uds", "onceward.dev/inject": "enabled", "other.dev/x": "y" }),
    inits: ["onceward*"],
    containers: ["app"],
    warnings: ["onceward.dev/trasnport", "is a label"],
  },
  {
    name: "one copied from another, with what was said about that",
    pod: pod({}, { "onceward.dev/status": '{"version":"0.0.1"}' }),
    inits: ["onceward*"],
    containers: ["app"],
  },
  {
    name: "one that takes our port",
    pod: pod({ containers: [{ ...APP, ports: [{ containerPort: 7601 }] }] }),
    inits: ["onceward*"],
    containers: ["app"],
    warnings: ["7601"],
  },
  {
    name: "an odd one: lists that are null or empty, members that nobody knows",
    pod: {
      ...pod({ initContainers: null, volumes: [], future: { deep: [1, null, { "a/b~c": true }] } }),
      metadata: { labels: { ...ASKS, "x/y": "~" }, annotations: null, creationTimestamp: null, ours: 1 },
    },
    inits: ["onceward*"],
    containers: ["app"],
  },
  {
    name: "an odd one: no labels, asked for by its namespace",
    pod: { apiVersion: "v1", kind: "Pod", metadata: { name: "bare" }, spec: { containers: [{ ...APP, env: null }] } },
    inits: ["onceward*"],
    containers: ["app"],
  },
];

export interface OtherCase {
  readonly name: string;
  readonly pod: Json;
  readonly kind: "leave" | "refuse";
  readonly why: string;
}

export const OTHERS: readonly OtherCase[] = [
  {
    name: "one that opts out",
    pod: { ...pod(), metadata: { labels: { "onceward.dev/inject": "disabled" } } },
    kind: "leave",
    why: "opted out",
  },
  {
    name: "one that brings its own, as init container",
    pod: pod({ initContainers: [{ name: "onceward", image: "mine", restartPolicy: "Always" }] }),
    kind: "leave",
    why: "injected already",
  },
  {
    name: "one that brings its own, as container",
    pod: pod({ containers: [APP, { name: "onceward", image: "mine" }] }),
    kind: "leave",
    why: "injected already",
  },
  {
    name: "one that runs it once before the app, which is its own affair",
    pod: pod({ initContainers: [{ name: "onceward", image: "mine" }] }),
    kind: "leave",
    why: "injected already",
  },
  {
    name: "one without containers",
    pod: pod({ containers: [] }),
    kind: "leave",
    why: "no pod that could run",
  },
  { name: "one without a spec", pod: { apiVersion: "v1", kind: "Pod" }, kind: "leave", why: "no pod that could run" },
  { name: "what is no object", pod: "pod", kind: "leave", why: "no pod that could run" },
  { name: "one on the node's network", pod: pod({ hostNetwork: true }), kind: "refuse", why: "onceward.dev/transport" },
  {
    name: "one on the node's network, which only its namespace asks for",
    pod: { ...pod({ hostNetwork: true }), metadata: { name: "agent" } },
    kind: "leave",
    why: "onceward.dev/transport",
  },
  { name: "one for Windows", pod: pod({ os: { name: "windows" } }), kind: "refuse", why: "Linux" },
  {
    name: "one whose volume is not there",
    pod: pod({}, { "onceward.dev/store": "embedded", "onceward.dev/data-volume": "claim" }),
    kind: "refuse",
    why: "no such volume",
  },
  {
    name: "one that says it wrongly, everything at once",
    pod: pod({}, { "onceward.dev/transport": "quic", "onceward.dev/memory-limit": "much" }),
    kind: "refuse",
    why: "onceward.dev/transport must be tcp or uds; onceward.dev/memory-limit must be a quantity",
  },
  {
    name: "one with two stores",
    pod: pod({}, { "onceward.dev/store": "redis://r", "onceward.dev/store-secret": "s" }),
    kind: "refuse",
    why: "exclude each other",
  },
];
