-- Fetches the body kept apart from a record that is about to be told.
-- Needs body_key, flags
-- Sets  body         false = there is none, or its own time is over
local body = band(flags, BODY_APART) ~= 0 and call('GET', body_key)
