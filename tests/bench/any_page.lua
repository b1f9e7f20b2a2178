-- SPDX-License-Identifier: AGPL-3.0-or-later
-- For wrk: the same pages one after the other. Words: their paths.
local n = 0
local paths = {}

function init(words)
  for i = 1, #words do paths[i] = words[i] end
end

function request()
  n = n % #paths + 1
  return wrk.format("GET", paths[n])
end
