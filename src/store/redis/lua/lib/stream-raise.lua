-- Restarts the stream in a higher epoch, just before its first place; who runs in it still keeps others out.
-- Needs the locals of stream.lua
s_epoch_h, s_epoch_l, s_tie_h, s_tie_l, advanced_by = epoch_h, epoch_l, HALF_MAX, HALF_MAX, ''
last_h, last_l = initial_h, initial_l - 1
if last_l < 0 then last_h, last_l = last_h - 1, HALF_MAX end
if live then revoked = true else reserved = false end
