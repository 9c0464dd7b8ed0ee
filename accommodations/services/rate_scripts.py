"""What Redis does in one step: grant a request its slot, take it back with what Canvas said, tell how full a bucket is.

Redis's own clock decides, so that workers with wrong clocks agree. A bucket is a hash (`base`: its level without our
requests in flight, as of `at`; `until`: frozen by a refusal; `urgent_until`) and a sorted set of our requests in
flight by the time at which each is given up.
"""

_NOW_AND_LEVEL = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local high_water, outflow, up_front, room = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
local stored = redis.call('HMGET', KEYS[1], 'base', 'at', 'until', 'urgent_until')
-- Before the first answer nobody knows what other clients have filled in: as much is assumed as lets two requests go.
local base = tonumber(stored[1]) or high_water - room - up_front
local frozen_until, urgent_until = tonumber(stored[3]) or 0, tonumber(stored[4]) or 0
base = math.max(0, base - math.max(0, now - (tonumber(stored[2]) or now)) * outflow)
local function text(number) return string.format('%.6f', number) end
local function remember()
  redis.call('HSET', KEYS[1], 'base', text(base), 'at', text(now), 'until', text(frozen_until),
    'urgent_until', text(urgent_until))
  redis.call('EXPIRE', KEYS[1], 3600)
end
"""

ASK = (
    _NOW_AND_LEVEL
    + """
local reserve, urgent_seconds, slot_seconds, is_urgent = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]),
  ARGV[9] == '1'
if frozen_until > now then return {'0', text(frozen_until - now), '1'} end
local limit = high_water - room
if is_urgent then urgent_until = now + urgent_seconds
elseif urgent_until > now then limit = limit - reserve end
local flight = redis.call('ZCARD', KEYS[2])
local level = base + up_front * flight
-- However little a bucket holds, one request at a time is never too much.
local is_granted = level <= limit or (flight == 0 and base < high_water - up_front)
if is_granted then
  redis.call('ZADD', KEYS[2], now + slot_seconds, ARGV[1])
  redis.call('EXPIRE', KEYS[2], 3600)
end
if is_granted or is_urgent then remember() end
if is_granted then return {'1', '0', '0'} end
return {'0', text((level - limit) / outflow), '0'}
"""
)

GIVE_BACK = (
    _NOW_AND_LEVEL
    + """
local cost, remaining, frozen_for = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
redis.call('ZREM', KEYS[2], ARGV[1])
local others = redis.call('ZCARD', KEYS[2])
base = base + (cost or 0)
if remaining then
  -- What Canvas says holds the up-front cost of whatever of ours it has in hand. Some of that is on its way there or
  -- back, so the more there is, the less one answer is believed; all answers together are.
  local measured = high_water - remaining - up_front * others
  local weight = 1 / (1 + others)
  if frozen_for or not stored[1] then weight = 1 end
  base = math.max(0, base + weight * (measured - base))
end
if frozen_for then frozen_until = math.max(frozen_until, now + frozen_for) end
remember()
for position = 9, #ARGV, 2 do redis.call('HINCRBYFLOAT', KEYS[3], ARGV[position], ARGV[position + 1]) end
return 1
"""
)

LOOK = (
    _NOW_AND_LEVEL
    + """
local flight = redis.call('ZCARD', KEYS[2])
return {text(base + up_front * flight), tostring(flight), text(math.max(0, frozen_until - now))}
"""
)
