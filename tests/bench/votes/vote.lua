-- wrk's part: each request is the one vote of a battle by its owner.
--   wrk ... vote.lua -- BATTLES COOKIES THREADS
-- BATTLES: lines "battle-id index-of-cookie"; COOKIES: one a line. Thread n takes every
-- THREADS-th battle. Requests are joined from parts made ahead: about a microsecond each.

local head = table.concat({
  "/judgments HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n",
  "Origin: http://127.0.0.1\r\nSec-Fetch-Site: same-origin\r\nCookie: ",
})
local moment = os.time()
local body = string.format(
  '{"answers":[{"question":"overall","value":"%%s"}],"shown_at":"%s","answered_at":"%s","active_seconds":9.25}',
  os.date("!%Y-%m-%dT%H:%M:%S.125Z", moment - 10), os.date("!%Y-%m-%dT%H:%M:%S.375Z", moment))

local thread_number = 0
function setup(thread)
  thread:set("number", thread_number)
  thread_number = thread_number + 1
end

local battles, cookies, endings = {}, {}, {}
local taken = 0
short = false

function init(args)
  local threads = tonumber(args[3])
  for line in io.lines(args[2]) do cookies[#cookies + 1] = line end
  local n = 0
  for line in io.lines(args[1]) do
    if n % threads == number then battles[#battles + 1] = line end
    n = n + 1
  end
  for i, winner in ipairs({ "a", "b", "tie", "both_bad" }) do
    local text = string.format(body, winner)
    endings[i] = "\r\nContent-Length: " .. #text .. "\r\n\r\n" .. text
  end
  loading = os.clock()  -- processor time of the process so far: none of it for votes
end

function request()
  taken = taken + 1
  local line = battles[taken]
  if line == nil then
    short = true
    wrk.thread:stop()
    line = battles[taken % #battles + 1]
  end
  local battle = string.sub(line, 1, 36)
  return "POST /api/v1/battles/" .. battle .. head .. cookies[tonumber(string.sub(line, 38)) + 1]
    .. "\r\nIdempotency-Key: " .. battle .. endings[taken % 4 + 1]
end

local all = {}
local remember = setup
function setup(thread)
  remember(thread)
  all[#all + 1] = thread
end

function done(summary, latency)
  local ran_short = false
  local loading = 0
  for _, thread in ipairs(all) do
    ran_short = ran_short or thread:get("short")
    loading = math.max(loading, thread:get("loading"))
  end
  local e = summary.errors
  io.write(string.format(
    '\nRESULT {"seconds": %.6f, "answers": %d, "p50_ms": %.3f, "p99_ms": %.3f, "max_ms": %.3f, '
    .. '"errors": %d, "refused": %d, "short": %s, "loading": %.3f}\n',
    summary.duration / 1e6, summary.requests, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, latency.max / 1e3,
    e.connect + e.read + e.write + e.timeout, e.status, tostring(ran_short), loading))
end
