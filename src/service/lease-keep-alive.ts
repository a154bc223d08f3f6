import { monotonicMs } from "../base/clock.ts";
import { ERRORS, OncewardError } from "../base/errors.ts";
import { type DurationMs, durationMs } from "../base/units.ts";
import { later, pause } from "../base/wait.ts";
import type { LeaseAddress, LeaseProof } from "../domain/lease.ts";
import type { Admission } from "./admission.ts";
import type { ServiceDeps } from "./context.ts";
import { leaseTtl } from "./lease-renew.ts";
import { observe } from "./observe.ts";

/** A lease is renewed when this share of its length is over: two renewals may fail before it is in danger. */
const RENEW_SHARE = 1 / 3;
/** Share of the validity told last that is left when the holder is told of the loss: time to hear it, and to stop. */
const LOSS_MARGIN_SHARE = 1 / 8;
/** Pause after a renewal that got no answer: this share of the length, within bounds in ms. */
const RETRY_SHARE = 1 / 20;
const RETRY_MS_MIN = 10;
const RETRY_MS_MAX = 500;

export interface LeaseKeepAliveCall {
  readonly address: LeaseAddress;
  readonly proof: LeaseProof;
  /** Length that each renewal asks for; 0 = the default. */
  readonly ttl: DurationMs;
  /** The lease is renewed only while the holder is heard of at least so often; 0 = always. */
  readonly every: DurationMs;
  /** What the holder has of it as far as it was told; 0 = not known. */
  readonly validity: DurationMs;
}

export type LeaseNews =
  | { readonly kind: "renewed"; readonly validity: DurationMs }
  /** The last news. `validity`: what is left of the one told last. */
  | { readonly kind: "lost"; readonly validity: DurationMs; readonly reason: string };

interface Deps extends Pick<ServiceDeps, "leases" | "settings" | "tally" | "tracing" | "holds" | "logger"> {
  readonly admission: Admission;
}

interface Listener {
  readonly tell: (news: LeaseNews) => void;
  /** What no repetition mends; the last that is heard. */
  readonly fail: (error: unknown) => void;
}

/**
 * Renews a lease until it is lost or the keeper is closed, and tells of a loss before the validity told last is over.
 * Times itself by the monotonic clock alone. A holder who does not say what it has is taken to have the third that is
 * left at the latest when a holder should ask.
 */
export class LeaseKeeper {
  readonly #deps: Deps;
  readonly #call: LeaseKeepAliveCall;
  readonly #listener: Listener;
  readonly #closed = new AbortController();
  #ttl: DurationMs;
  /** Ends the sleep between renewals. */
  #prod = new AbortController();
  /** Asked for again since the renewal under way was sent. */
  #prodded = false;
  #silent = false;
  #trouble = "no renewal succeeded in time";
  /** On the monotonic clock, ms: when the validity told last is over, and when its loss is told. */
  #validUntil: number;
  #lossAt: number;
  #callOffLoss = () => {};
  #callOffSilence = () => {};

  constructor(deps: Deps, call: LeaseKeepAliveCall, listener: Listener) {
    this.#deps = deps;
    this.#call = call;
    this.#listener = listener;
    this.#ttl = leaseTtl(deps, call.ttl);
    this.#validUntil = monotonicMs();
    this.#lossAt = this.#validUntil;
  }

  start(): void {
    this.#count(this.#call.validity || this.#ttl * RENEW_SHARE);
    this.#armSilence();
    this.#run().catch((error: unknown) => this.#end(() => this.#listener.fail(error)));
  }

  /** The holder is there: renews at once. A `ttl` of 0 leaves the length as it is. */
  prod(ttl: DurationMs): void {
    if (this.#closed.signal.aborted) return;
    if (ttl !== 0) this.#ttl = ttl;
    this.#silent = false;
    this.#armSilence();
    this.#prodded = true;
    this.#prod.abort();
  }

  /** Nothing is renewed or told from now on. The lease runs out by itself. */
  close(): void {
    this.#closed.abort();
    this.#callOffLoss();
    this.#callOffSilence();
  }

  async #run(): Promise<void> {
    const { signal } = this.#closed;
    while (!signal.aborted) {
      const sentAt = monotonicMs();
      this.#prod = new AbortController();
      this.#prodded = false;
      const restMs = this.#silent ? Number.POSITIVE_INFINITY : await this.#renew(sentAt);
      if (!this.#prodded) await pause(Math.max(0, restMs), AbortSignal.any([signal, this.#prod.signal]));
    }
  }

  /** How long to rest before the next, ms. */
  async #renew(sentAt: number): Promise<number> {
    const { leases, admission } = this.#deps;
    const { address, proof } = this.#call;
    try {
      admission.enter("ending");
      const outcome = await leases.renew(address, { ...proof, ttl: this.#ttl }).finally(() => admission.leave());
      if (this.#closed.signal.aborted) return 0;
      if (outcome.kind === "lost") this.#lose("the lease has run out, was given back, or was taken away");
      else this.#renewed(outcome.validity);
      return this.#ttl * RENEW_SHARE - (monotonicMs() - sentAt);
    } catch (error) {
      if (!mayPass(error)) throw error;
      this.#trouble = `no renewal succeeded in time: ${error.message}`;
      return Math.min(RETRY_MS_MAX, Math.max(RETRY_MS_MIN, this.#ttl * RETRY_SHARE));
    }
  }

  #renewed(validity: DurationMs): void {
    this.#count(validity);
    this.#trouble = "no renewal succeeded in time";
    this.#tell({ kind: "renewed", validity });
  }

  #count(validityMs: number): void {
    this.#validUntil = monotonicMs() + validityMs;
    this.#armLoss(validityMs * (1 - LOSS_MARGIN_SHARE));
  }

  #armLoss(ms: number): void {
    this.#callOffLoss();
    this.#lossAt = monotonicMs() + ms;
    this.#callOffLoss = later(ms, () => this.#looseGrip());
  }

  /** A timer may come a little early by the other clock. */
  #looseGrip(): void {
    const left = this.#lossAt - monotonicMs();
    if (left > 1) this.#armLoss(left);
    else this.#lose(this.#silent ? `the holder was not heard of for ${this.#call.every} ms` : this.#trouble);
  }

  #armSilence(): void {
    const { every } = this.#call;
    this.#callOffSilence();
    if (every === 0) return;
    this.#callOffSilence = later(every, () => {
      this.#silent = true;
    });
  }

  #lose(reason: string): void {
    const validity = durationMs(Math.max(0, Math.floor(this.#validUntil - monotonicMs())));
    this.#end(() => this.#tell({ kind: "lost", validity, reason }));
  }

  #tell(news: LeaseNews): void {
    const { address, proof } = this.#call;
    if (news.kind === "lost") this.#deps.holds.ended(address, proof.leaseId, "lost");
    observe(this.#deps, this.#call.address, "LeaseKeepAlive", news.kind);
    this.#listener.tell(news);
  }

  #end(say: () => void): void {
    if (this.#closed.signal.aborted) return;
    this.close();
    say();
  }
}

/** Whether the same renewal may succeed a little later. */
function mayPass(error: unknown): error is OncewardError {
  if (!(error instanceof OncewardError)) return false;
  const { status } = ERRORS[error.code];
  return status === "UNAVAILABLE" || status === "RESOURCE_EXHAUSTED";
}
