--[[
stamp: makes a shard ours, all at once: stamps every slot header that is missing, and names the data that begins here.
Once in a shard's life, and again after it has lost data; a few milliseconds.
KEYS[1]  marker of the generation
KEYS[2]  an operator's word that a loss is accepted, taken back here
KEYS[3]  header of a slot; those after it are the other slots of the shard
ARGV[1]  stamp of the shard table
ARGV[2]  the marker as it was seen, or empty; another one means that somebody was here first
ARGV[3]  the marker to set
Returns  {"stamped", headers_set} | {"changed"}
Writes   marker and missing headers, on "stamped"; nothing otherwise
]]
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[2] then return { 'changed' } end
local missing = {}
for i = 3, #KEYS do
  local header = redis.call('GET', KEYS[i])
  if not header then
    missing[#missing + 1] = KEYS[i]
  elseif string.sub(header, 1, 16) ~= ARGV[1] then
    return { 'changed' }
  end
end
local header = ARGV[1] .. struct.pack('>I8', 0)
for _, key in ipairs(missing) do redis.call('SET', key, header) end
redis.call('SET', KEYS[1], ARGV[3])
redis.call('DEL', KEYS[2])
return { 'stamped', #missing }
