import { TurnoverMap } from "../../base/turnover.ts";
import type { Held } from "./held.ts";

/** Records of a generation, of which there are two: some megabytes at the most. */
const GENERATION_MAX = 2048;

/**
 * Attempts that run, as they are on disk, as far as there is room: nearly all of them end soon, and what ends them need
 * not read them back. Nobody else writes to the disk. A record with a checkpoint may be large, and is not kept.
 */
export class RunningRecords {
  #young = new TurnoverMap<string, Held>();
  #old = new TurnoverMap<string, Held>();

  get(id: string): Held | undefined {
    return this.#young.get(id) ?? this.#old.get(id);
  }

  /** What has become of a record, now that it is on disk. Undefined = it is gone. */
  settle(id: string, held: Held | undefined): void {
    if (held?.record.state !== "in_progress" || held.record.checkpoint !== undefined) {
      this.#young.delete(id);
      this.#old.delete(id);
      return;
    }
    if (this.#young.size >= GENERATION_MAX) {
      this.#old = this.#young;
      this.#young = new TurnoverMap();
    }
    this.#young.set(id, held);
  }

  /** What is on disk is not known any more. */
  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }
}
