--[[
get: reads a record as of now; changes nothing that it says and extends nothing.
KEYS[1]  header of the slot
KEYS[2]  record
KEYS[3]  body kept apart
ARGV[1]  stamp of the shard table
ARGV[2]  1 = wake watchers when the attempt found ends; 0 = do not
Returns  {"found", now_ms, record, body or nil} | {"not_found"}
Writes   at most that somebody waits
]]
local header_key, record_key, body_key, stamp = KEYS[1], KEYS[2], KEYS[3], ARGV[1]
-- @include lib/slot.lua
-- @include lib/clock.lua
-- @include lib/record.lua
if damaged then return { 'damaged' } end
if not present then return { 'not_found' } end
-- A lapsed attempt too: it may still come back with the truth.
local announce = ARGV[2] == '1' and state == RUNNING
-- @include lib/await.lua
-- @include lib/body.lua
return { 'found', now, bytes, body }
