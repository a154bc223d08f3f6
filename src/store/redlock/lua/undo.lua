--[[
undo: takes back the lock that one try to acquire has set here, and nobody else's.
KEYS[1]  marker of the node
KEYS[2]  lock of the resource
KEYS[3]  the namespace's locks by name
KEYS[4]  the same by when they end
ARGV[1]  marker that the caller knows
ARGV[2]  id of the lease
ARGV[3]  nonce of the try
ARGV[4]  resource
Returns  {"undone"} | {"kept"} | {"amnesia"}
Writes   lock and indexes, on "undone"; nothing otherwise
]]
-- @include lib/amnesia.lua
-- @include lib/held.lua
if id ~= ARGV[2] or try ~= ARGV[3] then return { 'kept' } end
local lock_key, index_key, ends_key, resource = KEYS[2], KEYS[3], KEYS[4], ARGV[4]
-- @include lib/forget.lua
return { 'undone' }
