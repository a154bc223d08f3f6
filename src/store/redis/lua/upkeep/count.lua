--[[
count: how many entries indexes of unfinished records hold. Most hold none, and are then not there at all.
KEYS[1]  index of a namespace's unfinished records in a slot; those after it are the same of other slots
Returns  {which, entries, which, entries, …}: those that hold any, counted from 1
Writes   nothing
]]
if redis.call('EXISTS', unpack(KEYS)) == 0 then return {} end
local held = {}
for which = 1, #KEYS do
  local entries = redis.call('ZCARD', KEYS[which])
  if entries > 0 then
    held[#held + 1] = which
    held[#held + 1] = entries
  end
end
return held
