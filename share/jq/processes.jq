# SPDX-License-Identifier: MIT
# What the flows that there are have sent and received since each began, by
# process, the most first:
#	iftoprs --json | jq -r -f processes.jq
"\(.timestamp)",
(.flows | map(select((.process_name // "") != "")) | group_by(.process_name) |
  map({name: .[0].process_name, flows: length,
       sent: (map(.total_sent) | add), recv: (map(.total_recv) | add)}) |
  sort_by(-(.sent + .recv), .name)[] |
  "  \(.sent)\t\(.recv)\t\(.name) (\(.flows) flow\(if .flows == 1 then "" else "s" end))")
