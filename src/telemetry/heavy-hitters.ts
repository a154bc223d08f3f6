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
}

/**
 * What was seen most often, in bounded memory: Space-Saving (Metwally, Agrawal, El Abbadi 2005). Whatever was seen more
 * than 1/capacity of all sightings is in it; what is new takes the place of one of the rarest. What is in it already is
 * one look-up and one sum; who has to go is found by a hand that goes round, like that of a clock.
 */
export class HeavyHitters<T> {
  readonly #capacity: number;
  readonly #byKey = new Map<string, Place<T>>();
  readonly #places: Place<T>[] = [];
  #hand = 0;
  /** No place has a lower count. */
  #lowest = 1;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(key: string, what: T): void {
    const place = this.#byKey.get(key);
    if (place !== undefined) place.count++;
    else if (this.#places.length < this.#capacity) this.#take({ key, what, count: 1, error: 0 });
    else this.#replace(this.#rarest(), key, what);
  }

  /** Most first. */
  all(): Hitter<T>[] {
    const told = this.#places.map(({ what, count, error }) => ({ what, count, error }));
    return told.sort((a, b) => b.count - a.count);
  }

  #take(place: Place<T>): void {
    this.#places.push(place);
    this.#byKey.set(place.key, place);
  }

  #replace(place: Place<T>, key: string, what: T): void {
    this.#byKey.delete(place.key);
    this.#byKey.set(key, place);
    place.error = place.count;
    place.count++;
    place.key = key;
    place.what = what;
  }

  /** Nearly always the next that the hand comes to; after a whole round all are looked at. */
  #rarest(): Place<T> {
    const places = this.#places;
    for (let steps = 0; steps < places.length; steps++) {
      const place = places[this.#hand];
      this.#hand = (this.#hand + 1) % places.length;
      if (place !== undefined && place.count <= this.#lowest) return place;
    }
    this.#lowest = places.reduce((lowest, { count }) => Math.min(lowest, count), Number.POSITIVE_INFINITY);
    return this.#rarest();
  }
}
