-- Reads the stream of a record that has a place in it: the layout of packed-stream.ts again. A 64-bit number is two
-- halves, high (_h) and low (_l), since one Lua number cannot hold it; the high half of -1, before place 0, is -1.
-- Needs stream_key, record_key, now; ordering: the section of the record
-- Sets  the ordering's fields; seq: its sequence, tie: its tiebreak
--       the stream's fields: s_epoch, last, s_tie, advanced_by; as a stream nobody knew is found by this ordering
--       reserved, revoked, live, holder, held_token, held, held_tie, held_until: of its reservation
--       record_id, s_now: the instant the stream is judged by, ms
local STRICT_NEXT, MONOTONIC, LAST_WRITE_WINS, EXACT, ADOPTS, SKIPS = 1, 2, 3, 4, 1, 2
local STREAM, STREAM_BYTES, HALF_MAX = '>BBI4I4I4I4I4I4I6c32I8I4I4I4I4I6', 94, 4294967295
local NOBODY = string.rep('\0', 32)
local mode, choices, seq_h, seq_l, epoch_h, epoch_l, tie_h, tie_l, initial_h, initial_l =
  unpack('>BBI4I4I4I4I4I4I4I4', ordering)
local record_id, s_now, advanced_by = sub(record_key, 10), now, ''
local stream = call('GET', stream_key)
local s_version, s_flags, s_epoch_h, s_epoch_l, last_h, last_l, s_tie_h, s_tie_l, s_updated_at, holder, held_token,
  held_h, held_l, held_tie_h, held_tie_l, held_until
local reserved, revoked, live = false, false, false
if stream then
  if #stream < STREAM_BYTES or byte(stream) ~= 1 then return { 'damaged' } end
  s_version, s_flags, s_epoch_h, s_epoch_l, last_h, last_l, s_tie_h, s_tie_l, s_updated_at, holder, held_token,
    held_h, held_l, held_tie_h, held_tie_l, held_until = unpack(STREAM, stream)
  if band(s_flags, 1) ~= 0 then last_h = -1 end
  if s_now < s_updated_at then s_now = s_updated_at end
  reserved = band(s_flags, 2) ~= 0
  revoked = band(s_flags, 4) ~= 0
  live = reserved and s_now < held_until
  advanced_by = sub(stream, STREAM_BYTES + 1)
else
  s_epoch_h, s_epoch_l, s_tie_h, s_tie_l = epoch_h, epoch_l, HALF_MAX, HALF_MAX
  last_h, last_l = initial_h, initial_l
  if band(choices, ADOPTS) ~= 0 then last_h, last_l = seq_h, seq_l end
  if mode ~= EXACT or band(choices, ADOPTS) == 0 then
    last_l = last_l - 1
    if last_l < 0 then last_h, last_l = last_h - 1, HALF_MAX end
  end
end
