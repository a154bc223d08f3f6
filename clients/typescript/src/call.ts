import type { CallOptions } from "./arguments.ts";
import { type Code, OncewardError, withUnknownOutcome } from "./errors.ts";

/** A message on its way, with one or several calls in it. Cancelled when nobody waits for any of them any more. */
export class Flight {
  #left: number;
  #cancel: (() => void) | undefined;

  constructor(calls: number) {
    this.#left = calls;
  }

  /** How to break it off, once it has left. */
  cancelWith(cancel: () => void): void {
    this.#cancel = cancel;
  }

  leave(): void {
    this.#left--;
    if (this.#left === 0) this.#cancel?.();
  }
}

interface Given<Out> {
  /** As it travels, the same at every try. */
  readonly request: Buffer;
  /** By the clock of this process, ms since 1970. */
  readonly deadline: number;
  readonly signal: CallOptions["signal"];
  readonly resolve: (outcome: Out) => void;
  readonly reject: (error: OncewardError) => void;
  readonly forget: (call: Call<Out>) => void;
}

/** One call, from when its arguments are good until it is settled: once, by itself, whatever becomes of others. */
export class Call<Out> {
  readonly request: Buffer;
  readonly deadline: number;
  tries = 0;
  readonly #given: Given<Out>;
  #settled = false;
  /** An earlier try may have taken effect. */
  #maybeDone = false;
  #flight: Flight | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(given: Given<Out>) {
    this.request = given.request;
    this.deadline = given.deadline;
    this.#given = given;
    given.signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** Whether it has been sent and neither answered nor known to have had no effect. */
  get mayHaveHappened(): boolean {
    return this.#maybeDone || this.#flight !== undefined;
  }

  /** It leaves. */
  board(flight: Flight): void {
    this.tries++;
    this.#flight = flight;
  }

  succeed(outcome: Out): void {
    this.#flight = undefined;
    if (this.#settled) return;
    this.#settle();
    this.#given.resolve(outcome);
  }

  /** This try failed; there may be another. */
  land(error: OncewardError): void {
    this.#flight = undefined;
    if (error.outcomeUnknown) this.#maybeDone = true;
  }

  fail(error: OncewardError): void {
    if (this.#settled) return;
    const known = this.mayHaveHappened ? withUnknownOutcome(error) : error;
    this.#settle();
    this.#flight?.leave();
    this.#flight = undefined;
    this.#given.reject(known);
  }

  /** Fails for a reason of this client's own, whatever becomes of the message. */
  giveUp(code: Code, message: string, reason: string, cause?: unknown): void {
    this.fail(new OncewardError(code, message, { reason, cause, outcomeUnknown: this.mayHaveHappened }));
  }

  /** Holds it to its own deadline: needed where it shares a message with others, or has to wait for one. */
  arm(): void {
    if (this.#settled) return;
    this.#timer ??= setTimeout(this.#onDeadline, Math.max(0, this.deadline - Date.now()));
  }

  readonly #onDeadline = () => {
    this.giveUp("DEADLINE_EXCEEDED", "no answer before the deadline of the call", "CLIENT_TIMEOUT");
  };

  readonly #onAbort = () => {
    this.giveUp("CANCELLED", "the call was aborted", "CLIENT_ABORTED", this.#given.signal?.reason);
  };

  #settle(): void {
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#given.signal?.removeEventListener("abort", this.#onAbort);
    this.#given.forget(this);
  }
}
