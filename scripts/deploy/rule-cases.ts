/** When each alert fires and when it does not, as series written by hand. `a+bxn`: from a on, b more n times. */
import { EFFECTS } from "./effect-cases.ts";
import { begins, bucket, error, event, PROCESS, pay, type RuleCase, shard } from "./rule-case.ts";

const STORE: readonly RuleCase[] = [
  {
    rule: "OncewardShardDown",
    story: "one of two sidecars cannot reach one of two shards",
    series: { [shard("a")]: "1x10", [shard("b")]: "1x10", [shard("b", "c")]: "1x3 0x7" },
    at: "6m",
    fires: [{ labels: { onceward_shard: "b" }, summary: "Shard b is not served by every sidecar" }],
  },
  {
    rule: "OncewardShardDown",
    story: "a shard is away for a moment",
    series: { [shard("a")]: "1x3 0 1x6" },
    at: "6m",
    fires: [],
  },
  {
    rule: "OncewardLeaseNodeDown",
    story: "a lease node is away for long",
    series: { [`onceward_lease_node_up{${PROCESS},onceward_node="h1:6379"}`]: "1 0x20" },
    at: "10m",
    fires: [{ labels: { onceward_node: "h1:6379" }, summary: "Lease node h1:6379 does not vote" }],
  },
  {
    rule: "OncewardLeaseNodeDown",
    story: "a lease node restarts",
    series: { [`onceward_lease_node_up{${PROCESS},onceward_node="h1:6379"}`]: "1 0x2 1x20" },
    at: "10m",
    fires: [],
  },
  {
    rule: "OncewardGapWindow",
    story: "a flush was noticed",
    series: { [`onceward_gap_windows{${PROCESS}}`]: "0x3 1x10" },
    at: "5m",
    fires: [{ labels: {}, summary: "The store has lost acknowledged records" }],
  },
  {
    rule: "OncewardGapWindow",
    story: "nothing was lost",
    series: { [`onceward_gap_windows{${PROCESS}}`]: "0x10" },
    at: "5m",
    fires: [],
  },
  {
    rule: "OncewardEvictedRecords",
    story: "a full Redis drops keys",
    series: { [`onceward_evicted_records_total{${PROCESS},onceward_shard="a"}`]: "0x5 100+100x10" },
    at: "10m",
    fires: [{ labels: { onceward_shard: "a" }, summary: "Redis of shard a drops keys for want of memory" }],
  },
  {
    rule: "OncewardEvictedRecords",
    story: "it did before this sidecar came",
    series: { [`onceward_evicted_records_total{${PROCESS},onceward_shard="a"}`]: "100x20" },
    at: "10m",
    fires: [],
  },
  {
    rule: "OncewardRestoredCompletions",
    story: "a completion finds no record",
    series: { [event("restored_completion")]: "0x5 1x10" },
    at: "10m",
    fires: [{ labels: pay, summary: "Completions of pay found no record, and were taken as the truth" }],
  },
  {
    rule: "OncewardRestoredCompletions",
    story: "completions come late only",
    series: { [event("restored_completion")]: "0x15", [event("late_completion")]: "0+1x15" },
    at: "10m",
    fires: [],
  },
  {
    rule: "OncewardUnguardedStarts",
    story: "the store is away and effects run all the same",
    series: { [event("unguarded_start")]: "0x5 0+7x10" },
    at: "10m",
    fires: [{ labels: pay, summary: "Effects of pay run without a record, since the store is unreachable" }],
  },
  {
    rule: "OncewardUnguardedStarts",
    story: "none runs so",
    series: { [event("unguarded_start")]: "0x15" },
    at: "10m",
    fires: [],
  },
  {
    rule: "OncewardConfigurationWarning",
    story: "Redis may evict and does not persist",
    series: {
      [`onceward_gap_windows{${PROCESS}}`]: "0x30",
      [`onceward_warnings{${PROCESS},onceward_warning="MAXMEMORY_POLICY"}`]: "1x30",
      [`onceward_warnings{${PROCESS},onceward_warning="NO_PERSISTENCE"}`]: "1x30",
    },
    at: "15m",
    fires: [{ labels: { instance: "a" }, summary: "2 findings stand about the store of a" }],
  },
  {
    rule: "OncewardConfigurationWarning",
    story: "there is nothing to find",
    series: { [`onceward_gap_windows{${PROCESS}}`]: "0x30" },
    at: "15m",
    fires: [],
  },
  {
    rule: "OncewardStoreSlow",
    story: "two in a hundred take a second",
    series: { [bucket("0.5")]: "0+98x40", [bucket("1")]: "0+100x40", [bucket("+Inf")]: "0+100x40" },
    at: "30m",
    fires: [
      {
        labels: { onceward_transition: "begin" },
        summary: "One in a hundred begin takes the store more than half a second",
      },
    ],
  },
  {
    rule: "OncewardStoreSlow",
    story: "all are quick",
    series: { [bucket("0.5")]: "0+100x40", [bucket("1")]: "0+100x40", [bucket("+Inf")]: "0+100x40" },
    at: "30m",
    fires: [],
  },
  {
    rule: "OncewardSweepBehind",
    story: "the sweep falls behind",
    series: { [`onceward_sweep_lag_seconds{${PROCESS},onceward_shard="main"}`]: "0+60x60" },
    at: "40m",
    fires: [
      { labels: { instance: "a" }, summary: "What has expired on a lies on disk ten minutes longer than it need" },
    ],
  },
  {
    rule: "OncewardSweepBehind",
    story: "it catches up",
    series: { [`onceward_sweep_lag_seconds{${PROCESS},onceward_shard="main"}`]: "700x5 0x50" },
    at: "40m",
    fires: [],
  },
];

