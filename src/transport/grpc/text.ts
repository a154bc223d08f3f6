import { MESSAGE_BYTES_MAX } from "../../base/limits.ts";
import { REPLACEMENT, type Suspicion } from "./suspicion.ts";

/** Most bytes of a message that are searched for the texts in it. Only a message made to be slow needs more. */
const SEARCH_BYTES_MAX = 16 * MESSAGE_BYTES_MAX;

/** Text fields of a message that were not UTF-8 on the wire, by message. */
const invalidText = new WeakMap<object, readonly string[]>();

/**
 * Wraps a deserializer so that text which is not UTF-8 is noticed: protobufjs replaces such bytes silently, and two
 * different keys would become one. A replacement character is genuine only if it stands in the bytes as such.
 */
export function checkingText<T extends object>(
  deserialize: (bytes: Buffer) => T,
  isSuspect: Suspicion,
): (bytes: Buffer) => T {
  return (bytes) => {
    const message = deserialize(bytes);
    if (isSuspect(message)) note(message, new Search(bytes));
    return message;
  };
}

export function noteInvalidText(message: object, paths: readonly string[]): void {
  invalidText.set(message, paths);
}

/** Paths of the fields of `message` that were not UTF-8. Items of a batch answer for themselves. */
export function invalidTextOf(message: object): readonly string[] {
  return invalidText.get(message) ?? [];
}

function note(message: object, search: Search): void {
  const found: string[] = [];
  collect(message, "", search, found);
  if (found.length > 0) invalidText.set(message, found);
}

function collect(value: object, path: string, search: Search, found: string[]): void {
  for (const [name, member] of Object.entries(value)) {
    const here = path === "" ? snakeCase(name) : `${path}.${snakeCase(name)}`;
    if (Array.isArray(member)) {
      for (const item of member) if (typeof item === "object") note(item, search);
    } else if (search.isForeign(name) || (typeof member === "string" && search.isForeign(member))) {
      found.push(here);
    } else if (typeof member === "object" && member !== null && !ArrayBuffer.isView(member)) {
      collect(member, here, search, found);
    }
  }
}

/** Looks for texts in the bytes of a message, mostly in the order in which they stand there. */
class Search {
  readonly #bytes: Buffer;
  #from = 0;
  #searched = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Whether the text came out of bytes that were none. */
  isForeign(text: string): boolean {
    return text.includes(REPLACEMENT) && !this.#finds(text, this.#from) && !this.#finds(text, 0);
  }

  #finds(text: string, from: number): boolean {
    if (this.#searched > SEARCH_BYTES_MAX) return false;
    const at = this.#bytes.indexOf(text, from);
    this.#searched += (at < 0 ? this.#bytes.length : at) - from;
    if (at >= 0) this.#from = at;
    return at >= 0;
  }
}

/** Field names in errors are those of the proto files. */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
