--[[
complete: ends an attempt with a result, or with a failure that may be tried again. The first final one wins.
KEYS[1]  header of the slot
KEYS[2]  record
KEYS[3]  body kept apart
KEYS[4]  index of the namespace's unfinished records in the slot
KEYS[5]  stream; left out where the address has none
ARGV[1]  stamp of the shard table
ARGV[2]  packed as >I8BI6I6I6I2: fencing token held by the caller; state that the record takes, as the layout numbers
         it: succeeded, failed or retryable; in ms, the retention asked for (0 = Begin's, else the namespace's), the
         namespace's of a result, and that of a tombstone; the length of the error. Then the error, then the result
         section, or nothing; for retryable, instead, packed as >I6I6I6I6d: in ms, the wait before the next attempt
         (0 = by the back-off), the base and the cap of the back-off, the retention of an unfinished record; the
         jitter, in [0, 1)
ARGV[3]  body kept apart; left out where there is none
Returns  of a completion that is stored in time, the record
         | {"stored" | "superseded", now_ms, late, restored, record}
         | {"already_stored" | "fenced", now_ms, record, body or nil} | {"not_found"}
Writes   record, body, index and stream on "stored", and the slot's last token when that of a restored record is
         higher; all but the stream on "superseded"
]]
local header_key, record_key, body_key, index_key, stamp = KEYS[1], KEYS[2], KEYS[3], KEYS[4], ARGV[1]
local stream_key = #KEYS > 4 and KEYS[5] or header_key
-- @include lib/slot.lua
-- @include lib/clock.lua
-- @include lib/record.lua
if damaged then return { 'damaged' } end
local claimed, final, asked, retention, tombstone, new_error, at_new_error = unpack('>I8BI6I6I6I2', ARGV[2])
local error = sub(ARGV[2], at_new_error, at_new_error + new_error - 1)
local at_new_result = at_new_error + new_error
local settled = state == SUCCEEDED or state == FAILED
local late, restored, maybe, answer = 0, 0, 0, 'stored'

if not fences or (claimed > token and not settled) then
  -- The store has lost this attempt: a final completion is the truth if the store can have minted its token. It is
  -- stored as if by a first attempt that nothing else is known of.
  local oldest, newest = now_us - retention * 1000, math.max(last_token, now_us)
  if final == RETRYABLE or claimed < oldest or claimed > newest then return { 'not_found' } end
  if claimed > last_token then call('SETRANGE', header_key, '16', pack('>I8', claimed)) end
  restored, attempts, token, created_at, retention_for, duplicates = 1, 1, claimed, now, 0, 0
  bytes, n_fingerprint, n_trace, n_ordering, n_owner = '', 0, 0, 0, 0
  at_fingerprint, at_address, at_owner, at_attempt, at_error, at_checkpoint = 1, 1, 1, 1, 1, 1
else
  local kind
  if claimed ~= token or state == FORGOTTEN then
    -- Nobody is ever told the token of a forgotten record, so it cannot be the caller's own.
    kind = 'fenced'
  elseif settled or (state ~= RUNNING and final == RETRYABLE) then
    kind = 'already_stored'
  end
  if kind then
    -- @include lib/body.lua
    return { kind, now, bytes, body }
  end
  if state ~= RUNNING or now >= deadline then late = 1 end
  maybe = band(flags, MAYBE_EXECUTED)
end

if n_ordering > 0 then
  local ordering = sub(bytes, at_ordering, at_owner - 1)
  -- @include lib/stream.lua
  local commits = final == SUCCEEDED or (final == FAILED and band(choices, SKIPS) ~= 0)
  -- @include lib/leave.lua
  if superseded then answer = 'superseded' end
end
if final == RETRYABLE then
  local wait, ceiling, cap, unfinished, jitter = unpack('>I6I6I6I6d', ARGV[2], at_new_result)
  if wait == 0 then
    -- Full jitter, as in domain/backoff.ts.
    for _ = 2, attempts do
      if ceiling < cap then ceiling = ceiling * 2 end
    end
    wait = math.floor(math.min(ceiling, cap) * jitter)
  end
  local ended = {
    state = RETRYABLE, by = BY_RETRYABLE, attempts = attempts, flags = maybe, deadline = now + wait,
    expires_at = now + wait + unfinished, error = error,
  }
  -- @include lib/ended.lua
  -- @include lib/wake.lua
  return { 'stored', now, late, restored, record }
end

local keep_for = asked > 0 and asked or retention_for > 0 and retention_for or retention
local result, body = sub(ARGV[2], at_new_result), #ARGV > 2 and ARGV[3] or ''
-- @include lib/finished.lua
-- @include lib/wake.lua
if answer == 'stored' and late + restored == 0 then return record end
return { answer, now, late, restored, record }
