-- Turns away whoever does not hold the token of the running attempt: the twin of `holding` in domain/renew.ts.
-- Needs the locals of record.lua, claimed: the caller's token
if not fences or claimed > token then return { 'not_found' } end
if claimed < token or state == FORGOTTEN then return { 'fenced' } end
if state ~= RUNNING then return { 'finished' } end
