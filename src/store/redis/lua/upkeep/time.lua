--[[
time: the clock that the transitions go by.
Returns  now, whole microseconds since 1970, decimal string
Writes   nothing
]]
local call = redis.call
-- @include lib/clock.lua
return string.format('%.0f', now_us)
