import { stringify } from "yaml";
import { ERRORS } from "../../src/base/errors.ts";
import {
  calls,
  duplicatesPerStart,
  increase,
  NAMESPACE,
  notable,
  quantile,
  rate,
  type Scope,
  select,
  unfinished,
  unknownShare,
} from "./expressions.ts";

export interface Rule {
  readonly name: string;
  /** What is measured: it has a value on every sidecar that works, so that a query without an answer is a mistake. */
  readonly measure: string;
  readonly comparison: ">" | "<";
  readonly threshold: number;
  /** How long it must hold. */
  readonly lasts: string;
  readonly severity: "critical" | "warning" | "info";
  /** One line for a pager. */
  readonly summary: string;
  /** What it means, and what to do. */
  readonly remedy: string;
}

/** Errors that are not the caller's mistake. */
const OURS = Object.keys(ERRORS)
  .filter((code) => code !== "INVALID_ARGUMENT")
  .join("|");

function looking(range: string): Scope {
  return { all: "", namespaced: "", range };
}

const byNamespace = `by (${NAMESPACE})`;

const EFFECTS: readonly Rule[] = [
  {
    name: "OncewardUnknownBurn",
    measure: unknownShare(looking("30m")),
    comparison: ">",
    threshold: 0.01,
    lasts: "5m",
    severity: "critical",
    summary: "More than 1 % of the attempts of {{ $labels.onceward_namespace }} end without anybody saying how",
    remedy:
      "Workers crash, are killed, or outlast their leases. Look for restarts and for leases that are too short; " +
      "`onceward list --state unknown` names the records, `onceward resolve` settles one.",
  },
  {
    name: "OncewardUnknownRecords",
    measure: unfinished(looking("5m"), "unknown"),
    comparison: ">",
    threshold: 0,
    lasts: "15m",
    severity: "warning",
    summary: "{{ $value }} effects of {{ $labels.onceward_namespace }} may or may not have happened",
    remedy: "Nobody has come back for them in a quarter of an hour. Look at the target, then `onceward resolve`.",
  },
  {
    name: "OncewardOldestUnfinished",
    measure: `max ${byNamespace} (${select("oldestUnfinished", looking("5m"), {
      "onceward.state": "unknown|retryable|dead_lettered",
    })})`,
    comparison: ">",
    threshold: 3600,
    lasts: "5m",
    severity: "warning",
    summary: "An effect of {{ $labels.onceward_namespace }} has been unfinished for more than an hour",
    remedy: "`onceward list` shows the oldest first. A retryable one waits for a caller who does not come.",
  },
  {
    name: "OncewardZombieCompletions",
    measure: `sum ${byNamespace} (${increase("calls", looking("15m"), calls("Complete", "fenced", "superseded"))})`,
    comparison: ">",
    threshold: 0,
    lasts: "0m",
    severity: "warning",
    summary: "Attempts of {{ $labels.onceward_namespace }} completed after another had taken over",
    remedy:
      "Each of these effects may have run twice, unless its target compares the fencing token. Lengthen the lease " +
      "or renew it; choose HOLD where twice is worse than late. Their traces link to the run that began the record.",
  },
  {
    name: "OncewardRetryStorm",
    measure: duplicatesPerStart(looking("5m")),
    comparison: ">",
    threshold: 10,
    lasts: "5m",
    severity: "warning",
    summary: "Callers of {{ $labels.onceward_namespace }} ask {{ $value }} times for each effect that starts",
    remedy: "Someone retries without back-off. `onceward stats` names the effects and the records asked for most.",
  },
  {
    name: "OncewardRecordRetried",
    measure: `max ${byNamespace} (${select("topDuplicates", looking("5m"))})`,
    comparison: ">",
    threshold: 100,
    lasts: "0m",
    severity: "warning",
    summary: "One id of {{ $labels.onceward_namespace }} came {{ $value }} times within ten minutes",
    remedy: "A caller is in a loop, or uses one key for many effects. `onceward stats` shows the key.",
  },
  {
    name: "OncewardSequenceGaps",
    measure: `sum ${byNamespace} (${rate("calls", looking("15m"), calls("Begin", "gap"))})`,
    comparison: ">",
    threshold: 0.1,
    lasts: "15m",
    severity: "info",
    summary: "Events of {{ $labels.onceward_namespace }} keep arriving ahead of their turn",
    remedy: "A predecessor is missing or failed: `onceward sequence get` says which is next, `skip` passes over it.",
  },
];

