/** What the single calls can be answered, whether they came alone, in a batch or on a session. */
export const OUTCOMES = {
  Begin: [
    "started",
    "replay",
    "in_progress",
    "mismatch",
    "unresolved",
    "backing_off",
    "stale",
    "gap",
    "conflict",
    "stream_busy",
  ],
  Complete: ["stored", "superseded", "already_stored", "fenced", "not_found"],
  Get: ["found", "not_found"],
  Renew: ["renewed", "fenced", "finished", "not_found"],
  Checkpoint: ["saved", "stale", "fenced", "finished", "not_found"],
  Release: ["released", "fenced", "finished", "not_found"],
  Resolve: ["resolved", "in_progress", "finished", "fenced", "not_found"],
  Forget: ["forgotten", "not_found"],
  LeaseAcquire: ["acquired", "busy"],
  LeaseRenew: ["renewed", "lost"],
  LeaseRelease: ["released", "lost"],
  LeaseKeepAlive: ["renewed", "lost"],
  LeaseInspect: ["held", "not_held"],
  LeaseForceRelease: ["released", "not_held"],
  LeaseCheckFence: ["current", "stale"],
  SequenceAdvance: ["advanced", "duplicate", "stale", "gap", "conflict", "fenced"],
  SequenceGet: ["found", "not_found"],
  SequenceReset: ["reset", "conflict", "not_found"],
  SequenceSkip: ["reset", "conflict", "not_found"],
} as const satisfies Record<string, readonly string[]>;

export type CallName = keyof typeof OUTCOMES;
export type OutcomeOf<Call extends CallName> = (typeof OUTCOMES)[Call][number];
