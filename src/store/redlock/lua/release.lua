--[[
release: gives a lease up where it is held by this id with this token, or with none yet.
KEYS[1]  marker of the node
KEYS[2]  lock of the resource
KEYS[3]  the namespace's locks by name
KEYS[4]  the same by when they end
ARGV[1]  marker that the caller knows
ARGV[2]  id of the lease
ARGV[3]  its token, decimal string
ARGV[4]  resource
Returns  {"released"} | {"missing"} | {"other"} | {"amnesia"}
Writes   lock and indexes, on "released"; nothing otherwise
]]
-- @include lib/amnesia.lua
-- @include lib/held.lua
if not id then return { 'missing' } end
if id ~= ARGV[2] or (token ~= ARGV[3] and token ~= '') then return { 'other' } end
local lock_key, index_key, ends_key, resource = KEYS[2], KEYS[3], KEYS[4], ARGV[4]
-- @include lib/forget.lua
return { 'released' }
