-- SPDX-License-Identifier: AGPL-3.0-or-later
-- For wrk: each request signs somebody else up. Words: the path, and a letter that no other run uses.
local n = 0
local path, run

function init(words)
  path, run = words[1], words[2]
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
  wrk.headers["Accept"] = "application/json"
end

function request()
  n = n + 1
  return wrk.format(nil, path, nil, "first_name=Anne&party=1&email=" .. run .. n .. "%40example.org")
end
