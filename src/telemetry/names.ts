/**
 * Every metric, once: what is served for Prometheus, pushed by OTLP, drawn by the dashboard, asked for by the rules and
 * listed in `docs/metrics.md`. Names and units are OpenTelemetry's. No key, owner, stream or fingerprint is ever an
 * attribute; a namespace is the only one that callers choose, and only the first hundred go by name.
 */

type Kind = "counter" | "gauge" | "histogram";

export interface Metric {
  readonly name: string;
  readonly kind: Kind;
  /** UCUM; in braces what is counted. */
  readonly unit: string;
  readonly meaning: string;
  readonly attributes: readonly AttributeName[];
  /** Of a histogram, ascending, in the metric's unit. */
  readonly bounds?: readonly number[];
}

export const ATTRIBUTES = {
  "onceward.namespace": "Namespace of the address; `(other)` from the hundredth on.",
  "onceward.call": "The single call, such as `Begin`, whether it came alone, in a batch or on a Session.",
  "onceward.outcome": "What it was answered, in lower case.",
  "onceward.attempt": "Number of the attempt that started: `1` to `5`, `6-10` or `11+`.",
  "onceward.event": "What happened beside the outcome, see below.",
  "onceward.state": "State of a record: `in_progress`, `unknown`, `retryable` or `dead_lettered`.",
  "onceward.shard": "Name of the shard: `main` where there is one.",
  "onceward.node": "Host and port of a lease node.",
  "onceward.transition":
    "The atomic step of the store, by the name of its script; with `_many` those of a batch together.",
  "onceward.wait.for": "`record`: for an attempt to end; `lease`: for a lease to come free.",
  "onceward.wait.end": "`answered`: what was waited for happened; `timed_out`; `gone`: the caller went away; `failed`.",
  "onceward.sweep": "`swept`: taken out by the store; `expired`: by Redis itself, whoever wrote the key.",
  "onceward.warning": "Code of a finding about the store or its configuration.",
  "onceward.store": "Kind of the store: `embedded` or `redis`.",
  "onceward.version": "Version of onceward.",
  "nodejs.version": "Version of Node.js.",
  "rpc.method": "Full name of the RPC; for a Session one measurement for each call on it.",
  "rpc.status_code": "Name of the gRPC status.",
  "rpc.system.name": "Always `grpc`.",
  "error.type": "Reason of the error, see errors.md; absent where there was none.",
  "cpu.mode": "`user` or `system`.",
} as const;

export type AttributeName = keyof typeof ATTRIBUTES;

/** Of a call or a store round trip, s. */
const SHORT = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Of waiting and holding, s. */
const LONG = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

const NAMESPACE = "onceward.namespace";

