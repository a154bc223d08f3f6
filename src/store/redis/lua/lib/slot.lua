-- Opens a slot. Its header is 16 bytes of stamp, then the last token minted in it, 8 bytes. A missing or another stamp
-- means that this shard is not, or no longer, the one that the caller's table says: nothing may be written then.
-- Needs header_key, record_key; stamp: of the shard table
-- Sets  last_token   of the slot
--       bytes        of the record; false = there is none
local found = call('MGET', header_key, record_key)
local slot_header, bytes = found[1], found[2]
if not slot_header or #slot_header ~= 24 then return { 'wrong_shard', slot_header or '' } end
local found_stamp, last_token = unpack('>c16I8', slot_header)
if found_stamp ~= stamp then return { 'wrong_shard', found_stamp } end
