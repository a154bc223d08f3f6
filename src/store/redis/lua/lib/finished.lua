-- Stores the record of an effect that is settled: address, ordering, attempt id and checkpoint go, the result comes.
-- Needs the locals of record.lua, record_key, body_key, index_key, and
--       final        state
--       maybe        0, or MAYBE_EXECUTED
--       error        '' = as it was
--       result, body sections; the body kept apart, or ''
--       keep_for     retention of the body, ms
--       tombstone    of all else, ms; never shorter than the body's
-- Sets  record
if error == '' then error = sub(bytes, at_error, at_checkpoint - 1) end
local record_until = now + (tombstone > keep_for and tombstone or keep_for)
local marks = maybe + (body == '' and 0 or BODY_APART) + (result == '' and 0 or RESULT)
local record = pack(HEADER, LAYOUT_VERSION, final, marks, 0, attempts, token, now + keep_for, now, record_until,
  created_at, now, 0, retention_for, duplicates, n_fingerprint, n_trace, 0, 0, n_owner, 0, #error, 0)
  .. sub(bytes, at_fingerprint, at_address - 1) .. sub(bytes, at_owner, at_attempt - 1) .. error .. result
call('SET', record_key, record, 'PXAT', format('%d', record_until + sweep_after))
if body ~= '' then
  call('SET', body_key, body, 'PXAT', format('%d', now + keep_for + sweep_after))
elseif flags and band(flags, BODY_APART) ~= 0 then
  call('DEL', body_key)
end
call('ZREM', index_key, sub(record_key, 10))
