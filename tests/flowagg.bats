# SPDX-License-Identifier: MIT
#
# flowagg: windows, time, life of a flow, alerts, forms of output.

load helper

# snapshots OPTION...: what flowagg makes of the packets on standard input.
snapshots() {
	flowagg-records | flowagg "$@"
}

# same WANTED [FILTER]: is that what jq makes of the file got?
same() {
	diff -u <(printf '%s\n' "$1") <(jq -c "${2:-.}" got)
}

check() {
	jq -n -f "$root/share/jq/check.jq" "$@"
}

@test "a steady rate reads as itself in all windows from the first second" {
	snapshots >got <<-'E'
	every 0.01 1000 1045 udp 10.0.0.1 1000 > 192.0.2.1 53 1000
	E
	jq -e -s 'length >= 45 and all(.[]; .sent_2s == 100000 and
	    .sent_10s == 100000 and .sent_40s == 100000 and .recv_2s == 0 and
	    .flows[0].sent_2s == 100000 and .flows[0].sent_40s == 100000)' got
}

@test "a stream that starts within a second is right from the start, too" {
	snapshots >got <<-'E'
	every 0.01 1000.3 1012 udp 10.0.0.1 1000 > 192.0.2.1 53 1000
	E
	jq -e -s 'length > 11 and all(.[:11][]; .sent_2s == 100000 and .sent_10s == 100000)' got
}

@test "what came in the first moment alone is no rate" {
	flowagg-records >records <<-'E'
	1000.9999 udp 10.0.0.1 1000 > 192.0.2.1 53 1500
	1001.3 udp 10.0.0.1 1000 > 192.0.2.1 53 1500
	1002.2 udp 10.0.0.1 1000 > 192.0.2.1 53 1500
	E
	# 1500 bytes in 0.1 ms are no 15 MB/s.
	flowagg --interval 0.2 <records >got
	jq -c '[.ts, .sent_2s, .sent_40s, .flows[0].sent_10s,
	    .other.sent_2s]' got | sed -n '1p; 4,5p' >rates
	diff -u - rates <<-'E'
	[1001200,0,0,0,0]
	[1001800,0,0,0,0]
	[1002000,3000,3000,3000,0]
	E
	head -n 2 records | flowagg --final >got
	same '[0,0]' '[.sent_2s, .flows[0].sent_40s]'
	# Half a second of it is one.
	flowagg-records <<-'E' | flowagg --final >got
	1000.5 udp 10.0.0.1 1000 > 192.0.2.1 53 400
	1001 udp 10.0.0.1 1000 > 192.0.2.1 53 400
	E
	same '[800,800]' '[.sent_2s, .flows[0].sent_40s]'
}

@test "in a file, snapshots go on until all windows are empty, and not longer" {
	snapshots --idle 1 >got <<-'E'
	1000.2 udp 10.0.0.1 1000 > 192.0.2.1 53 40000
	2000.2 udp 10.0.0.1 1000 > 192.0.2.1 53 40000
	E
	jq -c '[.seq, .ts / 1000, .sent_40s > 0]' got >times
	# The burst is in the window for 40 seconds, the flow in the table for
	# two; then there is nothing more to tell.
	sed -n '3p; 40,43p' times >some
	diff -u - some <<-'E'
	[3,1003,true]
	[40,1040,true]
	[41,1041,false]
	[42,1042,false]
	[43,2000.2,false]
	E
	jq -e -s 'all(.[2:42][]; .flow_count == 0)' got
	check got
}

@test "a burst leaves each window exactly when it is that old" {
	snapshots >got <<-'E'
	1000 udp 10.0.0.1 1000 > 192.0.2.1 53 1
	1100.2 udp 10.0.0.1 1001 > 192.0.2.1 53 40000
	every 1 1101.5 1150 udp 10.0.0.1 1000 > 192.0.2.1 53 1
	E
	jq -c 'select(.ts >= 1101000) | .flows[] | select(.src_port == 1001) |
	    [.sent_2s, .sent_10s, .sent_40s]' got | uniq -c |
		sed 's/^ *//' >windows
	# Each window from 1101 on, for as many seconds as it has.
	diff -u - windows <<-'E'
	2 [20000,4000,1000]
	8 [0,4000,1000]
	30 [0,0,1000]
	10 [0,0,0]
	E
}

@test "a gap in time clears the windows, and never compresses time" {
	snapshots >got <<-'E'
	every 0.1 1000 1005 udp 10.0.0.1 1000 > 192.0.2.1 53 1000
	every 0.1 1030 1032 udp 10.0.0.1 1000 > 192.0.2.1 53 1000
	E
	jq -c -s '[.[] | select(.ts == 1029000 or .ts == 1031000) |
	    [.sent_2s, .sent_10s, .sent_40s]]' got >windows
	# In 31 s there were 50 kB and then one second of 10 kB.
	diff -u - windows <<-'E'
	[[0,0,1724],[5000,1000,1935]]
	E
}

