/** The entrance of the package. */
export type {
  Address,
  BeginOptions,
  CallOptions,
  CheckpointOptions,
  CompleteOptions,
  Fingerprint,
  GetOptions,
  Ordering,
  ReleaseOptions,
  RenewOptions,
  ResultInput,
} from "./arguments.ts";
export { type Onceward, type OpenOptions, openOnceward } from "./client.ts";
export { type Code, OncewardError, type Violation } from "./errors.ts";
export type {
  Attempt,
  BeginOutcome,
  Checkpoint,
  CheckpointOutcome,
  CompleteOutcome,
  GetOutcome,
  NotHeld,
  OncewardRecord,
  OutOfTurn,
  RecordAddress,
  RecordState,
  ReleaseOutcome,
  RenewOutcome,
  Result,
  Unknown,
} from "./outcomes.ts";
export { type Effect, type EffectContext, Fatal, Retryable, RunError, type RunOptions, type RunResult } from "./run.ts";
