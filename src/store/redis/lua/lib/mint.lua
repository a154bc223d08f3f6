-- The next token of the slot: the time in µs, above the slot's last one and above the record's own.
-- Needs now_us, last_token, token (nil without a record)
-- Sets  minted
local minted = now_us
if minted <= last_token then minted = last_token + 1 end
if token and minted <= token then minted = token + 1 end
