-- wrk: one client credentials request, over and over, on connections that are kept.
wrk.method = "POST"
wrk.path = "/oauth/token"
wrk.headers["Content-Type"] = "application/json"
wrk.body = [[{"grant_type":"client_credentials","client_id":"acme-machine",]]
  .. [["client_secret":"acme-machine-secret-for-local-tests-only","audience":"https://api.acme.example/"}]]

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("RESULT %d %d %d %.1f %.1f\n", summary.requests, failed, summary.duration,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
