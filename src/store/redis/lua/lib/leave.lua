-- Ends an attempt's hold on its place: the twin of `leavePlace` in domain/stream.ts.
-- Needs the locals of stream.lua; token: of the attempt; commits: the stream moves to the place
-- Sets  superseded   it would have moved, and the place was gone
-- @include lib/own.lua
local superseded = commits and not may
if commits and may then
  last_h, last_l, s_tie_h, s_tie_l, reserved, advanced_by = seq_h, seq_l, tie_h, tie_l, false, ''
  if mode == EXACT then
    last_l = last_l + 1
    if last_l > HALF_MAX then last_h, last_l = last_h + 1, 0 end
  end
  -- @include lib/stream-write.lua
elseif ours then
  reserved = false
  -- @include lib/stream-write.lua
end
