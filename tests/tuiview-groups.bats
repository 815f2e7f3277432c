# SPDX-License-Identifier: MIT
#
# Rows of processes, hosts, services and publishers over the time of a stream:
# what flows had that have ended stays in them.

load helper
load dump

# stream FILTER: ten connections of a process to a host, one a second, each of
# 100 kB sent in 100 packets and listed once more when it has ended, beside one
# that goes on, of 1 kB a second; changed by jq.
stream() {
	jq -cn 'def flow(id; bytes): {id: id, src: "192.0.2.2", dst: "192.0.2.9",
	    src_port: (1000 + id), dst_port: 443, protocol: "TCP", proto: 6,
	    direction: "out", dst_service: "https", process_name: "web", pid: 7,
	    package: "webs", total_sent: bytes, total_recv: (bytes / 10),
	    packets_sent: (bytes / 1000), packets_recv: (bytes / 1000)};
	    range(1; 16) as $t | ([$t, 10] | min) as $ended | {schema: 1,
	    type: "snapshot", session: "s", seq: $t,
	    ts: (1795289320000 + $t * 1000), interval: 1, elapsed: $t,
	    total_sent: ($t * 1000 + $ended * 100000),
	    total_recv: ($t * 100 + $ended * 10000),
	    flows: [flow(100; $t * 1000), (select($t <= 10) |
	    flow($t; 100000) + {ended: true})]} |
	    .flow_count = (.flows | length)' | jq -c "$1"
}

# row KEYS [OPTION...]: the sums of the row in the view, sent and received.
row() {
	local keys=$1
	shift
	screen 120x24 "$keys" --set show_bars=false "$@" |
		grep -E '^│ .(\[7\] web|192.0.2.9|443|https|webs) ' |
		grep -o '[^ ]* *[^ ]* *│$' | tr -s ' '
}

@test "the total of a row does not fall when its flows end" {
	for keys in '\t' '\t\t' '\t\t\t' '\t\t\t\t'; do
		stream . | row "$keys" >got
		diff -u <(echo '1.02MB 102kB │') got
	done
	stream . | row '\t' --set units=packets >got
	diff -u <(echo '1.02kp 1.02kp │') got
	# At each second, as in the line of totals.
	for t in 1 2 9 10 11; do
		stream "select(.seq <= $t)" >in
		want=$(screen 120x24 '\t' --set show_bars=false <in |
			grep -o 'TX: *cum: *[^ ]*' | sed 's/.* //')
		row '\t' <in >got
		grep -q "^$want " got
	done
}

@test "a process whose flows have all ended has their bytes when it is back" {
	stream 'if .seq >= 11 and .seq < 15 then .flows = [] | .flow_count = 0
	    else . end' >in
	head -n 14 in | screen 120x24 '\t' >got
	lacks '\[7\] web' got
	row '\t' <in >got
	diff -u <(echo '1.02MB 102kB │') got
}

@test "a flow that was not listed for a while is not counted twice" {
	# Those beyond --top have not ended; what is not listed is told.
	stream '.flows |= map(del(.ended)) | if .seq % 3 == 1 then
	    .flows += [.flows[0] + {id: 200, total_sent: 50000, total_recv: 0}]
	    else .flow_count += 1 end' >in
	head -n 13 in | row '\t' >got
	diff -u <(echo '63.0kB 1.30kB │') got
	head -n 14 in | row '\t' >got
	diff -u <(echo '14.0kB 1.40kB │') got
	# The same snapshot twice is one.
	stream 'if .seq == 5 then (., .) else . end' | row '\t' >got
	diff -u <(echo '1.02MB 102kB │') got
}

@test "another session and totals that begin anew forget what has ended" {
	stream 'if .seq > 12 then .session = "other" else . end' | row '\t' >got
	diff -u <(echo '15.0kB 1.50kB │') got
	anew='(.total_sent, .total_recv) = .seq - 12'
	stream "if .seq > 12 then $anew else . end" | row '\t' >got
	diff -u <(echo '15.0kB 1.50kB │') got
	# Told by flowagg, even if more has come since than before.
	stream 'if .seq == 3 then .events = [{level: "info", from: "flowagg",
	    text: "reset"}] else . end' | row '\t' >got
	diff -u <(echo '815kB 81.5kB │') got
}

