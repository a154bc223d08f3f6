--[[
checkpoint: saves a named recovery point of a running attempt, and renews its lease.
KEYS[1]  header of the slot
KEYS[2]  record
KEYS[3]  index of the namespace's unfinished records in the slot
KEYS[4]  stream; left out where the address has none
ARGV[1]  stamp of the shard table
ARGV[2]  fencing token held by the caller, decimal string, at most 2^53
ARGV[3]  lease length asked for, ms; 0 = the length given at Begin
ARGV[4]  longest lease in all, from the attempt's start, ms
ARGV[5]  retention of an unfinished record, ms
ARGV[6]  checkpoint section, all but its instant
Returns  {"saved" | "stale", lease_left_ms} | {"fenced"} | {"finished"} | {"not_found"}
Writes   the record, its place in the index and its stream, on "saved"; nothing otherwise
]]
local header_key, record_key, index_key, stamp = KEYS[1], KEYS[2], KEYS[3], ARGV[1]
local stream_key = #KEYS > 3 and KEYS[4] or header_key
-- @include lib/slot.lua
-- @include lib/clock.lua
-- @include lib/record.lua
if damaged then return { 'damaged' } end
local claimed = tonumber(ARGV[2])
-- @include lib/held.lua
-- A step uses all its 64 bits, which one Lua number cannot hold: two halves. 0 = the last arrival wins.
local high, low = unpack('>I4I4', ARGV[6])
local stale = false
if n_checkpoint > 0 and (high > 0 or low > 0) then
  local kept_high, kept_low = unpack('>I4I4', bytes, at_checkpoint)
  stale = high < kept_high or (high == kept_high and low < kept_low)
end
local asked, total, unfinished = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local lease_until, record_until
if n_ordering > 0 then
  local ordering, holding = sub(bytes, at_ordering, at_owner - 1), token
  -- @include lib/stream.lua
  -- @include lib/own.lua
  if not may then return { 'fenced' } end
  now = s_now -- one instant for the record and for its place
  -- @include lib/lease.lua
  if not stale then
    -- @include lib/keep.lua
  end
else
  -- @include lib/lease.lua
end
if stale then return { 'stale', math.max(0, deadline - now) } end
-- The section is the step, 8 bytes; the instant, 6 bytes; name and data.
local checkpoint = sub(ARGV[6], 1, 8) .. pack('>I6', now) .. sub(ARGV[6], 15)
local record = pack(HEADER, LAYOUT_VERSION, RUNNING, flags, ended_by, attempts, token, lease_until, now,
  record_until, created_at, mark, lease_for, retention_for, duplicates, n_fingerprint, n_trace, n_address, n_ordering,
  n_owner, n_attempt, n_error, #checkpoint)
  .. sub(bytes, at_fingerprint, at_checkpoint - 1) .. checkpoint
call('SET', record_key, record, 'PXAT', record_until + sweep_after)
call('ZADD', index_key, lease_until, sub(record_key, 10))
return { 'saved', math.max(0, lease_until - now) }
