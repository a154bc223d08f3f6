-- The node's clock, for people and as a floor of the fence; no lease is decided by it. Asked once a script.
-- Sets  now_us  now, whole microseconds since 1970: exact as a Lua number until the year 2255
-- A test may put its own text in place of this file, to move the clock without waiting.
local time = redis.call('TIME')
local now_us = time[1] * 1000000 + time[2]
