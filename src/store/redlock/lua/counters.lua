--[[
counters: the whole fence of a node, for one that has lost its own.
KEYS[1]  marker of the node
KEYS[2]  counters of the fence
ARGV[1]  marker that the caller knows
Returns  {"counters", bucket, counter, bucket, counter, and so on} | {"amnesia"}
Writes   nothing
]]
-- @include lib/amnesia.lua
return { 'counters', unpack(redis.call('HGETALL', KEYS[2])) }
