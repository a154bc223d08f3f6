import type { Watch } from "../port.ts";

/** Who waits for the end of an attempt, by id of the record. */
export class Watchers {
  readonly #byId = new Map<string, Set<() => void>>();

  add(id: string, wake: () => void): Watch {
    const watchers = this.#byId.get(id) ?? new Set();
    // A set would take one function given twice for one watcher.
    const own = () => wake();
    this.#byId.set(id, watchers.add(own));
    return {
      close: () => {
        watchers.delete(own);
        if (watchers.size === 0 && this.#byId.get(id) === watchers) this.#byId.delete(id);
      },
    };
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  wake(id: string): void {
    for (const wake of this.#byId.get(id) ?? []) wake();
  }
}