@test "while a live screen is paused, what ends does not change it" {
	stream '.source = {kind: "live"}' >in
	row 'P\t' <in >got
	diff -u <(echo '1.02MB 102kB │') got
	keys=$(printf '{next}%.0s' $(seq 12))
	row "{next}{next}P\\t$keys" <in >got
	diff -u <(echo '303kB 30.3kB │') got
	row "{next}{next}P${keys}P\\t" <in >got
	diff -u <(echo '1.02MB 102kB │') got
}

@test "of more rows than are remembered the half that ended first is forgotten" {
	jq -cn 'def flow(id): {id: id, src: "192.0.2.2", dst: "10.\(id / 65536 |
	    floor).\(id / 256 % 256 | floor).\(id % 256)", total_sent: 1000,
	    ended: true};
	    range(1; 7) as $t | {schema: 1, type: "snapshot", session: "s", seq: $t,
	    ts: ($t * 1000), interval: 1, flows: (if $t < 6 then
	    [range(1000) | flow(. + $t * 1000)] else
	    [flow(1500), flow(5500)] end)} |
	    .flow_count = (.flows | length)' >in
	screen 120x24 '\t\t' --set show_bars=false <in >got
	grep -q '10.0.5.220 .* 1.00kB  *0B' got
	grep -q '10.0.21.124 .* 2.00kB  *0B' got
	# Of the one process there is, nothing is.
	screen 120x24 '\t' <in | grep -q ' 5.00MB  *0B'
}

@test "of as many rows as are remembered none is forgotten for one of them" {
	jq -cn 'def flow(id): {id: id, src: "192.0.2.2", dst: "10.0.\(id / 256 |
	    floor).\(id % 256)", total_sent: 1000, ended: true};
	    range(1; 8) as $t | {schema: 1, type: "snapshot", session: "s", seq: $t,
	    ts: ($t * 1000), interval: 1, flows: (if $t < 5 then
	    [range(1024) | flow(. + $t * 1024)] else
	    [[flow(5119)], [], [flow(1024)]][$t - 5] end)} |
	    .flow_count = (.flows | length)' >in
	screen 120x24 '\t\t' --set show_bars=false <in |
		grep -q '10.0.4.0 .* 2.00kB  *0B'
}

@test "flows that are not listed are told beside the rows that lack them" {
	change '.flow_count = 1007' >in
	screen 120x24 '\t' <in | grep -q ' 6 processes, 1001 flows not listed '
	screen 120x24 '\t\t/ssh\r' <in |
		grep -q ' 2 of 5 hosts, 1001 flows not listed '
	screen 120x24 p <in | grep -q ' 5 rows, 1001 flows not listed '
	screen 120x24 '' <in | grep -q ' 6 of 1007 flows '
	screen 80x24 '\t' <in | grep -q ' 6, +1001 flows '
	screen 80x24 '\t/ssh\r' <in | grep -q ' 3/6 +1001 '
	screen 60x12 '\t' <in | grep -q ' 6, +1001 flows '
	change '.flow_count = 7' | screen 120x24 '\t' |
		grep -q ' 6 processes, 1 flow not listed '
	change '.flow_count = 7 | .by = "host"' | screen 120x24 '\t' |
		grep -q ' 6 processes, 1 row not listed '
	# Not those that nobody asked to see.
	change '.flow_count = 7 | .names.own_flows = 1' |
		screen 120x24 '\t' | grep -q ' 6 processes '
	screen 120x24 '\t' <"$six" >got
	lacks 'not listed' got
}

@test "the rows of a whole capture add up to its totals, though flows ended" {
	capd -r "$root/share/sample.pcap" | flowagg --top 100000 >in
	screen 120x24 '\t' --set show_bars=false <in >got
	sums=$(grep '(no process known)' got | grep -o '[^ ]* *[^ ]* *│$')
	cum=$(grep -o 'cum: *[^ ]*' got | head -n 2 | sed 's/.* //')
	diff -u <(echo "$cum") <(printf '%s\n' "$sums" | tr -s ' ' '\n' | head -n 2)
	jq -es '.[-1].expired.flows > 0' in
}

