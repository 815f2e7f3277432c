# SPDX-License-Identifier: MIT
# The ten busiest flows of each snapshot, for reading:
#	iftoprs --json | jq -r -f top.jq
def endpoint($name; $address; $port):
  (if ($name // "") != "" then $name
    elif $port != 0 and ($address | contains(":")) then "[\($address)]"
    else $address end)
  + (if $port == 0 then "" else ":\($port)" end);
# Three digits, as on the screen.
def rate:
  [. * 8, 0] | until(.[0] < 999.5 or .[1] == 4; [.[0] / 1000, .[1] + 1]) |
  (.[0] | if . < 9.995 then . * 100 | round / 100
    elif . < 99.95 then . * 10 | round / 10
    else round end) as $number |
  "\($number)\(["b", "kb", "Mb", "Gb", "Tb"][.[1]])";

"\(.timestamp)  \(.flow_count) flow\(if .flow_count == 1 then "" else "s" end), \(.sent_10s | rate) sent, \(.recv_10s | rate) received",
(.flows[:10][] |
  "  \(.sent_10s | rate)\t\(.recv_10s | rate)\t"
  + endpoint(.src_name; .src; .src_port) + " -> " + endpoint(.dst_name; .dst; .dst_port)
  + (if (.process_name // "") == "" then "" else "  [\(.process_name)]" end))
