import { invariant } from "../base/assert.ts";

export interface Hitter<T> {
  readonly what: T;
  /** At most so often. */
  readonly count: number;
  /** By how much `count` may be too high: it was taken over with the place. */
  readonly error: number;
}

interface Place<T> {
  key: string;
  what: T;
  count: number;
  error: number;
  /** Where it stands in the order. */
  rank: number;
}

/**
 * What was seen most often, in bounded memory and constant time a sighting: Space-Saving (Metwally, Agrawal, El Abbadi
 * 2005). Whatever was seen more than 1/capacity of all sightings is in it; what is new takes the place of the rarest.
 */
export class HeavyHitters<T> {
  readonly #capacity: number;
  readonly #places = new Map<string, Place<T>>();
  /** By count, most first. */
  readonly #order: Place<T>[] = [];
  /** Where in the order each count begins. */
  readonly #heads = new Map<number, number>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(key: string, what: T): void {
    this.#raise(this.#places.get(key) ?? this.#take(key, what));
  }

  /** Most first. */
  all(): Hitter<T>[] {
    return this.#order.map(({ what, count, error }) => ({ what, count, error }));
  }

  #take(key: string, what: T): Place<T> {
    const rarest = this.#order[this.#order.length - 1];
    if (rarest !== undefined && this.#order.length === this.#capacity) {
      this.#places.delete(rarest.key);
      this.#places.set(key, rarest);
      return Object.assign(rarest, { key, what, error: rarest.count });
    }
    const place = { key, what, count: 0, error: 0, rank: this.#order.length };
    this.#order.push(place);
    this.#places.set(key, place);
    this.#heads.set(0, place.rank);
    return place;
  }

  /** To the head of its equals, and from there one up: nobody else has to move. */
  #raise(place: Place<T>): void {
    const order = this.#order;
    const head = this.#heads.get(place.count);
    const first = head === undefined ? undefined : order[head];
    invariant(head !== undefined && first !== undefined, "every count has a head");
    order[place.rank] = first;
    first.rank = place.rank;
    order[head] = place;
    place.rank = head;
    if (order[head + 1]?.count === place.count) this.#heads.set(place.count, head + 1);
    else this.#heads.delete(place.count);
    place.count++;
    if (order[head - 1]?.count !== place.count) this.#heads.set(place.count, head);
  }
}
