import { OncewardError } from "../../base/errors.ts";
import type { RecordAddress, RecordPlace } from "../../domain/address.ts";
import { type FinishedRecord, isFinished, type Seen as Judged } from "../../domain/record.ts";
import type { Logger } from "../../telemetry/logger.ts";
import { shardAndSlot } from "../port.ts";
import type { Flush, GroupCommit } from "./commit.ts";
import { type Disk, SHARD } from "./disk.ts";
import type { DuplicateCounts } from "./duplicates.ts";
import { type Held, NOWHERE, unpack, unreadable } from "./held.ts";
import { bodyKey, recordKey } from "./keys.ts";
import type { RunningRecords } from "./running.ts";

/** A record as the next transition finds it. */
export interface Found {
  readonly held: Held | undefined;
  /** What an answer that says anything about it must wait for; undefined = it is on disk. */
  readonly awaited: Flush | undefined;
}

/** Whether an outcome tells a result whose body lies apart, was not read with its record, and may still be replayed. */
export function bodyIsMissing(outcome: object, { held }: Found): boolean {
  if (held === undefined || !held.bodyApart || !("record" in outcome) || outcome.record !== held.record) return false;
  const { record, now } = outcome as unknown as Judged; // every outcome that carries a record is one
  return isFinished(record) && record.result?.body === undefined && now < record.resultUntil;
}

export interface RecordsDeps {
  readonly disk: Disk;
  readonly commit: GroupCommit;
  readonly counts: DuplicateCounts;
  readonly running: RunningRecords;
  readonly logger: Logger;
}

/** Reads records: as last decided, else as they are on disk, from memory where they are there. */
export class Records {
  readonly #deps: RecordsDeps;

  constructor(deps: RecordsDeps) {
    this.#deps = deps;
  }

  /** @throws {OncewardError} STORE_UNAVAILABLE or STORE_DAMAGED. */
  read(place: RecordPlace, address: RecordAddress): Found {
    const database = this.#deps.disk.database();
    const pending = this.#deps.commit.pending(place.id);
    if (pending !== undefined) return { held: this.#asOf(place.id, address, pending.held), awaited: pending.awaited };
    const running = this.#deps.running.get(place.id);
    if (running !== undefined) return { held: this.#asOf(place.id, address, running), awaited: undefined };
    const value = this.#read(() => database.read(recordKey(place.id)));
    if (value === undefined) {
      this.#deps.counts.settle(place.id);
      return { held: undefined, awaited: undefined };
    }
    return { held: this.#asOf(place.id, address, this.#unpack(value, place, address)), awaited: undefined };
  }

  /** As `read`; a record that cannot be read is one that can still be forgotten. */
  readToForget(place: RecordPlace, address: RecordAddress): Found {
    try {
      return this.read(place, address);
    } catch (fault) {
      if (!(fault instanceof OncewardError) || fault.code !== "STORE_DAMAGED") throw fault;
      return { held: unreadable(address), awaited: undefined };
    }
  }

  /** The outcome with the body of its result, where that lies apart and is still to be had. */
  async withBody<Outcome extends object>(outcome: Outcome, id: string): Promise<Outcome> {
    const { record } = outcome as unknown as Judged<FinishedRecord>; // as `bodyIsMissing` found
    if (record.result === undefined) return outcome;
    try {
      const [body] = await this.#deps.disk.database().readMany([bodyKey(id, record.token)]);
      return { ...outcome, record: { ...record, result: { ...record.result, body } } };
    } catch (cause) {
      throw this.#deps.disk.fault(cause);
    }
  }

  #asOf(id: string, address: RecordAddress, held: Held | undefined): Held | undefined {
    if (held === undefined) return undefined;
    const record = this.#deps.counts.onto(id, held.record);
    if (record.address === NOWHERE) return { ...held, record: { ...record, address } };
    return record === held.record ? held : { ...held, record };
  }

  #unpack(value: Buffer, { slot }: RecordPlace, address: RecordAddress): Held {
    try {
      return unpack(value, { address, name: shardAndSlot(SHARD, slot) });
    } catch (err) {
      this.#deps.logger.error({ err, shard: SHARD, slot }, "a stored record cannot be read");
      throw err;
    }
  }

  #read<Value>(read: () => Value): Value {
    try {
      return read();
    } catch (cause) {
      throw this.#deps.disk.fault(cause);
    }
  }
}
