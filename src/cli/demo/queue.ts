/** One delivery on its way: handed to a client again and again until it is answered for good. */
export interface Delivery {
  readonly event: number;
  /** What it carries: the payload, written in one way or another, or a changed one. */
  readonly body: string;
  /** The id is used for a payload that it was not used for first. */
  readonly changed: boolean;
}

interface Pending {
  readonly delivery: Delivery;
  /** By the monotonic clock, ms. */
  readonly from: number;
}

/** The sender's book of deliveries: each is pending, out with a client, parked for an operator, or settled. */
export class Queue {
  #pending: Pending[] = [];
  #parked: Delivery[] = [];
  readonly #tries = new Map<Delivery, number>();
  readonly #open = new Map<number, number>();
  #total = 0;
  #settled = 0;

  add(delivery: Delivery): void {
    this.expect(delivery);
    this.again(delivery, 0);
  }

  /** Counts it as open; it goes out once it is handed in with {@link again}. */
  expect(delivery: Delivery): void {
    this.#total += 1;
    this.#open.set(delivery.event, this.openOf(delivery.event) + 1);
  }

  /** The one that has waited longest of those that may go out now. */
  take(now: number): Delivery | undefined {
    const index = this.#pending.findIndex(({ from }) => from <= now);
    const [taken] = index === -1 ? [] : this.#pending.splice(index, 1);
    if (taken === undefined) return undefined;
    this.#tries.set(taken.delivery, this.triesOf(taken.delivery) + 1);
    return taken.delivery;
  }

  again(delivery: Delivery, from: number): void {
    this.#pending.push({ delivery, from });
  }

  park(delivery: Delivery): void {
    this.#parked.push(delivery);
  }

  settle(delivery: Delivery): void {
    this.#settled += 1;
    this.#open.set(delivery.event, this.openOf(delivery.event) - 1);
    this.#tries.delete(delivery);
  }

  /** Takes the parked ones out, when nothing else is left to be done. */
  takeParked(): readonly Delivery[] {
    if (this.#parked.length === 0 || this.#parked.length < this.#total - this.#settled) return [];
    const parked = this.#parked;
    this.#parked = [];
    return parked;
  }

  /** How often it has been handed out. */
  triesOf(delivery: Delivery): number {
    return this.#tries.get(delivery) ?? 0;
  }

  /** Deliveries of the event that are not settled. */
  openOf(event: number): number {
    return this.#open.get(event) ?? 0;
  }

  get total(): number {
    return this.#total;
  }

  get settled(): number {
    return this.#settled;
  }

  get over(): boolean {
    return this.#settled === this.#total;
  }
}
