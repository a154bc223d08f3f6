--[[
release: gives an attempt up unexecuted; the next Begin starts at once, and the attempt is not counted.
KEYS[1]  header of the slot
KEYS[2]  record
KEYS[3]  index of the namespace's unfinished records in the slot
KEYS[4]  stream; left out where the address has none
ARGV[1]  stamp of the shard table
ARGV[2]  fencing token held by the caller, decimal string, at most 2^53
ARGV[3]  retention of an unfinished record, ms
Returns  {"released"} | {"fenced"} | {"finished"} | {"not_found"}
Writes   the record, its place in the index and its stream, on "released" of a running attempt; nothing otherwise
]]
local header_key, record_key, index_key, stamp = KEYS[1], KEYS[2], KEYS[3], ARGV[1]
local stream_key = #KEYS > 3 and KEYS[4] or header_key
-- @include lib/slot.lua
-- @include lib/clock.lua
-- @include lib/record.lua
if damaged then return { 'damaged' } end
local claimed = tonumber(ARGV[2])
if present and state == RETRYABLE and claimed == token then
  return { ended_by == BY_RELEASED and 'released' or 'finished' }
end
-- @include lib/held.lua
if n_ordering > 0 then
  local ordering, commits = sub(bytes, at_ordering, at_owner - 1), false
  -- @include lib/stream.lua
  -- @include lib/leave.lua
end
local ended = {
  state = RETRYABLE, by = BY_RELEASED, attempts = attempts - 1, flags = band(flags, MAYBE_EXECUTED),
  deadline = now, expires_at = now + ARGV[3], error = '',
}
-- @include lib/ended.lua
-- @include lib/wake.lua
return { 'released' }