@test "services are sorted by what is shown: names, or the numbers of ports" {
	change '.flows = [.flows[0] | .dst_service = "" | .direction = "out" |
	    (.id = 1 | .dst_port = 443 | .dst_service = "https"),
	    (.id = 2 | .dst_port = 22 | .dst_service = "ssh"),
	    (.id = 3 | .dst_port = 110 | .dst_service = "pop3"),
	    (.id = 4 | .dst_port = 53 | .dst_service = "domain"),
	    (.id = 5 | .dst_port = 53 | .dst_service = "domain" |
	    .protocol = "UDP" | .proto = 17), (.id = 6 | .dst_port = 9000),
	    (.id = 7 | .dst_port = 10000)]' >in
	services() {
		screen 120x24 "$1" --set show_bars=false --set sort=source <in |
			grep -o '^│  [^ ]*\( ([^)]*)\)\{0,1\} .* 1 ' |
			sed 's/^│  //; s/  .*//' | tr '\n' ' '
	}
	diff -u <(printf '%s' '9000/TCP 10000/TCP domain (53/TCP) ' \
		'domain (53/UDP) https (443/TCP) pop3 (110/TCP) ' \
		'ssh (22/TCP) ') <(services '\t\t\t')
	diff -u <(printf '%s' '22/TCP 53/TCP 53/UDP 110/TCP 443/TCP 9000/TCP ' \
		'10000/TCP ') <(services '\t\t\tN')
	diff -u <(printf '%s' '10000/TCP 9000/TCP 443/TCP 110/TCP 53/UDP ' \
		'53/TCP 22/TCP ') <(services '\t\t\tNr')
}

@test "in groups the columns are marked by which the rows are sorted" {
	marked() {	# LINE SORT
		stream . | screen 160x24 '\t' --set "line_mode=$1" \
			--set "sort=$2" | grep -o '[TR]X [^ ]*▼' |
			tr '\n' ' '
	}
	diff -u <(printf '%s' 'TX 10s▼ RX 10s▼ ') <(marked two-line 10s)
	diff -u <(printf '%s' 'TX 10s▼ ') <(marked sent 10s)
	diff -u <(printf '%s' 'RX 10s▼ ') <(marked received 10s)
	diff -u <(printf '%s' 'TX sum▼ ') <(marked sent total)
	diff -u <(printf '%s' 'RX sum▼ ') <(marked received total)
}

@test "where groups have no room for all windows, the one sorted by stays" {
	for sort in 2s 10s 40s; do
		for width in 64 80 100; do
			stream . | screen ${width}x24 '\t' --set "sort=$sort" |
				grep -o 'TX [0-9][0-9]*s' | tr '\n' ' '
			echo "by $sort, $width"
		done
	done >windows
	diff -u - windows <<-'E'
	TX 2s by 2s, 64
	TX 2s TX 10s by 2s, 80
	TX 2s TX 10s TX 40s by 2s, 100
	TX 10s by 10s, 64
	TX 2s TX 10s by 10s, 80
	TX 2s TX 10s TX 40s by 10s, 100
	TX 40s by 40s, 64
	TX 10s TX 40s by 40s, 80
	TX 2s TX 10s TX 40s by 40s, 100
	E
}

