import { TurnoverMap } from "../../base/turnover.ts";
import type { FencingToken } from "../../base/units.ts";
import { later } from "../../base/wait.ts";
import type { Stream } from "../../domain/stream.ts";
import type { Write } from "./database.ts";
import type { Held } from "./held.ts";
import { TOKEN_KEY } from "./keys.ts";
import type { RunningRecords } from "./running.ts";

/** Bytes after which a flush takes no more: the disk should not be kept from everybody by somebody's large results. */
const FLUSH_BYTES_MAX = 4 * 1024 * 1024;
/** Entries after which a flush takes no more: handing them over keeps the event loop for about 1 ms a thousand. */
const FLUSH_ENTRIES_MAX = 4000;
/** Bytes the database adds to each entry, roughly. */
const ENTRY_BYTES = 32;

export interface KnownStream {
  readonly id: string;
  readonly stream: Stream;
}

/** What one transition leaves behind. */
export interface Change {
  readonly id: string;
  /** Undefined = the record is gone. */
  readonly held: Held | undefined;
  /** The record's stream, where the transition changes that too. */
  readonly stream?: KnownStream | undefined;
  readonly writes: readonly Write[];
  readonly lastToken?: FencingToken | undefined;
  /** Says to callers nothing that was not true before, so no answer need wait for it. */
  readonly housekeeping?: boolean;
  /** Called when it is on disk. */
  readonly onDurable?: (() => void) | undefined;
}

/** A record as it was decided, and not yet known to be on disk. */
export interface Pending {
  readonly held: Held | undefined;
  /** What an answer that read this must wait for; undefined = nothing. */
  readonly awaited: Flush | undefined;
}

/** A stream as it was decided, and not yet known to be on disk. */
interface PendingStream {
  readonly stream: Stream;
  readonly awaited: Flush;
}

/** Transitions that become durable together. */
export interface Flush {
  /** Settles once they are on disk, or are not known to be. */
  readonly done: Promise<void>;
}

interface Gathered extends Flush {
  readonly writes: Write[];
  readonly ids: string[];
  readonly streamIds: string[];
  readonly onDurable: (() => void)[];
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
  bytes: number;
  lastToken: FencingToken | undefined;
}

export interface CommitDeps {
  /** All or nothing, on disk when it resolves. */
  readonly write: (writes: readonly Write[]) => Promise<void>;
  /** Called once when a write failed, after everything decided in it or since was given up. */
  readonly onFailure: (cause: unknown) => void;
  /** What the callers of such transitions are told. */
  readonly faultOf: (cause: unknown) => Error;
  /** Longest a write may take, ms. */
  readonly writeMsMax: number;
  /** Is told what has become of records on disk. */
  readonly running: RunningRecords;
}

/**
 * Group commit: the transitions of one event-loop turn go to disk in one write; while it is under way the next ones
 * gather. Until then they are held here, where whoever decides next finds them: the event loop is the lock.
 */
export class GroupCommit {
  readonly #deps: CommitDeps;
  readonly #pending = new TurnoverMap<string, Pending & { readonly flush: Gathered }>();
  readonly #streams = new TurnoverMap<string, PendingStream & { readonly flush: Gathered }>();
  /** Oldest first; the last one gathers. */
  readonly #queue: Gathered[] = [];
  #underWay: Gathered | undefined;
  #scheduled = false;

  constructor(deps: CommitDeps) {
    this.#deps = deps;
  }

  /** The record as last decided, where that is not on disk yet. */
  pending(id: string): Pending | undefined {
    return this.#pending.get(id);
  }

  /** The stream as last decided, where that is not on disk yet. */
  pendingStream(id: string): PendingStream | undefined {
    return this.#streams.get(id);
  }

