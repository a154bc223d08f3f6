-- Whether a record that would start may, by its place in the stream: the twin of `findPlace` in domain/stream.ts.
-- Needs the locals of stream.lua; counts: a Begin that starts nothing is counted
-- Returns, when it may not, {why, lease_left_ms, expected, epoch}; then it writes the stream if its epoch was raised.
local below = epoch_h < s_epoch_h or (epoch_h == s_epoch_h and epoch_l < s_epoch_l)
local raised = not below and (epoch_h ~= s_epoch_h or epoch_l ~= s_epoch_l)
if raised then
  -- @include lib/stream-raise.lua
end
local another = reserved and not revoked and holder ~= record_id
-- @include lib/turn.lua
if below then
  why = 'stale'
elseif another and mode == STRICT_NEXT and held_h == seq_h and held_l == seq_l then
  why = 'conflict'
elseif not why and reserved and revoked and live then
  why = 'stream_busy'
elseif not why and another then
  local above = seq_h > held_h or (seq_h == held_h and seq_l > held_l)
  if seq_h == held_h and seq_l == held_l then
    above = tie_h > held_tie_h or (tie_h == held_tie_h and tie_l > held_tie_l)
  end
  if live or mode == STRICT_NEXT or (mode ~= EXACT and not above) then why = 'stream_busy' end
end
if why then
  if mode == EXACT then next_h, next_l = last_h, last_l end
  if next_h < 0 then next_h, next_l = 0, 0 elseif next_h > HALF_MAX then next_h, next_l = HALF_MAX, HALF_MAX end
  local left = reserved and math.max(0, held_until - s_now) or 0
  if raised then
    -- @include lib/stream-write.lua
  end
  if bytes and present and counts and duplicates < 4294967295 then
    redis.pcall('SETRANGE', record_key, '56', pack('>I4', duplicates + 1))
  end
  return { why, left, pack('>I4I4', next_h, next_l), pack('>I4I4', s_epoch_h, s_epoch_l) }
end
