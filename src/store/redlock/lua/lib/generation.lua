-- Of the marker: stays as long as the node has forgotten nothing, and is told with each last token that is noted.
-- Needs ARGV[1]
-- Sets  generation
local generation = string.match(ARGV[1], '^%w+:%w+:%x+:([%w_-]+):') or ''
