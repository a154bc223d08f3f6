-- Whether a place is next, whatever holds it: the twin of the middle of `whyNot` in domain/stream.ts.
-- Needs the locals of stream.lua
-- Sets  why          nil = it is
local why
local next_h, next_l = last_h, last_l + 1
if next_l > HALF_MAX then next_h, next_l = next_h + 1, 0 end
local at_last = seq_h == last_h and seq_l == last_l
local passed = seq_h < last_h or (seq_h == last_h and seq_l <= last_l)
if mode == EXACT then
  if not at_last then why = 'conflict' end
elseif mode == LAST_WRITE_WINS then
  local newer = at_last and (tie_h > s_tie_h or (tie_h == s_tie_h and tie_l > s_tie_l))
  if passed and not newer then why = 'stale' end
elseif mode == STRICT_NEXT and (seq_h > next_h or (seq_h == next_h and seq_l > next_l)) then
  why = 'gap'
elseif passed then
  why = 'stale'
end
