# SPDX-License-Identifier: MIT
#
# Streams whose clock is set, and whose producer is started anew: what is known
# of one session is kept as long as it lasts, and no longer.

load helper
load dump

@test "a clock that is set back loses nothing of rows, rates and peaks" {
	# Of a process ten connections that end, one a second, beside one that
	# goes on.
	jq -cn 'def flow(id; n): {id: id, src: "192.0.2.2", dst: "192.0.2.9",
	    src_port: (1000 + id), dst_port: 443, protocol: "TCP", proto: 6,
	    process_name: "web", pid: 7, total_sent: (n * 1000), packets_sent: n};
	    range(1; 16) as $t | ([$t, 10] | min) as $ended | {schema: 1,
	    type: "snapshot", session: "s", seq: $t, interval: 1, elapsed: $t,
	    ts: (1795289320000 + $t * 1000), flow_count: 1,
	    total_sent: (($t + $ended * 100) * 1000),
	    packets_sent: ($t + $ended * 100), flows: [flow(100; $t),
	    (select($t <= 10) | flow($t; 100) + {ended: true})]}' >in
	screen 120x30 '\tj' --set units=packets <in >want
	grep -q '\[7\] web .* 1.02kp  *0p' want
	grep -q '^│TX: *cum: *1.02kp  peak: *101p' want
	for at in 2 8 11; do
		jq -c "if .seq >= $at then .ts -= 3600000 else . end" in >back
		screen 120x30 '\tj' --set units=packets <back >got
		# All but the clock itself.
		diff -u <(sed 's/1[89]:28:55/CLOCK/' want) \
		    <(sed 's/1[89]:28:55/CLOCK/' got)
	done
}
