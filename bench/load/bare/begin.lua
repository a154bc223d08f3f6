--[[
begin: the least that Begin could be: one packed string a record, no index, no counter, no attempt id, no clock guard.
KEYS[1]  record: state B, attempt I4, fence I8, end of lease in us I8, then fingerprint (32 bytes) and result
ARGV[1]  fingerprint
ARGV[2]  lease length, ms
ARGV[3]  retention, ms
Returns  the first 21 bytes of a started record | the whole of a finished or running one | 4 on another fingerprint
Writes   the record, when it starts or takes over
]]
local record = redis.call('GET', KEYS[1])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local attempt, fence = 1, now
if record then
  if string.sub(record, 22, 53) ~= ARGV[1] then return 4 end
  local state, number, token, deadline = struct.unpack('>BI4I8I8', record)
  if state == 2 or deadline > now then return record end
  attempt, fence = number + 1, math.max(now, token + 1)
end
local header = struct.pack('>BI4I8I8', 1, attempt, fence, now + ARGV[2] * 1000)
redis.call('SET', KEYS[1], header .. ARGV[1], 'PX', ARGV[3])
return header
