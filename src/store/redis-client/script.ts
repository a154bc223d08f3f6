import { hash } from "node:crypto";
import { readFileSync } from "node:fs";

export interface Script {
  readonly text: string;
  /** What Redis calls it by. */
  readonly sha: string;
}

/** The piece that sets the time; a test that moves the clock puts its own in its place. */
const CLOCK = "lib/clock.lua";
const HEADER_COMMENT = /^--\[\[\n[\s\S]*?\n\]\]\n/;
const INCLUDE = /^[ ]*-- @include (\S+)$/gm;

export function scriptOf(text: string): Script {
  return { text, sha: hash("sha1", text) };
}

/**
 * The Lua of one folder. A line `-- @include lib/x.lua` is replaced by that file: a piece of code that says at its head
 * which locals it needs and which it sets. Pieces rather than functions, since Redis runs a script from the top at
 * every call, and each function in it would be made anew.
 */
export class LuaFolder {
  readonly #folder: URL;
  /** Most pieces stand in most scripts. */
  readonly #texts = new Map<string, string>();
  readonly clock: string;

  constructor(folder: URL, clockSnippet: string | undefined) {
    this.#folder = folder;
    this.clock = clockSnippet ?? this.read(CLOCK);
  }

  /** A file as it is. */
  read(path: string): string {
    const text = this.#texts.get(path) ?? readFileSync(new URL(path, this.#folder), "utf8");
    this.#texts.set(path, text);
    return text;
  }

  /** Without its head, and with its pieces, which may include pieces themselves. */
  composed(path: string, clock = this.clock): string {
    return this.#whole(this.read(path), clock);
  }

  #whole(text: string, clock: string): string {
    return text
      .replace(HEADER_COMMENT, "")
      .replace(INCLUDE, (_line, path: string) => (path === CLOCK ? clock : this.#whole(this.read(path), clock)));
  }
}
