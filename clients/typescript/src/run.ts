/** The whole course of one effect: Begin, the effect with its heartbeat, Complete. */
import { createHash, randomUUID } from "node:crypto";
import type { Address, BeginOptions, CheckpointOptions, CompleteOptions, ResultInput } from "./arguments.ts";
import type { Onceward } from "./client.ts";
import { OncewardError } from "./errors.ts";
import { Heartbeat } from "./heartbeat.ts";
import type { Attempt, BeginOutcome, CheckpointOutcome, CompleteOutcome, OncewardRecord, Result } from "./outcomes.ts";

export interface RunOptions extends BeginOptions {
  /** `hold` unless said otherwise: after a crash an operator decides, rather than the effect running twice. */
  readonly lapsePolicy?: BeginOptions["lapsePolicy"];
}

/** What an effect is given. */
export interface EffectContext {
  /** Hand it to the target, which should store it and refuse a lower one. */
  readonly token: bigint;
  /** With `maybeExecuted` or `takeover`, ask the target first; `checkpoint` is where the last attempt had got to. */
  readonly attempt: Attempt;
  /** Aborted when the attempt is lost to another one, and with the caller's own signal: stop if possible. */
  readonly signal: AbortSignal;
  /** Saves where the effect has got to, numbered for it. */
  checkpoint(name: string, data?: CheckpointOptions["data"]): Promise<CheckpointOutcome>;
}

/** What it returns is stored and replayed; nothing = an empty result. */
export type Effect = (context: EffectContext) => Promise<ResultInput | undefined> | ResultInput | undefined;

export interface RunResult {
  readonly result: Result;
  /** The effect ran before, not now. */
  readonly replayed: boolean;
  /** Done before, but the body is gone or was too large to keep. */
  readonly resultOmitted: boolean;
  /** What the sidecar said to the completion; undefined when `replayed` or unguarded. */
  readonly completion: CompleteOutcome | undefined;
}

