--[[
begin: may the caller run its effect now? Starts an attempt, or says why not.
KEYS[1]  header of the slot
KEYS[2]  record
KEYS[3]  body kept apart
KEYS[4]  index of the namespace's unfinished records in the slot
KEYS[5]  stream; left out where the address has none
ARGV[1]  stamp of the shard table
ARGV[2]  the record as a first attempt leaves it, packed, all but its token and its instants. In their place, from
         offset 8, stands the command, packed as >I6I4B: in ms, the retention of an unfinished record; most attempts,
         0 = unlimited; the sum of 1 = wake watchers when the attempt found running ends, 2 = count a Begin that
         starts nothing. The arguments after it, none or more, are fingerprint sections of the same payload under
         older secrets
Returns  of a first attempt, for the record, its instant and its token, packed as >I6I8
         | {"started", now_ms, takeover, resumed, record}
         | {"replay" | "in_progress" | "backing_off" | "unresolved" | "mismatch", now_ms, record, body or nil}
         | {"stale" | "gap" | "conflict" | "stream_busy", lease_left_ms, expected sequence, epoch of the stream}:
         the last two as 8 bytes
Writes   record, index, stream and the slot's last token on a start; record, index and stream on a dead letter;
         the stream when its epoch is raised; otherwise at most the count of duplicates, and that somebody waits
]]
local header_key, record_key, body_key, index_key, stamp = KEYS[1], KEYS[2], KEYS[3], KEYS[4], ARGV[1]
local stream_key = #KEYS > 4 and KEYS[5] or header_key
-- @include lib/slot.lua
-- @include lib/clock.lua
-- @include lib/record.lua
if damaged then return { 'damaged' } end
-- @include lib/mint.lua
local first, takeover, ordering, record = ARGV[2], 0, '', nil
local unfinished, attempts_max, asks = unpack('>I6I4B', first, 9)
local counts = asks >= 2
if stream_key ~= header_key then
  -- The Begin's own place, else the one that the record has.
  local a, b, c, new_ordering = unpack('>BBI2B', first, 61)
  local at_new_ordering = HEADER_BYTES + 1 + a + b + c
  ordering = sub(first, at_new_ordering, at_new_ordering + new_ordering - 1)
  if ordering == '' and present then ordering = sub(bytes, at_ordering, at_owner - 1) end
end

local new_flags, new_retention_for, new_owner, new_attempt, at_new_owner, at_new_attempt, new_lease_for, _, a, b, c, d
if present then
  _, _, new_flags, _, _, _, _, _, _, _, _, new_lease_for, new_retention_for, _, a, b, c, d, new_owner, new_attempt =
    unpack(HEADER, first)
  at_new_owner = at_fingerprint + a + b + c + d
  at_new_attempt = at_new_owner + new_owner
  local fits = n_fingerprint == 0 or a == 0
  if not fits then
    local kept = sub(bytes, at_fingerprint, at_fingerprint + n_fingerprint - 1)
    fits = sub(first, at_fingerprint, at_fingerprint + a - 1) == kept
    for i = 3, #ARGV do fits = fits or ARGV[i] == kept end
  end
  local spent = attempts_max > 0 and attempts >= attempts_max
  local kind, dead = nil, false

  if not fits then
    kind = 'mismatch'
  elseif state == SUCCEEDED or state == FAILED then
    kind = 'replay'
  elseif state == DEAD_LETTERED then
    kind = 'unresolved'
  elseif state == RUNNING and now < deadline then
    local attempt_id = sub(bytes, at_attempt, at_error - 1)
    if attempt_id == sub(first, at_new_attempt, at_new_attempt + new_attempt - 1) then
      return { 'started', now, 0, 1, bytes }
    end
    kind = 'in_progress'
    local announce = asks % 2 == 1
    -- @include lib/await.lua
  elseif spent then
    kind, dead = 'unresolved', true
  elseif state == RETRYABLE then
    if now < deadline then kind = 'backing_off' end
  elseif band(bor(flags, new_flags), HOLD) ~= 0 then
    kind = 'unresolved'
  else
    takeover = 1
  end

  if dead then
    local ended = {
      state = DEAD_LETTERED, by = state == RETRYABLE and ended_by or BY_LAPSED, attempts = attempts,
      flags = band(flags, MAYBE_EXECUTED), deadline = 0, expires_at = now + unfinished, error = '',
    }
    if n_ordering > 0 then
      local ordering = sub(bytes, at_ordering, at_owner - 1)
      -- @include lib/stream.lua
      local commits = band(choices, SKIPS) ~= 0
      -- @include lib/leave.lua
    end
    -- @include lib/ended.lua
    -- @include lib/wake.lua
    bytes = record
  end
  if kind then
    -- Counted in place, so that the record keeps its time to live; what is told is the count before. A hint to people:
    -- a Redis that is full still answers.
    if counts and duplicates < 4294967295 then
      redis.pcall('SETRANGE', record_key, '56', pack('>I4', duplicates + 1))
    end
    -- @include lib/body.lua
    return { kind, now, bytes, body }
  end
end

local lease_until
if ordering ~= '' then
  -- @include lib/stream.lua
  -- @include lib/place.lua
  -- One instant for the record and for its place: else the one's lease could be over while the other's is not.
  now = s_now
  lease_until = now + unpack('>I4', first, 47)
  local holding = minted
  -- @include lib/keep.lua
else
  lease_until = now + unpack('>I4', first, 47)
end
local record_until = lease_until + unfinished
if present then
  record = pack(HEADER, LAYOUT_VERSION, RUNNING,
    bor(new_flags, band(flags, MAYBE_EXECUTED), takeover * MAYBE_EXECUTED), 0, attempts + 1, minted,
    lease_until, now, record_until, created_at, now, new_lease_for, new_retention_for, duplicates, n_fingerprint,
    n_trace, n_address, #ordering, new_owner, new_attempt, n_error, n_checkpoint)
    .. sub(bytes, at_fingerprint, at_ordering - 1) .. ordering
    .. sub(first, at_new_owner, at_new_attempt + new_attempt - 1)
    .. sub(bytes, at_error, at_result - 1)
else
  -- The token and the instants lie side by side, from offset 8 up to offset 46.
  record = sub(first, 1, 8) .. pack('>I8I6I6I6I6I6', minted, lease_until, now, record_until, now, now)
    .. sub(first, 47)
end
call('SET', record_key, record, 'PXAT', format('%d', record_until + sweep_after))
call('ZADD', index_key, format('%d', lease_until), sub(record_key, 10))
call('SETRANGE', header_key, '16', pack('>I8', minted))
if flags and band(flags, BODY_APART) ~= 0 then call('DEL', body_key) end
-- @include lib/wake.lua
if not present then return pack('>I6I8', now, minted) end
return { 'started', now, takeover, 0, record }
