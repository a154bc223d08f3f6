-- Frees the lock and takes it out of both indexes.
-- Needs lock_key, index_key, ends_key, resource
redis.call('DEL', lock_key)
redis.call('ZREM', index_key, resource)
redis.call('ZREM', ends_key, resource)
