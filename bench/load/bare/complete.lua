--[[
complete: the least that Complete could be: compares the record's first 13 bytes (state, attempt, fence), never parses.
KEYS[1]  record
ARGV[1]  those 13 bytes as Begin returned them
ARGV[2]  the finished record
ARGV[3]  retention, ms
Returns  1 stored | 0 fenced
Writes   the record, on 1
]]
if redis.call('GETRANGE', KEYS[1], 0, 12) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
