# SPDX-License-Identifier: MIT
# The ten busiest flows of each snapshot, for reading:
#	iftoprs --json | jq -r -f top.jq
def endpoint($name; $address; $port):
  (if ($name // "") == "" then $address else $name end)
  + (if $port == 0 then "" else ":\($port)" end);
def rate:
  . * 8 | if . >= 1e9 then "\(. / 1e7 | round / 100)Gb"
    elif . >= 1e6 then "\(. / 1e4 | round / 100)Mb"
    elif . >= 1e3 then "\(. / 10 | round / 100)kb"
    else "\(.)b" end;

"\(.timestamp)  \(.flow_count) flows, \(.sent_10s | rate) sent, \(.recv_10s | rate) received",
(.flows[:10][] |
  "  \(.sent_10s | rate)\t\(.recv_10s | rate)\t"
  + endpoint(.src_name; .src; .src_port) + " -> " + endpoint(.dst_name; .dst; .dst_port)
  + (if (.process_name // "") == "" then "" else "  [\(.process_name)]" end))
