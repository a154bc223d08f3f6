/** The Lua scripts, as Redis gets them. */
import { invariant } from "../../base/assert.ts";
import { LuaFolder, type Script, scriptOf } from "../redis-client/script.ts";

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

export type TransitionName = (typeof TRANSITIONS)[number];
export type ScriptName = TransitionName | (typeof UPKEEP)[number];

export interface Scripts extends Readonly<Record<ScriptName, Script>> {
  /** The same transitions, each carrying out many calls of it in one: see {@link bundled}. */
  readonly bundles: Readonly<Record<TransitionName, Script>>;
}

const LUA = new URL("./lua/", import.meta.url);
/** The last of the keys that a head lists. */
const KEYS_LISTED = /[\s\S]*^KEYS\[(\d+)\]/m;

/** `clockSnippet`, for tests that move the clock, stands in for `lua/lib/clock.lua` and sets what that file sets. */
export function readScripts(clockSnippet?: string): Scripts {
  const lua = new LuaFolder(LUA, clockSnippet);
  const transitions = TRANSITIONS.map((name) => [name, scriptOf(lua.composed(`${name}.lua`))] as const);
  const upkeep = UPKEEP.map((name) => [name, scriptOf(lua.composed(`upkeep/${name}.lua`))] as const);
  const bundles = TRANSITIONS.map((name) => [name, scriptOf(bundled(lua, `${name}.lua`))] as const);
  const scripts = Object.fromEntries([...transitions, ...upkeep]) as Record<ScriptName, Script>; // both lists, whole
  return { ...scripts, bundles: Object.fromEntries(bundles) as Record<TransitionName, Script> };
}

/**
 * A transition that is carried out for many calls at one instant: what it costs Redis to start a script and to ask for
 * the time is then paid once. Its keys are those of all calls, one after the other; its arguments are the stamp, how
 * many arguments each call has besides (a byte each), and those. It answers a list: what the transition answers to each
 * call, or `{"fault", message}` where that one failed; one failure stops no other call.
 */
function bundled(lua: LuaFolder, path: string): string {
  const keys = Number(KEYS_LISTED.exec(lua.read(path))?.[1]);
  invariant(keys > 0, "the head of a transition lists its keys");
  const body = lua
    .composed(path, "")
    .replace(/\bKEYS\[(\d+)\]/g, "KEYS[key_offset + $1]")
    .replace(/#ARGV\b/g, "arg_count")
    .replace(/\bARGV\[(?!1\])(\w+)\]/g, "ARGV[arg_offset + $1]");
  return `local call, KEYS, ARGV = redis.call, KEYS, ARGV
${lua.clock}
local function one(key_offset, arg_offset, arg_count)
${body}
end
local counts, replies, key_offset, arg_offset = ARGV[2], {}, 0, 1
for i = 1, #counts do
  local n = string.byte(counts, i)
  local done, reply = pcall(one, key_offset, arg_offset, n + 1)
  if not done then reply = { 'fault', type(reply) == 'table' and reply.err or reply } end
  replies[i] = reply
  key_offset, arg_offset = key_offset + ${keys}, arg_offset + n
end
return replies
`;
}