# flows OPTIONS...: rows of the first of the six, each changed by jq.
flows() {
	local row all=
	for row; do
		all+=", (.id = $((${#all} + 1)) | $row)"
	done
	change ".flows = [.flows[0] | .direction = \"out\" | (.src_name,
	    .dst_name, .dst_service, .process_name) = \"\" | .pid = null |
	    (${all#, })] | .flow_count = (.flows | length)"
}

# shown SORT KEYS: the ends of the rows in that order.
shown() {
	screen 140x40 "$2" --set show_bars=false --set line_mode=one-line \
		--set sort="$1" | grep '<=>' >rows || true
	sed 's/^│ *//; s/ *<=> */ > /; s/  .*//' rows
}

@test "merged rows are sorted by what they show, equal ones by rates" {
	local keys='.src = "192.0.2.'
	# The busiest of the second snapshot is another one.
	flows "${keys}1\" | .dst = \"192.0.2.80\" | .src_port = 1001" \
		"${keys}1\" | .dst = \"192.0.2.80\" | .src_port = 1009 |
		.sent_10s = 100" \
		"${keys}5\" | .dst = \"192.0.2.90\" | .src_port = 1005 |
		.sent_10s = 1000" >in
	jq -c '.flows |= (.[1].sent_10s = 9000000 | .[2].sent_10s = 9)' in >later
	shown destination s <in >got
	shown destination s <later >then
	diff -u got then
	diff -u <(printf '* > 192.0.2.%s:443\n' 80 90) got
	shown source d <in >got
	shown source d <later >then
	diff -u got then
	diff -u <(printf '192.0.2.%s > *\n' 1:1001 1:1009 5:1005) got
	# Where all are a star.
	shown source s <in >got
	diff -u <(printf '* > 192.0.2.%s:443\n' 80 90) got
	jq -c '.flows[2].sent_10s = 90000000' in | shown source s >got
	diff -u <(printf '* > 192.0.2.%s:443\n' 90 80) got
	shown destination d <later >got
	diff -u <(printf '192.0.2.%s > *\n' 1:1009 1:1001 5:1005) got
	# Ports that are not shown have no part in it.
	jq -c '.flows[1].dst = "192.0.2.70"' in >two
	shown source p <two >got
	diff -u <(printf '192.0.2.%s\n' '1 > 192.0.2.80' '1 > 192.0.2.70' \
		'5 > 192.0.2.90') got
	jq -c '.flows[1].sent_10s = 9000000' two | shown source p >got
	diff -u <(printf '192.0.2.%s\n' '1 > 192.0.2.70' '1 > 192.0.2.80' \
		'5 > 192.0.2.90') got
}

@test "rows of several processes stand behind those of one, then those of none" {
	flows '.dst = "192.0.2.10"' '.dst = "192.0.2.20" | .pid = 7' \
		'.dst = "192.0.2.30" | .pid = 1 | .process_name = "aa"' \
		'.dst = "192.0.2.30" | .pid = 2 | .process_name = "bb" |
		.src_port = 9' \
		'.dst = "192.0.2.40" | .pid = 3 | .process_name = "Cc"' >in
	shown process p <in | sed 's/.* > //' >got
	diff -u <(printf '192.0.2.%s\n' 40 30 20 10) got
	shown process pr <in | sed 's/.* > //' >got
	diff -u <(printf '192.0.2.%s\n' 10 20 30 40) got
}

@test "a host of one name and many addresses is one in the order by name" {
	local name='.dst_name = "a-rather-long-name.example.net" | .dst ='
	flows "$name \"192.0.2.80\" | .dst_port = 22" \
		"$name \"2001:db8::80\" | .dst_port = 21" \
		"$name \"192.0.2.80\" | .dst_port = 20" >in
	shown destination '' <in | sed 's/.*://' >got
	diff -u <(printf '%s\n' 20 21 22) got
	shown destination n <in | sed 's/.*://' >got
	diff -u <(printf '%s\n' 20 22 21) got
}

@test "rows without hosts are sorted by what stands there instead" {
	local none='(.src, .dst, .protocol, .direction) = "" |
		(.src_port, .dst_port, .proto) = 0 |'
	flows "$none .protocol = \"UDP\" | .proto = 17" \
		"$none .protocol = \"ICMP\" | .proto = 1 | .sent_10s = 1" \
		"$none .protocol = \"TCP\" | .proto = 6" |
		shown destination '' >got
	diff -u <(printf '* > * %s\n' ICMP TCP UDP) got
	flows "$none .interface = \"wlan0\"" "$none .interface = \"eth1\" |
		.sent_10s = 1" "$none .interface = \"lo\"" |
		shown source '' >got
	diff -u <(printf '%s > *\n' eth1 lo wlan0) got
}

@test "a long name of what was entered leaves the way back and the border" {
	change '.flows[].process_name = "a-long-name-of-a-program-that-goes-on"' >in
	for size in 60x20 61x20 63x20 80x20 100x20 131x20; do
		screen $size '\tj\r' <in | grep -qx '│.*▸ \[4821\].*-on Esc .*│'
	done
	screen 60x12 '\tj\r' <in | grep -qx '.*▸ \[4821\].*-on Esc'
}

@test "Esc goes back from a process whose selected flow has gone, or is hidden" {
	six=$fixtures/tuiview/six.ndjson
	jq -c '., (.seq += 1 | .ts += 1000 |
	    .flows |= map(select(.pid != 4821)))' "$six" >in
	screen 100x24 '\tj\rj{next}' <in | grep -q 'Esc goes back'
	screen 100x24 '\tj\rj{next}\e' <in | grep -q '\[Processes\]'
	screen 100x24 '\tj\rj/nosuch\r\e' <in | grep -q '\[Processes\]'
	# What can be seen is deselected first.
	screen 100x24 '\tj\rj\e' <"$six" | grep -q '▸ \[4821\] firefox Esc'
}
