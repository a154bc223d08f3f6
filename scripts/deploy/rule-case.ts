export interface RuleCase {
  readonly rule: string;
  /** What the series tell. */
  readonly story: string;
  readonly series: Readonly<Record<string, string>>;
  readonly at: string;
  /** The summaries that a pager gets, and the labels beside the severity. Empty = silence. */
  readonly fires: ReadonlyArray<{ readonly labels: Readonly<Record<string, string>>; readonly summary: string }>;
}

export const PAY = 'job="onceward",instance="a",onceward_namespace="pay"';
export const PROCESS = 'job="onceward",instance="a"';
export const pay = { onceward_namespace: "pay" };

export const begins = (outcome: string) =>
  `onceward_calls_total{${PAY},onceward_call="Begin",onceward_outcome="${outcome}"}`;
export const completes = (outcome: string) =>
  `onceward_calls_total{${PAY},onceward_call="Complete",onceward_outcome="${outcome}"}`;
export const starts = `onceward_starts_total{${PAY},onceward_attempt="1"}`;
export const event = (name: string) => `onceward_notable_events_total{${PAY},onceward_event="${name}"}`;
export const records = (state: string) => `onceward_unfinished_records{${PAY},onceward_state="${state}"}`;
export const age = (state: string) =>
  `onceward_unfinished_records_oldest_age_seconds{${PAY},onceward_state="${state}"}`;
export const shard = (name: string, instance = "a") =>
  `onceward_shard_up{job="onceward",instance="${instance}",onceward_shard="${name}"}`;
export const bucket = (le: string) =>
  `onceward_store_operation_duration_seconds_bucket{${PROCESS},onceward_transition="begin",le="${le}"}`;
export const error = (reason: string) => `onceward_errors_total{${PROCESS},error_type="${reason}"}`;
