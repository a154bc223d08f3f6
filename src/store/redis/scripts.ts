/**
 * The Lua scripts, as Redis gets them. A line `-- @include lib/x.lua` is replaced by that file: a piece of code that
 * says at its head which locals it needs and which it sets. Pieces rather than functions, since Redis runs a script
 * from the top at every call, and each function in it would be made anew.
 */
import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Script } from "../redis-client/script.ts";

/** The transitions, each the twin of a file in `src/domain`. */
const TRANSITIONS = [
  "begin",
  "complete",
  "renew",
  "checkpoint",
  "release",
  "resolve",
  "forget",
  "get",
  "advance",
  "reset",
  "standing",
] as const;
/** What a shard needs besides. */
const UPKEEP = ["stamp", "time", "count", "drop"] as const;

export type ScriptName = (typeof TRANSITIONS)[number] | (typeof UPKEEP)[number];

export type Scripts = Readonly<Record<ScriptName, Script>>;

const LUA = new URL("./lua/", import.meta.url);
const CLOCK = "lib/clock.lua";
const HEADER_COMMENT = /^--\[\[\n[\s\S]*?\n\]\]\n/;
const INCLUDE = /^[ ]*-- @include (\S+)$/gm;

/** `clockSnippet`, for tests that move the clock, stands in for `lua/lib/clock.lua` and sets what that file sets. */
export function readScripts(clockSnippet?: string): Scripts {
  /** Pieces may include pieces. */
  const whole = (text: string): string => text.replace(INCLUDE, (_line, include: string) => whole(piece(include)));
  const piece = (path: string) => (path === CLOCK && clockSnippet !== undefined ? clockSnippet : read(path));
  const compose = (path: string): Script => {
    const text = whole(read(path).replace(HEADER_COMMENT, ""));
    return { text, sha: hash("sha1", text) };
  };
  const composed = [
    ...TRANSITIONS.map((name) => [name, compose(`${name}.lua`)] as const),
    ...UPKEEP.map((name) => [name, compose(`upkeep/${name}.lua`)] as const),
  ];
  return Object.fromEntries(composed) as Record<ScriptName, Script>; // one entry for each name of both lists
}

function read(path: string): string {
  return readFileSync(new URL(path, LUA), "utf8");
}
