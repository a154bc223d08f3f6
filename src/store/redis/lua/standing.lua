--[[
standing: reads a stream as of now; changes nothing.
KEYS[1]  header of the slot
KEYS[2]  stream
ARGV[1]  stamp of the shard table
Returns  {"known", now_ms, stream} | {"unknown"}
Writes   nothing
]]
local header_key, record_key, stamp = KEYS[1], KEYS[2], ARGV[1]
-- @include lib/slot.lua
-- @include lib/clock.lua
if not bytes then return { 'unknown' } end
return { 'known', (now_us - now_us % 1000) / 1000, bytes }