@test "the same records give the same bytes, however they arrive" {
	flowagg-random 7 3000 | flowagg-records >records
	flowagg <records >got
	[ -s got ]
	for size in 1 61 5000; do
		dd if=records obs=$size status=none | flowagg | cmp - got
	done
	flowagg-binary <records >binary
	flowagg <binary >from.binary
	{
		for i in 1 2 3 4 5 6 7 8; do
			head -c 10001
			sleep 0.02
		done
		cat
	} <binary | flowagg | cmp - from.binary
}

@test "the binary form, in either byte order, says what the text form says" {
	flowagg-random 8 2000 | flowagg-records >records
	flowagg <records >got
	[ -s got ]
	flowagg-binary <records | flowagg | cmp - got
	flowagg-binary -s <records | flowagg | cmp - got
}

@test "nothing depends on where memory is" {
	need "setarch -R" setarch -R true
	flowagg-random 9 2000 | flowagg-records >records
	for options in "--max-flows 5" "--by hosts --sort total" "--final"; do
		# shellcheck disable=SC2086 # options
		flowagg $options <records >got
		[ -s got ]
		# shellcheck disable=SC2086
		setarch -R flowagg $options <records | cmp - got
		# shellcheck disable=SC2086
		LC_ALL=C TZ=Asia/Tokyo flowagg $options <records | cmp - got
	done
}

@test "the interval changes how often snapshots come, not what they say" {
	flowagg-random 10 2000 | flowagg-records >records
	sed -i 's/"tcp_flags":17/"tcp_flags":16/' records
	for interval in 5 1; do
		flowagg --interval $interval --idle 86400 --history 0 \
		    <records >got
		jq -c 'select(.ts % 5000 == 0) | [.ts, .sent_2s, .recv_10s,
		    .sent_40s, (.flows | map([.id, .sent_2s, .recv_40s,
		    .total_sent, .peak_sent, .last_seen]))]' got >every.$interval
	done
	[ "$(wc -l <every.5)" -gt 100 ]
	cmp every.5 every.1
}

@test "snapshots come at multiples of the interval, of 0.2 s up to an hour" {
	flowagg-records >records <<-'E'
	every 0.1 1000.05 1011 udp 10.0.0.1 1000 > 192.0.2.1 53 1000
	E
	flowagg --interval 0.2 <records >got
	jq -e -s 'length == 55 and all(.[1:-1][]; .dt == 0.2 and
	    .interval == 0.2 and .ts % 200 == 0)' got
	check got
	flowagg --interval 2.5 <records >got
	diff -u - <(jq -c '[.ts, .dt]' got) <<-'E'
	[1002500,2.45]
	[1005000,2.5]
	[1007500,2.5]
	[1010000,2.5]
	[1010950,0.95]
	E
	flowagg --interval 3600 <records | jq -e -s 'length == 1'
	# The first is not sooner than half an interval.
	snapshots >got <<-'E'
	every 0.1 1000.6 1003 udp 10.0.0.1 1000 > 192.0.2.1 53 1000
	E
	jq -c '[.ts, .dt]' got | head -n 1 | diff -u - <(echo '[1002000,1.4]')
}

@test "a history is the means of 40 intervals, whatever the interval" {
	flowagg-records >records <<-'E'
	every 0.1 1000 1100 udp 10.0.0.1 1000 > 192.0.2.1 53 1000
	1100 udp 10.0.0.1 1000 > 192.0.2.1 53 1000
	1110 udp 10.0.0.1 1000 > 192.0.2.1 53 1000
	E
	flowagg <records | jq -e -s '(.[9].flows[0].history ==
	    [range(30) | 0] + [range(10) | 10000]) and
	    (.[105].flows[0].history == [range(34) | 10000] + [1000] +
	    [range(5) | 0])'
	flowagg --interval 2 <records | jq -e -s '.[4].flows[0].history ==
	    [range(35) | 0] + [range(5) | 10000]'
	flowagg --interval 0.5 <records | jq -e -s '.[99].flows[0].history ==
	    [range(40) | 10000]'
	flowagg --interval 20 <records | jq -c '.flows[0].history' |
		tail -n 1 >last
	flowagg --final --interval 20 --history 40 <records |
		jq -c '.flows[0].history' | diff -u last -
	flowagg --history 3 <records |
		jq -e -s '.[9].flows[0].history == [10000, 10000, 10000]'
	flowagg --history 0 <records |
		jq -e -s 'length > 0 and
			all(.[]; .flows[] | has("history") | not)'
}

