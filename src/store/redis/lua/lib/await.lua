-- Asks for the waking of wake.lua.
-- Needs record_key of an attempt that runs, flags, announce
if announce and bit.band(flags, WAITED) == 0 then
  call('SETRANGE', record_key, 2, string.char(flags + WAITED))
end
