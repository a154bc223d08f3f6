import { assertNever } from "../../base/assert.ts";
import { monotonicMs } from "../../base/clock.ts";
import { every, pause } from "../../base/wait.ts";
import type { Approach } from "./approaches.ts";
import { Books, type Watch } from "./books.ts";
import { type ClientOptions, ClientProcess, type Ending } from "./client-process.ts";
import type { Count } from "./counts.ts";
import { FAULTS, type Point } from "./faults.ts";
import type { Deliver } from "./messages.ts";
import { orNothing } from "./patience.ts";
import { changed, rewritten, type SentEvent } from "./payloads.ts";
import type { Plan, PlannedEvent } from "./plan.ts";
import { type Delivery, Queue } from "./queue.ts";
import { CLIENT_MS_MAX, DELIVER_AGAIN_MS, PAUSE_MS_MAX, SENDER_PATIENCE_MS } from "./timing.ts";

/** Most times one delivery is handed to a client; then the sender gives up, and the run has failed. */
const TRIES_MAX = 100;
/** How often an idle client looks for work, and the operator for parked deliveries, ms. */
const IDLE_MS = 5;
/** How often somebody looks whether a paused client may go on, ms. */
const WAKE_MS = 20;

export interface SenderOptions {
  readonly approach: Approach;
  readonly plan: Plan;
  /** The plan's events, with their ids. */
  readonly events: readonly SentEvent[];
  readonly clients: number;
  readonly client: ClientOptions;
  readonly watch: Watch;
  /** Decides for an event that no client may decide for; its deliveries are sent again afterwards. */
  resolve(event: SentEvent): Promise<Count | undefined>;
}

