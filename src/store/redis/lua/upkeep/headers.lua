--[[
headers: what many slot headers say together. To take them apart one by one took the sidecar a sixth of its start.
KEYS     headers of slots
ARGV     stamp
Returns  {missing, other, tokens}: how many keys hold no string; the stamp of the first header that carries another
         one, or nil; of each key the token in it as 8 bytes, zero where it holds nothing as long as a header
Writes   nothing
]]
local values, missing, other, tokens = redis.call('MGET', unpack(KEYS)), 0, false, {}
local stamp, none = ARGV[1], string.rep('\0', 8)
for i = 1, #KEYS do
  local header = values[i]
  if not header then
    missing = missing + 1
  elseif not other and string.sub(header, 1, #stamp) ~= stamp then
    other = string.sub(header, 1, #stamp)
  end
  tokens[i] = header and #header == #stamp + 8 and string.sub(header, #stamp + 1) or none
end
return { missing, other, table.concat(tokens) }
