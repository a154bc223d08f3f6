/** A value made from files that are replaced while we run, as Kubernetes does with secrets and config maps. */
import { readFile } from "node:fs/promises";
import { every } from "../base/wait.ts";

interface Options<T> {
  readonly paths: readonly string[];
  /** Makes the value; what it throws is a bad replacement, and the last good value stays. */
  readonly make: (texts: readonly string[]) => T;
  /** How often the files are read, ms. They are small, and a folder that is swapped as a whole cannot be watched. */
  readonly everyMs: number;
  readonly onChange: (value: T) => void;
  readonly onFault: (error: unknown) => void;
}

export class Followed<T> {
  readonly #options: Options<T>;
  readonly #stop: () => void;
  #texts: readonly string[];
  #refused: readonly string[] | undefined;
  #value: T;

  /** Rejects when the files cannot be read or are bad: there is no last good value yet. */
  static async open<T>(options: Options<T>): Promise<Followed<T>> {
    const texts = await readAll(options.paths);
    return new Followed(options, texts, options.make(texts));
  }

  private constructor(options: Options<T>, texts: readonly string[], value: T) {
    this.#options = options;
    this.#texts = texts;
    this.#value = value;
    this.#stop = every(options.everyMs, () => void this.look());
  }

  get value(): T {
    return this.#value;
  }

  /** Reads the files now; never rejects. */
  async look(): Promise<void> {
    const { paths, make, onChange, onFault } = this.#options;
    let texts: readonly string[] | undefined;
    try {
      texts = await readAll(paths);
      if (same(texts, this.#texts) || same(texts, this.#refused)) return;
      this.#value = make(texts);
      this.#texts = texts;
      this.#refused = undefined;
      onChange(this.#value);
    } catch (error) {
      // The same fault is told once.
      this.#refused = texts;
      onFault(error);
    }
  }

  close(): void {
    this.#stop();
  }
}

function readAll(paths: readonly string[]): Promise<string[]> {
  return Promise.all(paths.map((path) => readFile(path, "utf8")));
}

function same(a: readonly string[], b: readonly string[] | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((text, index) => text === b[index]);
}
