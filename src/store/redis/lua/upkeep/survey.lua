--[[
survey: how many unfinished records there are by what callers see of them, and how old the oldest of each is.
KEYS[1]  record; those after it are others
Returns  {records, oldest_ms, not_there}: for unknown, in progress, retryable and dead-lettered, in this order, how many
         and the greatest age; and which keys, counted from 1, hold no unfinished record
Writes   nothing
]]
local call = redis.call
-- @include lib/clock.lua
local now_ms = (now_us - now_us % 1000) / 1000
local records, oldest, not_there = { 0, 0, 0, 0 }, { 0, 0, 0, 0 }, {}
-- Where each state is counted; a running one whose lease has lapsed comes first. Layout and numbers: see packed.ts.
local LAYOUT_VERSION, RUNNING, PLACES = 1, 1, { [1] = 2, [4] = 3, [5] = 4 }
for which = 1, #KEYS do
  -- What is no string at all is no record that can be read either, and must not end the count of the others.
  local head = redis.pcall('GETRANGE', KEYS[which], 0, 39)
  local readable = type(head) == 'string'
  local version, state = string.byte(readable and head or '', 1, 2)
  local place = PLACES[state]
  if readable and state == nil or state == 2 or state == 3 or state == 6 then
    not_there[#not_there + 1] = which
  elseif place and version == LAYOUT_VERSION and #head == 40 then
    local deadline, updated_at, expires_at, created_at = struct.unpack('>I6I6I6I6', head, 17)
    local now = math.max(now_ms, updated_at)
    if now < expires_at then
      if state == RUNNING and now >= deadline then place = 1 end
      records[place] = records[place] + 1
      oldest[place] = math.max(oldest[place], now - created_at)
    end
  end
end
return { records, oldest, not_there }