@test "a flow silent for --idle seconds appears once more, as ended" {
	snapshots --idle 5 >got <<-'E'
	1000.5 udp 10.0.0.1 1000 > 192.0.2.1 53 100
	every 1 1001.5 1020 udp 10.0.0.1 2000 > 192.0.2.1 53 100
	E
	jq -c -s '[.[] | .ts as $t | .flows[] | select(.id == 1) |
	    [$t, .ended]] | map(select(.[1])), length' got >ends
	diff -u - ends <<-'E'
	[[1006000,true]]
	6
	E
	jq -e -s '.[-1].expired | .flows == 1 and .total_sent == 100' got
	check got
}

@test "a flow whose packets come sooner than --idle goes on" {
	snapshots --idle 1 >got <<-'E'
	every 0.1 1000 1006 udp 10.0.0.1 5000 > 192.0.2.1 53 100
	every 0.95 1000.05 1006 udp 10.0.0.1 5001 > 192.0.2.1 53 100
	E
	# Both end with the stream, not on the way.
	jq -s -e 'length == 6 and all(.[:5][]; .flow_count == 2 and
	    all(.flows[]; .id <= 2 and (.ended | not)))' got
}

@test "a connection is not kept long once both ends or a reset closed it" {
	snapshots --idle 80 >got <<-'E'
	every 1 1000.1 1100 tcp 10.0.0.1 1000 > 192.0.2.1 80 100 flags=16
	every 1 1000.2 1100 tcp 10.0.0.1 1001 > 192.0.2.1 80 100 flags=16
	every 1 1000.3 1100 tcp 10.0.0.1 1002 > 192.0.2.1 80 100 flags=16
	every 60 1000 1061 tcp 10.0.0.1 1003 > 192.0.2.1 80 100 flags=4
	1100 tcp 10.0.0.1 1000 > 192.0.2.1 80 100 flags=17
	1100 tcp 192.0.2.1 80 > 10.0.0.1 1000 100 flags=17
	1100 tcp 192.0.2.1 80 > 10.0.0.1 1001 100 flags=20
	1100 tcp 10.0.0.1 1002 > 192.0.2.1 80 100 flags=17
	every 1 1101 1300 udp 10.0.0.1 2000 > 192.0.2.1 53 100
	E
	jq -c '.ts as $t | .flows[] | select(.ended and .src_port < 2000) |
	    [.src_port, ($t - .last_seen) / 1000]' got | sort >ends
	# Each is looked at when it would have been silent for 80 s, had it not
	# gone on: 1000 and 1001 when it is 20 s later than need be.  While one
	# closed has bytes in its window of 40 s it stays.
	diff -u - ends <<-'E'
	[1000,61]
	[1001,61]
	[1002,80]
	[1003,41]
	E
}

@test "a new connection between the same ports is a new flow" {
	flowagg-records >records <<-'E'
	1000.1 tcp 10.0.0.1 1000 > 192.0.2.1 80 100 flags=2
	1000.2 tcp 192.0.2.1 80 > 10.0.0.1 1000 200 flags=20
	1000.3 tcp 10.0.0.1 1000 > 192.0.2.1 80 300 flags=2
	1001.5 tcp 10.0.0.1 1000 > 192.0.2.1 80 400 flags=16
	E
	flowagg <records >got
	jq -c '[.flows[] | [.id, .ended, .total_sent, .total_recv]] | sort' \
		got >flows
	diff -u - flows <<-'E'
	[[1,true,100,200],[2,false,300,0]]
	[[2,true,700,0]]
	E
	check got
	flowagg --final <records >got
	same '[[1,800,200]]' '[.flows[] | [.id, .total_sent, .total_recv]]'
}

@test "a retransmitted SYN or one on an open connection changes nothing" {
	snapshots >got <<-'E'
	1000.1 tcp 10.0.0.1 1000 > 192.0.2.1 80 100 flags=2
	1000.2 tcp 10.0.0.1 1000 > 192.0.2.1 80 100 flags=2
	1000.3 tcp 10.0.0.1 1000 > 192.0.2.1 80 100 flags=17
	1000.4 tcp 10.0.0.1 1000 > 192.0.2.1 80 100 flags=2
	E
	same '[[1,400]]' '[.flows[] | [.id, .total_sent]]'
}

@test "an answer to a SYN that comes when all is over begins nothing" {
	snapshots >got <<-'E'
	1000.1 tcp 10.0.0.1 1000 > 192.0.2.1 80 100 flags=2
	1000.2 tcp 10.0.0.1 1000 > 192.0.2.1 80 100 flags=4
	1000.3 tcp 192.0.2.1 80 > 10.0.0.1 1000 100 flags=18
	E
	same '[[1,200,100]]' '[.flows[] | [.id, .total_sent, .total_recv]]'
}

