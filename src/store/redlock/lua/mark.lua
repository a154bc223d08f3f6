--[[
mark: says anew what a node's knowledge is worth: compare-and-set on its marker and its run, so that any number of
sidecars may try, however late.
KEYS[1]  marker of the node
KEYS[2]  counters of the fence
KEYS[3]  the counters as they were when the node last forgot single resources
KEYS[4]  an operator's word that the node is new
ARGV[1]  marker that the caller saw, or empty
ARGV[2]  run of the server that the caller saw
ARGV[3]  marker to set
ARGV[4]  counters to rise to: JSON, decimal strings by bucket
ARGV[5]  1 = the node may have forgotten single resources; 0 = it has not
Returns  {"marked"} | {"changed"}
Writes   marker, counters and what is forgotten, on "marked", and the word is used up; nothing otherwise
]]
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return { 'changed' } end
if string.match(redis.call('INFO', 'server'), 'run_id:(%x+)') ~= ARGV[2] then return { 'changed' } end
for bucket, counter in pairs(cjson.decode(ARGV[4])) do
  if tonumber(redis.call('HGET', KEYS[2], bucket) or '0') < tonumber(counter) then
    redis.call('HSET', KEYS[2], bucket, counter)
  end
end
if ARGV[5] == '1' then
  local counters = redis.call('HGETALL', KEYS[2])
  for n = 1, #counters, 2 do redis.call('HSET', KEYS[3], counters[n], counters[n + 1]) end
end
redis.call('SET', KEYS[1], ARGV[3])
redis.call('DEL', KEYS[4])
return { 'marked' }
