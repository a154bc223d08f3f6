import { type Code, OncewardError, withUnknownOutcome } from "./errors.ts";
import { NOTHING_WRITTEN, type Written } from "./protobuf-writer.ts";

/**
 * A message on its way, with one or several calls in it. Cancelled when nobody waits for any of them any more.
 *
 * Once it has landed it holds nothing: what Node and grpc-js keep of a stream that has ended may be old, and all that
 * it leads to then survives one collection of garbage after the other. That was a fifth of a call's CPU.
 */
export class Flight<Out> {
  #calls: readonly Call<Out>[];
  #left: number;
  #cancel: (() => void) | undefined;

  /** All of them leave. */
  constructor(calls: readonly Call<Out>[]) {
    this.#calls = calls;
    this.#left = calls.length;
    for (const call of calls) call.board(this);
  }

  /** How to break it off, once it has left. */
  cancelWith(cancel: () => void): void {
    this.#cancel = cancel;
  }

  leave(): void {
    this.#left--;
    if (this.#left === 0) this.#cancel?.();
  }

  /** It is answered; what is handed out are its calls. */
  land(): readonly Call<Out>[] {
    const calls = this.#calls;
    this.#calls = [];
    this.#cancel = undefined;
    return calls;
  }
}

/** What can be given up, and where it stands in {@link Outstanding}. */
interface Place {
  previous: Place | undefined;
  next: Place | undefined;
  giveUp(code: Code, message: string, reason: string): void;
}

/**
 * All that is not settled yet: a chain through the calls themselves. (A `Set` makes itself a new table now and then,
 * and an old table leads to all that came after it: see {@link Flight}.)
 */
export class Outstanding {
  #first: Place | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(place: Place): void {
    place.next = this.#first;
    if (this.#first !== undefined) this.#first.previous = place;
    this.#first = place;
    this.#size++;
  }

  /** Takes out what has been added, once. */
  remove(place: Place): void {
    const { previous, next } = place;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next !== undefined) next.previous = previous;
    place.previous = undefined;
    place.next = undefined;
    this.#size--;
  }

  giveUpAll(code: Code, message: string, reason: string): void {
    while (this.#first !== undefined) this.#first.giveUp(code, message, reason);
  }
}

interface Given<Out> {
  readonly request: Written;
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
  readonly outstanding: Outstanding;
  readonly resolve: (outcome: Out) => void;
  readonly reject: (error: OncewardError) => void;
}

/** One call, from when its arguments are good until it is settled: once, by itself, whatever becomes of others. */
export class Call<Out> implements Place {
  /** As it travels, the same at every try; nothing any more once it is settled. */
  request: Written;
  /** By the clock of this process, ms since 1970. */
  readonly deadline: number;
  tries = 0;
  previous: Place | undefined = undefined;
  next: Place | undefined = undefined;
  /** Undefined once it is settled. */
  #given: Given<Out> | undefined;
  /** An earlier try may have taken effect. */
  #maybeDone = false;
  #flight: Flight<Out> | undefined = undefined;
  #timer: NodeJS.Timeout | undefined = undefined;
  #onAbort: (() => void) | undefined = undefined;

  constructor(given: Given<Out>) {
    this.request = given.request;
    this.deadline = given.deadline;
    this.#given = given;
    given.outstanding.add(this);
    const { signal } = given;
    if (signal === undefined) return;
    this.#onAbort = () => this.giveUp("CANCELLED", "the call was aborted", "CLIENT_ABORTED", signal.reason);
    signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  get settled(): boolean {
    return this.#given === undefined;
  }

  /** Whether it has been sent and neither answered nor known to have had no effect. */
  get mayHaveHappened(): boolean {
    return this.#maybeDone || this.#flight !== undefined;
  }

  /** It leaves. */
  board(flight: Flight<Out>): void {
    this.tries++;
    this.#flight = flight;
  }

  succeed(outcome: Out): void {
    this.#flight = undefined;
    this.#settle()?.resolve(outcome);
  }

  /** This try failed; there may be another. */
  land(error: OncewardError): void {
    this.#flight = undefined;
    if (error.outcomeUnknown) this.#maybeDone = true;
  }

  fail(error: OncewardError): void {
    const known = this.mayHaveHappened ? withUnknownOutcome(error) : error;
    const flight = this.#flight;
    const given = this.#settle();
    if (given === undefined) return;
    this.#flight = undefined;
    flight?.leave();
    given.reject(known);
  }

  /** Fails for a reason of this client's own, whatever becomes of the message. */
  giveUp(code: Code, message: string, reason: string, cause?: unknown): void {
    this.fail(new OncewardError(code, message, { reason, cause, outcomeUnknown: this.mayHaveHappened }));
  }

  /** Holds it to its own deadline: needed where it shares a message with others, or has to wait for one. */
  arm(): void {
    if (this.settled) return;
    this.#timer ??= setTimeout(atDeadline, Math.max(0, this.deadline - Date.now()), this);
  }

  /** Undefined when it was settled before. */
  #settle(): Given<Out> | undefined {
    const given = this.#given;
    if (given === undefined) return undefined;
    this.#given = undefined;
    this.request = NOTHING_WRITTEN;
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    if (this.#onAbort !== undefined) given.signal?.removeEventListener("abort", this.#onAbort);
    given.outstanding.remove(this);
    return given;
  }
}

function atDeadline(call: Place): void {
  call.giveUp("DEADLINE_EXCEEDED", "no answer before the deadline of the call", "CLIENT_TIMEOUT");
}
