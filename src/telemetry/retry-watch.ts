import { monotonicMs } from "../base/clock.ts";
import type { RecordAddress } from "../domain/address.ts";
import { HeavyHitters, type Hitter } from "./heavy-hitters.ts";

/** What is told spans the window that runs and the one before: what is over is forgotten within ten minutes. */
export const RETRY_WINDOW_MS = 5 * 60_000;
/** Records and effects that are watched at once in a window; an address takes up to a kilobyte. */
const RECORDS_MAX = 256;
const OPERATIONS_MAX = 100;

export type RetriedOperation = Pick<RecordAddress, "namespace" | "operation">;

export interface Retried<T> {
  readonly what: T;
  /** Duplicates at most, and at least. */
  readonly most: number;
  readonly least: number;
}

interface Window {
  readonly records: HeavyHitters<RecordAddress>;
  readonly operations: HeavyHitters<RetriedOperation>;
}

/** Which records, and which effects, are asked for again and again. Sees duplicates only, so a start costs nothing. */
export class RetryWatch {
  #running = openWindow();
  #before = openWindow();
  #until = monotonicMs() + RETRY_WINDOW_MS;

  duplicate(address: RecordAddress): void {
    this.#turn();
    const { namespace, operation, stream, key } = address;
    // With the lengths in front no two addresses make one text.
    const effect = `${namespace} ${operation}`;
    this.#running.operations.add(effect, address);
    this.#running.records.add(`${operation.length} ${stream.length} ${effect}${stream}${key}`, address);
  }

  /** Most retried first. */
  records(): Retried<RecordAddress>[] {
    this.#turn();
    return merged([this.#running.records.all(), this.#before.records.all()], (one) =>
      JSON.stringify([one.namespace, one.operation, one.stream, one.key]),
    );
  }

  /** Most retried first. */
  operations(): Retried<RetriedOperation>[] {
    this.#turn();
    return merged([this.#running.operations.all(), this.#before.operations.all()], ({ namespace, operation }) =>
      JSON.stringify([namespace, operation]),
    );
  }

  #turn(): void {
    const now = monotonicMs();
    if (now < this.#until) return;
    this.#before = now < this.#until + RETRY_WINDOW_MS ? this.#running : openWindow();
    this.#running = openWindow();
    this.#until = now + RETRY_WINDOW_MS;
  }
}

function openWindow(): Window {
  return { records: new HeavyHitters(RECORDS_MAX), operations: new HeavyHitters(OPERATIONS_MAX) };
}

function merged<T>(windows: readonly (readonly Hitter<T>[])[], keyOf: (what: T) => string): Retried<T>[] {
  const byKey = new Map<string, Retried<T>>();
  for (const { what, count, error } of windows.flat()) {
    const key = keyOf(what);
    const { most = 0, least = 0 } = byKey.get(key) ?? {};
    byKey.set(key, { what, most: most + count, least: least + count - error });
  }
  return [...byKey.values()].sort((a, b) => b.least - a.least || b.most - a.most);
}