@test "pings are told apart by their identifier" {
	snapshots --final --sort src >got <<-'E'
	1000 icmp 10.0.0.1 > 192.0.2.1 98 type=8 echo=7
	1000 icmp 192.0.2.1 > 10.0.0.1 98 type=0 echo=7
	1000 icmp 10.0.0.1 > 192.0.2.1 98 type=8 echo=8
	1000 icmp 192.0.2.1 > 10.0.0.1 56 type=3
	1000 icmp6 fd00::1 > 2001:db8::1 118 type=128 echo=7
	E
	jq -c '.flows[] | [.src, .icmp_id, .src_port, .total_sent, .total_recv]' \
		got >flows
	diff -u - flows <<-'E'
	["10.0.0.1",null,0,0,56]
	["10.0.0.1",7,0,98,98]
	["10.0.0.1",8,0,98,0]
	["fd00::1",7,0,118,0]
	E
}

@test "--count frame or network is what the source says" {
	{
		echo count network
		echo file
		echo '1000 udp 10.0.0.1 1000 > 192.0.2.1 53 114 net=100'
	} | snapshots --final >got
	same '["network",100,100]' '[.source.count, .total_sent, .capture.bytes]'
	snapshots --final >got <<-'E'
	1000 udp 10.0.0.1 1000 > 192.0.2.1 53 114 net=100
	E
	same '["frame",114,114]' '[.source.count, .total_sent, .capture.bytes]'
}

@test "peaks are the largest single seconds" {
	snapshots --final >got <<-'E'
	1000.1 udp 10.0.0.1 1000 > 192.0.2.1 53 100
	1000.9 udp 10.0.0.1 1001 > 192.0.2.1 53 250
	1001.1 udp 192.0.2.1 53 > 10.0.0.1 1000 300
	1001.2 udp 10.0.0.1 1000 > 192.0.2.1 53 100
	1002.2 udp 10.0.0.1 1000 > 192.0.2.1 53 190
	E
	same '[350,300,400,190,300]' '[.peak_sent, .peak_recv, .peak_total,
	    (.flows[] | select(.src_port == 1000) | .peak_sent, .peak_recv)]'
}

@test "more than 16 MB, and more than 4 GB, in a second stay exact" {
	snapshots >got <<-'E'
	every 0.01 1000 1003 udp 10.0.0.1 1000 > 192.0.2.1 53 100000000
	E
	jq -e -s 'all(.[]; .flows[0].sent_2s == 10000000000) and
	    .[-1].flows[0].total_sent == 30000000000 and
	    .[-1].flows[0].peak_sent == 10000000000' got
	check got
}

@test "an alert is raised at the rate, held, and cleared under 80 %" {
	snapshots --alert 100kB >got <<-'E'
	every 0.1 1000 1003 udp 10.0.0.1 1000 > 192.0.2.1 53 5000
	every 0.1 1003 1006 udp 10.0.0.1 1000 > 192.0.2.1 53 10000
	every 0.1 1006 1012 udp 10.0.0.1 1000 > 192.0.2.1 53 9000
	every 0.1 1012 1016 udp 10.0.0.1 1000 > 192.0.2.1 53 1000
	E
	jq -c '[.ts / 1000, (.alerts[] | .state, .rate, .threshold,
	    .since / 1000, .flow, .direction)]' got >alerts
	# 75000 at 1004 is not enough; 85000 and more keep it raised.
	jq -c 'select(length > 1)' alerts >raised
	diff -u - raised <<-'E'
	[1005,"raised",100000,100000,1005,1,"both"]
	[1006,"raised",100000,100000,1005,1,"both"]
	[1007,"raised",95000,100000,1005,1,"both"]
	[1008,"raised",90000,100000,1005,1,"both"]
	[1009,"raised",90000,100000,1005,1,"both"]
	[1010,"raised",90000,100000,1005,1,"both"]
	[1011,"raised",90000,100000,1005,1,"both"]
	[1012,"raised",90000,100000,1005,1,"both"]
	[1013,"cleared",50000,100000,1005,1,"both"]
	E
}

@test "alerts that begin together come in the order of their flows" {
	snapshots --alert 20kB >got <<-'E'
	1000.1 udp 10.0.0.1 1001 > 192.0.2.1 53 100
	1000.2 udp 10.0.0.1 1002 > 192.0.2.1 53 100
	1001.1 udp 10.0.0.1 1002 > 192.0.2.1 53 60000
	1001.2 udp 10.0.0.1 1001 > 192.0.2.1 53 60000
	tick 1002
	E
	same '[1001,1002]' 'select(.ts == 1002000 and .dt > 0) |
	    [.alerts[].src_port]'
}

@test "an alert is not raised by what came in the first moment alone" {
	flowagg-records <<-'E' | flowagg --alert 1kB --alert 1kB:total >got
	file
	1000.9 udp 10.0.0.1 1000 > 192.0.2.1 53 400
	tick 1004
	E
	jq -e -n '[inputs.alerts[]] == []' got
	# 400 bytes in half a second are 800 a second.
	flowagg-records <<-'E' | flowagg --alert 800 --alert 800:total >got
	file
	1000.5 udp 10.0.0.1 1000 > 192.0.2.1 53 400
	tick 1004
	E
	jq -c '.alerts[] | [.flow, .rate]' got | head -n 2 >raised
	diff -u - raised <<-'E'
	[0,800]
	[1,800]
	E
}

