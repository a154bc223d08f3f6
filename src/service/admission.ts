import { OncewardError } from "../base/errors.ts";

/** `ending` calls record what has happened already: the last eighth of the places is theirs. */
export type CallClass = "ordinary" | "ending";

const RESERVED_SHARE = 1 / 8;
/** What a call that was turned away is told to wait, ms: a place becomes free within a few store round trips. */
const RETRY_AFTER_MS = 100;

/** Counts the calls in flight, and turns away what is over the limit before anything is done for it. */
export class Admission {
  readonly max: number;
  /** Places kept for `ending` calls. */
  readonly reserved: number;
  #inFlight = 0;

  constructor(max: number) {
    this.max = max;
    this.reserved = Math.ceil(max * RESERVED_SHARE);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Takes a place; the caller gives it back with {@link leave}. @throws {OncewardError} OVERLOADED */
  enter(kind: CallClass): void {
    if (this.#inFlight >= (kind === "ending" ? this.max : this.max - this.reserved)) {
      throw new OncewardError("OVERLOADED", `more than ${this.max} calls in flight`, { retryAfterMs: RETRY_AFTER_MS });
    }
    this.#inFlight++;
  }

  leave(): void {
    this.#inFlight--;
  }
}
