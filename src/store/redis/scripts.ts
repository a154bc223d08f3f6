/** The Lua scripts, as Redis gets them. */
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
const UPKEEP = ["stamp", "headers", "time", "page", "survey", "drop"] as const;

export type TransitionName = (typeof TRANSITIONS)[number];
export type ScriptName = TransitionName | (typeof UPKEEP)[number];

/** The transitions as {@link bundled}. */
export type Scripts = Readonly<Record<ScriptName, Script>>;

const LUA = new URL("./lua/", import.meta.url);

/** `clockSnippet`, for tests that move the clock, stands in for `lua/lib/clock.lua` and sets what that file sets. */
export function readScripts(clockSnippet?: string): Scripts {
  const lua = new LuaFolder(LUA, clockSnippet);
  const transitions = TRANSITIONS.map((name) => [name, scriptOf(bundled(lua, `${name}.lua`))] as const);
  const upkeep = UPKEEP.map((name) => [name, scriptOf(lua.composed(`upkeep/${name}.lua`))] as const);
  return Object.fromEntries([...transitions, ...upkeep]) as Record<ScriptName, Script>; // both lists, whole
}

/**
 * What transitions call most, looked up once for all calls of a bundle. Numbers that commands take go through format:
 * Redis would write them as doubles, which takes it several times as long.
 */
const WORDS = `local call, sub, byte, format = redis.call, string.sub, string.byte, string.format
local pack, unpack, band, bor = struct.pack, struct.unpack, bit.band, bit.bor`;

/**
 * A transition, carried out for as many calls as there are at one instant: what it costs Redis to start a script and to
 * ask for the time is then paid once. Its keys are those of all calls, one after the other; its arguments are the
 * stamp, then for each call a byte that counts its keys and one that counts its further arguments, then those. It
 * answers a list: what the transition answers to each call, or `{"fault", message}` where that one failed; one failure
 * stops no other call. Where all of them are bytes, and of one length, they are answered one after the other as one: a
 * hundred that started cost Redis and us a single reply.
 */
function bundled(lua: LuaFolder, path: string): string {
  const body = lua
    .composed(path, "")
    .replace(/\bKEYS\[(\d+)\]/g, "KEYS[key_offset + $1]")
    .replace(/#KEYS\b/g, "key_count")
    .replace(/#ARGV\b/g, "arg_count")
    .replace(/\bARGV\[(?!1\])(\w+)\]/g, "ARGV[arg_offset + $1]");
  return `local KEYS, ARGV = KEYS, ARGV
${WORDS}
${lua.clock}
local function one(key_offset, key_count, arg_offset, arg_count)
${body}
end
local counts, replies, key_offset, arg_offset, length = ARGV[2], {}, 0, 1, nil
for i = 1, #counts / 2 do
  local keys, args = string.byte(counts, 2 * i - 1, 2 * i)
  local done, reply = pcall(one, key_offset, keys, arg_offset, args + 1)
  if not done then reply = { 'fault', type(reply) == 'table' and reply.err or reply } end
  replies[i] = reply
  if type(reply) ~= 'string' or #reply ~= (length or #reply) then length = -1 else length = #reply end
  key_offset, arg_offset = key_offset + keys, arg_offset + args
end
if length < 0 then return replies end
return table.concat(replies)
`;
}