  add(change: Change): Flush {
    const flush = this.#gather(change.writes);
    if (change.stream !== undefined) this.#hold(change.stream, flush);
    if (change.lastToken !== undefined) flush.lastToken = change.lastToken;
    if (change.onDurable !== undefined) flush.onDurable.push(change.onDurable);
    flush.ids.push(change.id);
    this.#pending.set(change.id, { held: change.held, awaited: change.housekeeping ? undefined : flush, flush });
    return flush;
  }

  /** Adds a change of a stream that changes no record. */
  addStream(known: KnownStream, writes: readonly Write[]): Flush {
    const flush = this.#gather(writes);
    this.#hold(known, flush);
    return flush;
  }

  #hold({ id, stream }: KnownStream, flush: Gathered): void {
    flush.streamIds.push(id);
    this.#streams.set(id, { stream, awaited: flush, flush });
  }

  /** Adds writes that change no record. */
  tidy(writes: readonly Write[]): void {
    this.#gather(writes);
  }

  /** Settles like the flush that everything decided so far goes with; at once when nothing is under way. */
  async quiet(): Promise<void> {
    await (this.#queue.at(-1) ?? this.#underWay)?.done;
  }

  #gather(writes: readonly Write[]): Gathered {
    const flush = this.#gatherer();
    for (const write of writes) {
      flush.writes.push(write);
      flush.bytes += ENTRY_BYTES + write.key.length + (write.value?.length ?? 0);
    }
    return flush;
  }

  #gatherer(): Gathered {
    const last = this.#queue.at(-1);
    if (last !== undefined && last.bytes < FLUSH_BYTES_MAX && last.writes.length < FLUSH_ENTRIES_MAX) return last;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    promise.catch(() => {}); // a flush of housekeeping has nobody who waits for it
    const lists = { writes: [], ids: [], streamIds: [], onDurable: [] };
    const next = { done: promise, resolve, reject, ...lists, bytes: 0, lastToken: undefined };
    this.#queue.push(next);
    this.#schedule();
    return next;
  }

  /** Not at once: whoever was just answered comes back in this turn, and goes with the next flush. */
  #schedule(): void {
    if (this.#scheduled || this.#underWay !== undefined || this.#queue.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => this.#start());
  }

  #start(): void {
    this.#scheduled = false;
    const flush = this.#queue.shift();
    if (flush === undefined) return;
    this.#underWay = flush;
    const overdue = later(this.#deps.writeMsMax, () => this.#fail(flush, new Error("the disk gives no answer")));
    if (flush.lastToken !== undefined) flush.writes.push({ key: TOKEN_KEY, value: tokenValue(flush.lastToken) });
    this.#deps.write(flush.writes).then(
      () => {
        overdue();
        this.#succeed(flush);
      },
      (cause) => {
        overdue();
        this.#fail(flush, cause);
      },
    );
  }

  #succeed(flush: Gathered): void {
    if (this.#underWay !== flush) return; // came too late: it was given up
    this.#underWay = undefined;
    for (const id of flush.ids) {
      const pending = this.#pending.get(id);
      if (pending?.flush !== flush) continue;
      this.#pending.delete(id);
      this.#deps.running.settle(id, pending.held);
    }
    for (const id of flush.streamIds) if (this.#streams.get(id)?.flush === flush) this.#streams.delete(id);
    flush.resolve();
    this.#schedule();
    for (const call of flush.onDurable) call();
  }

  /** Everything since was decided on top of this one, or may have been. */
  #fail(flush: Gathered, cause: unknown): void {
    if (this.#underWay !== flush) return;
    const lost = [flush, ...this.#queue.splice(0)];
    this.#underWay = undefined;
    this.#pending.clear();
    this.#streams.clear();
    this.#deps.running.clear();
    const fault = this.#deps.faultOf(cause);
    for (const one of lost) one.reject(fault);
    this.#deps.onFailure(cause);
  }
}

function tokenValue(token: FencingToken): Buffer {
  const value = Buffer.allocUnsafe(8);
  value.writeBigUInt64BE(token, 0);
  return value;
}
