import { COUNTS, type Count, type Counts } from "./counts.ts";
import { FAULTS, type FaultName, type Point, type Strike } from "./faults.ts";
import type { PlannedEvent } from "./plan.ts";

/** Sees what happens while it happens. */
export interface Watch {
  progress(books: Books, done: { readonly settled: number; readonly total: number }): void;
  /** Something happened to an event; `pid` absent = the sender or the operator did it. */
  step(event: number, pid: number | undefined, word: string): void;
  /** Every delivery of the event is answered, and no client is at it any more. */
  closed(event: number): void;
}

/** The sender was told that the event is done, and which effect that was. */
export interface DoneAnswer {
  readonly event: number;
  readonly receipt: number | undefined;
  /** The delivery carried a payload that its id was not used for first. */
  readonly changed: boolean;
}

/** Why clients failed is kept for whoever looks for the cause; the first few reasons do. */
const FAILURES_KEPT = 5;

/** What one run has seen. Says nothing about the effects: those are counted in their file. */
export class Books {
  readonly counts: Counts = {};
  /** How often each kind of fault has struck. */
  readonly struck: Partial<Record<FaultName, number>> = {};
  readonly done: DoneAnswer[] = [];
  readonly failures: string[] = [];
  /** How often a delivery was handed to a client. */
  handed = 0;
  refusedChanged = 0;
  /** Refused although its payload was the one that the id was used for first: must not happen. */
  refusedWrongly = 0;
  unanswered = 0;
  readonly #spent = new Set<number>();
  readonly #watch: Watch;

  constructor(watch: Watch) {
    this.#watch = watch;
  }

  count(event: number, pid: number | undefined, what: Count): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
    this.#watch.step(event, pid, COUNTS[what].word);
  }

  failed(why: string): void {
    if (this.failures.length < FAILURES_KEPT && !this.failures.includes(why)) this.failures.push(why);
  }

  refused({ changed }: { readonly changed: boolean }): void {
    if (changed) this.refusedChanged += 1;
    else this.refusedWrongly += 1;
  }

  /** What strikes here: the event's fault, where it belongs, and only once. */
  strike({ index, fault }: PlannedEvent, pid: number, point: Point): Strike | undefined {
    if (fault === undefined || FAULTS[fault].point !== point || this.#spent.has(index)) return undefined;
    this.#spent.add(index);
    this.struck[fault] = (this.struck[fault] ?? 0) + 1;
    this.#watch.step(index, pid, FAULTS[fault].word);
    return FAULTS[fault].strike;
  }

  /** Where the next client of the event has to stop; undefined once its fault has struck. */
  stopAt({ index, fault }: PlannedEvent): Point | undefined {
    return fault === undefined || this.#spent.has(index) ? undefined : FAULTS[fault].point;
  }
}