const REST: readonly RuleCase[] = [
  {
    rule: "OncewardErrors",
    story: "the store is away for one call in ten",
    series: { [error("STORE_UNAVAILABLE")]: "0+100x30", [begins("started")]: "0+900x30" },
    at: "15m",
    fires: [{ labels: {}, summary: "More than 1 % of the calls end in an error that is not the caller's" }],
  },
  {
    rule: "OncewardErrors",
    story: "callers send nonsense",
    series: {
      [error("INVALID_ARGUMENT")]: "0+900x30",
      [error("STORE_UNAVAILABLE")]: "0x30",
      [begins("started")]: "0+900x30",
    },
    at: "15m",
    fires: [],
  },
  {
    rule: "OncewardWaitersSaturated",
    story: "nine of ten places are taken",
    series: { [`onceward_waiting_calls{${PROCESS}}`]: "90x20", [`onceward_waiting_calls_limit{${PROCESS}}`]: "100x20" },
    at: "10m",
    fires: [{ labels: { instance: "a" }, summary: "Nearly all places to wait on a are taken" }],
  },
  {
    rule: "OncewardWaitersSaturated",
    story: "a wave of waiters comes and goes",
    series: {
      [`onceward_waiting_calls{${PROCESS}}`]: "90x3 10x17",
      [`onceward_waiting_calls_limit{${PROCESS}}`]: "100x20",
    },
    at: "10m",
    fires: [],
  },
  {
    rule: "OncewardInFlightSaturated",
    story: "the process is nearly full",
    series: {
      [`onceward_in_flight_calls{${PROCESS}}`]: "4000x20",
      [`onceward_in_flight_calls_limit{${PROCESS}}`]: "4096x20",
    },
    at: "10m",
    fires: [{ labels: { instance: "a" }, summary: "a works on nearly as many calls as it takes" }],
  },
  {
    rule: "OncewardInFlightSaturated",
    story: "there is room",
    series: {
      [`onceward_in_flight_calls{${PROCESS}}`]: "400x20",
      [`onceward_in_flight_calls_limit{${PROCESS}}`]: "4096x20",
    },
    at: "10m",
    fires: [],
  },
];

export const RULE_CASES: readonly RuleCase[] = [...EFFECTS, ...STORE, ...REST];
