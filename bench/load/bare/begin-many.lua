--[[
begin-many: begin.lua for many keys in one call: the least that a batch could be.
KEYS     records, as in begin.lua
ARGV[1]  lease length, ms
ARGV[2]  retention, ms
ARGV[3]  and on: the fingerprint of each key
Returns  for each key what begin.lua returns
Writes   the records that start or are taken over
]]
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local deadline = now + ARGV[1] * 1000
local records = redis.call('MGET', unpack(KEYS))
local answers = {}
for i = 1, #KEYS do
  local record, fingerprint = records[i], ARGV[i + 2]
  local attempt, fence, answer = 1, now + i, nil
  if record then
    if string.sub(record, 22, 53) ~= fingerprint then
      answer = 4
    else
      local state, number, token, held_until = struct.unpack('>BI4I8I8', record)
      if state == 2 or held_until > now then answer = record end
      attempt, fence = number + 1, math.max(fence, token + 1)
    end
  end
  if not answer then
    answer = struct.pack('>BI4I8I8', 1, attempt, fence, deadline)
    redis.call('SET', KEYS[i], answer .. fingerprint, 'PX', ARGV[2])
  end
  answers[i] = answer
end
return answers