/** Plays GitHub: delivers every event as planned, and again whenever it hears no answer. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #queue = new Queue();
  readonly #books: Books;
  /** Events that some client has finished. */
  readonly #finished = new Set<number>();
  /** How many clients are at an event, those included that the sender has given up on. */
  readonly #busy = new Map<number, number>();
  /** Deliveries that were answered once, even if only with "again". */
  readonly #answered = new Set<Delivery>();
  /** How many clients are still at a delivery that the sender has given up on. */
  #unheard = 0;
  /** Not let out yet. */
  readonly #late: Delivery[] = [];

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#books = new Books(options.watch);
    for (const { event, copy, late } of options.plan.deliveries) {
      const { body } = this.#sent(event).payload;
      const delivery = { event, body: copy % 2 === 0 ? body : rewritten(body), changed: false };
      if (late) this.#late.push(delivery);
      if (late) this.#queue.expect(delivery);
      else this.#queue.add(delivery);
    }
  }

  /** Settles when every delivery is answered and every client idle, or the signal says stop; its processes are gone. */
  async run(signal: AbortSignal): Promise<Books> {
    const stop = new AbortController();
    const both = AbortSignal.any([signal, stop.signal]);
    const lanes = Array.from({ length: this.#options.clients }, () => this.#lane(both));
    const work = [...lanes, this.#resolveParked(both)].map((part) =>
      part.catch((error: unknown) => {
        stop.abort();
        throw error;
      }),
    );
    const failed = (await Promise.allSettled(work)).find((end) => end.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    this.#books.unanswered += this.#queue.total - this.#queue.settled;
    return this.#books;
  }

  /** One client after the other: a dead one is replaced. */
  async #lane(signal: AbortSignal): Promise<void> {
    let client: ClientProcess | undefined;
    try {
      while (!this.#queue.over && !signal.aborted) {
        if (client === undefined || client.gone) client = await ClientProcess.start(this.#options.client, signal);
        const delivery = this.#queue.take(monotonicMs());
        if (delivery === undefined) await pause(IDLE_MS, signal);
        else await this.#hand(client, delivery, signal);
      }
    } finally {
      client?.kill();
    }
  }

  /** Hands a delivery over, and returns when the client is idle or gone; by then it may be another client's. */
  async #hand(client: ClientProcess, delivery: Delivery, signal: AbortSignal): Promise<void> {
    const { event } = delivery;
    const books = this.#books;
    books.handed += 1;
    this.#busy.set(event, (this.#busy.get(event) ?? 0) + 1);
    const ending = client.deliver(this.#message(delivery), {
      at: (point) => this.#strike(client, event, point),
      count: (what) => books.count(event, client.pid, what),
    });
    const heard = await orNothing(ending, SENDER_PATIENCE_MS, signal);
    if (heard !== undefined) this.#hear(client, delivery, heard);
    else if (!signal.aborted) {
      books.count(event, undefined, "timed-out");
      this.#queue.again(delivery, 0);
      // The client is still at it, slow or paused. When it answers, nobody listens any more.
      this.#unheard += 1;
      if ((await orNothing(ending, CLIENT_MS_MAX, signal)) === undefined) client.kill();
      this.#unheard -= 1;
    }
    this.#letLateOut();
    this.#busy.set(event, (this.#busy.get(event) ?? 0) - 1);
    if (this.#queue.openOf(event) === 0 && this.#busy.get(event) === 0) this.#options.watch.closed(event);
    this.#options.watch.progress(books, this.#queue);
  }

  /** Not before whatever the other deliveries have set off is done, or waits for the late ones. */
  #letLateOut(): void {
    if (this.#unheard > 0 || this.#answered.size < this.#queue.total - this.#late.length) return;
    for (const delivery of this.#late.splice(0)) this.#queue.again(delivery, 0);
  }

  #hear(client: ClientProcess, delivery: Delivery, ending: Ending): void {
    const givenUp = ending.kind !== "done" && this.#queue.triesOf(delivery) >= TRIES_MAX;
    if (givenUp || (ending.kind !== "gone" && ending.kind !== "failed")) this.#answered.add(delivery);
    if (givenUp) {
      this.#books.unanswered += 1;
      this.#queue.settle(delivery);
      return;
    }
    switch (ending.kind) {
      case "gone":
        this.#queue.again(delivery, 0);
        return;
      case "again":
        this.#queue.again(delivery, monotonicMs() + ending.afterMs);
        return;
      case "failed":
        this.#books.failed(ending.why);
        this.#queue.again(delivery, monotonicMs() + DELIVER_AGAIN_MS);
        return;
      case "unresolved":
        this.#queue.park(delivery);
        return;
      case "refused":
        this.#books.refused(delivery);
        this.#queue.settle(delivery);
        return;
      case "done":
        this.#settle(client, delivery, ending.receipt);
        return;
      default:
        assertNever(ending);
    }
  }

  #settle(client: ClientProcess, delivery: Delivery, receipt: number | undefined): void {
    const { event, body } = delivery;
    this.#finished.add(event);
    const strike = this.#books.strike(this.#planned(event), client.pid, "answered");
    if (strike === "lose-reply") {
      this.#queue.again(delivery, monotonicMs() + DELIVER_AGAIN_MS);
      return;
    }
    if (strike === "change-payload") this.#queue.add({ event, body: changed(body), changed: true });
    this.#books.done.push({ event, receipt, changed: delivery.changed });
    this.#queue.settle(delivery);
  }

  /** A client has stopped at a point of its way and asks how it goes on. */
  #strike(client: ClientProcess, event: number, point: Point): void {
    const strike = this.#books.strike(this.#planned(event), client.pid, point);
    if (strike === "kill") client.kill();
    if (strike === "pause") this.#pause(client, event);
    if (strike !== "kill") client.goOn(strike);
  }

  /** Stops the process until somebody else has finished its event. */
  #pause(client: ClientProcess, event: number): void {
    const until = monotonicMs() + PAUSE_MS_MAX;
    client.pause();
    const stop = every(WAKE_MS, () => {
      if (!this.#finished.has(event) && monotonicMs() < until && !client.gone) return;
      stop();
      client.resume();
      this.#options.watch.step(event, client.pid, "woke up");
    });
  }

  /** Does what an operator does, once nothing else is left to be done. */
  async #resolveParked(signal: AbortSignal): Promise<void> {
    while (!this.#queue.over && !signal.aborted) {
      await pause(IDLE_MS, signal);
      const parked = this.#queue.takeParked();
      for (const event of new Set(parked.map((delivery) => delivery.event))) {
        const settled = await this.#options.resolve(this.#sent(event));
        if (settled !== undefined) this.#books.count(event, undefined, settled);
      }
      for (const delivery of parked) this.#queue.again(delivery, 0);
    }
  }

  #message({ event, body }: Delivery): Deliver {
    const { id, payload, place } = this.#sent(event);
    const planned = this.#planned(event);
    const hold = planned.fault !== undefined && "hold" in FAULTS[planned.fault];
    const { name, about } = payload;
    const job = { event: id, name, about, body, hold, ...(place !== undefined && { place }) };
    return { kind: "deliver", approach: this.#options.approach, job, stopAt: this.#books.stopAt(planned) };
  }

  #planned(event: number): PlannedEvent {
    return at(this.#options.plan.events, event);
  }

  #sent(event: number): SentEvent {
    return at(this.#options.events, event);
  }
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`no event ${index}`);
  return item;
}
