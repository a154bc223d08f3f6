-- Asks for the waking of wake.lua. A hint too: a Redis that is full still answers.
-- Needs record_key of an attempt that runs, flags, announce
if announce and band(flags, WAITED) == 0 then
  redis.pcall('SETRANGE', record_key, '2', string.char(flags + WAITED))
end
