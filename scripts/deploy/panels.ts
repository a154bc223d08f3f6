/** What the dashboard shows: a row for each question that an operator comes with. */
import {
  calls,
  DUPLICATES,
  duplicatesPerStart,
  hitRate,
  NAMESPACE,
  notable,
  quantile,
  rate,
  type Scope,
  select,
  unfinished,
} from "./expressions.ts";

export interface Panel {
  readonly title: string;
  readonly meaning: string;
  /** As Grafana calls it. */
  readonly unit: string;
  readonly kind?: "timeseries" | "stat" | "table";
  /** Of 24 columns. */
  readonly width?: number;
  readonly max?: number;
  readonly queries: ReadonlyArray<{ readonly expression: string; readonly legend: string }>;
}

const ALL = 'job=~"$job",instance=~"$instance"';
const HERE: Scope = { all: ALL, namespaced: `${ALL},${NAMESPACE}=~"$namespace"`, range: "$__rate_interval" };
const NOWHERE: Scope = { all: "", namespaced: "", range: "" };

export const VARIABLES = [
  { name: "job", label: "Job", query: `label_values(${select("buildInfo", NOWHERE)}, job)` },
  { name: "instance", label: "Instance", query: `label_values(${select("buildInfo", NOWHERE)}, instance)` },
  { name: "namespace", label: "Namespace", query: `label_values(${select("calls", NOWHERE)}, ${NAMESPACE})` },
] as const;

function query(expression: string, legend = "") {
  return { expression, legend };
}

function perSecond(by: string, ...of: Parameters<typeof rate>) {
  return query(
    `sum by (${by}) (${rate(...of)})`,
    by
      .split(", ")
      .map((label) => `{{${label}}}`)
      .join(" "),
  );
}

const OUTCOME = "onceward_outcome";

const GOLDEN: readonly Panel[] = [
  {
    title: "Calls",
    meaning: "Calls answered with an outcome; items of batches and sessions count singly.",
    unit: "reqps",
    queries: [perSecond("onceward_call", "calls", HERE)],
  },
  {
    title: "Errors",
    meaning: "Calls that ended in an error status, by reason. INVALID_ARGUMENT is the caller's; the others are ours.",
    unit: "reqps",
    queries: [perSecond("error_type", "errors", HERE)],
  },
  {
    title: "Time of an RPC, p99",
    meaning: "From arrival to answer, waiting included.",
    unit: "s",
    queries: [query(quantile(0.99, "rpcDuration", HERE, "rpc.method"), "{{rpc_method}}")],
  },
  {
    title: "Time of a transition in the store, p50 and p99",
    meaning: "What is left of the time of an RPC is the sidecar's own, or waiting.",
    unit: "s",
    queries: [
      query(quantile(0.5, "storeDuration", HERE, "onceward.transition"), "{{onceward_transition}} p50"),
      query(quantile(0.99, "storeDuration", HERE, "onceward.transition"), "{{onceward_transition}} p99"),
    ],
  },
  {
    title: "In flight",
    meaning: "Calls being worked on. At the limit further ones are refused as OVERLOADED.",
    unit: "short",
    queries: [
      query(`sum(${select("inFlight", HERE)})`, "in flight"),
      query(`sum(${select("inFlightLimit", HERE)})`, "limit"),
    ],
  },
  {
    title: "Event loop and CPU",
    meaning: "Near 1 the process is the limit: one process has one event loop.",
    unit: "percentunit",
    queries: [
      query(`max by (instance) (${select("eventLoop", HERE)})`, "{{instance}} event loop"),
      query(`sum by (instance) (${rate("cpuTime", HERE)})`, "{{instance}} CPU"),
    ],
  },
];

const IDEMPOTENCY: readonly Panel[] = [
  {
    title: "Effects that were done already",
    meaning: "Replays of all that asked for an effect: what would have run twice.",
    unit: "percentunit",
    kind: "stat",
    width: 4,
    queries: [query(hitRate(HERE))],
  },
  {
    title: "Begins by outcome",
    meaning: "started runs; replay was done before; in_progress runs elsewhere; unresolved needs a human.",
    unit: "reqps",
    width: 10,
    queries: [perSecond(OUTCOME, "calls", HERE, calls("Begin"))],
  },
  {
    title: "Duplicates for each start",
    meaning: "Much above 1 somebody retries without back-off.",
    unit: "short",
    width: 10,
    queries: [query(duplicatesPerStart(HERE), `{{${NAMESPACE}}}`)],
  },
  {
    title: "Duplicates by namespace",
    meaning: "Begins that found their effect begun or done.",
    unit: "reqps",
    queries: [perSecond(NAMESPACE, "calls", HERE, DUPLICATES)],
  },
  {
    title: "The record that is asked for most",
    meaning: "Duplicates of one id within five to ten minutes. `onceward stats` names it.",
    unit: "short",
    queries: [query(`max by (${NAMESPACE}) (${select("topDuplicates", HERE)})`, `{{${NAMESPACE}}}`)],
  },
  {
    title: "Refused by back-off",
    meaning: "Begins that came before the back-off of a failed attempt was over.",
    unit: "reqps",
    queries: [perSecond(NAMESPACE, "calls", HERE, calls("Begin", "backing_off"))],
  },
];

