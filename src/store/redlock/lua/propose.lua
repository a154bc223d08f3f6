--[[
propose: accepts a token for the lease that has the lock here, if the fence has not reached it yet. A node accepts a
number once, and none below one it accepted before.
KEYS[1]  marker of the node
KEYS[2]  lock of the resource
KEYS[3]  counters of the fence
KEYS[4]  last token of the resource
ARGV[1]  marker that the caller knows
ARGV[2]  id of the lease
ARGV[3]  nonce of this try
ARGV[4]  lease length, ms
ARGV[5]  bucket of the resource in the fence
ARGV[6]  token proposed, decimal string, at most 2^53
ARGV[7]  token that this try saw in the lock, or empty; another one is another try's, and stays
ARGV[8]  how long the resource's last token is remembered, ms
Returns  {"accepted"} | {"behind", counter} | {"taken"} | {"lost", id or "", owner or "", left_ms} | {"amnesia"}
Writes   counter, lock and last token, on "accepted"; takes this try's older token back, on "behind"
]]
-- @include lib/amnesia.lua
-- @include lib/held.lua
-- @include lib/generation.lua
if id ~= ARGV[2] then return { 'lost', id or '', owner or '', redis.call('PTTL', KEYS[2]) } end
if token ~= '' and try ~= ARGV[3] and token ~= ARGV[7] then return { 'taken' } end
local counter = redis.call('HGET', KEYS[3], ARGV[5]) or '0'
if tonumber(counter) >= tonumber(ARGV[6]) then
  if try == ARGV[3] then redis.call('HSET', KEYS[2], 'token', '') end
  return { 'behind', counter }
end
redis.call('HSET', KEYS[3], ARGV[5], ARGV[6])
redis.call('HSET', KEYS[2], 'token', ARGV[6], 'try', ARGV[3])
if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[4]) then redis.call('PEXPIRE', KEYS[2], ARGV[4]) end
redis.call('SET', KEYS[4], ARGV[6] .. ':' .. generation, 'PX', ARGV[8])
return { 'accepted' }
