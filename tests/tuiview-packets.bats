# SPDX-License-Identifier: MIT
#
# Packets a second: the stream does not tell them, so they are what the screen
# has seen come.

load helper
load dump

@test "packets a second are those of all flows, however many there are" {
	jq -cn 'range(1; 4) as $t | {schema: 1, type: "snapshot", session: "s",
	    seq: $t, ts: ($t * 1000), interval: 1, elapsed: $t, flows: [
	    range(1; 30001) | {id: ., src: "192.0.2.2", src_port: (. % 60000),
	    dst: "192.0.2.\(. % 2)", dst_port: 443, protocol: "TCP", proto: 6,
	    process_name: "web", sent_10s: (40000 - .), first_seen: 500,
	    packets_sent: $t}]} | .flow_count = (.flows | length)' >in
	screen 120x30 G --set units=packets <in |
		grep -q '▸192.0.2.2:30000 .* 3p  *1p  *1p  *1p │'
	screen 120x30 '\t' --set units=packets <in |
		grep -q ' web .* 30000  *30.0kp  *0p .* 90.0kp '
}

@test "packets a second that are not known have a dash, until they are" {
	dash='-  *-  *- │'
	screen 120x30 '' --set units=packets <"$six" >got
	grep -q "laptop.lan:43814 .* 1.34Mp  *$dash" got
	screen 120x30 'j{right 9 3}' --set units=packets <"$six" |
		grep -q 'TX  *-  *-  *- *1.34Mp'
	screen 120x30 '\t' --set units=packets <"$six" |
		grep -q 'firefox .* -  *-  *-  *-  *-  *-  *1.34Mp'
	screen 120x30 '' --set units=bytes <"$six" >got
	lacks "$dash" got
	change '., (.seq += 1 | .ts += 1000 | .flows[0].packets_sent += 7 |
	    .flows[0].first_seen = 1 | .flows[1].id = 99)' >in
	screen 120x30 '' --set units=packets <in >got
	grep -q 'laptop.lan:43814 .* 7p  *7p  *7p │' got
	# Of one that was there, but is seen for the first time.
	grep -q "laptop.lan:51522 .* $dash" got
}

@test "figures beyond all measure are large ones, never nothing" {
	# Two snapshots at once have a second between them, as far as we know.
	for elapsed in 0.001:1.00Mp 1e-30:1.00kp 1e-300:1.00kp; do
		change ".elapsed = 0, (.seq += 1 | .elapsed = ${elapsed%:*} |
		    .packets_sent += 1000)" |
			screen 100x24 BB | grep -q "^│TX:.*peak: *${elapsed#*:}"
	done
	change '.flows[0] as $f | .flows = [range(3000) as $k | $f |
	    .id = $k + 1 | .history = [range(40) | 777]]' >in
	sed 's/\<777\([],]\)/9999999999999999999\1/g' in >large
	screen 100x24 j <large | grep -q '█  40 s, peak 72.1Pb'
	screen 100x24 '\tj' <large | grep -q '█  40 s, peak 18.4Eb'
	screen 100x24 '\tj' <in | grep -q '█  40 s, peak 18.6Mb'
}