@test "an alert is raised by two seconds together, whichever brought more" {
	for bytes in 60000,40000 90000,10000 99000,1000 10000,90000 1000,99000; do
		snapshots --alert 50kB >got <<-E
		1000.1 udp 10.0.0.1 1000 > 192.0.2.1 53 100
		1010.1 udp 10.0.0.1 1001 > 192.0.2.1 53 ${bytes%,*}
		1011.1 udp 10.0.0.1 1001 > 192.0.2.1 53 ${bytes#*,}
		1013 udp 10.0.0.1 1000 > 192.0.2.1 53 100
		E
		jq -c '.ts as $ts | .alerts[] | [$ts / 1000, .rate, .flow]' \
			got | head -n 1 >first
		diff -u - first <<-'E'
		[1012,50000,2]
		E
	done
}

@test "an alert is held for five seconds" {
	snapshots --alert 800kb >got <<-'E'
	every 0.1 1000 1002 udp 10.0.0.1 1000 > 192.0.2.1 53 10000
	1012 udp 10.0.0.1 1000 > 192.0.2.1 53 10
	E
	jq -c '[.ts / 1000, .alerts[].state] | select(length > 1)' got >alerts
	diff -u - alerts <<-'E'
	[1001,"raised"]
	[1002,"raised"]
	[1003,"raised"]
	[1004,"raised"]
	[1005,"raised"]
	[1006,"cleared"]
	E
}

@test "an alert of the smallest rates is cleared like any other" {
	flowagg-records <<-'E' | flowagg --alert 1 --alert 3 >got
	file
	every 0.5 1000 1004 udp 10.0.0.1 1000 > 192.0.2.1 53 2
	every 0.5 1004 1008 udp 10.0.0.1 1000 > 192.0.2.1 53 1
	tick 1010
	tick 1012
	E
	# 2 is less than 80 % of 3, and 0 of 1.
	jq -c '.alerts[] | select(.state == "cleared") |
	    [.threshold, .rate, .since / 1000]' got >cleared
	diff -u - cleared <<-'E'
	[3,2,1001]
	[1,0,1001]
	E
}

@test "alerts watch what is sent, received, both or everything" {
	flowagg-records >records <<-'E'
	every 0.1 1000 1003 udp 10.0.0.1 1000 > 192.0.2.1 53 6000
	every 0.1 1000 1003 udp 192.0.2.1 53 > 10.0.0.1 1000 7000
	every 0.1 1000 1003 udp 10.0.0.1 1001 > 192.0.2.1 53 3000
	E
	for case in 130kB:both=1 131kB:both= 60kB:sent=1 61kB:sent= \
	    70kB:recv=1 71kB:recv= 160kB:total=0 161kB:total= 30kB=1,2; do
		flowagg --alert "${case%=*}" <records |
			jq -c -s '.[1].alerts | map(.flow) | sort' >got
		same "[${case#*=}]"
	done
	flowagg --alert 60kB:sent --alert 160kB:total <records |
		jq -c -s '.[1].alerts | map([.flow, .direction, .src])' >got
	same '[[0,"total",null],[1,"sent","10.0.0.1"]]'
}

@test "an alert says which ping or which interface it is of" {
	flowagg-records >records <<-'E'
	every 0.1 1000 1003 icmp 10.0.0.1 > 192.0.2.1 6000 type=8 echo=7 if=a
	every 0.1 1000 1003 icmp 10.0.0.1 > 192.0.2.1 3000 type=8 echo=8 if=b
	E
	flowagg --alert 50kB <records >got
	jq -c -s '.[1].alerts | map([.flow, .icmp_id, .interface])' got >ids
	diff -u ids - <<<'[[1,7,null]]'
	flowagg --alert 50kB --by interface <records >by
	jq -c -s '.[1].alerts | map([.flow, .icmp_id, .interface])' by >ids
	diff -u ids - <<<'[[1,null,"a"]]'
	check got
	check by
}

@test "an alert does not depend on what is shown or how often" {
	flowagg-records >records <<-'E'
	every 0.1 1000 1001 udp 10.0.0.1 1000 > 192.0.2.1 53 10000
	every 0.1 1001 1050 udp 10.0.0.1 1001 > 192.0.2.1 53 9000
	E
	flowagg --alert 95kB --top 1 --interval 10 <records |
		jq -c -s '.[0] | [.alerts[] | .flow, .state, .since],
		    [.flows[].id]' >got
	diff -u - got <<-'E'
	[1,"cleared",1001000]
	[2]
	E
}

@test "an alert of a flow that ends is cleared" {
	snapshots --alert 10kB --idle 1 >got <<-'E'
	every 0.1 1000 1001 udp 10.0.0.1 1000 > 192.0.2.1 53 10000
	every 0.1 1001 1005 udp 10.0.0.1 1001 > 192.0.2.1 53 10
	E
	jq -c '.ts as $t | .flows[] | select(.id == 1 and .ended) | $t' \
		got >ended
	jq -c '.ts as $t | .alerts[] | select(.state == "cleared") | $t' \
		got >cleared
	[ -s ended ]
	diff -u ended cleared
}

@test "--top bounds the rows, and every key sorts as it says" {
	flowagg-random 11 1500 | flowagg-records >records
	for sort in 2s 10s 40s total src dst; do
		flowagg --sort $sort <records >all
		check all
		flowagg --sort $sort --top 3 <records >got
		check got
		jq -c '.flows |= .[:3] | .flows' all >first
		jq -c '.flows' got | cmp - first
		jq -e -s --arg s $sort 'length > 0 and
		    all(.[]; .sort == $s)' got
	done
}

@test "--top of more rows than there can be shows all, silent ones, too" {
	flowagg-random 31 3000 200 | flowagg-records >records
	flowagg <records >all
	flowagg --top 4294967295 <records | cmp - all
}

@test "flows that fall silent again and again are all there for --top" {
	awk 'BEGIN {
		for (round = 0; round < 8; round++)
			for (i = 0; i < 700; i++)
				printf "{\"type\":\"packet\",\"sec\":%d," \
				    "\"src\":\"10.0.0.1\",\"src_port\":%d," \
				    "\"dst\":\"192.0.2.1\",\"dst_port\":53," \
				    "\"proto\":17,\"length\":100}\n",
				    1000 + round * 60, 1 + i * 37 % 701
	}' >records
	for top in 0 400; do
		flowagg --interval 10 --history 0 --top $top <records |
			jq -c '[.ts, .flows[:400][].src_port]' >top.$top
	done
	diff -u top.0 top.400
}

