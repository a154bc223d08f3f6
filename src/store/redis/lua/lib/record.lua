-- Reads a record: the layout of packed.ts again. Its sections are moved whole, never looked into.
-- Needs bytes, now_us
-- Sets  one local a field; nil without a record
--       at_…         where a section begins, counted from 1
--       now          the instant the record is judged by, ms: never before its own last change
--       fences       there is a record, and its whole retention is not over: a forgotten one still fences
--       present      it fences, and is not forgotten
--       damaged      there are bytes, but no record of this layout
local RUNNING, SUCCEEDED, FAILED, RETRYABLE, DEAD_LETTERED, FORGOTTEN = 1, 2, 3, 4, 5, 6
local BY_RETRYABLE, BY_RELEASED, BY_RESOLVED, BY_LAPSED = 1, 2, 3, 4
local MAYBE_EXECUTED, HOLD, WAITED, BODY_APART, RESULT = 1, 2, 4, 8, 16
local LAYOUT_VERSION, HEADER, HEADER_BYTES = 1, '>BBBBI4I8I6I6I6I6I6I4I6I4BBI2BI2BI2I4', 74

local version, state, flags, ended_by, attempts, token, deadline, updated_at, expires_at, created_at, mark, lease_for,
  retention_for, duplicates, n_fingerprint, n_trace, n_address, n_ordering, n_owner, n_attempt, n_error, n_checkpoint
local at_fingerprint, at_address, at_ordering, at_owner, at_attempt, at_error, at_checkpoint, at_result
local now, fences, present = (now_us - now_us % 1000) / 1000, false, false
local damaged = bytes and (#bytes < HEADER_BYTES or byte(bytes) ~= LAYOUT_VERSION)
if bytes and not damaged then
  version, state, flags, ended_by, attempts, token, deadline, updated_at, expires_at, created_at, mark, lease_for,
    retention_for, duplicates, n_fingerprint, n_trace, n_address, n_ordering, n_owner, n_attempt, n_error, n_checkpoint
    = unpack(HEADER, bytes)
  at_fingerprint = HEADER_BYTES + 1
  at_address = at_fingerprint + n_fingerprint + n_trace
  at_ordering = at_address + n_address
  at_owner = at_ordering + n_ordering
  at_attempt = at_owner + n_owner
  at_error = at_attempt + n_attempt
  at_checkpoint = at_error + n_error
  at_result = at_checkpoint + n_checkpoint
  -- Behind the checkpoint lies the result, if there is one.
  local behind = #bytes + 1 - at_result
  damaged = behind < 0 or state < RUNNING or state > FORGOTTEN or (behind > 0) ~= (band(flags, RESULT) ~= 0)
  if not damaged then
    if now < updated_at then now = updated_at end
    fences = now < expires_at
    present = fences and state ~= FORGOTTEN
  end
end
