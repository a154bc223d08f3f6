/**
 * A table of what comes and goes all the time, such as calls that are under way.
 *
 * V8's own `Map` and `Set` are not made for that. One that is full of what has left gets a new backing store, and the
 * old one keeps a reference to the new, for iterators. Once one of them is in the old generation, as after any full
 * collection, it holds all that come after it and whatever they held, until the next full collection: what is long over
 * is copied, promoted, and collected as dearly as can be. An object that is used as a dictionary has no such chain.
 */
export class TurnoverMap<Key extends string | number, Value> {
  #values: Record<Key, Value> = Object.create(null);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: Key): Value | undefined {
    return this.#values[key];
  }

  has(key: Key): boolean {
    return key in this.#values;
  }

  set(key: Key, value: Value): this {
    if (!(key in this.#values)) this.#size++;
    this.#values[key] = value;
    return this;
  }

  delete(key: Key): boolean {
    if (!(key in this.#values)) return false;
    delete this.#values[key];
    this.#size--;
    return true;
  }

  clear(): void {
    this.#values = Object.create(null);
    this.#size = 0;
  }

  /** As they are now, in no particular order. */
  values(): Value[] {
    return Object.values<Value>(this.#values);
  }
}
