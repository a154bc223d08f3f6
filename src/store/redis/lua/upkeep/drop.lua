--[[
drop: takes out of the index what is no longer an unfinished record; checked and done in one step, so that no
attempt that starts meanwhile is lost from it.
KEYS[1]  record
KEYS[2]  index of the namespace's unfinished records in the slot
ARGV[1]  id of the record
Returns  1 when it was taken out, else 0
Writes   the index
]]
-- The state is the second byte of a packed record: 2 and 3 are finished, 6 is forgotten. What cannot be read stays.
local state = string.byte(redis.call('GETRANGE', KEYS[1], 1, 1))
if state == nil or state == 2 or state == 3 or state == 6 then return redis.call('ZREM', KEYS[2], ARGV[1]) end
return 0
