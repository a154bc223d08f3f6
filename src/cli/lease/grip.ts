import { status } from "@grpc/grpc-js";
import { monotonicMs } from "../../base/clock.ts";
import { pause } from "../../base/wait.ts";
import type { LeaseServiceClient } from "../../transport/grpc/gen/onceward/v1/LeaseService.ts";
import { call } from "../client.ts";
import { isServiceError } from "../failure.ts";

/** A lease is renewed when this share of its length is over. */
const RENEW_SHARE = 1 / 3;
/** Longest that one renewal waits for its answer, as a share of the length: a stopped sidecar does not refuse. */
const ANSWER_SHARE = 1 / 5;
/** Pause after a renewal that got no answer, as a share of the length. */
const RETRY_SHARE = 1 / 40;

export interface Lease {
  readonly namespace: string;
  readonly resource: string;
  readonly leaseId: string;
  readonly fencingToken: string;
  readonly ttlMs: number;
}

/**
 * A lease in the hands of this process, and until when. That instant is counted from before the call that told it was
 * sent, on the monotonic clock: the true end lies behind it, however long the answer was under way and however long
 * this process was stopped. This is why it asks by itself and listens to no stream, where an old answer looks new.
 */
export class Grip {
  readonly #client: LeaseServiceClient;
  readonly #lease: Lease;
  readonly #closed = new AbortController();
  #validUntil: number;
  #trouble = "the sidecar gave no answer in time";

  constructor(client: LeaseServiceClient, lease: Lease, validUntil: number) {
    this.#client = client;
    this.#lease = lease;
    this.#validUntil = validUntil;
  }

  /** On the monotonic clock, ms. */
  get validUntil(): number {
    return this.#validUntil;
  }

  /** Why there was no renewal lately, for people. */
  get trouble(): string {
    return this.#trouble;
  }

  /** Renews until it is closed or told that the lease is lost. */
  async keep(onLost: () => void): Promise<void> {
    const { signal } = this.#closed;
    const { ttlMs } = this.#lease;
    let restMs = ttlMs * RENEW_SHARE;
    while ((await pause(restMs, signal)) === "elapsed") {
      const sentAt = monotonicMs();
      try {
        const renewed = await this.renew(ttlMs * ANSWER_SHARE);
        if (signal.aborted) return;
        if (!renewed) return onLost();
        restMs = Math.max(0, ttlMs * RENEW_SHARE - (monotonicMs() - sentAt));
      } catch (error) {
        if (signal.aborted) return;
        if (!isServiceError(error)) throw error;
        // grpc-js says much of a deadline, and nothing that is of use here.
        const why = error.code === status.DEADLINE_EXCEEDED ? "" : ` (${error.details})`;
        this.#trouble = `the sidecar gave no answer in time${why}`;
        restMs = ttlMs * RETRY_SHARE;
      }
    }
  }

  /** One renewal; false = the lease is lost. Rejects with grpc-js's ServiceError. */
  async renew(timeoutMs: number): Promise<boolean> {
    const sentAt = monotonicMs();
    const { signal } = this.#closed;
    const answer = await call(this.#client, this.#client.renew, { ...this.#lease }, timeoutMs, signal);
    if (answer.outcome !== "RENEWED") return false;
    this.#validUntil = Math.max(this.#validUntil, sentAt + Number(answer.validityMs));
    return true;
  }

  /** Renews no more. Gives nothing back. */
  close(): void {
    this.#closed.abort();
  }
}
