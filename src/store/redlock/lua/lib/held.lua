-- Who has the lock here; all false when it is free.
-- Needs KEYS[2]
-- Sets  id, owner, token, try, acquired_at
local id, owner, token, try, acquired_at =
  unpack(redis.call('HMGET', KEYS[2], 'id', 'owner', 'token', 'try', 'acquired_at'))
