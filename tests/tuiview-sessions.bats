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

# sessions FILTER: the six flows, and a session later the second and the first
# of them with the ids of the others, changed by jq.
sessions() {
	change ". , (.session = \"later\" | .seq = 3 | .elapsed = 3 |
	    .ts += 3600000 | .flows |= [.[1], .[0]] | .flows[0].id = 71 |
	    .flows[1].id = 72 | .flow_count = 2 | $1)"
}

@test "the selection stays with its flow when another session has its id" {
	for case in 'j:laptop.lan:43814' 'jj:laptop.lan:51522' \
	    'jj{right 20 5}:laptop.lan:51522'; do
		sessions . | screen 120x30 "${case%%:*}{next}" >got
		grep -q "^│ *▸${case#*:}" got
		[ "$(grep -c ▸ got)" -eq 1 ]
	done
	# Also by a change of rows just before, in another view, on a paused
	# screen.
	for keys in 'pjp{next}' 'jp{next}p' 'j\t{next}\e[Z' 'jP{next}P'; do
		sessions . | screen 120x30 "$keys" >got
		grep -q '^│ *▸laptop.lan:43814' got
	done
	sessions . | screen 120x30 'pj{next}' | grep -q '▸laptop.lan▁*=>.*example.net'
}

@test "a flow that is not in the next session is not selected, nor any other" {
	sessions 'del(.flows[1])' | screen 120x30 'j{next}' >got
	grep -q 'laptop.lan:51522' got
	lacks ▸ got
	sessions 'del(.flows[1])' | screen 120x30 'j\r{next}' |
		grep -q 'it is no longer in the stream'
	# Groups are the same in every session.
	sessions 'del(.flows[1])' | screen 120x30 '\tjj{next}' |
		grep -q '▸\[911\].ssh'
}

@test "an alert of another session is told, though its flow has the same id" {
	alert() {
		jq -c ".alerts = [{flow: $1, src: .flows[0].src, rate: 10010,
		    dst: .flows[0].dst, direction: \"both\", threshold: 1000,
		    state: \"raised\"}]"
	}
	sessions . | alert 71 | screen 120x30 '{wait 9000}{next}' |
		grep -q 'ALERT laptop.lan:51522 => '
	sessions . | alert 0 | screen 120x30 '{wait 9000}{next}' |
		grep -q 'ALERT everything together'
	sessions '.session = "9f3c1a77d2e04b58" | .seq = 18' | alert 71 |
		screen 120x30 '{wait 9000}{next}' >got
	lacks 'ALERT laptop' got
	# On a paused screen it marks no flow of the session before.
	sessions '.events = []' | jq -c 'select(.seq == 3).alerts = [{flow: 71,
	    rate: 10010, threshold: 1000, state: "raised"}]' >in
	screen 120x30 'P{next}rr' <in >got
	grep -q 'PAUSED' got
	lacks '^│!' got
	screen 120x30 'P{next}Prr' <in | grep -q '^│! laptop.lan:51522'
	# A recording from its beginning, too.
	sessions '.session = "9f3c1a77d2e04b58"' | alert 71 |
		screen 120x30 '{wait 9000}{next}' | grep -q 'ALERT laptop'
}

@test "totals are those since this session began, and seen by its filter" {
	since() {
		screen 120x30 "$1{right 36 28}" |
			sed -n 's/.*totals since *\([0-9:]*\).*/\1/p'
	}
	sessions . | jq -c 'if .seq == 17 then .source.filter = "udp" | .events =
	    [{level: "info", from: "flowagg", text: "reset"}] else .
	    end' >in
	[ "$(head -n 1 in | since '')" = 19:28:40 ]
	[ "$(since '{next}' <in)" = 20:28:37 ]
	# Nor is the capture down since before it began.
	jq -c '.capture.state = "down"' in >down
	screen 120x30 '{next}' <down | grep -q 'DOWN since 20:28:40'
	head -n 1 in | screen 120x30 '{right 80 28}' | grep -q 'by the filter'
	screen 120x30 '{next}{right 80 28}' <in >got
	grep -q '│ seen .*on the wire' got
	lacks 'by the filter' got
}
