--[[
list: the locks of a namespace on this node, a page of them, by name.
KEYS[1]  marker of the node
KEYS[2]  lock of a resource with an empty name: what the keys of all locks of the namespace begin with
KEYS[3]  the namespace's locks by name
KEYS[4]  the same by when they end
ARGV[1]  marker that the caller knows
ARGV[2]  name after which to begin, or empty
ARGV[3]  most names to look at
Returns  {"list", name looked at last or "", 1 when there may be more, else 0,
         resource, id, owner, token, acquired_at_ms, left_ms, and so on} | {"amnesia"}
Writes   takes out of the indexes what is over
]]
-- @include lib/amnesia.lua
local after = ARGV[2] == '' and '-' or '(' .. ARGV[2]
local names = redis.call('ZRANGEBYLEX', KEYS[3], after, '+', 'LIMIT', 0, ARGV[3])
local page = { 'list', names[#names] or '', #names == tonumber(ARGV[3]) and 1 or 0 }
for _, name in ipairs(names) do
  local key = KEYS[2] .. name
  local lock = redis.call('HMGET', key, 'id', 'owner', 'token', 'acquired_at')
  if lock[1] then
    page[#page + 1] = name
    for _, field in ipairs(lock) do page[#page + 1] = field end
    page[#page + 1] = redis.call('PTTL', key)
  else
    redis.call('ZREM', KEYS[3], name)
    redis.call('ZREM', KEYS[4], name)
  end
end
return page
