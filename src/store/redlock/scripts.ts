/** The Lua scripts of a lease node. A line `-- @include lib/x.lua` is replaced by that file. */
import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Script } from "../redis-client/script.ts";

const NAMES = [
  "vote",
  "propose",
  "undo",
  "extend",
  "heal",
  "release",
  "read",
  "unseat",
  "list",
  "counters",
  "mark",
] as const;

export type ScriptName = (typeof NAMES)[number];
export type Scripts = Readonly<Record<ScriptName, Script>>;

const LUA = new URL("./lua/", import.meta.url);
const CLOCK = "lib/clock.lua";
const HEADER_COMMENT = /^--\[\[\n[\s\S]*?\n\]\]\n/;
const INCLUDE = /^[ ]*-- @include (\S+)$/gm;

/** `clockSnippet`, for tests that move the clock, stands in for `lua/lib/clock.lua` and sets what that file sets. */
export function readScripts(clockSnippet?: string): Scripts {
  const piece = (path: string) => (path === CLOCK && clockSnippet !== undefined ? clockSnippet : read(path));
  const compose = (name: ScriptName): Script => {
    const text = read(`${name}.lua`)
      .replace(HEADER_COMMENT, "")
      .replace(INCLUDE, (_line, include: string) => piece(include));
    return { text, sha: hash("sha1", text) };
  };
  const composed = NAMES.map((name) => [name, compose(name)] as const);
  return Object.fromEntries(composed) as Record<ScriptName, Script>; // one entry for each name of the list
}

function read(path: string): string {
  return readFileSync(new URL(path, LUA), "utf8");
}
