/** What is asked of Prometheus, made from the names of the metrics: a renamed one is renamed here too. */
import { METRICS, type MetricKey } from "../../src/telemetry/names.ts";
import type { CallName, OutcomeOf } from "../../src/telemetry/outcomes.ts";
import { prometheusLabel, prometheusName } from "../../src/telemetry/prometheus.ts";
import type { Notable } from "../../src/telemetry/tally.ts";

export const NAMESPACE = prometheusLabel("onceward.namespace");

/** Where a query looks: what Grafana's variables or a rule say, as matchers. */
export interface Scope {
  /** Matchers of every series, such as `job=~"$job"`; empty = none. */
  readonly all: string;
  /** The same of series that have a namespace. */
  readonly namespaced: string;
  /** How far a rate looks back. */
  readonly range: string;
}

type Matchers = { readonly [label: string]: string };

/** A series selector; values are regular expressions. */
export function select(key: MetricKey, scope: Scope, matchers: Matchers = {}, suffix = ""): string {
  const metric = METRICS[key];
  const named: readonly string[] = metric.attributes;
  const around = named.includes("onceward.namespace") ? scope.namespaced : scope.all;
  const own = Object.entries(matchers).map(([label, value]) => `${prometheusLabel(label)}=~"${value}"`);
  const all = [...(around === "" ? [] : [around]), ...own].join(",");
  return `${prometheusName(metric)}${suffix}${all === "" ? "" : `{${all}}`}`;
}

export function rate(key: MetricKey, scope: Scope, matchers: Matchers = {}): string {
  return `rate(${select(key, scope, matchers)}[${scope.range}])`;
}

export function increase(key: MetricKey, scope: Scope, matchers: Matchers = {}): string {
  return `increase(${select(key, scope, matchers)}[${scope.range}])`;
}

export function quantile(q: number, key: MetricKey, scope: Scope, by: string, matchers: Matchers = {}): string {
  const buckets = `rate(${select(key, scope, matchers, "_bucket")}[${scope.range}])`;
  return `histogram_quantile(${q}, sum by (le, ${prometheusLabel(by)}) (${buckets}))`;
}

export function calls<Call extends CallName>(call: Call, ...outcomes: readonly OutcomeOf<Call>[]): Matchers {
  return { "onceward.call": call, ...(outcomes.length > 0 && { "onceward.outcome": outcomes.join("|") }) };
}

export function notable(event: Notable): Matchers {
  return { "onceward.event": event };
}

/** Begins that found their effect begun or done. */
export const DUPLICATES = calls("Begin", "replay", "in_progress", "mismatch", "unresolved", "backing_off");

/** Share of the asked-for effects that were done already: what the sidecar is for. */
export function hitRate(scope: Scope): string {
  const replays = `sum(${rate("calls", scope, calls("Begin", "replay"))})`;
  return `${replays} / (sum(${rate("starts", scope)}) + ${replays})`;
}

/** Duplicates for each attempt that starts; an hour without a start counts as one start an hour. */
export function duplicatesPerStart(scope: Scope): string {
  const starts = `sum by (${NAMESPACE}) (${rate("starts", scope)})`;
  return `sum by (${NAMESPACE}) (${rate("calls", scope, DUPLICATES)}) / clamp_min(${starts}, 1 / 3600)`;
}

/** The count is of the whole store, and every sidecar of it has one: the highest is told. */
export function unfinished(scope: Scope, states: string): string {
  const by = `${NAMESPACE}, ${prometheusLabel("onceward.state")}`;
  return `max by (${by}) (${select("unfinished", scope, { "onceward.state": states })})`;
}

/** Attempts that nobody ended, for each that started: taken over, or left unknown. */
export function unknownShare(scope: Scope): string {
  const by = `by (${NAMESPACE})`;
  const takenOver = `sum ${by} (${increase("notableEvents", scope, notable("takeover"))})`;
  const unknown = select("unfinished", scope, { "onceward.state": "unknown" });
  const left = `clamp_min(max ${by} (delta(${unknown}[${scope.range}])), 0)`;
  return `(${takenOver} + (${left} or ${takenOver} * 0)) / clamp_min(sum ${by} (${increase("starts", scope)}), 1)`;
}