@test "among many silent flows a new one stands by its own ends for --top" {
	# That of 950 leaves in between, and the one of 1052 has its number.
	awk 'function packet(second, i, flags) {
		printf "{\"type\":\"packet\",\"sec\":%d," \
		    "\"src\":\"fd00::1\",\"src_port\":443," \
		    "\"dst\":\"2001:db8::%x\",\"dst_port\":1000," \
		    "\"proto\":6,\"tcp_flags\":%d,\"length\":100}\n",
		    second, i, flags
	}
	BEGIN {
		packet(950, 1, 16)
		packet(1000, 1, 4)
		for (i = 2; i <= 3000; i++)
			packet(1000, i, 16)
		packet(1052, 4000, 16)
		packet(1099, 4001, 16)
	}' >records
	for top in 0 2; do
		flowagg --idle 100 --history 0 --top $top <records |
			jq -c '[.ts, .flows[:2][].dst]' >top.$top
	done
	diff -u top.0 top.2
}

@test "rows that are equal by the key are in the order of their ends" {
	snapshots --final >got <<-'E'
	1000 tcp fd00::1 5 > 2001:db8::1 80 100
	1000 tcp 10.0.0.2 9 > 192.0.2.1 80 100
	1000 tcp 10.0.0.1 10 > 192.0.2.1 80 100
	1000 udp 10.0.0.1 9 > 192.0.2.1 80 100
	1000 tcp 10.0.0.1 9 > 192.0.2.1 80 100
	1000 tcp 10.0.0.1 9 > 192.0.2.0 80 100
	1000 tcp 9.0.0.1 700 > 192.0.2.1 80 100 dir=out
	E
	jq -c '.flows[] | [.src, .src_port, .dst, .protocol]' got >order
	diff -u - order <<-'E'
	["9.0.0.1",700,"192.0.2.1","TCP"]
	["10.0.0.1",9,"192.0.2.0","TCP"]
	["10.0.0.1",9,"192.0.2.1","TCP"]
	["10.0.0.1",9,"192.0.2.1","UDP"]
	["10.0.0.1",10,"192.0.2.1","TCP"]
	["10.0.0.2",9,"192.0.2.1","TCP"]
	["fd00::1",5,"2001:db8::1","TCP"]
	E
}

@test "--final is one snapshot of every flow, nothing expired" {
	flowagg-random 12 3000 200 | flowagg-records >records
	flowagg --final <records >got
	check got
	jq -e -s 'length == 1 and (.[0] | .seq == 1 and .expired.flows == 0 and
	    .other.flows == 0 and .interval == .elapsed and
	    (.flows | length > 100 and all(.[]; .ended and
	    (has("history") | not))))' got
	flowagg --final --top 4 --history 5 <records |
		jq -e '(.flows | length == 4 and .[0].history[4] >= 0 and
		    (.[0].history | length == 5)) and .other.flows > 0'
}

