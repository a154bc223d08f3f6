-- Notes a lock in both indexes, and takes out up to two that are over: more than are ever added, so they stay small.
-- Needs lock_key, index_key, ends_key, resource, ttl_ms, now_us
local now_ms = math.floor(now_us / 1000)
local lock_prefix = string.sub(lock_key, 1, -#resource - 1)
for _, name in ipairs(redis.call('ZRANGEBYSCORE', ends_key, '-inf', now_ms, 'LIMIT', 0, 2)) do
  local left = redis.call('PTTL', lock_prefix .. name)
  if left > 0 then
    redis.call('ZADD', ends_key, now_ms + left, name)
  else
    redis.call('ZREM', index_key, name)
    redis.call('ZREM', ends_key, name)
  end
end
redis.call('ZADD', index_key, 0, resource)
redis.call('ZADD', ends_key, now_ms + ttl_ms, resource)
