--[[
page: the next entries of indexes of unfinished records: index by index, and within one by score, then id.
KEYS[1]  index of a namespace's unfinished records in a slot; those after it are of slots behind that one
ARGV[1]  score, and
ARGV[2]  id of an entry of the first index: it and all before it are passed by; empty = before all of that score
ARGV[3]  entries wanted at most
Returns  {which, entries, which, entries, …}: of each index that has some, counted from 1, "id score id score …"
Writes   nothing
]]
-- Most hold none, and are then not there at all.
if redis.call('EXISTS', unpack(KEYS)) == 0 then return {} end

-- By their bytes, as Redis orders them: Lua would go by the server's locale.
local function behind(id, other)
  for i = 1, math.min(#id, #other) do
    local a, b = string.byte(id, i), string.byte(other, i)
    if a ~= b then return a > b end
  end
  return #id > #other
end

-- Flat, with their scores. Those of one score are told apart by their ids, so what is passed by has to be read too.
local function entries_of(key, score, passed, most)
  local limit = most + 1
  while true do
    local read = redis.call('ZRANGE', key, score, '+inf', 'BYSCORE', 'LIMIT', 0, limit, 'WITHSCORES')
    local found = {}
    for n = 1, #read, 2 do
      if #found == 2 * most then break end
      if tonumber(read[n + 1]) > tonumber(score) or behind(read[n], passed) then
        found[#found + 1], found[#found + 2] = read[n], read[n + 1]
      end
    end
    if #found == 2 * most or #read < 2 * limit then return found end
    limit = 2 * limit
  end
end

local score, passed, wanted, page = ARGV[1], ARGV[2], tonumber(ARGV[3]), {}
for which = 1, #KEYS do
  local found = entries_of(KEYS[which], score, passed, wanted)
  if #found > 0 then
    page[#page + 1], page[#page + 2] = which, table.concat(found, ' ')
    wanted = wanted - #found / 2
    if wanted == 0 then break end
  end
  score, passed = '0', ''
end
return page
