import { later } from "../../base/wait.ts";
import type { StoredRecord } from "../../domain/record.ts";
import type { GroupCommit } from "./commit.ts";
import type { Write } from "./database.ts";
import type { Disk } from "./disk.ts";
import { recount, unpackAnyhow } from "./held.ts";
import { recordKey } from "./keys.ts";

/** Records whose count waits to be written; beyond them, duplicates of further records are not counted. */
const RECORDS_MAX = 10_000;
/** How long counts gather before they are written, ms: a storm of duplicates of one record costs one write. */
const WRITTEN_AFTER_MS = 50;
/** Records written in one step, about half a millisecond of the event loop, and the wait between two steps, ms. */
const SLICE_RECORDS_MAX = 50;
const SLICE_EVERY_MS = 5;

export interface CountsDeps {
  readonly disk: Disk;
  readonly commit: GroupCommit;
}

/**
 * Duplicates counted and not written yet, by id of the record. Best effort: a crash loses what waits here, but whoever
 * reads the record in this process sees it counted.
 */
export class DuplicateCounts {
  readonly #deps: CountsDeps;
  readonly #added = new Map<string, number>();
  #callOff: (() => void) | undefined;
  #closed = false;

  constructor(deps: CountsDeps) {
    this.#deps = deps;
  }

  /** The record with what was counted since it was written. */
  onto<R extends StoredRecord>(id: string, record: R): R {
    const added = this.#added.get(id);
    return added === undefined ? record : { ...record, duplicates: record.duplicates + added };
  }

  count(id: string): void {
    const added = this.#added.get(id);
    if (added === undefined && this.#added.size >= RECORDS_MAX) return;
    this.#added.set(id, (added ?? 0) + 1);
    this.#writeAfter(WRITTEN_AFTER_MS);
  }

  /** The record was written with its count, or is gone. */
  settle(id: string): void {
    this.#added.delete(id);
  }

  /** Writes all that waits, without waiting for the disk, and no more from then on. */
  close(): void {
    this.#callOff?.();
    this.#closed = true;
    this.#write(RECORDS_MAX);
  }

  #writeAfter(ms: number): void {
    if (this.#closed || this.#added.size === 0) return;
    this.#callOff ??= later(ms, () => {
      this.#callOff = undefined;
      this.#writeAfter(this.#write(SLICE_RECORDS_MAX) ? SLICE_EVERY_MS : WRITTEN_AFTER_MS);
    });
  }

  /** False when the disk is in trouble, which it says by itself. */
  #write(limit: number): boolean {
    try {
      let left = limit;
      for (const id of this.#added.keys()) {
        if (left-- === 0) break;
        this.#writeOne(id);
      }
      return true;
    } catch {
      return false;
    }
  }

  #writeOne(id: string): void {
    const { disk, commit } = this.#deps;
    if (commit.pending(id) !== undefined) return; // it is being written: its turn comes
    const value = disk.database().read(recordKey(id));
    const held = unpackAnyhow(value);
    if (value === undefined || held === undefined) {
      this.settle(id);
      return;
    }
    const writes: Write[] = [];
    const counted = { ...held, record: this.onto(id, held.record) };
    recount(id, counted, value, writes);
    this.settle(id);
    commit.add({ id, held: counted, writes, housekeeping: true });
  }
}