export const METRICS = {
  calls: {
    name: "onceward.calls",
    kind: "counter",
    unit: "{call}",
    meaning: "Calls answered with an outcome; items of batches and sessions count singly.",
    attributes: [NAMESPACE, "onceward.call", "onceward.outcome"],
  },
  errors: {
    name: "onceward.errors",
    kind: "counter",
    unit: "{call}",
    meaning: "Calls ended with an error status, but for those that gRPC itself refuses.",
    attributes: ["error.type"],
  },
  starts: {
    name: "onceward.starts",
    kind: "counter",
    unit: "{attempt}",
    meaning: "Attempts started, by their number: from the second on they are retries.",
    attributes: [NAMESPACE, "onceward.attempt"],
  },
  notableEvents: {
    name: "onceward.notable_events",
    kind: "counter",
    unit: "{event}",
    meaning: "What an operator should hear of beside the outcome of the call it happened in.",
    attributes: [NAMESPACE, "onceward.event"],
  },
  rpcDuration: {
    name: "rpc.server.call.duration",
    kind: "histogram",
    unit: "s",
    meaning: "Time from a request's arrival to its answer, waiting included.",
    attributes: ["rpc.system.name", "rpc.method", "rpc.status_code"],
    bounds: SHORT,
  },
  storeDuration: {
    name: "onceward.store.operation.duration",
    kind: "histogram",
    unit: "s",
    meaning: "Time that one transition took in the store, queueing, network and disk included.",
    attributes: ["onceward.transition", "error.type"],
    bounds: SHORT,
  },
  inFlight: {
    name: "onceward.in_flight_calls",
    kind: "gauge",
    unit: "{call}",
    meaning: "Calls being worked on now, waiting ones included.",
    attributes: [],
  },
  inFlightLimit: {
    name: "onceward.in_flight_calls.limit",
    kind: "gauge",
    unit: "{call}",
    meaning: "Calls that may be in flight; over it they are refused as OVERLOADED.",
    attributes: [],
  },
  waiting: {
    name: "onceward.waiting_calls",
    kind: "gauge",
    unit: "{call}",
    meaning: "Calls waiting now for an attempt or a lease to end.",
    attributes: [],
  },
  waitingLimit: {
    name: "onceward.waiting_calls.limit",
    kind: "gauge",
    unit: "{call}",
    meaning: "Calls that may wait; over it they are answered at once.",
    attributes: [],
  },
  waitsRefused: {
    name: "onceward.waits_refused",
    kind: "counter",
    unit: "{call}",
    meaning: "Calls that asked to wait and were answered at once, since too many waited already.",
    attributes: ["onceward.wait.for"],
  },
  waitDuration: {
    name: "onceward.wait.duration",
    kind: "histogram",
    unit: "s",
    meaning: "Time that calls spent waiting; those that did not have to wait are not in it.",
    attributes: ["onceward.wait.for", "onceward.wait.end"],
    bounds: LONG,
  },
  leaseHold: {
    name: "onceward.lease.hold.duration",
    kind: "histogram",
    unit: "s",
    meaning: "Time from an Acquire to the Release or the loss of the lease, where both went through this process.",
    attributes: ["onceward.outcome"],
    bounds: LONG,
  },
  unfinished: {
    name: "onceward.unfinished_records",
    kind: "gauge",
    unit: "{record}",
    meaning: "Unfinished records of the whole store, by the last background count.",
    attributes: [NAMESPACE, "onceward.state"],
  },
  oldestUnfinished: {
    name: "onceward.unfinished_records.oldest_age",
    kind: "gauge",
    unit: "s",
    meaning: "Age of the oldest unfinished record, from its first Begin.",
    attributes: [NAMESPACE, "onceward.state"],
  },
  censusAge: {
    name: "onceward.census.age",
    kind: "gauge",
    unit: "s",
    meaning: "Time since that background count began: the older, the less the two above say.",
    attributes: [NAMESPACE],
  },
  recordsRemoved: {
    name: "onceward.removed_records",
    kind: "counter",
    unit: "{record}",
    meaning: "What retention took out of the store.",
    attributes: ["onceward.shard", "onceward.sweep"],
  },
  recordsEvicted: {
    name: "onceward.evicted_records",
    kind: "counter",
    unit: "{record}",
    meaning: "Keys that Redis dropped for want of memory, whoever wrote them: each may have been a promise.",
    attributes: ["onceward.shard"],
  },
  sweepLag: {
    name: "onceward.sweep.lag",
    kind: "gauge",
    unit: "s",
    meaning: "How long ago the oldest thing expired that the embedded store has not swept yet.",
    attributes: ["onceward.shard"],
  },
  topDuplicates: {
    name: "onceward.top_duplicates",
    kind: "gauge",
    unit: "{call}",
    meaning: "Duplicates of the record with the most of them, over the last five to ten minutes.",
    attributes: [NAMESPACE],
  },
  shardUp: {
    name: "onceward.shard.up",
    kind: "gauge",
    unit: "1",
    meaning: "1 while the shard is served, else 0.",
    attributes: ["onceward.shard"],
  },
  leaseNodeUp: {
    name: "onceward.lease_node.up",
    kind: "gauge",
    unit: "1",
    meaning: "1 while the lease node votes, else 0.",
    attributes: ["onceward.node"],
  },
  warnings: {
    name: "onceward.warnings",
    kind: "gauge",
    unit: "{warning}",
    meaning: "Findings about the store, the lease nodes and their configuration that stand now.",
    attributes: ["onceward.warning"],
  },
  gapWindows: {
    name: "onceward.gap_windows",
    kind: "gauge",
    unit: "{window}",
    meaning: "Losses of acknowledged data by the store that this process noticed.",
    attributes: [],
  },
  buildInfo: {
    name: "onceward.build_info",
    kind: "gauge",
    unit: "1",
    meaning: "Always 1; says what runs.",
    attributes: ["onceward.version", "nodejs.version", "onceward.store"],
  },
  uptime: {
    name: "onceward.uptime",
    kind: "gauge",
    unit: "s",
    meaning: "Time since this process started.",
    attributes: [],
  },
  cpuTime: {
    name: "process.cpu.time",
    kind: "counter",
    unit: "s",
    meaning: "CPU time of this process.",
    attributes: ["cpu.mode"],
  },
  memory: {
    name: "process.memory.usage",
    kind: "gauge",
    unit: "By",
    meaning: "Resident memory of this process.",
    attributes: [],
  },
  eventLoop: {
    name: "nodejs.eventloop.utilization",
    kind: "gauge",
    unit: "1",
    meaning: "Share of the time since the last reading that the event loop was busy; near 1 the process is the limit.",
    attributes: [],
  },
} as const satisfies Record<string, Metric>;

export type MetricKey = keyof typeof METRICS;