const STORE: readonly Rule[] = [
  {
    name: "OncewardShardDown",
    measure: `min by (onceward_shard) (${select("shardUp", looking("5m"))})`,
    comparison: "<",
    threshold: 1,
    lasts: "1m",
    severity: "critical",
    summary: "Shard {{ $labels.onceward_shard }} is not served by every sidecar",
    remedy: "Its records answer UNAVAILABLE. `/readyz` and `onceward info` say why.",
  },
  {
    name: "OncewardLeaseNodeDown",
    measure: `min by (onceward_node) (${select("leaseNodeUp", looking("5m"))})`,
    comparison: "<",
    threshold: 1,
    lasts: "5m",
    severity: "warning",
    summary: "Lease node {{ $labels.onceward_node }} does not vote",
    remedy: "Leases go on while a majority votes. `onceward info` says why it does not.",
  },
  {
    name: "OncewardGapWindow",
    measure: `max(${select("gapWindows", looking("5m"))})`,
    comparison: ">",
    threshold: 0,
    lasts: "0m",
    severity: "critical",
    summary: "The store has lost acknowledged records",
    remedy: "Effects of the window that `onceward info` names may run again. The alert ends with a restart.",
  },
  {
    name: "OncewardEvictedRecords",
    measure: `sum by (onceward_shard) (${increase("recordsEvicted", looking("10m"))})`,
    comparison: ">",
    threshold: 0,
    lasts: "0m",
    severity: "critical",
    summary: "Redis of shard {{ $labels.onceward_shard }} drops keys for want of memory",
    remedy:
      "Set maxmemory-policy to noeviction and give it memory: each dropped record is an effect that may run twice.",
  },
  {
    name: "OncewardRestoredCompletions",
    measure: `sum ${byNamespace} (${increase("notableEvents", looking("15m"), notable("restored_completion"))})`,
    comparison: ">",
    threshold: 0,
    lasts: "0m",
    severity: "warning",
    summary: "Completions of {{ $labels.onceward_namespace }} found no record, and were taken as the truth",
    remedy: "The store lost records while their attempts ran: look for a flush, a failover or an eviction.",
  },
  {
    name: "OncewardUnguardedStarts",
    measure: `sum ${byNamespace} (${increase("notableEvents", looking("15m"), notable("unguarded_start"))})`,
    comparison: ">",
    threshold: 0,
    lasts: "0m",
    severity: "critical",
    summary: "Effects of {{ $labels.onceward_namespace }} run without a record, since the store is unreachable",
    remedy: "`fail_open` is set. Mend the store, or set it to false if twice is worse than not at all.",
  },
  {
    name: "OncewardConfigurationWarning",
    measure:
      "sum by (instance) (" +
      select("warnings", looking("5m")) +
      " or " +
      select("gapWindows", looking("5m")) +
      " * 0)",
    comparison: ">",
    threshold: 0,
    lasts: "10m",
    severity: "info",
    summary: "{{ $value }} findings stand about the store of {{ $labels.instance }}",
    remedy: "`onceward info` lists them with what to do.",
  },
  {
    name: "OncewardStoreSlow",
    measure: quantile(0.99, "storeDuration", looking("10m"), "onceward.transition", {
      "onceward.transition": "begin.*|complete.*|renew|checkpoint|release",
    }),
    comparison: ">",
    threshold: 0.5,
    lasts: "10m",
    severity: "warning",
    summary: "One in a hundred {{ $labels.onceward_transition }} takes the store more than half a second",
    remedy: "Compare with the time of the RPCs: if both rise the store or the network to it is slow.",
  },
  {
    name: "OncewardSweepBehind",
    measure: `max by (instance) (${select("sweepLag", looking("5m"))})`,
    comparison: ">",
    threshold: 600,
    lasts: "15m",
    severity: "info",
    summary: "What has expired on {{ $labels.instance }} lies on disk ten minutes longer than it need",
    remedy:
      "More expires than is swept in half of the time; nobody is answered wrongly. Shorten no retention below need.",
  },
];

const PROCESS: readonly Rule[] = [
  {
    name: "OncewardErrors",
    measure:
      `sum(${rate("errors", looking("5m"), { "error.type": OURS })}) / ` +
      `clamp_min(sum(${rate("calls", looking("5m"))}), 1)`,
    comparison: ">",
    threshold: 0.01,
    lasts: "5m",
    severity: "critical",
    summary: "More than 1 % of the calls end in an error that is not the caller's",
    remedy: "errors.md says what each `error_type` of onceward_errors_total means. Callers who see it run nothing.",
  },
  {
    name: "OncewardWaitersSaturated",
    measure: `max by (instance) (${select("waiting", looking("5m"))} / ${select("waitingLimit", looking("5m"))})`,
    comparison: ">",
    threshold: 0.8,
    lasts: "5m",
    severity: "warning",
    summary: "Nearly all places to wait on {{ $labels.instance }} are taken",
    remedy: "Over the limit a call is answered IN_PROGRESS or BUSY at once. Raise ONCEWARD_WAITERS or wait less.",
  },
  {
    name: "OncewardInFlightSaturated",
    measure: `max by (instance) (${select("inFlight", looking("5m"))} / ${select("inFlightLimit", looking("5m"))})`,
    comparison: ">",
    threshold: 0.8,
    lasts: "5m",
    severity: "warning",
    summary: "{{ $labels.instance }} works on nearly as many calls as it takes",
    remedy: "Over the limit calls are refused as OVERLOADED. More sidecars, batches, or a faster store.",
  },
];

const GROUPS = { "onceward effects": EFFECTS, "onceward store": STORE, "onceward process": PROCESS } as const;

export const RULES: readonly Rule[] = Object.values(GROUPS).flat();

const HEAD = "# Generated from scripts/deploy/rules.ts by `npm run generate`; do not edit.\n";

/** `deploy/prometheus/rules.yaml`. */
export function rulesFile(): string {
  const groups = Object.entries(GROUPS).map(([name, rules]) => ({ name, rules: rules.map(rendered) }));
  return HEAD + stringify({ groups }, YAML);
}

export const YAML = { lineWidth: 0 } as const;

function rendered({ name, measure, comparison, threshold, lasts, severity, summary, remedy }: Rule) {
  return {
    alert: name,
    expr: `${measure} ${comparison} ${threshold}`,
    for: lasts,
    labels: { severity },
    annotations: { summary, description: remedy },
  };
}
