import { TurnoverMap } from "../../base/turnover.ts";
import type { Fingerprint } from "../../domain/fingerprint.ts";
import type { RunningRecord } from "../../domain/record.ts";
import type { Held } from "./held.ts";

/** Records of a generation, of which there are two. They take about a kilobyte each, two with the longest texts. */
const GENERATION_MAX = 2048;

/**
 * Attempts that run and are on disk, as far as there is room: nearly all of them end soon, and what ends them need not
 * read them back. Nobody else writes to the disk.
 */
export class RunningRecords {
  #young = new TurnoverMap<string, Held>();
  #old = new TurnoverMap<string, Held>();

  get(id: string): Held | undefined {
    return this.#young.get(id) ?? this.#old.get(id);
  }

  /** What has become of a record, now that it is on disk. Undefined = it is gone. */
  settle(id: string, held: Held | undefined): void {
    if (held?.record.state !== "in_progress" || isLarge(held.record)) {
      this.forget(id);
      return;
    }
    if (this.#young.size >= GENERATION_MAX && !this.#young.has(id)) {
      this.#old = this.#young;
      this.#young = new TurnoverMap();
    }
    const { record } = held;
    this.#young.set(id, { ...held, record: { ...record, fingerprint: byItself(record.fingerprint) } });
  }

  /** It is to be read from disk. */
  forget(id: string): void {
    this.#young.delete(id);
    this.#old.delete(id);
  }

  /** What is on disk is not known any more. */
  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }
}

/** Only these two can take kilobytes. */
function isLarge({ checkpoint, lastError }: RunningRecord): boolean {
  return checkpoint !== undefined || lastError !== "";
}

/** A digest is mostly a view of the message that it came in, all of which would stay with it. */
function byItself(fingerprint: Fingerprint | undefined): Fingerprint | undefined {
  return fingerprint && { algorithm: fingerprint.algorithm, digest: new Uint8Array(fingerprint.digest) };
}
