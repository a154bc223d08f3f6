--[[
vote: may this lease be taken here? Grants a lock that is free, or that has this id already.
KEYS[1]  marker of the node
KEYS[2]  lock of the resource
KEYS[3]  counters of the fence
KEYS[4]  the namespace's locks by name
KEYS[5]  the same by when they end
ARGV[1]  marker that the caller knows
ARGV[2]  id of the lease
ARGV[3]  nonce of this try, by which it takes back what it set
ARGV[4]  lease length, ms
ARGV[5]  bucket of the resource in the fence
ARGV[6]  owner
ARGV[7]  namespace
ARGV[8]  resource
Returns  {"granted", counter, now_us, token or "", left_ms} | {"held", counter, now_us, id, owner, left_ms}
         | {"amnesia"}
Writes   lock and indexes, on "granted"; nothing where the lock has this id and a token: it is told, not extended
]]
-- @include lib/amnesia.lua
-- @include lib/clock.lua
-- @include lib/held.lua
local counter = redis.call('HGET', KEYS[3], ARGV[5]) or '0'
local now = string.format('%.0f', now_us)
if id and id ~= ARGV[2] then return { 'held', counter, now, id, owner, redis.call('PTTL', KEYS[2]) } end
if id and token ~= '' then return { 'granted', counter, now, token, redis.call('PTTL', KEYS[2]) } end
local lock_key, index_key, ends_key, resource, ttl_ms = KEYS[2], KEYS[4], KEYS[5], ARGV[8], tonumber(ARGV[4])
redis.call('HSET', lock_key, 'id', ARGV[2], 'owner', ARGV[6], 'token', '', 'try', ARGV[3], 'namespace', ARGV[7],
  'resource', resource, 'acquired_at', string.format('%.0f', math.floor(now_us / 1000)))
redis.call('PEXPIRE', lock_key, ttl_ms)
-- @include lib/index.lua
return { 'granted', counter, now, '', ttl_ms }