/** Thrown by an effect that did **not** happen, or is idempotent: it may be tried again. Never after a time-out. */
export class Retryable extends Error {
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: ErrorOptions & { readonly retryAfterMs?: number } = {}) {
    super(message, options);
    this.name = "Retryable";
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Thrown by an effect that failed for good: later callers are told so, and it does not run again. */
export class Fatal extends Error {
  readonly result: ResultInput | undefined;

  constructor(message: string, options: ErrorOptions & { readonly result?: ResultInput } = {}) {
    super(message, options);
    this.name = "Fatal";
    this.result = options.result;
  }
}

/** A run without a result that counts: `outcome` says why. */
export class RunError extends Error {
  /** Of Begin when the effect did not run, of Complete when it did; undefined = no answer to Complete, see `cause`. */
  readonly outcome: BeginOutcome | CompleteOutcome | undefined;
  /** What the effect returned, when it ran. */
  readonly result: Result | undefined;

  constructor(message: string, given: ErrorOptions & Partial<Pick<RunError, "outcome" | "result">>) {
    super(message, "cause" in given ? { cause: given.cause } : undefined);
    this.name = "RunError";
    this.outcome = given.outcome;
    this.result = given.result;
  }

  get effectRan(): boolean {
    return this.result !== undefined;
  }
}

/** How long Complete is repeated until it is answered, ms: the effect has run. */
const COMPLETE_MS_MAX = 30_000;
/** Longest wait for another live attempt that the caller did not set, ms. */
const WAIT_MS = 10_000;

/**
 * Runs `effect` if this caller may, and returns its result; or the stored one when it has run before.
 *
 * | the effect | recorded | here |
 * |---|---|---|
 * | returns | SUCCEEDED with the result | returns it |
 * | throws {@link Retryable} | RETRYABLE: did not happen | throws it |
 * | throws {@link Fatal} | FAILED, replayed | throws it |
 * | throws anything else | nothing: nobody knows whether it happened; the lease lapses under `hold` | throws it |
 *
 * Throws {@link RunError} where the effect may not run, or its result does not count; {@link OncewardError} where Begin
 * got no answer.
 */
export async function run(client: Onceward, address: Address, options: RunOptions, effect: Effect): Promise<RunResult> {
  const { signal } = options;
  const begin = {
    ...options,
    lapsePolicy: options.lapsePolicy ?? "hold",
    attemptId: options.attemptId || randomUUID(),
  };
  const outcome = await begun(client, address, begin).catch((error: unknown) => {
    // An id of the caller's own may be in use by the caller, who would lose the attempt while running the effect.
    const own = options.attemptId === undefined || options.attemptId === "";
    if (own && error instanceof OncewardError && error.outcomeUnknown) void abandon(client, address, begin);
    throw error;
  });
  if (outcome.kind === "replay") return replayed(outcome.record, outcome);
  if (outcome.kind !== "started") throw new RunError(`the effect was not run: ${outcome.kind}`, { outcome });
  const { attempt } = outcome;
  if (signal?.aborted) {
    if (!attempt.unguarded) await client.release(address, { token: attempt.token }).catch(ignore);
    signal.throwIfAborted();
  }
  const heartbeat = new Heartbeat({ client, address, attempt, signal });
  try {
    return await perform({ client, address, attempt, heartbeat }, effect);
  } finally {
    heartbeat.stop();
  }
}

interface Running {
  readonly client: Onceward;
  readonly address: Address;
  readonly attempt: Attempt;
  readonly heartbeat: Heartbeat;
}

/** Asks without waiting first, since that is cheap and mostly the end of it. */
async function begun(client: Onceward, address: Address, { waitMs = WAIT_MS, ...options }: RunOptions) {
  const outcome = await client.begin(address, options);
  if (outcome.kind !== "inProgress" || waitMs === 0) return outcome;
  return client.begin(address, { ...options, waitMs });
}

/** An attempt may have started for nobody: asks for it once more, and gives it up, rather than let it lapse. */
async function abandon(client: Onceward, address: Address, { signal: _, waitMs: __, ...options }: RunOptions) {
  try {
    const outcome = await client.begin(address, options);
    if (outcome.kind !== "started" || outcome.attempt.unguarded) return;
    await client.release(address, { token: outcome.attempt.token });
  } catch (error) {
    ignore(error);
  }
}

function replayed(record: OncewardRecord, outcome: BeginOutcome): RunResult {
  if (record.state !== "succeeded") {
    const why = record.lastError === "" ? "" : `: ${record.lastError}`;
    throw new RunError(`the effect failed for good before${why}`, { outcome });
  }
  const { result = resultOf({}), resultOmitted } = record;
  return { result, replayed: true, resultOmitted, completion: undefined };
}

async function perform(running: Running, effect: Effect): Promise<RunResult> {
  const given = (await performed(running, effect)) ?? {};
  const result = resultOf(given);
  const succeeded = { kind: "succeeded", token: running.attempt.token, result: given } as const;
  const completion = await completed(running, succeeded).catch((cause: unknown) => {
    throw new RunError("the effect has run, but there is no answer to its completion", { cause, result });
  });
  switch (completion?.kind) {
    case undefined:
    case "superseded":
    case "stored":
      return { result, replayed: false, resultOmitted: completion?.resultOmitted ?? false, completion };
    case "alreadyStored":
      if (!completion.resultDiffers) {
        return { result, replayed: false, resultOmitted: completion.resultOmitted, completion };
      }
      throw new RunError("the effect has run, but another result had been stored", { outcome: completion, result });
    default:
      throw new RunError(`the effect has run, but its result was not stored: ${completion?.kind}`, {
        outcome: completion,
        result,
      });
  }
}

async function performed(running: Running, effect: Effect): Promise<ResultInput | undefined> {
  const { attempt, heartbeat } = running;
  const { token } = attempt;
  try {
    const { signal } = heartbeat;
    return await effect({ token, attempt, signal, checkpoint: (name, data) => heartbeat.checkpoint(name, data) });
  } catch (error) {
    // Whoever asked for the effect gets what it threw. If this is not recorded, the lease lapses: still the safe side.
    if (error instanceof Retryable) {
      const { message, retryAfterMs } = error;
      await completed(running, { kind: "retryable", token, error: message, retryAfterMs }).catch(ignore);
    } else if (error instanceof Fatal) {
      const { message, result } = error;
      await completed(running, { kind: "failed", token, error: message, result }).catch(ignore);
    }
    throw error;
  }
}

/** Completes, again and again until it is answered; undefined when there is nothing to complete. */
async function completed(running: Running, options: CompleteOptions): Promise<CompleteOutcome | undefined> {
  const { client, address, attempt } = running;
  if (attempt.unguarded) return undefined;
  const until = performance.now() + COMPLETE_MS_MAX;
  for (;;) {
    try {
      return await client.complete(address, options);
    } catch (error) {
      if (!(error instanceof OncewardError)) throw error;
      const tooLarge = error.code === "RESOURCE_EXHAUSTED" && error.retryAfterMs === undefined;
      // Without its body it is recorded all the same: that nobody runs the effect again matters more.
      if (tooLarge && options.kind === "succeeded" && options.result?.body !== undefined) {
        const { body: _, ...rest } = options.result;
        return completed(running, { ...options, result: rest });
      }
      const again = error.code === "DEADLINE_EXCEEDED" || error.code === "UNAVAILABLE";
      if (!again || performance.now() > until) throw error;
    }
  }
}

/** As the sidecar would hand it out. */
function resultOf({ body, contentType = "", metadata = {}, reference = "" }: ResultInput): Result {
  // A body of another kind is refused when it is to be stored.
  const good = typeof body === "string" || body instanceof Uint8Array;
  const bytes = good ? Buffer.from(body as string) : Buffer.alloc(0);
  const bodySha256 = bytes.length === 0 ? Buffer.alloc(0) : createHash("sha256").update(bytes).digest();
  return { body: bytes, contentType, metadata, reference, bodySize: bytes.length, bodySha256 };
}

/** The effect's own error, or the lapse of the lease, says more. */
function ignore(_error: unknown): void {}
