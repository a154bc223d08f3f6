/** Whom a call is done for, as far as the transport knows. */
export interface Caller {
  /** Milliseconds left until the caller's deadline; Infinity = it gave none. */
  readonly timeLeft: () => number;
  /** Aborted when the caller is gone, or the process stops. Made on first use: few calls wait. */
  readonly signal: () => AbortSignal;
}
