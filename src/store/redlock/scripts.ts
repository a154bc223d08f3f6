/** The Lua scripts of a lease node. */
import { LuaFolder, type Script, scriptOf } from "../redis-client/script.ts";

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

/** `clockSnippet`, for tests that move the clock, stands in for `lua/lib/clock.lua` and sets what that file sets. */
export function readScripts(clockSnippet?: string): Scripts {
  const lua = new LuaFolder(LUA, clockSnippet);
  const composed = NAMES.map((name) => [name, scriptOf(lua.composed(`${name}.lua`))] as const);
  return Object.fromEntries(composed) as Record<ScriptName, Script>; // one entry for each name of the list
}
