-- Writes the stream back.
-- Needs the locals of stream.lua
if not reserved then
  revoked, holder, held_token, held_h, held_l, held_tie_h, held_tie_l, held_until = false, NOBODY, 0, 0, 0, 0, 0, 0
end
call('SET', stream_key, pack(STREAM, 1, (last_h < 0 and 1 or 0) + (reserved and 2 or 0) + (revoked and 4 or 0),
  s_epoch_h, s_epoch_l, last_h < 0 and HALF_MAX or last_h, last_l, s_tie_h, s_tie_l, s_now, holder, held_token,
  held_h, held_l, held_tie_h, held_tie_l, held_until) .. advanced_by)
