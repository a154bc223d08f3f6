--[[
headers: many slot headers as two strings. A reply for each of them would take the sidecar longer than all the rest of
its look.
KEYS     headers of slots
Returns  {lengths, headers}: a byte for each key, 255 where it holds no string; then all that is there, in that order
Writes   nothing
]]
local values, lengths, headers = redis.call('MGET', unpack(KEYS)), {}, {}
for i = 1, #KEYS do
  local header = values[i]
  if header then
    header = string.sub(header, 1, 254) -- ours are 24 bytes; whatever is longer is not ours, and that much shows it
    headers[#headers + 1] = header
    lengths[i] = string.char(#header)
  else
    lengths[i] = string.char(255)
  end
end
return { table.concat(lengths), table.concat(headers) }
