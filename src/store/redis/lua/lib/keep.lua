-- Holds an attempt's place until the end of its lease.
-- Needs the locals of stream.lua; holding: token of the attempt; lease_until
reserved, revoked, holder, held_token, held_until = true, false, record_id, holding, lease_until
held_h, held_l, held_tie_h, held_tie_l = seq_h, seq_l, tie_h, tie_l
-- @include lib/stream-write.lua
