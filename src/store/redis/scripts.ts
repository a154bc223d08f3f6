/**
 * The Lua scripts, as Redis gets them. A line `-- @include lib/x.lua` is replaced by that file: a piece of code that
 * says at its head which locals it needs and which it sets. Pieces rather than functions, since Redis runs a script
 * from the top at every call, and each function in it would be made anew.
 */
import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { invariant } from "../../base/assert.ts";
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

export type TransitionName = (typeof TRANSITIONS)[number];
export type ScriptName = TransitionName | (typeof UPKEEP)[number];

export interface Scripts extends Readonly<Record<ScriptName, Script>> {
  /** The same transitions, each carrying out many calls of it in one: see {@link bundled}. */
  readonly bundles: Readonly<Record<TransitionName, Script>>;
}

const LUA = new URL("./lua/", import.meta.url);
const CLOCK = "lib/clock.lua";
const HEADER_COMMENT = /^--\[\[\n[\s\S]*?\n\]\]\n/;
/** The last of the keys that a head lists. */
const KEYS_LISTED = /[\s\S]*^KEYS\[(\d+)\]/m;
const INCLUDE = /^[ ]*-- @include (\S+)$/gm;

/** `clockSnippet`, for tests that move the clock, stands in for `lua/lib/clock.lua` and sets what that file sets. */
export function readScripts(clockSnippet?: string): Scripts {
  const clock = clockSnippet ?? read(CLOCK);
  const compose = (path: string) => scriptOf(whole(read(path), clock));
  const transitions = TRANSITIONS.map((name) => [name, compose(`${name}.lua`)] as const);
  const upkeep = UPKEEP.map((name) => [name, compose(`upkeep/${name}.lua`)] as const);
  const bundles = TRANSITIONS.map((name) => [name, scriptOf(bundled(read(`${name}.lua`), clock))] as const);
  const scripts = Object.fromEntries([...transitions, ...upkeep]) as Record<ScriptName, Script>; // both lists, whole
  return { ...scripts, bundles: Object.fromEntries(bundles) as Record<TransitionName, Script> };
}

function scriptOf(text: string): Script {
  return { text, sha: hash("sha1", text) };
}

/** A script with its pieces, which may include pieces themselves. */
function whole(text: string, clock: string): string {
  return text
    .replace(HEADER_COMMENT, "")
    .replace(INCLUDE, (_line, path: string) => (path === CLOCK ? clock : whole(read(path), clock)));
}

/**
 * A transition that is carried out for many calls at one instant: what it costs Redis to start a script and to ask for
 * the time is then paid once. Its keys are those of all calls, one after the other; its arguments are the stamp, how
 * many arguments each call has besides (a byte each), and those. It answers a list: what the transition answers to each
 * call, or `{"fault", message}` where that one failed; one failure stops no other call.
 */
function bundled(text: string, clock: string): string {
  const keys = Number(KEYS_LISTED.exec(text)?.[1]);
  invariant(keys > 0, "the head of a transition lists its keys");
  const body = whole(text, "")
    .replace(/\bKEYS\[(\d+)\]/g, "KEYS[key_offset + $1]")
    .replace(/#ARGV\b/g, "arg_count")
    .replace(/\bARGV\[(?!1\])(\w+)\]/g, "ARGV[arg_offset + $1]");
  return `local call, KEYS, ARGV = redis.call, KEYS, ARGV
${clock}
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

function read(path: string): string {
  return readFileSync(new URL(path, LUA), "utf8");
}
