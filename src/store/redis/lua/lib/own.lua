-- Whether an attempt still has its place: the twin of `mayCommit` in domain/stream.ts.
-- Needs the locals of stream.lua; token: of the attempt
-- Sets  ours         it holds it, if only as a revoked one
--       may          it may keep or commit it: it holds it, or nobody does and it is next
local ours, may = reserved and holder == record_id and held_token == token, false
if ours then
  may = not revoked
elseif epoch_h == s_epoch_h and epoch_l == s_epoch_l and not (reserved and (live or not revoked)) then
  -- @include lib/turn.lua
  may = not why
end
