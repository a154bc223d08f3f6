-- Wakes whoever said that they wait for the end of the attempt that was here. A hint: where publishing is forbidden,
-- waiters lose speed and nothing else. The channel is no key; subscriber.ts listens to it.
-- Needs record_key: the hash tag of its slot, 8 bytes, then `r`, then its id; flags as they were, nil without a record
if flags and band(flags, WAITED) ~= 0 then
  redis.pcall('PUBLISH', 'onceward:ended', sub(record_key, 10))
end
