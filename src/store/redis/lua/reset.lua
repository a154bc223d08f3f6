--[[
reset: an operator sets where a stream stands; a skip is one that leaves an unknown stream unknown.
KEYS[1]  header of the slot
KEYS[2]  stream
ARGV[1]  stamp of the shard table
ARGV[2]  where the operator saw the stream stand, 8 bytes; empty = unknown, or before place 0
ARGV[3]  where it is to stand, 8 bytes
ARGV[4]  1 = an unknown stream becomes known, and so does one that cannot be read, where nothing is expected; 2 = not
ARGV[5]  epoch to put it into, 8 bytes; empty = the one that it is in
Returns  {"reset" | "conflict" | "not_found", last}: of the stream after the call as 8 bytes, empty before place 0
Writes   the stream, on "reset"; nothing otherwise
]]
local header_key, record_key, stream_key, stamp = KEYS[1], KEYS[2], KEYS[2], ARGV[1]
-- @include lib/slot.lua
-- @include lib/clock.lua
local now = (now_us - now_us % 1000) / 1000
if bytes and ARGV[4] == '1' and ARGV[2] == '' and (#bytes < 94 or byte(bytes) ~= 1) then
  call('DEL', stream_key)
end
local ordering = pack('>BBI4I4I4I4I4I4I4I4', 1, 0, 0, 0, 0, 0, 0, 0, 0, 0)
-- @include lib/stream.lua
local last = last_h < 0 and '' or pack('>I4I4', last_h, last_l)
if not stream and ARGV[4] == '2' then return { 'not_found', last } end
if last ~= ARGV[2] then return { 'conflict', last } end
last_h, last_l = unpack('>I4I4', ARGV[3])
s_tie_h, s_tie_l, advanced_by = HALF_MAX, HALF_MAX, ''
if ARGV[5] ~= '' then s_epoch_h, s_epoch_l = unpack('>I4I4', ARGV[5]) end
if live then revoked = true else reserved = false end
-- @include lib/stream-write.lua
return { 'reset', ARGV[3] }