@test "--count ends after that many snapshots" {
	flowagg-random 13 1000 | flowagg-records | flowagg --count 3 >got
	jq -e -s 'map(.seq) == [1, 2, 3]' got
}

@test "--text is a table for people" {
	snapshots --text --count 1 >got <<-'E'
	every 0.1 1000 1003 udp 10.0.0.1 1000 > 192.0.2.1 53 12500
	every 0.1 1000 1003 udp fd00::1 1000 > 2001:db8::1 53 125
	every 0.1 1000 1003 udp 2001:db8::1 53 > fd00::1 1000 125
	E
	diff -u - got <<-'E'
	1970-01-01T00:16:41.000Z  2 of 2 flows, dropped 0
	   # local (port) and remote (port)                        2s      10s      40s    total
	   1 10.0.0.1:1000 =>                                  1.00Mb   1.00Mb   1.00Mb    125kB
	     192.0.2.1:53 <= UDP                                   0b       0b       0b       0B
	   2 [fd00::1]:1000 =>                                 10.0kb   10.0kb   10.0kb   1.25kB
	     [2001:db8::1]:53 <= UDP                           10.0kb   10.0kb   10.0kb   1.25kB
	Total sent                                             1.01Mb   1.01Mb   1.01Mb    126kB
	Total received                                         10.0kb   10.0kb   10.0kb   1.25kB
	Total sent and received                                1.02Mb   1.02Mb   1.02Mb    128kB
	Peak (sent, received, both)                            1.01Mb   10.0kb   1.02Mb

	E
}

@test "--text and --csv print no control characters of an interface's name" {
	printf '%s\n' '{"type":"packet","sec":1000,"nsec":0,"proto":17,"src":"10.0.0.1","dst":"192.0.2.1","length":9,"interface":"a\u001b[2Jb\"c,d"}' >records
	flowagg --text --by interface <records >got
	run ! grep -q "$(printf '\033')" got
	grep -q 'a?\[2Jb"c,d' got
	flowagg --csv <records >got
	grep -qF ',"a?[2Jb""c,d",' got
	sed 's/"interface":"[^,]*,d"/"interface":"\\r\\nx\\u009by\\tz\\u00e4\\u20ac"/' records |
		flowagg --csv >got
	[ "$(wc -l <got)" = 2 ]
	grep -qF ',??x?y?zä€,' got
	sed 's/"interface":"[^,]*,d"/"interface":"=1+1"/' records |
		flowagg --csv >got
	grep -qF ',?1+1,' got
}

@test "--text tells what it does not show, and what was dropped" {
	flowagg-records <<-'E' | flowagg --text --final --top 1 >got
	file
	1000 udp 10.0.0.1 1 > 192.0.2.1 53 100
	1000 udp 10.0.0.1 2 > 192.0.2.1 53 99
	1000 udp 10.0.0.1 3 > 192.0.2.1 53 98
	tick 1001 kernel_dropped=3 interface_dropped=4
	E
	diff -u - <(sed -n '1p;/more/p' got) <<-'E'
	1970-01-01T00:16:41.000Z  1 of 3 flows, dropped 7
	     ... and 2 more
	E
}

