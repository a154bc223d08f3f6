-- A node that lost what it knew, or was restarted since it was last verified, takes no part.
-- Needs KEYS[1], ARGV[1]
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return { 'amnesia' } end
