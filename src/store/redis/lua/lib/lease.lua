-- Moves a lease: never backward, and never past the attempt's total. All in ms.
-- Needs the locals of record.lua, and
--       asked        lease length; 0 = the length given at Begin
--       total        longest lease in all, from the attempt's start
--       unfinished   retention of an unfinished record
-- Sets  lease_until, record_until, declared before
lease_until = math.max(deadline, math.min(now + (asked > 0 and asked or lease_for), mark + total))
record_until = lease_until + unfinished