@test "--text tells events and alerts above its table, and nothing hostile" {
	flowagg-records >records <<-'E'
	live 1000 10.0.0.1/24
	event 1000.5 warn eth0 is down; next try in 2 s
	every 0.1 1000 1003 udp 10.0.0.1 1000 > 192.0.2.1 53 1000
	tick 1009 state=up
	event 1009 error a\u001b[2Jb
	tick 1010 state=up
	E
	flowagg --text --alert 60kb --alert 90kb:total --alert 5kB:recv \
		<records >got
	grep -e ' from ' -e '^alert' got | uniq | diff -u - <(cat <<-'E'
	warn from capd: eth0 is down; next try in 2 s
	alert raised: 10.0.0.1:1000 <=> 192.0.2.1:53 UDP, both 80.0kb, threshold 60.0kb
	alert raised: 10.0.0.1:1000 <=> 192.0.2.1:53 UDP, both 40.0kb, threshold 60.0kb
	alert raised: 10.0.0.1:1000 <=> 192.0.2.1:53 UDP, both 0b, threshold 60.0kb
	alert cleared: 10.0.0.1:1000 <=> 192.0.2.1:53 UDP, both 0b, threshold 60.0kb
	error from capd: a?[2Jb
	E
	)
	sed -n 2,4p got | cut -c 1-12 | diff -u - <(printf '%s\n' \
		'warn from ca' 'alert raised' '   # local (')
	flowagg --text -B --by interface --alert 60kb <records |
		grep '^alert' | sed -n 1p | diff -u - <(cat <<-'E'
	alert raised: eth0 <=> *, both 10.0kB, threshold 7.50kB
	E
	)
}

@test "--text lines up behind a name that is not of ASCII" {
	for name in bracke 'br\u00fccke' '\u00ff\u20ac\ud83d\ude00cke'; do
		printf '%s%s"}\n' '{"type":"packet","sec":1000,"nsec":0,
		    "proto":17,"src":"10.0.0.1","dst":"192.0.2.1",
		    "length":9,"interface":"' "$name" | tr -d '\n' |
			flowagg --text --by interface | sed -n 3p
	done >got
	diff -u - got <<-'E'
	   1 bracke =>                                             0b       0b       0b       9B
	   1 brücke =>                                             0b       0b       0b       9B
	   1 ÿ€😀cke =>                                             0b       0b       0b       9B
	E
}

@test "twenty thousand rows, by several threads, are all there and in order" {
	awk 'BEGIN {
		print "live 1000 10.0.0.1/8"
		for (i = 0; i < 20000; i++)	# in no order
			lines[i] = sprintf("1000.5 udp 10.0.0.1 9 > " \
			    "192.0.%d.%d 53 %d", i / 256, i % 256, 100 + i)
		for (i = 0; i < 20000; i++)
			print lines[i * 7919 % 20000]
	}' | flowagg-records >records
	seq 20099 -1 100 >wanted
	flowagg --final --sort total --csv <records | cut -d, -f18 |
		tail -n +2 | cmp - wanted
	flowagg --final --sort total <records |
		jq '.flows[] | .total_sent' | cmp - wanted
	flowagg --final --sort total --top 9999 --csv <records | cut -d, -f18 |
		tail -n +2 | cmp - <(head -n 9999 wanted)
	flowagg --final --sort dst --csv <records | cut -d, -f18 |
		tail -n +2 | cmp - <(sort -n wanted)
}

@test "protocol 0 has a name, a row of several protocols has none" {
	flowagg-records >records <<-'E'
	file
	1000 0 10.0.0.1 > 192.0.2.1 700
	1000 udp 10.0.0.1 1000 > 192.0.2.1 53 100
	tick 1001
	E
	local by
	for by in flow src-port service protocol; do
		flowagg --final --by $by <records |
		    jq -r '.flows[].protocol' >$by
		flowagg --final --by $by --csv <records | sed 1d |
		    cut -d , -f 7 | diff -u $by -
		flowagg --final --by $by --text <records | grep -q ' <= HOPOPT '
		[ "$(tr '\n' ' ' <$by)" = "HOPOPT UDP " ]
	done
	for by in hosts local interface; do
		flowagg --by $by --alert 1 <records | jq -r 'select(.seq == 1) |
		    (.flows + .alerts)[].protocol' | sort | uniq -c >$by
		[ "$(tr -d ' \n' <$by)" = 2 ]
	done
}

@test "--csv is a heading and a line a row, the numbers of the JSON" {
	flowagg-random 14 300 | flowagg-records >records
	flowagg --csv <records >got.csv
	flowagg <records | jq -r '.timestamp as $t | .flows[] | [$t, .id, .src,
	    .src_port, .dst, .dst_port, .protocol, .direction, .interface,
	    .sent_2s, .recv_2s, .sent_10s, .recv_10s, .sent_40s, .recv_40s,
	    .delta_sent, .delta_recv, .total_sent, .total_recv,
	    .packets_sent, .packets_recv, .ended, .icmp_id] |
	    join(",")' >wanted
	head -n 1 got.csv | grep -q '^timestamp,id,src,.*,ended,icmp_id$'
	tail -n +2 got.csv | diff -u wanted -
	grep -q ',ICMP.*,true,[1-9]' got.csv	# pings are told apart
}

@test "under sudo it is the user who asked, known by name or not" {
	need_root
	for uid in 65534 54321; do
		mkfifo "$BATS_TEST_TMPDIR/in$uid"
		SUDO_UID=$uid SUDO_GID=$uid flowagg \
			<"$BATS_TEST_TMPDIR/in$uid" >"$BATS_TEST_TMPDIR/out" &
		pid=$!
		exec 9>"$BATS_TEST_TMPDIR/in$uid"
		for _ in $(seq 50); do
			ids=$(awk '/^Uid|^Gid/ { print $2, $3, $4, $5 }' \
				/proc/$pid/status | sort -u)
			[ "$ids" != "$uid $uid $uid $uid" ] || break
			sleep 0.1
		done
		exec 9>&-
		wait "$pid" || true
		[ "$ids" = "$uid $uid $uid $uid" ]
	done
}

@test "an alert has our end first, whichever address is the lower one" {
	snapshots --alert 10kB --by flow >got <<-'E'
	every 0.1 1000 1003 udp 192.168.1.1 1000 > 9.9.9.9 53 10000
	E
	jq -c '.alerts[] | [.src, .src_port, .dst, .dst_port]' got |
		sort -u >ends
	diff -u - ends <<<'["192.168.1.1",1000,"9.9.9.9",53]'
}
