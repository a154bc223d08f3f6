import type { RecordAddress, StreamAddress } from "../../src/domain/address.ts";
import type { Stream } from "../../src/domain/stream.ts";
import type { IdempotencyStore } from "../../src/store/port.ts";

/** A store under a clock that only the test moves. */
export interface Harness {
  readonly store: IdempotencyStore;
  /** The store's clock, whole microseconds since 1970; starts at the machine's time. */
  nowUs(): number;
  /** Moves the store's clock by that many milliseconds; a negative step is a clock set back. */
  advance(ms: number): Promise<void>;
  /** Removes one record as an eviction or a failover would: without a trace, past the store's own code. */
  lose(address: RecordAddress): Promise<void>;
  /** Puts another state in place of a stream's, past the store's own code; undefined = it is lost. */
  putStream(at: StreamAddress, stream: Stream | undefined): Promise<void>;
  close(): Promise<void>;
}

export type OpenHarness = () => Promise<Harness>;
