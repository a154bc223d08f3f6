--[[
renew: moves the lease of a running attempt forward; a lapsed lease too, until someone takes over.
KEYS[1]  header of the slot
KEYS[2]  record
KEYS[3]  index of the namespace's unfinished records in the slot
KEYS[4]  stream; left out where the address has none
ARGV[1]  stamp of the shard table
ARGV[2]  fencing token held by the caller, decimal string, at most 2^53
ARGV[3]  lease length asked for, ms; 0 = the length given at Begin
ARGV[4]  longest lease in all, from the attempt's start, ms
ARGV[5]  retention of an unfinished record, ms
Returns  {"renewed", lease_left_ms} | {"fenced"} | {"finished"} | {"not_found"}
Writes   the record's instants, its place in the index and its stream, on "renewed"; nothing otherwise
]]
local header_key, record_key, index_key, stamp = KEYS[1], KEYS[2], KEYS[3], ARGV[1]
local stream_key = #KEYS > 3 and KEYS[4] or header_key
-- @include lib/slot.lua
-- @include lib/clock.lua
-- @include lib/record.lua
if damaged then return { 'damaged' } end
local claimed = tonumber(ARGV[2])
-- @include lib/held.lua
local asked, total, unfinished = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local lease_until, record_until
if n_ordering > 0 then
  local ordering, holding = sub(bytes, at_ordering, at_owner - 1), token
  -- @include lib/stream.lua
  -- @include lib/own.lua
  if not may then return { 'fenced' } end
  now = s_now -- one instant for the record and for its place
  -- @include lib/lease.lua
  -- @include lib/keep.lua
else
  -- @include lib/lease.lua
end
-- In place, so that a heartbeat does not write the checkpoint again: the three instants lie side by side.
call('SETRANGE', record_key, '16', pack('>I6I6I6', lease_until, now, record_until))
call('PEXPIREAT', record_key, format('%d', record_until + sweep_after))
call('ZADD', index_key, format('%d', lease_until), sub(record_key, 10))
return { 'renewed', math.max(0, lease_until - now) }