const CRASHES: readonly Panel[] = [
  {
    title: "Attempts by number",
    meaning: "From 2 on they are retries.",
    unit: "reqps",
    queries: [perSecond("onceward_attempt", "starts", HERE)],
  },
  {
    title: "Taken over",
    meaning: "Attempts that started in place of one whose lease had lapsed.",
    unit: "reqps",
    queries: [perSecond(NAMESPACE, "notableEvents", HERE, notable("takeover"))],
  },
  {
    title: "Zombies that were fenced",
    meaning: "Calls of attempts that had been taken over. Of a Complete, the effect may have run twice.",
    unit: "reqps",
    queries: [
      perSecond("onceward_call", "calls", HERE, {
        "onceward.call": "Complete|Renew|Checkpoint|Release",
        "onceward.outcome": "fenced|superseded",
      }),
    ],
  },
  {
    title: "Unfinished records",
    meaning: "By state, of the whole store. unknown: the effect may or may not have happened.",
    unit: "short",
    queries: [query(unfinished(HERE, ".*"), `{{${NAMESPACE}}} {{onceward_state}}`)],
  },
  {
    title: "Age of the oldest unfinished record",
    meaning: "From its first Begin.",
    unit: "s",
    queries: [
      query(`max by (onceward_state) (${select("oldestUnfinished", HERE)})`, "{{onceward_state}}"),
      query(`max(${select("censusAge", HERE)})`, "age of the count"),
    ],
  },
  {
    title: "Notable completions",
    meaning:
      "late: after the lease; restored: the store had lost the record; differing: said something else the second time.",
    unit: "reqps",
    queries: [
      perSecond("onceward_event", "notableEvents", HERE, { "onceward.event": ".*_completion|unguarded_start" }),
    ],
  },
];

const WAITING: readonly Panel[] = [
  {
    title: "Waiting",
    meaning: "Calls that wait for an attempt or a lease. At the limit further ones are answered at once.",
    unit: "short",
    queries: [
      query(`sum(${select("waiting", HERE)})`, "waiting"),
      query(`sum(${select("waitingLimit", HERE)})`, "limit"),
      query(`sum(${rate("waitsRefused", HERE)})`, "refused per second"),
    ],
  },
  {
    title: "Time spent waiting, p95",
    meaning: "Of calls that had to wait.",
    unit: "s",
    queries: [query(quantile(0.95, "waitDuration", HERE, "onceward.wait.for"), "for a {{onceward_wait_for}}")],
  },
  {
    title: "Leases",
    meaning: "busy: somebody else held it.",
    unit: "reqps",
    queries: [perSecond(OUTCOME, "calls", HERE, calls("LeaseAcquire"))],
  },
  {
    title: "Time a lease was held, p95",
    meaning: "lost: it ran out or was taken away.",
    unit: "s",
    queries: [query(quantile(0.95, "leaseHold", HERE, "onceward.outcome"), "{{onceward_outcome}}")],
  },
  {
    title: "Out of turn",
    meaning: "Begins and Advances that came before or after their place in the stream.",
    unit: "reqps",
    queries: [
      perSecond(`onceward_call, ${OUTCOME}`, "calls", HERE, {
        "onceward.call": "Begin|SequenceAdvance",
        "onceward.outcome": "gap|stale|conflict|stream_busy",
      }),
    ],
  },
];

const STORE: readonly Panel[] = [
  {
    title: "Shards",
    meaning: "1 = served by every sidecar.",
    unit: "short",
    max: 1,
    queries: [
      query(`min by (onceward_shard) (${select("shardUp", HERE)})`, "{{onceward_shard}}"),
      query(`min by (onceward_node) (${select("leaseNodeUp", HERE)})`, "lease node {{onceward_node}}"),
    ],
  },
  {
    title: "Warnings and losses",
    meaning: "Findings about store and configuration, and losses of acknowledged data. `onceward info` has the words.",
    unit: "short",
    queries: [
      query(`max by (onceward_warning) (${select("warnings", HERE)})`, "{{onceward_warning}}"),
      query(`max(${select("gapWindows", HERE)})`, "gap windows"),
      query(`sum(${rate("recordsEvicted", HERE)})`, "evicted per second"),
    ],
  },
  {
    title: "Expired",
    meaning: "Records that retention took out, and how far the embedded store's sweep is behind.",
    unit: "short",
    queries: [
      perSecond("onceward_shard, onceward_sweep", "recordsRemoved", HERE),
      query(`max(${select("sweepLag", HERE)})`, "seconds behind"),
    ],
  },
  {
    title: "Memory",
    meaning: "Resident memory.",
    unit: "bytes",
    width: 12,
    queries: [query(select("memory", HERE), "{{instance}}")],
  },
  {
    title: "What runs",
    meaning: "Versions and kinds of store.",
    unit: "s",
    kind: "table",
    width: 12,
    queries: [query(`${select("uptime", HERE)} * on (instance) group_right () ${select("buildInfo", HERE)}`)],
  },
];

export const ROWS: ReadonlyArray<{ readonly title: string; readonly panels: readonly Panel[] }> = [
  { title: "Golden signals", panels: GOLDEN },
  { title: "Duplicates", panels: IDEMPOTENCY },
  { title: "Crashes and retries", panels: CRASHES },
  { title: "Waiting, leases, order", panels: WAITING },
  { title: "Store and process", panels: STORE },
];
