--[[
resolve: an operator settles what nobody runs; never a live attempt, never a finished record.
KEYS[1]  header of the slot
KEYS[2]  record
KEYS[3]  body kept apart
KEYS[4]  index of the namespace's unfinished records in the slot
KEYS[5]  stream; left out where the address has none
ARGV[1]  stamp of the shard table
ARGV[2]  fencing token the operator looked at, decimal string, at most 2^53; 0 = any
ARGV[3]  state that the record takes, as the layout numbers it: succeeded, failed, or retryable for another try
ARGV[4]  reason, kept as the last error when the state is failed; or empty
ARGV[5]  result section, or empty
ARGV[6]  body kept apart, or empty
ARGV[7]  retention of a result, ms, where Begin asked for none
ARGV[8]  retention of a tombstone, ms
ARGV[9]  retention of an unfinished record, ms
Returns  {"resolved", now_ms, record} | {"in_progress" | "finished" | "fenced", now_ms, record, body or nil}
         | {"not_found"}
Writes   record, body, index and stream on "resolved"; nothing otherwise
]]
local header_key, record_key, body_key, index_key, stamp = KEYS[1], KEYS[2], KEYS[3], KEYS[4], ARGV[1]
local stream_key = #KEYS > 4 and KEYS[5] or header_key
-- @include lib/slot.lua
-- @include lib/clock.lua
-- @include lib/record.lua
if damaged then return { 'damaged' } end
local looked_at, final = tonumber(ARGV[2]), tonumber(ARGV[3])
if not present then return { 'not_found' } end
local kind
if state == SUCCEEDED or state == FAILED then
  kind = 'finished'
elseif looked_at ~= 0 and looked_at ~= token then
  kind = 'fenced'
elseif state == RUNNING and now < deadline then
  kind = 'in_progress'
end
if kind then
  -- @include lib/body.lua
  return { kind, now, bytes, body }
end

if n_ordering > 0 then
  local ordering = sub(bytes, at_ordering, at_owner - 1)
  -- @include lib/stream.lua
  local commits = final == SUCCEEDED or (final == FAILED and band(choices, SKIPS) ~= 0)
  -- @include lib/leave.lua
end
if final == RETRYABLE then
  local ended = {
    state = RETRYABLE, by = BY_RESOLVED, attempts = 0, flags = 0, deadline = now, expires_at = now + ARGV[9],
    error = '',
  }
  -- @include lib/ended.lua
  -- @include lib/wake.lua
  return { 'resolved', now, record }
end
local maybe, error, result, body = band(flags, MAYBE_EXECUTED), final == FAILED and ARGV[4] or '', ARGV[5], ARGV[6]
local keep_for, tombstone = retention_for > 0 and retention_for or tonumber(ARGV[7]), tonumber(ARGV[8])
-- @include lib/finished.lua
-- @include lib/wake.lua
return { 'resolved', now, record }
