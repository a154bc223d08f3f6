--[[
read: what this node knows of one resource.
KEYS[1]  marker of the node
KEYS[2]  lock of the resource
KEYS[3]  counters of the fence
KEYS[4]  last token of the resource
KEYS[5]  the counters as they were when the node last forgot single resources
ARGV[1]  marker that the caller knows
ARGV[2]  bucket of the resource in the fence
Returns  {"read", counter, last_token, 1 when the node has forgotten nothing since it accepted that one, else 0,
         forgotten_to, id or "", owner or "", token or "", acquired_at_ms or "", left_ms} | {"amnesia"}
Writes   nothing
]]
-- @include lib/amnesia.lua
-- @include lib/held.lua
-- @include lib/generation.lua
local counter = redis.call('HGET', KEYS[3], ARGV[2]) or '0'
local last, accepted_in = string.match(redis.call('GET', KEYS[4]) or '0', '^(%d+):?(.*)$')
local forgotten = redis.call('HGET', KEYS[5], ARGV[2]) or '0'
return { 'read', counter, last, accepted_in == generation and 1 or 0, forgotten, id or '', owner or '', token or '',
  acquired_at or '', redis.call('PTTL', KEYS[2]) }
