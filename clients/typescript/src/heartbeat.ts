import type { Address, CheckpointOptions } from "./arguments.ts";
import type { Onceward } from "./client.ts";
import type { Attempt, CheckpointOutcome, RenewOutcome } from "./outcomes.ts";

interface Given {
  readonly client: Onceward;
  readonly address: Address;
  readonly attempt: Attempt;
  /** The caller's own. */
  readonly signal: AbortSignal | undefined;
}

/** When to renew, and for how long to try, of the lease; after a try without an answer the next one comes sooner. */
const SHARE = 1 / 3;
const SHARE_AFTER_FAILURE = 1 / 20;

/** Keeps an attempt alive while its effect runs. */
export class Heartbeat {
  readonly #given: Given;
  readonly #lost = new AbortController();
  readonly #signal: AbortSignal;
  #timer: NodeJS.Timeout | undefined;
  #leaseMs: number;
  #step: bigint;
  #stopped = false;

  constructor(given: Given) {
    const { attempt, signal } = given;
    this.#given = given;
    this.#leaseMs = attempt.leaseMs;
    this.#step = attempt.checkpoint?.step ?? 0n;
    this.#signal = signal === undefined ? this.#lost.signal : AbortSignal.any([signal, this.#lost.signal]);
    if (!attempt.unguarded) this.#later(SHARE);
  }

  /** Aborted when the attempt is somebody else's or over; its reason says which. And with the caller's. */
  get signal(): AbortSignal {
    return this.#signal;
  }

  async checkpoint(name: string, data: CheckpointOptions["data"]): Promise<CheckpointOutcome> {
    const { client, address, attempt } = this.#given;
    this.#step++;
    const outcome = await client.checkpoint(address, { token: attempt.token, name, data, step: this.#step });
    this.#heed(outcome);
    return outcome;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #later(share: number): void {
    this.#timer = setTimeout(() => void this.#renew(), this.#leaseMs * share);
  }

  async #renew(): Promise<void> {
    const { client, address, attempt } = this.#given;
    const timeoutMs = Math.max(1, Math.ceil(this.#leaseMs * SHARE));
    let share = SHARE;
    try {
      this.#heed(await client.renew(address, { token: attempt.token, timeoutMs }));
    } catch {
      // No answer is no loss: the lease may lapse, the token goes on guarding, and Complete still counts.
      share = SHARE_AFTER_FAILURE;
    }
    if (!this.#stopped && !this.#lost.signal.aborted) this.#later(share);
  }

  #heed(outcome: RenewOutcome | CheckpointOutcome): void {
    if (this.#stopped) return;
    if (outcome.kind === "renewed" || outcome.kind === "saved") this.#leaseMs = Math.max(outcome.leaseMs, 1);
    if (outcome.kind === "fenced" || outcome.kind === "finished" || outcome.kind === "notFound") {
      this.#lost.abort(new Error(`the attempt is lost: ${outcome.kind}`));
    }
  }
}
