/** When each alert fires and when it does not, as series written by hand. `a+bxn`: from a on, b more n times. */

export interface RuleCase {
  readonly rule: string;
  /** What the series tell. */
  readonly story: string;
  readonly series: Readonly<Record<string, string>>;
  readonly at: string;
  /** The summaries that a pager gets, and the labels beside the severity. Empty = silence. */
  readonly fires: ReadonlyArray<{ readonly labels: Readonly<Record<string, string>>; readonly summary: string }>;
}

const PAY = 'job="onceward",instance="a",onceward_namespace="pay"';
const PROCESS = 'job="onceward",instance="a"';
const pay = { onceward_namespace: "pay" };

const begins = (outcome: string) => `onceward_calls_total{${PAY},onceward_call="Begin",onceward_outcome="${outcome}"}`;
const completes = (outcome: string) =>
  `onceward_calls_total{${PAY},onceward_call="Complete",onceward_outcome="${outcome}"}`;
const starts = `onceward_starts_total{${PAY},onceward_attempt="1"}`;
const event = (name: string) => `onceward_notable_events_total{${PAY},onceward_event="${name}"}`;
const records = (state: string) => `onceward_unfinished_records{${PAY},onceward_state="${state}"}`;
const age = (state: string) => `onceward_unfinished_records_oldest_age_seconds{${PAY},onceward_state="${state}"}`;
const shard = (name: string, instance = "a") =>
  `onceward_shard_up{job="onceward",instance="${instance}",onceward_shard="${name}"}`;
const bucket = (le: string) =>
  `onceward_store_operation_duration_seconds_bucket{${PROCESS},onceward_transition="begin",le="${le}"}`;
const error = (reason: string) => `onceward_errors_total{${PROCESS},error_type="${reason}"}`;

const EFFECTS: readonly RuleCase[] = [
  {
    rule: "OncewardUnknownBurn",
    story: "three in a hundred attempts are taken over",
    series: { [starts]: "0+100x60", [event("takeover")]: "0+3x60", [records("unknown")]: "0x60" },
    at: "45m",
    fires: [{ labels: pay, summary: "More than 1 % of the attempts of pay end without anybody saying how" }],
  },
  {
    rule: "OncewardUnknownBurn",
    story: "nobody takes over, and unknown records pile up",
    series: { [starts]: "0+100x60", [event("takeover")]: "0x60", [records("unknown")]: "0+3x60" },
    at: "45m",
    fires: [{ labels: pay, summary: "More than 1 % of the attempts of pay end without anybody saying how" }],
  },
  {
    rule: "OncewardUnknownBurn",
    story: "one in a thousand is taken over, and unknown records are resolved",
    series: { [starts]: "0+1000x60", [event("takeover")]: "0+1x60", [records("unknown")]: "100-1x60" },
    at: "45m",
    fires: [],
  },
  {
    rule: "OncewardUnknownRecords",
    story: "three records stay unknown, and two sidecars count the same ones",
    series: {
      [records("unknown")]: "3x30",
      [records("unknown").replace('instance="a"', 'instance="b"')]: "3x30",
      [records("in_progress")]: "50x30",
    },
    at: "20m",
    fires: [
      {
        labels: { ...pay, onceward_state: "unknown" },
        summary: "3 effects of pay may or may not have happened",
      },
    ],
  },
  {
    rule: "OncewardUnknownRecords",
    story: "unknown records are taken over before a quarter of an hour",
    series: { [records("unknown")]: "3x10 0x20" },
    at: "20m",
    fires: [],
  },
  {
    rule: "OncewardOldestUnfinished",
    story: "one has waited for a retry for more than an hour",
    series: { [age("retryable")]: "3000+60x30", [age("unknown")]: "0x30" },
    at: "25m",
    fires: [{ labels: pay, summary: "An effect of pay has been unfinished for more than an hour" }],
  },
  {
    rule: "OncewardOldestUnfinished",
    story: "a long effect runs, and renews its lease",
    series: { [age("in_progress")]: "80000+60x30", [age("retryable")]: "60x30" },
    at: "25m",
    fires: [],
  },
  {
    rule: "OncewardZombieCompletions",
    story: "a zombie comes back",
    series: { [completes("fenced")]: "0x5 1x15", [completes("stored")]: "0+10x20" },
    at: "10m",
    fires: [{ labels: pay, summary: "Attempts of pay completed after another had taken over" }],
  },
  {
    rule: "OncewardZombieCompletions",
    story: "the last zombie came long ago",
    series: { [completes("fenced")]: "4x60", [completes("stored")]: "0+10x60" },
    at: "50m",
    fires: [],
  },
  {
    rule: "OncewardRetryStorm",
    story: "twenty duplicates come for each start",
    series: { [starts]: "0+60x30", [begins("replay")]: "0+600x30", [begins("in_progress")]: "0+600x30" },
    at: "15m",
    fires: [{ labels: pay, summary: "Callers of pay ask 20 times for each effect that starts" }],
  },
  {
    rule: "OncewardRetryStorm",
    story: "every effect is asked for twice",
    series: { [starts]: "0+600x30", [begins("replay")]: "0+600x30" },
    at: "15m",
    fires: [],
  },
  {
    rule: "OncewardRetryStorm",
    story: "a single duplicate comes while nothing starts",
    series: { [starts]: "5x30", [begins("replay")]: "0x10 1x20" },
    at: "25m",
    fires: [],
  },
  {
    rule: "OncewardRecordRetried",
    story: "one id comes four hundred times",
    series: { [`onceward_top_duplicates{${PAY}}`]: "0 400x10" },
    at: "5m",
    fires: [{ labels: pay, summary: "One id of pay came 400 times within ten minutes" }],
  },
  {
    rule: "OncewardRecordRetried",
    story: "a patient caller retries",
    series: { [`onceward_top_duplicates{${PAY}}`]: "12x10" },
    at: "5m",
    fires: [],
  },
  {
    rule: "OncewardSequenceGaps",
    story: "ten events a minute come ahead of their turn",
    series: { [begins("gap")]: "0+10x60" },
    at: "40m",
    fires: [{ labels: pay, summary: "Events of pay keep arriving ahead of their turn" }],
  },
  {
    rule: "OncewardSequenceGaps",
    story: "a few came early once",
    series: { [begins("gap")]: "0x10 20x50" },
    at: "40m",
    fires: [],
  },
];

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
