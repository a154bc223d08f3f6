-- The store's clock. TIME moves within one script (Redis 7.0), so a script asks for it once.
-- Needs call: redis.call
-- Sets  now_us       now, whole microseconds since 1970: exact as a Lua number until the year 2255
--       sweep_after  how much later than a record expires Redis may sweep it, ms; only memory hangs on it
-- A test may put its own text in place of this file, to move the clock without waiting.
local time = call('TIME')
local now_us, sweep_after = time[1] * 1000000 + time[2], 0
