--[[
extend: moves the end of a lease forward where it is held by this id with this token; never back.
KEYS[1]  marker of the node
KEYS[2]  lock of the resource
KEYS[3]  last token of the resource
ARGV[1]  marker that the caller knows
ARGV[2]  id of the lease
ARGV[3]  its token, decimal string
ARGV[4]  lease length, ms
ARGV[5]  how long the resource's last token is remembered, ms
Returns  {"extended", left_ms, owner, acquired_at_ms} | {"unset"}: this id, but not this token
         | {"missing"} | {"other"} | {"amnesia"}
Writes   when the lock ends and how long its token is remembered, on "extended"; nothing otherwise
]]
-- @include lib/amnesia.lua
-- @include lib/held.lua
if not id then return { 'missing' } end
if id ~= ARGV[2] then return { 'other' } end
if token ~= ARGV[3] then
  return { (token == '' or tonumber(token) < tonumber(ARGV[3])) and 'unset' or 'other' }
end
local left, ttl_ms = redis.call('PTTL', KEYS[2]), tonumber(ARGV[4])
if left < ttl_ms then
  redis.call('PEXPIRE', KEYS[2], ttl_ms)
  left = ttl_ms
end
redis.call('PEXPIRE', KEYS[3], ARGV[5])
return { 'extended', left, owner, acquired_at }
