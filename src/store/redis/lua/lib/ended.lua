-- Stores the record of an attempt that ended without a result: its id and its lease go, all else stays.
-- Needs the locals of record.lua, record_key, and
--       index_key    of unfinished records; the place in it is the end of the back-off, or else now
--       ended        state, by, attempts, flags, expires_at; deadline: end of the back-off, or 0; error: '' = as it was
-- Sets  record
local last_error = ended.error
if last_error == '' then last_error = sub(bytes, at_error, at_checkpoint - 1) end
local record = pack(HEADER, LAYOUT_VERSION, ended.state, ended.flags, ended.by, ended.attempts, token,
  ended.deadline, now, ended.expires_at, created_at, 0, 0, retention_for, duplicates, n_fingerprint, n_trace,
  n_address, n_ordering, n_owner, 0, #last_error, n_checkpoint)
  .. sub(bytes, at_fingerprint, at_attempt - 1) .. last_error
  .. sub(bytes, at_checkpoint, at_result - 1)
call('SET', record_key, record, 'PXAT', format('%d', ended.expires_at + sweep_after))
call('ZADD', index_key, format('%d', ended.deadline > 0 and ended.deadline or now), sub(record_key, 10))
