--[[
advance: moves a stream to a place without a record, if it is that place's turn.
KEYS[1]  header of the slot
KEYS[2]  stream
ARGV[1]  stamp of the shard table
ARGV[2]  the place, as an ordering section; an unknown stream is found by it
ARGV[3]  place that the stream must stand at in the exact mode, 8 bytes
ARGV[4]  the caller's nonce, or empty
Returns  {"advanced" | "duplicate" | "stale" | "gap" | "conflict" | "fenced", last, epoch, lease_left_ms}: the first two
         numbers are the stream's after the call, 8 bytes each; last is empty before place 0
Writes   the stream, on "advanced" by this call, and when its epoch is raised; nothing otherwise
]]
local header_key, record_key, stream_key, stamp, ordering = KEYS[1], KEYS[2], KEYS[2], ARGV[1], ARGV[2]
-- @include lib/slot.lua
-- @include lib/clock.lua
local now = (now_us - now_us % 1000) / 1000
-- @include lib/stream.lua
local below = epoch_h < s_epoch_h or (epoch_h == s_epoch_h and epoch_l < s_epoch_l)
local raised = not below and (epoch_h ~= s_epoch_h or epoch_l ~= s_epoch_l)
if raised then
  -- @include lib/stream-raise.lua
end
-- @include lib/turn.lua
local expected_h, expected_l = unpack('>I4I4', ARGV[3])
local left = 0
if below then
  why = 'fenced'
elseif at_last and tie_h == s_tie_h and tie_l == s_tie_l then
  why, raised = 'duplicate', false
  if ARGV[4] ~= '' and ARGV[4] == advanced_by then why = 'advanced' end
else
  if mode == EXACT then
    why = (expected_h ~= last_h or expected_l ~= last_l) and 'conflict' or nil
  end
  if not why and live then
    why, left = 'conflict', held_until - s_now
  end
end
if not why then
  why, raised = 'advanced', true
  last_h, last_l, s_tie_h, s_tie_l, reserved, advanced_by = seq_h, seq_l, tie_h, tie_l, false, ARGV[4]
end
if raised then
  -- @include lib/stream-write.lua
end
return { why, last_h < 0 and '' or pack('>I4I4', last_h, last_l), pack('>I4I4', s_epoch_h, s_epoch_l), left }
