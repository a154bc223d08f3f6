--[[
unseat: ends whatever lease there is and raises the fence above it, in one step.
KEYS[1]  marker of the node
KEYS[2]  lock of the resource
KEYS[3]  counters of the fence
KEYS[4]  the namespace's locks by name
KEYS[5]  the same by when they end
KEYS[6]  last token of the resource
ARGV[1]  marker that the caller knows
ARGV[2]  bucket of the resource in the fence
ARGV[3]  token proposed, decimal string, at most 2^53
ARGV[4]  resource
ARGV[5]  how long the resource's last token is remembered, ms
Returns  {"accepted", 1 when a lease was there, else 0} | {"behind", counter} | {"amnesia"}
Writes   lock, indexes, counter and last token, on "accepted"; nothing otherwise
]]
-- @include lib/amnesia.lua
-- @include lib/generation.lua
local counter = redis.call('HGET', KEYS[3], ARGV[2]) or '0'
if tonumber(counter) >= tonumber(ARGV[3]) then return { 'behind', counter } end
local held = redis.call('EXISTS', KEYS[2])
local lock_key, index_key, ends_key, resource = KEYS[2], KEYS[4], KEYS[5], ARGV[4]
-- @include lib/forget.lua
redis.call('HSET', KEYS[3], ARGV[2], ARGV[3])
redis.call('SET', KEYS[6], ARGV[3] .. ':' .. generation, 'PX', ARGV[5])
return { 'accepted', held }
