# SPDX-License-Identifier: MIT
# The far ends, by what the flows that there are have sent to and received from
# each since they began:
#	iftoprs --json | jq -r -f hosts.jq
"\(.timestamp)",
(.flows | group_by(.dst) |
  map({host: (.[0] | if (.dst_name // "") == "" then .dst else .dst_name end),
       flows: length,
       sent: (map(.total_sent) | add), recv: (map(.total_recv) | add)}) |
  sort_by(-(.sent + .recv), .host)[] |
  "  \(.sent)\t\(.recv)\t\(.host) (\(.flows) flow\(if .flows == 1 then "" else "s" end))")
