--[[
forget: the next Begin starts anew, and whoever still runs the forgotten attempt is fenced.
KEYS[1]  header of the slot
KEYS[2]  record
KEYS[3]  body kept apart
KEYS[4]  index of the namespace's unfinished records in the slot
KEYS[5]  stream; left out where the address has none
ARGV[1]  stamp of the shard table
ARGV[2]  how long zombies stay fenced, ms
Returns  {"forgotten"} | {"not_found"}
Writes   the record's tombstone, the slot's last token, body, index and stream, on "forgotten"; nothing otherwise
]]
local header_key, record_key, body_key, index_key, stamp = KEYS[1], KEYS[2], KEYS[3], KEYS[4], ARGV[1]
local stream_key = #KEYS > 4 and KEYS[5] or header_key
-- @include lib/slot.lua
-- @include lib/clock.lua
-- @include lib/record.lua
-- What cannot be read can still be forgotten.
if damaged then
  present, token, flags, created_at, retention_for, n_ordering = true, nil, 0, 0, 0, 0
end
if not present then return { 'not_found' } end
local place_kept = n_ordering > 0 and call('GET', stream_key)
-- A stream that cannot be read is no reason to keep a record.
if place_kept and #place_kept >= 94 and byte(place_kept) == 1 then
  local ordering, commits = sub(bytes, at_ordering, at_owner - 1), false
  -- @include lib/stream.lua
  -- @include lib/leave.lua
end
-- @include lib/mint.lua
local fenced_until = now + ARGV[2]
local tombstone = pack(HEADER, LAYOUT_VERSION, FORGOTTEN, 0, 0, 0, minted, 0, now, fenced_until, created_at, 0, 0,
  retention_for, 0, 0, 0, 0, 0, 0, 0, 0, 0)
call('SET', record_key, tombstone, 'PXAT', format('%d', fenced_until + sweep_after))
call('SETRANGE', header_key, '16', pack('>I8', minted))
call('DEL', body_key)
call('ZREM', index_key, sub(record_key, 10))
-- @include lib/wake.lua
return { 'forgotten' }
