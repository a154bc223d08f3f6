--[[
heal: puts a lease that a majority holds onto a node that misses it. Never where somebody else is, or was later.
KEYS[1]  marker of the node
KEYS[2]  lock of the resource
KEYS[3]  counters of the fence
KEYS[4]  the namespace's locks by name
KEYS[5]  the same by when they end
KEYS[6]  last token of the resource
ARGV[1]  marker that the caller knows
ARGV[2]  id of the lease
ARGV[3]  its token, decimal string
ARGV[4]  what is left of it, ms
ARGV[5]  bucket of the resource in the fence
ARGV[6]  owner
ARGV[7]  namespace
ARGV[8]  resource
ARGV[9]  when it was acquired, ms since 1970
ARGV[10]  how long the resource's last token is remembered, ms
Returns  {"healed"} | {"refused"} | {"amnesia"}
Writes   lock, indexes and last token, and the counter where it is lower, on "healed"; nothing otherwise
]]
-- @include lib/amnesia.lua
-- @include lib/clock.lua
-- @include lib/held.lua
-- @include lib/generation.lua
local claimed = tonumber(ARGV[3])
if id and (id ~= ARGV[2] or (tonumber(token) or 0) > claimed) then return { 'refused' } end
local last = string.match(redis.call('GET', KEYS[6]) or '0', '^%d+')
if tonumber(last) > claimed then return { 'refused' } end
local lock_key, index_key, ends_key, resource, ttl_ms = KEYS[2], KEYS[4], KEYS[5], ARGV[8], tonumber(ARGV[4])
redis.call('HSET', lock_key, 'id', ARGV[2], 'owner', ARGV[6], 'token', ARGV[3], 'try', '', 'namespace', ARGV[7],
  'resource', resource, 'acquired_at', ARGV[9])
if redis.call('PTTL', lock_key) < ttl_ms then redis.call('PEXPIRE', lock_key, ttl_ms) end
-- @include lib/index.lua
if tonumber(redis.call('HGET', KEYS[3], ARGV[5]) or '0') < claimed then
  redis.call('HSET', KEYS[3], ARGV[5], ARGV[3])
end
redis.call('SET', KEYS[6], ARGV[3] .. ':' .. generation, 'PX', ARGV[10])
return { 'healed' }
