# SPDX-License-Identifier: MIT
#
# flowagg as a filter: readers that stop or leave, commands, bad input, odd
# times, the command line, the manual page.

load helper

check() {
	jq -n -f "$root/share/jq/check.jq" "$@"
}

# feed: open a FIFO to a flowagg in the background, its pid in $filter.
feed() {
	mkfifo in out
	flowagg "$@" <in >out 2>err 3>&- &
	filter=$!
	exec 7>in
}

# commanded [OPTION...]: the same, taking commands through ctl, its output in
# got.
commanded() {
	mkfifo in
	flowagg "$@" --control ctl <in >got 3>&- &
	filter=$!
	exec 7>in
	wait_for 5 test -p ctl
}

teardown() {
	exec 7>&- 8<&- 9>&-
	[ -z "${filter:-}" ] || kill -9 "$filter" 2>/dev/null || true
}

live() {
	flowagg-records >&7
}

# told SECOND: has its snapshot been written to got?
told() {
	tail -n 1 got | grep -q "\"ts\":${1}000,"
}

@test "a live source is never kept waiting; what was skipped shows" {
	feed --history 40
	exec 8<out
	# 2,000 flows: a snapshot is far larger than the pipe.
	{
		echo 'live 1000 10.0.0.1/24'
		awk 'BEGIN { for (i = 0; i < 2000; i++)
		    print "1000.5 udp 10.0.0.1 " 1000 + i " > 192.0.2.1 53 100" }'
		for second in 1 2 3 4 5 6 7 8 9; do
			echo "tick 100$second state=up"
			echo "100$second.5 udp 10.0.0.1 1000 > 192.0.2.1 53 100"
		done
	} | live
	# All is taken although nobody reads.
	echo 'tick 1010 state=up' | live
	timeout 5 head -n 1 <&8 >first
	wait_for 5 test -s first
	exec 7>&-
	cat first - <&8 >got
	wait $filter
	check got
	jq -e -s '.[-1] | .capture.skipped >= 5 and .packets_sent == 2009 and
	    .seq >= 10' got
}

@test "a file is never skipped, however slow its reader" {
	flowagg-random 30 100 200 | flowagg-records >records
	flowagg <records >got
	flowagg <records | { sleep 0.5; cat; } | cmp - got
	jq -e -s 'length > 1 and all(.[]; .capture.skipped == 0)' got
}

@test "a reader that leaves is a quiet end at once" {
	flowagg-random 31 300 200 | flowagg-records >records
	{
		flowagg <records
		echo $? >status
	} 2>err | head -n 1 >got
	[ "$(cat status)" = 0 ]
	[ ! -s err ]
	[ "$(wc -l <got)" -eq 1 ]
	# Also while no record comes.
	feed
	exec 8<out
	echo 'live 1000' | live
	exec 8<&-
	wait_for 5 sh -c "! kill -0 $filter"
	wait $filter
	[ ! -s err ]
}

@test "SIGTERM, SIGINT and SIGHUP write the last snapshot; status 0" {
	for signal in TERM INT HUP; do
		rm -f in got
		mkfifo in
		# Not in the background of a shell, which ignores SIGINT.
		env --default-signal=INT,HUP flowagg <in >got 2>err 3>&- &
		filter=$!
		exec 7>in
		live <<-'E'
		live 1000
		1000.5 udp 10.0.0.1 1000 > 192.0.2.1 53 100
		tick 1001
		1001.2 udp 10.0.0.1 1000 > 192.0.2.1 53 100
		E
		wait_for 5 test -s got
		sleep 0.1
		kill -$signal $filter
		wait $filter
		exec 7>&-
		[ ! -s err ]
		jq -e -s 'length == 2 and .[1].packets_sent == 2 and
		    .[1].flows[0].ended' got
	done
}

@test "SIGTERM ends it although the reader of a file has stopped" {
	flowagg-random 32 300 300 | flowagg-records >records
	mkfifo out
	flowagg <records >out 2>err 3>&- &
	filter=$!
	exec 8<out
	wait_for 5 catches_term flowagg "$filter"	# ... then it is held up
	sleep 0.3
	kill $filter
	wait_for 5 sh -c "! kill -0 $filter"
	wait $filter
}

@test "commands take effect at once, and say so in the next snapshot" {
	mkfifo in
	flowagg --control ctl <in >got 2>err 3>&- &
	filter=$!
	exec 7>in
	wait_for 5 test -p ctl
	[ "$(stat -c %a ctl)" = 600 ]
	live <<-'E'
	live 1000 10.0.0.1/24
	1000.5 tcp 10.0.0.1 1000 > 192.0.2.1 80 100 flags=2
	1000.5 tcp 10.0.0.1 1001 > 192.0.2.1 80 200 flags=2
	tick 1001 state=up packets=2 bytes=300
	E
	wait_for 10 told 1001
	second=1001
	while read -r command; do
		printf '%s\n' "$command" >ctl
		: $((second += 1))
		live <<-E
		$((second - 1)).5 tcp 10.0.0.1 1000 > 192.0.2.1 80 100 flags=16
		tick $second state=up packets=$((second - 999)) bytes=$((second * 100 - 99800))
		E
		# From 1006 on, the interval is 2.
		[ $second -gt 1006 ] && [ $((second % 2)) -eq 1 ] ||
			wait_for 10 told $second
	done <<-'E'
	top 1
	sort src
	by hosts
	alert 400b
	reset
	interval 2
	interval 0.1
	top many
	sort x
	by
	alert fast
	reset now
	dance
	alert off
	E
	exec 7>&-
	wait $filter
	[ ! -s err ]
	check got
	jq -r '.events[] | "\(.level) \(.from) \(.text)"' got >events
	diff -u - events <<-'E'
	info flowagg top 1
	info flowagg sort src
	info flowagg by hosts
	info flowagg alert 400b
	info flowagg reset
	info flowagg interval 2
	error flowagg interval 0.1: refused, expected seconds from 0.2 to 3600
	error flowagg top many: refused, expected a number of rows, 0 for all
	error flowagg sort x: refused, expected 2s, 10s, 40s, total, src or dst
	error flowagg by : refused, expected flow, hosts, src-port, dst-port, local, remote, service, protocol or interface
	error flowagg alert fast: refused, expected RATE[:both|sent|recv|total], at most 16, or off
	error flowagg reset now: refused, expected nothing behind it
	error flowagg unknown command 'dance'; known: interval, top, sort, by, alert, reset
	info flowagg alert off
	E
	jq -e -s '(.[1].flows_shown == 1) and .[2].sort == "src" and
	    .[3].by == "hosts" and .[3].expired.flows == 2 and
	    (.[4].alerts | length == 1) and .[5].total_sent == 100 and
	    .[6].interval == 2' got
}

@test "another interval keeps the histories, and the same changes nothing" {
	commanded
	live <<-'E'
	live 1000 10.0.0.1/24
	every 0.1 1000 1012.5 udp 10.0.0.1 1000 > 192.0.2.1 53 100
	E
	wait_for 10 told 1012
	echo 'interval 5' >ctl
	live <<-'E'
	every 0.1 1012.5 1021 udp 10.0.0.1 1000 > 192.0.2.1 53 100
	E
	wait_for 10 told 1020
	echo 'interval 5' >ctl
	live <<-'E'
	every 0.1 1021 1033 udp 10.0.0.1 1000 > 192.0.2.1 53 100
	tick 1033 state=up
	E
	wait_for 10 told 1030
	echo 'interval 0.5' >ctl
	live <<-'E'
	every 0.1 1033 1035.1 udp 10.0.0.1 1000 > 192.0.2.1 53 100
	E
	wait_for 10 told 1035
	exec 7>&-
	wait $filter
	check got
	# 1000 bytes a second from 1000 on, and nothing before.
	jq -e -s 'def steps($n): [range(40 - $n) | 0] + [range($n) | 1000];
	    INDEX(.[]; .ts / 1000) | map_values(.flows[0].history) |
	    .["1015"] == steps(3) and .["1020"] == steps(4) and
	    .["1025"] == steps(5) and .["1030"] == steps(6) and
	    .["1035"] == steps(40)' got
}

@test "rows of another --by have no history of those before, whatever the interval" {
	commanded --interval 2 --by hosts
	live <<-'E'
	live 1000 10.0.0.1/24
	every 0.1 1000 1010 udp 10.0.0.1 1000 > 192.0.2.1 53 100
	tick 1010 state=up
	E
	wait_for 10 told 1010
	echo 'by flow' >ctl
	live <<-'E'
	every 0.1 1010.5 1012 udp 10.0.0.1 2000 > 192.0.2.2 53 100
	tick 1012 state=up
	E
	wait_for 10 told 1012
	exec 7>&-
	wait $filter
	check got
	jq -c 'select(.ts == 1012000 and .dt > 0).flows[] |
	    [.src_port, .delta_sent, (.history | add)]' got >rows
	diff -u - rows <<-'E'
	[2000,1500,750]
	[1000,0,0]
	E
}

@test "other rows leave conversations their direction and their ends" {
	commanded
	live <<-'E'
	file
	1000.1 tcp 192.0.2.9 4000 > 192.0.2.1 8080 100 flags=2
	1000.2 tcp 192.0.2.7 80 > 192.0.2.2 5000 100 flags=2
	1000.3 tcp 192.0.2.7 80 > 192.0.2.2 5001 100 flags=4
	1000.4 udp 127.0.0.1 51820 > 127.0.0.1 33000 100
	tick 1001
	E
	wait_for 10 told 1001
	second=1001
	for by in service hosts flow; do
		echo "by $by" >ctl
		: $((second += 1))
		live <<-E
		$((second - 1)).5 tcp 192.0.2.1 8080 > 192.0.2.9 4000 100 flags=16
		$((second - 1)).6 tcp 192.0.2.2 5000 > 192.0.2.7 80 100 flags=16
		$((second - 1)).7 udp 127.0.0.1 33000 > 127.0.0.1 51820 100
		tick $second
		E
		wait_for 10 told $second
	done
	live <<-'E'
	1004.5 tcp 192.0.2.7 80 > 192.0.2.2 5001 100 flags=2
	tick 1005
	E
	exec 7>&-
	wait $filter
	check got
	jq -c 'select(.dt > 0) | .by, (.flows | sort_by(.src, .dst_port)[] |
	    [.src, .src_port, .dst, .dst_port, .direction, .total_recv,
	    .first_seen, .last_seen, .ended])' got | tail -n +6 >rows
	diff -u - rows <<-'E'
	"service"
	["",0,"",5000,"",100,1001600,1001600,false]
	["",0,"",8080,"",100,1001500,1001500,false]
	["",0,"",33000,"",0,1001700,1001700,false]
	"hosts"
	["127.0.0.1",0,"127.0.0.1",0,"local",0,1002700,1002700,false]
	["192.0.2.7",0,"192.0.2.2",0,"out",100,1002600,1002600,false]
	["192.0.2.9",0,"192.0.2.1",0,"out",100,1002500,1002500,false]
	"flow"
	["127.0.0.1",33000,"127.0.0.1",51820,"local",0,1000400,1003700,false]
	["192.0.2.2",5001,"192.0.2.7",80,"out",0,1000300,1000300,false]
	["192.0.2.7",80,"192.0.2.2",5000,"out",100,1000200,1003600,false]
	["192.0.2.9",4000,"192.0.2.1",8080,"out",100,1000100,1003500,false]
	"flow"
	["127.0.0.1",33000,"127.0.0.1",51820,"local",0,1000400,1003700,false]
	["192.0.2.2",5001,"192.0.2.7",80,"out",0,1000300,1000300,true]
	["192.0.2.7",80,"192.0.2.2",5000,"out",100,1000200,1003600,false]
	["192.0.2.7",80,"192.0.2.2",5001,"out",0,1004500,1004500,false]
	["192.0.2.9",4000,"192.0.2.1",8080,"out",100,1000100,1003500,false]
	E
}

@test "a flow keeps the interface that saw it when the capture has moved" {
	flowagg-records >first <<-'EOF'
	live 1000 10.0.0.1/24
	1000.5 udp 10.0.0.1 1 > 192.0.2.1 53 100
	EOF
	flowagg-records <<-'EOF' | sed 's/eth0/wlan0/' >second
	live 1000 10.0.1.1/24
	1001.5 udp 10.0.1.1 2 > 192.0.2.1 53 200 if=wlan0
	tick 1002 state=up
	EOF
	# And back: an interface that was there keeps its row.
	flowagg-records >third <<-'EOF'
	live 1000 10.0.0.1/24
	1002.5 udp 10.0.0.1 3 > 192.0.2.1 53 400
	EOF
	cat first second third >records
	for form in cat flowagg-binary; do
		$form <records >input
		flowagg --final --sort src <input >got
		[ "$(jq -c '[.flows[] | [.src_port, .interface]]' got)" = \
			'[[1,"eth0"],[3,"eth0"],[2,"wlan0"]]' ]
		jq -e '.source.interfaces == ["eth0"]' got
		flowagg --final --by interface --sort total <input >got
		[ "$(jq -c '[.flows[] | [.interface, .total_sent]]' got)" = \
			'[["eth0",500],["wlan0",200]]' ]
	done
}

@test "after a reset no peak is of before, windows or not" {
	commanded
	live <<-'E'
	live 1000 10.0.0.1/24
	1000.5 udp 10.0.0.1 1000 > 192.0.2.1 53 70000
	tick 1010
	E
	wait_for 10 told 1010
	echo reset >ctl
	live <<-'E'
	tick 1011
	1020.5 udp 10.0.0.1 1000 > 192.0.2.1 53 100
	tick 1022
	E
	wait_for 10 told 1022
	exec 7>&-
	wait $filter
	check got
	jq -c 'select(.ts | IN(1010000, 1011000, 1021000)) |
	    [.peak_sent, .peak_total, .sent_40s > 0, .flows[0].peak_sent]' \
		got >peaks
	diff -u - peaks <<-'E'
	[70000,70000,true,70000]
	[0,0,true,0]
	[100,100,true,100]
	E
}

@test "after a reset what comes late is no peak of before" {
	commanded
	live <<-'E'
	live 1000 10.0.0.1/24
	1000.5 udp 10.0.0.1 1000 > 192.0.2.1 53 70000
	tick 1001
	1001.5 udp 10.0.0.1 1000 > 192.0.2.1 54 60000
	1001.6 udp 10.0.0.1 1000 > 192.0.2.1 53 50000
	tick 1002
	E
	wait_for 10 told 1002
	echo reset >ctl
	live <<-'E'
	1001.9 udp 10.0.0.1 1000 > 192.0.2.1 53 100
	1001.9 udp 10.0.0.1 1000 > 192.0.2.1 54 100
	1001.9 udp 10.0.0.1 1000 > 192.0.2.1 55 100
	1002.1 udp 10.0.0.1 1000 > 192.0.2.1 53 40
	tick 1003
	E
	exec 7>&-
	wait $filter
	check got
	jq -c 'select(.ts == 1003000 and .dt > 0) | [.peak_sent, .peak_total],
	    (.flows | sort_by(.dst_port)[] |
	    [.dst_port, .peak_sent, .sent_2s, .total_sent])' got >peaks
	diff -u - peaks <<-'E'
	[40,40]
	[53,40,25070,140]
	[54,0,30050,100]
	[55,0,50,100]
	E
}

@test "a quiet interface has every snapshot, but not those of a night" {
	for kind in 'live 1000' file; do
		flowagg-records <<-E | flowagg --interval 0.2 >got
		$kind
		tick 1000
		tick 1001
		tick 1002
		tick 30000
		tick 30001
		E
		jq -s -c '[.[] | select(.dt > 0)] | length, (.[-1].ts - .[0].ts)' \
			got
	done >counts
	diff -u - counts <<-'E'
	17
	29000800
	8
	29000800
	E
}

@test "a reset begins what was lost and not counted at 0, too" {
	commanded -F 10.0.0.0/8
	flowagg-records >records <<-'E'
	live 1000
	1000.1 udp 10.0.0.1 1 > 192.0.2.1 53 100
	1000.2 udp 192.0.2.2 1 > 192.0.2.1 53 100
	tick 1001 state=up packets=5 bytes=500
	1001.1 udp 10.0.0.1 1 > 192.0.2.1 53 100
	1001.2 udp 192.0.2.2 1 > 192.0.2.1 53 100
	tick 1002 state=up packets=7 bytes=700
	tick 1003 state=up packets=8 bytes=800
	E
	flowagg-binary <records >binary
	# All but the last two packets and ticks, of one and three slots.
	size=$(($(stat -c %s binary) - 64 * (2 + 3 + 3)))
	head -c $size binary >&7
	wait_for 10 told 1001
	echo reset >ctl
	tail -c +$((size + 1)) binary >&7
	exec 7>&-
	wait $filter
	check got
	jq -c 'select(.dt > 0).capture | [.packets, .lost, .uncounted_packets,
	    .uncounted_bytes]' got >capture
	diff -u - capture <<-'E'
	[5,3,1,100]
	[2,0,1,100]
	[3,1,1,100]
	E
}

@test "an alert that is added sees what was there, and keeps no other from it" {
	commanded --alert 50kB --interval 0.2
	live <<-'E'
	live 1000
	1000.1 udp 10.0.0.1 1000 > 192.0.2.1 53 100000
	1000.3 udp 10.0.0.1 1000 > 192.0.2.1 54 30000
	tick 1000.4
	E
	wait_for 10 grep -q '"ts":1000400,' got
	echo "alert 1MB" >ctl
	live <<<"tick 1000.6"
	wait_for 10 grep -q '"ts":1000600,' got
	echo "alert 20kB" >ctl
	live <<<"tick 1001"
	exec 7>&-
	wait $filter
	jq -c 'select(.ts == 1001000 and .dt > 0).alerts[] |
	    [.dst_port, .threshold, .rate]' got | sort >alerts
	diff -u - alerts <<-'E'
	[53,20000,100000]
	[53,50000,100000]
	[54,20000,30000]
	E
}

@test "an alert of a row that another --by took away says what it was of" {
	commanded --by remote --alert 100
	live <<-'E'
	live 1000
	1000.1 0 10.0.0.1 > 192.0.2.1 1000
	tick 1001
	E
	wait_for 10 told 1001
	echo "by protocol" >ctl
	live <<-'E'
	1001.1 0 10.0.0.1 > 192.0.2.1 1000
	tick 1002
	E
	wait_for 10 told 1002
	echo "by hosts" >ctl
	live <<<"tick 1003"
	exec 7>&-
	wait $filter
	jq -c 'select(.dt > 0).alerts[] | [.state, .dst, .protocol]' got >alerts
	diff -u - alerts <<-'E'
	["raised","192.0.2.1",""]
	["cleared","192.0.2.1",""]
	["raised","","HOPOPT"]
	["cleared","","HOPOPT"]
	E
}

@test "the first rows of many are right when the order changes" {
	commanded --top 1 --idle 300 --interval 0.5
	{
		echo file
		for i in $(seq 400); do
			echo "1000.1 udp 10.0.0.1 $i > 192.0.2.1 53 100"
		done
		# In the second that runs at 1000.5, and in none before.
		echo "1000.2 udp 10.0.0.1 390 > 192.0.2.1 53 5000"
		for i in $(seq 380); do
			echo "1000.7 udp 10.0.0.1 $i > 192.0.2.1 53 100"
		done
		for s in 1005 1010 1020 1040 1060; do
			for i in $(seq 380); do
				echo "$s udp 10.0.0.1 $i > 192.0.2.1 53 30"
			done
		done
		echo tick 1060
	} | live
	wait_for 20 told 1060
	echo sort total >ctl
	live <<<'tick 1061'
	exec 7>&-
	wait $filter
	jq -c 'select(.ts == 1001000 or .ts == 1061000).flows[0] |
	    [.src_port, .total_sent]' got >first
	diff -u - first <<-'E'
	[390,5100]
	[390,5100]
	[390,5100]
	E
}

@test "a counter that falls after a reset is 0, not beyond all numbers" {
	commanded
	live <<-'E'
	live 1000 10.0.0.1/24
	tick 1000.5 state=up kernel_dropped=7 interface_dropped=9
	tick 1001 state=up kernel_dropped=7 interface_dropped=9
	E
	wait_for 5 test -s got
	echo reset >ctl
	# Commands come before records that are there at the same time.
	live <<-'E'
	tick 1002 state=up kernel_dropped=3 interface_dropped=10
	E
	exec 7>&-
	wait $filter
	jq -c '.capture | [.kernel_dropped, .interface_dropped]' got >drops
	diff -u - drops <<-'E'
	[7,9]
	[0,1]
	[0,1]
	E
}

@test "a control path that is no FIFO is refused" {
	: >file
	run -1 --separate-stderr flowagg --control file <<<''
	[[ $stderr == "flowagg: file: "*FIFO* ]]
}

@test "the recipe for Prometheus has counters that go on, in a whole file" {
	flowagg-records <<-'E' | flowagg >snapshots
	file 10.0.0.1/24
	1000 udp 10.0.0.1 1 > 192.0.2.1 53 100
	1001.5 udp 192.0.2.1 53 > 10.0.0.1 1 30
	tick 1002
	E
	# As it is written there, with this for what iftoprs would say.
	mkdir fake
	cat >fake/iftoprs <<-'E'
	#!/bin/sh
	case $* in
	*--once*) exit 2 ;;
	*--json*) exec cat snapshots ;;
	esac
	E
	# And mv keeps what it puts into place.
	cat >fake/mv <<-'E'
	#!/bin/sh
	cat "$1" >>all && exec /bin/mv "$@"
	E
	chmod +x fake/*
	cp "$root/share/jq/prometheus.jq" .
	sed -n 's/^#\t//p' prometheus.jq >recipe
	PATH=$PWD/fake:$PATH sh recipe
	[ ! -e iftoprs.new ]
	grep '_total{' all | grep -v packets >got
	diff -u - got <<-'E'
	iftoprs_sent_bytes_total{host="web1.example.net"} 100
	iftoprs_received_bytes_total{host="web1.example.net"} 0
	iftoprs_sent_bytes_total{host="web1.example.net"} 100
	iftoprs_received_bytes_total{host="web1.example.net"} 30
	iftoprs_sent_bytes_total{host="web1.example.net"} 100
	iftoprs_received_bytes_total{host="web1.example.net"} 30
	E
	tail -n 14 all | diff -u - iftoprs.prom
	grep -c '^# TYPE [a-z_]*_total counter$' iftoprs.prom |
		diff -u - <(echo 4)
}

@test "time that goes back by more than a second goes on without a gap" {
	flowagg-records <<-'E' | flowagg >got
	live 1000 10.0.0.1/24
	every 0.1 1000 1005 udp 10.0.0.1 1000 > 192.0.2.1 53 1000
	tick 1005 state=up
	tick 905 state=up
	every 0.1 905 910 udp 10.0.0.1 1000 > 192.0.2.1 53 1000
	tick 910 state=up
	E
	check got
	jq -c '[.ts, .sent_2s, (.events[] | .text)]' got >times
	diff -u - times <<-'E'
	[1001000,10000]
	[1002000,10000]
	[1003000,10000]
	[1004000,10000]
	[1005000,10000]
	[906000,10000,"time went back by 100.000 s; averages go on without a gap"]
	[907000,10000]
	[908000,10000]
	[909000,10000]
	[910000,10000]
	[910000,10000]
	E
}

@test "what came before a file's time stepped back keeps its time" {
	flowagg-records <<-'E' | flowagg >got
	file
	every 0.1 1000 1005.05 udp 10.0.0.1 1000 > 192.0.2.1 53 1000
	tick 905
	905 udp 10.0.0.1 2000 > 192.0.2.1 53 1000
	every 0.1 905 907 udp 10.0.0.1 1000 > 192.0.2.1 53 1000
	tick 907
	E
	check got
	jq -c '[.elapsed, (.flows | sort_by(.id)[] |
	    .src_port, .first_seen, .last_seen)]' got | tail -n 2 >times
	diff -u - times <<-'E'
	[7,1000,1000000,906900,2000,905000,905000]
	[7.001,1000,1000000,906900,2000,905000,905000]
	E
	# A row that was not shown before that and has more than its delta.
	flowagg-records <<-'E' | flowagg --top 1 >got
	file
	1000 udp 10.0.0.1 1 > 192.0.2.1 53 100
	1000.1 udp 10.0.0.1 2 > 192.0.2.1 53 1000
	tick 1004
	tick 905
	907.1 udp 10.0.0.1 1 > 192.0.2.1 53 10000
	tick 910
	E
	check got
}

# segment PORT SECOND...: twelve packets from a port, a little over 50 ms
# apart; the third one comes before the second.
segment() {
	local port=$1 second=$2 i
	for i in 0 2 1 3 4 5 6 7 8 9 10 11; do
		printf 'packet %d.%06d\n' $second $((i * 50003 + 456))
		echo 45 00 00 1c 00 01 00 00 40 11 00 00
		echo c0 00 02 01 c6 33 64 07 $port 00 35 00 08 00 00
	done
}

@test "what came between two steps back keeps its time, from the first on" {
	{
		echo "pcap 228"
		segment "10 01" 20000
		segment "10 02" 10000
		segment "10 03" 5000
		segment "10 04" 7000
		segment "10 05" 6000
	} | hex - >in.pcap
	capd -r in.pcap >records
	flowagg --final <records >got
	check got
	jq -c '.flows | sort_by(.id)[] | [.src_port, .packets_sent,
	    .first_seen, .last_seen]' got >times
	diff -u - times <<-'E'
	[4097,12,20000000,20000550]
	[4098,12,10000000,10000550]
	[4099,12,5000000,5000550]
	[4100,12,7000000,7000550]
	[4101,12,6000000,6000550]
	E
	jq -r '.events[] | select(.from == "flowagg").text' got >told
	diff -u - told <<-'E'
	time went back by 10000.550 s; averages go on without a gap
	time went back by 5000.550 s; averages go on without a gap
	time went back by 1000.550 s; averages go on without a gap
	E
	# And not all at the end: what was held back has its interval.
	flowagg <records >got
	check got
}

@test "each flow keeps its time, however often the clock stepped back" {
	{
		echo file
		for i in $(seq 300 -1 1); do
			echo "tick ${i}000.0004"
			echo "${i}000.0016 udp 10.0.0.1 $i > 192.0.2.1 53 100"
		done
	} | flowagg-records | flowagg --final >got
	jq -e '.flow_count == 300 and all(.flows[];
	    .first_seen == .src_port * 1000000 + 1)' got
}

@test "without ticks, ten packets in a row tell that time stepped back" {
	flowagg-records >records <<-'E'
	file
	every 0.1 2000 2002.05 udp 10.0.0.1 1 > 192.0.2.1 53 100
	1000.5 udp 10.0.0.1 2 > 192.0.2.1 53 100
	every 0.1 1000.6 1002.55 udp 10.0.0.1 2 > 192.0.2.1 53 100
	E
	# With a source, and as what a filter leaves without one.
	for first in 1 2; do
		tail -n +$first records | flowagg >got
		check got
		jq -c '[.ts, .sent_2s, (.flows | sort_by(.id)[] | .src_port,
		    .first_seen, .last_seen)]' got >times
		diff -u - times <<-'E'
		[2001000,1000,1,2000000,2000900]
		[2002000,1000,1,2000000,2001900]
		[1001499,1050,1,2000000,2002000,2,1000500,1001400]
		[1002499,1050,1,2000000,2002000,2,1000500,1002400]
		[1002500,1050,1,2000000,2002000,2,1000500,1002500]
		E
		grep -o 'time went back by [0-9.]* s' got >told
		diff -u - told <<<"time went back by 1001.500 s"
	done
	# Nine are late; and where there are ticks, one would come.
	head -n 31 records | flowagg >got
	lacks 'went back' got
	{
		head -n 1 records
		flowagg-records <<<'tick 2000'
		tail -n +2 records
	} | flowagg >got
	lacks 'went back' got
	check got
}

@test "what comes later than a history goes back is in none of its samples" {
	flowagg-records <<-'E' | flowagg --interval 0.2 >got
	every 0.1 1000 1019 udp 10.0.0.1 1000 > 192.0.2.1 53 100
	1005.05 udp 10.0.0.1 1000 > 192.0.2.1 53 50000
	every 0.1 1019 1025 udp 10.0.0.1 1000 > 192.0.2.1 53 100
	E
	check got
	jq -e -s '.[-1].total_sent == 75000 and .[-1].flows[0].history != [] and
	    all(.[].flows[].history[]; . <= 1000)' got
}

@test "time steps back by more than a second, or packets are just late" {
	for late in 1009 1008.9; do
		flowagg-records <<-E | flowagg >got
		file
		1000.5 udp 10.0.0.1 1000 > 192.0.2.1 53 100
		1010 udp 10.0.0.1 1000 > 192.0.2.1 53 100
		$(for _ in 1 2 3 4 5 6 7 8 9 10; do
			echo "$late udp 10.0.0.1 1000 > 192.0.2.1 53 100"
		done)
		E
		check got
		jq -r '.events[].text' got
	done >told
	diff -u - told <<-'E'
	time went back by 1.100 s; averages go on without a gap
	E
}

@test "a late packet before a step back is none behind it" {
	flowagg-records <<-'E' | flowagg --final >got
	file
	2000 udp 10.0.0.1 1 > 192.0.2.1 53 100
	1200 udp 10.0.0.1 2 > 192.0.2.1 53 100
	2000.1 udp 10.0.0.1 1 > 192.0.2.1 53 100
	tick 1500
	1501 udp 10.0.0.1 3 > 192.0.2.1 53 100
	E
	jq -c '[.elapsed, (.flows | sort_by(.src_port)[] | .first_seen)]' \
		got >times
	diff -u - times <<<'[1.101,2000000,1200000,1501000]'
}

@test "a packet from before a step back that comes behind it keeps its time" {
	flowagg-records >records <<-'E'
	file
	tick 2000
	every 0.1 2000 2005.05 udp 10.0.0.1 1 > 192.0.2.1 53 100
	tick 2005
	tick 1000
	every 0.1 1000 1005.05 udp 10.0.0.1 2 > 192.0.2.1 53 100
	tick 1005
	every 0.1 1005.1 1006.05 udp 10.0.0.1 2 > 192.0.2.1 53 100
	500 udp 10.0.0.1 3 > 192.0.2.1 53 100
	1006.1 udp 10.0.0.1 2 > 192.0.2.1 53 100
	998.9 udp 10.0.0.1 4 > 192.0.2.1 53 100
	1001.5 udp 10.0.0.1 5 > 192.0.2.1 53 100
	998.9 udp 10.0.0.1 2 > 192.0.2.1 53 100
	999.1 udp 10.0.0.1 6 > 192.0.2.1 53 100
	1006.2 udp 10.0.0.1 2 > 192.0.2.1 53 100
	tick 1004
	every 0.1 1004 1008.05 udp 10.0.0.1 7 > 192.0.2.1 53 100
	1002 udp 10.0.0.1 8 > 192.0.2.1 53 100
	400 udp 10.0.0.1 9 > 192.0.2.1 53 100
	E
	flowagg --final <records >got
	check got
	# 6 is less than a second before a step, 8 between two steps.
	jq -c '.flows | sort_by(.src_port)[] | [.src_port, .first_seen,
	    .last_seen]' got >times
	diff -u - times <<-'E'
	[1,2000000,2005000]
	[2,998900,1006200]
	[3,500000,500000]
	[4,998900,998900]
	[5,1001500,1001500]
	[6,1000000,1000000]
	[7,1004000,1008000]
	[8,1002000,1002000]
	[9,400000,400000]
	E
	flowagg <records >got
	check got
	# It is no burst where the step was.
	jq -e -s 'all(.[].flows[]; .peak_sent <= 1000)' got
}

@test "packets of an older clock that a capture has behind a step keep theirs" {
	{
		echo "pcap 228"
		segment "10 01" 20000
		segment "10 02" 10000
		segment "10 03" 5000 | head -n 6
	} | hex - | capd -r - | flowagg --final >got
	jq -c '.flows | sort_by(.id)[] | [.first_seen, .last_seen]' got >times
	diff -u - times <<-'E'
	[20000000,20000550]
	[10000000,10000550]
	[5000000,5000100]
	E
}

@test "a packet that is only late counts when it is" {
	flowagg-records <<-'E' | flowagg >got
	file
	1000 udp 10.0.0.1 1 > 192.0.2.1 53 100
	1003.5 udp 10.0.0.1 1 > 192.0.2.1 53 100
	1001.2 udp 10.0.0.1 2 > 192.0.2.1 53 100
	1003.6 udp 10.0.0.1 1 > 192.0.2.1 53 100
	1001.1 udp 10.0.0.1 2 > 192.0.2.1 53 100
	1001.3 udp 10.0.0.1 2 > 192.0.2.1 53 100
	tick 1004
	1002.1 udp 10.0.0.1 3 > 192.0.2.1 53 100
	E
	check got
	jq -c 'select(.ts >= 1004000) | [.ts, .packets_sent, (.flows |
	    sort_by(.id)[] | .src_port, .first_seen, .last_seen)]' got >times
	diff -u - times <<-'E'
	[1004000,6,1,1000000,1003600,2,1001100,1001300]
	[1004000,7,1,1000000,1003600,2,1001100,1001300,3,1002100,1002100]
	E
}

@test "a flow lives as long behind a gap of hours as without one" {
	local life='.flows[] | select(.src_port == 2000 and .ended) |
	    .last_seen - 1000000000, $s.ts - .last_seen'
	for gap in 10 100000; do
		flowagg-records <<-E | flowagg >got
		file
		$((1000000 - gap)) udp 10.0.0.1 1000 > 192.0.2.1 53 100
		1000000 tcp 10.0.0.1 2000 > 192.0.2.1 80 100 flags=2
		1000000 tcp 10.0.0.1 2000 > 192.0.2.1 80 100 flags=17
		1000000 tcp 192.0.2.1 80 > 10.0.0.1 2000 100 flags=17
		every 1 1000001 1000100 udp 10.0.0.1 1000 > 192.0.2.1 53 100
		tick 1000100
		E
		check got
		jq -c '. as $s | '"$life" got >"life.$gap"
	done
	diff -u life.10 life.100000
	diff -u - life.10 <<-'E'
	0
	60000
	E
}

@test "a row outlives its closed connections behind a gap of hours, too" {
	for gap in 61 100000; do
		flowagg-records <<-E | flowagg --by hosts >got
		file
		1000000 tcp 10.0.0.1 2000 > 192.0.2.1 80 100 flags=2
		1000040 tcp 10.0.0.1 2000 > 192.0.2.1 80 100 flags=16
		1000070 tcp 10.0.0.1 2000 > 192.0.2.1 80 100 flags=4
		$((1000070 + gap)) tcp 10.0.0.1 2001 > 192.0.2.1 80 100 flags=2
		tick $((1000072 + gap))
		E
		check got
		jq -c 'select(.flows[0].ended) |
		    [.flows[0].id, .dt, .ts - .flows[0].last_seen]' got \
			>"life.$gap"
	done
	diff -u life.61 life.100000
	diff -u - life.61 <<-'E'
	[1,1,60000]
	[2,0,2000]
	E
}

@test "a file's stream begins with its first packet, of whatever kind" {
	flowagg-records <<-'E' |
	file
	tick 1003 packets=1 bytes=60 non_ip_packets=1 non_ip_bytes=60
	1003.6 udp 10.0.0.1 1000 > 192.0.2.1 53 600
	tick 1006 packets=2 bytes=660 non_ip_packets=1 non_ip_bytes=60
	E
		jq -c 'if .type == "source" then
		    .start_sec = 1000 | .start_nsec = 500000000 else . end' |
		flowagg >got
	check got
	jq -c '[.ts, .dt, .elapsed, .sent_2s, .sent_10s]' got >figures
	diff -u - figures <<-'E'
	[1001000,0.5,0.5,0,0]
	[1003000,2,2.5,0,0]
	[1004000,1,3.5,300,171]
	[1005000,1,4.5,300,133]
	[1006000,1,5.5,0,109]
	[1006000,0,5.5,0,109]
	E
}

@test "gaps of years give no snapshots of nothing, and times beyond 2106 end" {
	flowagg-records <<-'E' | timeout 20 flowagg >got
	0.5 udp 10.0.0.1 1000 > 192.0.2.1 53 100
	1000000000.5 udp 10.0.0.1 1000 > 192.0.2.1 53 100
	4000000000.5 udp 10.0.0.1 1000 > 192.0.2.1 53 100
	18446744072.5 udp 10.0.0.1 1000 > 192.0.2.1 53 100
	99.5 udp 10.0.0.1 1000 > 192.0.2.1 53 100
	E
	check got
	jq -e -s 'length < 400 and .[-1].total_sent == 500' got
}

@test "a live stream that does not say when it began begins with its first record" {
	flowagg-records <<-'E' | flowagg >got
	live 0 10.0.0.1/24
	1000.5 udp 10.0.0.1 1000 > 192.0.2.1 53 1000
	tick 1001
	E
	jq -e -s '.[0].sent_2s == 2000 and .[0].elapsed == 0.5' got
}

@test "a live stream that begins in the future comes back to now" {
	flowagg-records <<-'E' | flowagg >got
	live 9000 10.0.0.1/24
	tick 1000
	every 0.1 1000 1003 udp 10.0.0.1 1000 > 192.0.2.1 53 1000
	tick 1003
	E
	check got
	jq -e -s '.[-1] | .ts == 1003000 and .sent_2s == 10000' got
}

@test "a torn last record is told of and ignored" {
	flowagg-random 33 20 | flowagg-records | flowagg-binary >records
	head -c -1 records >torn
	run -0 --separate-stderr flowagg --final <torn
	[[ $stderr == "flowagg: standard input: "*"torn (63 bytes"* ]]
	[ "$(jq .packets_sent+.packets_recv <<<"$output")" = 19 ]
	head -c 40 records >header
	run -0 --separate-stderr flowagg <header
	[ -z "$output" ]
	[[ $stderr == *"torn (40 bytes"* ]]
}

@test "what follows the end of a stream is told of, and the status is 1" {
	capd -r "$root/share/sample.pcap" >one
	hex "$fixtures/ethernet.hex" | capd -r - >other
	flowagg --final <one >want
	flowagg --final <other >want_cut
	head -c -64 other >cut		# without its end
	both() {
		run -1 --separate-stderr flowagg --final <both
		diff "$1" - <<<"$output"
		[[ $stderr == "flowagg: standard input: what follows the end of the stream"* ]]
	}
	cat one one >both
	both want
	cat one other >both
	both want
	cat cut one >both
	both want_cut
}

@test "a text stream without its head goes on where its source comes again" {
	flowagg-records <<-'E' | tail -n +2 >records
	live 1000 10.0.0.1/24
	1000.5 udp 10.0.0.1 1000 > 192.0.2.1 53 100
	live 1000 10.0.0.1/24 10.0.0.7/24
	1001.5 udp 10.0.0.7 1000 > 192.0.2.1 53 100
	end 1002
	E
	flowagg --final <records | jq -e '.total_sent == 200 and
	    .session == "0123abcd" and .source.local ==
	    ["10.0.0.1/24", "10.0.0.7/24"]'
}

@test "at the end a live stream waits for its reader, too" {
	awk 'BEGIN {
		print "live 1000 10.0.0.1/8"
		for (i = 1; i <= 3000; i++)
			print "1000.5 udp 10.0.0.1", i, "> 192.0.2.1 53 100"
		print "tick 1002"
	}' | flowagg-records >records
	for options in --final "--count 1"; do
		# shellcheck disable=SC2086 # options
		flowagg $options <records | { sleep 1.3; cat; } >got
		jq -e '.flows | length == 3000' got
	done
	# Also where others are still on their way then.
	flowagg --interval 0.2 <records | { sleep 1.3; cat; } >got
	jq -e -s '.[-1].flows | length == 3000 and all(.[]; .ended)' got
	check got
}

@test "a tick that contradicts itself makes no losses" {
	flowagg-records <<-'E' | flowagg-binary | flowagg --final >got
	live 1000 10.0.0.1/24
	1000.5 udp 10.0.0.1 1000 > 192.0.2.1 53 1000
	tick 1001 packets=1 malformed=5
	E
	jq -e '.capture.lost == 0 and .total_sent == 1000' got
}

@test "snapshots in place of records are refused" {
	capd -r "$root/share/sample.pcap" | flowagg --interval 60 >snapshots
	run -1 --separate-stderr flowagg --final <snapshots
	[ -z "$output" ]
	[[ $stderr == *"expected records, "*"found snapshots, "* ]]
}

@test "JSON over several lines, or without a record in it, is refused" {
	capd -r "$root/share/sample.pcap" -o ndjson | head -n 50 >lines
	jq . lines >pretty
	run -1 --separate-stderr flowagg --final <pretty
	[ -z "$output" ]
	[[ $stderr == *"one JSON object a line"*"(jq -c"* ]]
	[ "${#stderr_lines[@]}" = 1 ]
	echo '{"name":"some"}' >other
	run -1 --separate-stderr flowagg --final <other
	[ -z "$output" ]
	[[ $stderr == *"found no line that is one"* ]]
}

@test "lines that are no records are skipped, counted and told of once" {
	{
		flowagg-records <<<'1000 udp 10.0.0.1 1000 > 192.0.2.1 53 100'
		printf '%s\n' 'no json' '[1]' '{"type":"packet"}' '{"x":' \
			'{"type":"packet","src":"1.2.3.4","dst":"::1","length":1,"proto":6}' \
			'{"type":"packet","src":"1.2.3.4","dst":"1.2.3.5","length":4294967296,"proto":6}'
		flowagg-records <<<'1001 udp 10.0.0.1 1000 > 192.0.2.1 53 100'
	} >records
	run -0 --separate-stderr flowagg --final <records
	[ "$(jq .packets_sent <<<"$output")" = 2 ]
	[ "${#stderr_lines[@]}" = 2 ]
	[[ ${stderr_lines[1]} == *"6 lines were no records" ]]
}

@test "a last line that is longer than any record and has no end is told of" {
	{
		flowagg-records <<<'1000 udp 10.0.0.1 1000 > 192.0.2.1 53 100'
		head -c 1500000 /dev/zero | tr '\0' x
	} >records
	run -0 --separate-stderr flowagg --final <records
	[ "$(jq .packets_sent <<<"$output")" = 1 ]
	[[ $stderr == *"a line that is no record was skipped"* ]]
}

@test "a member of a line that is not what it is to be makes it no record" {
	local line='{"type":"packet","sec":1001,"nsec":5,"src":"10.0.0.1","dst":"10.0.0.2","proto":17,"src_port":1,"dst_port":2,"vlan":3,"length":100,"network_length":86,"fragment":false}'
	local tick='{"type":"tick","sec":1001,"nsec":0,"state":"up","wire_known":true,"packets":7}'
	local change wrong=0
	{
		flowagg-records <<<'1000 udp 10.0.0.1 1000 > 192.0.2.1 53 100'
		for change in .sec=1.5 .sec=-1 'del(.sec)' '.sec="1001"' \
			.nsec=1000000000 .src_port=70000 .dst_port=1.5 \
			.vlan=4096 .length=-1 'del(.length)' .proto=256 \
			.network_length=0.5 .tcp_flags=256 .fragment=1; do
			jq -c "$change" <<<"$line"
			wrong=$((wrong + 1))
		done
		for change in .sec=1.5 'del(.sec)' .packets=-1 .bytes=0.5 \
			.wire_known=1 '.type="end" | .sec=-1'; do
			jq -c "$change" <<<"$tick"
			wrong=$((wrong + 1))
		done
		# What need not be there, or is whole, is right.
		jq -c 'del(.nsec, .src_port, .vlan, .network_length)' <<<"$line"
		jq -c '.interface = "x"' <<<"$line"
	} >records
	run -0 --separate-stderr flowagg --final <records
	diff -u - <(jq -c '[.packets_sent + .packets_recv, .ts]' \
		<<<"$output") <<<'[3,1001000]'
	[[ ${stderr_lines[1]} == *" $wrong lines were no records" ]]
}

@test "what is no record stream is refused, with what was expected" {
	for bytes in 'hello' '\0324\0303\0262\0241' '\0000' 'GET / HTTP/1.0'; do
		printf %b "$bytes" >input
		run -1 --separate-stderr flowagg <input
		[ -z "$output" ]
		[[ $stderr == "flowagg: standard input: expected a record stream"* ]]
		[ "${#stderr_lines[@]}" = 1 ]
	done
	hex "$fixtures/ipv4.hex" >capture
	run -1 --separate-stderr flowagg <capture
	[[ $stderr == *"capd -r first"* ]]
	capd -r capture | gzip >packed
	run -1 --separate-stderr flowagg <packed
	[[ $stderr == *"; decompress it first" ]]
}

@test "another version of the stream is refused by its number" {
	flowagg-records <<<file >records
	flowagg-binary -v 9 <records >nine
	run -1 --separate-stderr flowagg <nine
	[[ $stderr == *"version 1"*"found version 9"* ]]
	flowagg-binary -s -v 9 <records >swapped
	run -1 --separate-stderr flowagg <swapped
	[[ $stderr == *"found version 9"* ]]
}

@test "no input at all is no output at all" {
	run -0 --separate-stderr flowagg </dev/null
	[ -z "$output$stderr" ]
}

@test "a stream without packets still has its last snapshot" {
	flowagg-records <<<file | flowagg >got
	check got
	jq -e '.flows == [] and .seq == 1 and .total_sent == 0' got
}

@test "without a tick the state of the capture is as its source" {
	for source in 'live 1000' file; do
		flowagg-records <<-E
		$source
		1000.5 udp 10.0.0.1 1000 > 192.0.2.1 53 100
		E
	done >records
	head -n 2 records | flowagg | jq -e '.capture.state == "up"'
	tail -n 2 records | flowagg | jq -e '.capture.state == "file"'
}

@test "events of the capture are passed on" {
	flowagg-records <<-'E' | flowagg-binary | flowagg >got
	live 1000
	event 1000.5 warn eth0 is down; next try in 2 s
	tick 1001 state=down
	E
	jq -c '[.capture.state, .events[]]' got | head -n 1 >events
	diff -u - events <<-'E'
	["down",{"level":"warn","from":"capd","text":"eth0 is down; next try in 2 s"}]
	E
}

@test "a snapshot has a bound of events, and says so where it ends" {
	{
		echo 'live 1000 10.0.0.1/24'
		awk 'BEGIN { for (i = 0; i < 3000; i++)
			print "event 1000.5 warn number " i }'
		echo 'tick 1001 state=up'
		echo 'event 1001.5 warn again'
	} | flowagg-records | flowagg >got
	jq -e -s '(.[0].events | length == 1001 and .[999].text ==
	    "number 999" and .[1000].from == "flowagg") and
	    (.[1].events | map(.text) == ["again"])' got
}

@test "a mistake on the command line is one line and status 2" {
	while read -r arguments; do
		# shellcheck disable=SC2086 # words
		run -2 --separate-stderr flowagg $arguments </dev/null
		[ -z "$output" ]
		[ "${#stderr_lines[@]}" = 1 ]
		[[ $stderr == "flowagg: "* ]]
	done <<-'E'
	--interval 0.1
	--interval 3601
	--interval 1s
	--top -1
	--sort size
	--by host
	--history 41
	--count 0
	--idle 0
	--idle 86401
	--max-flows 0
	--max-flows 100000001
	-F 10.0.0.0/33
	-F fd00::/8
	-F 10.0.0.0/255.0.255.0
	-G 10.0.0.0/8
	-F 10.0.0.0/::1.2.3.4
	-G fd00::/129
	-G fd00::/ff0f::
	-G fd00::/255.0.0.0
	--alert 10x
	--alert 0
	--alert 10Mb:all
	--final --count 1
	--final --alert 1M
	--csv --alert 1M
	--csv --history 0
	--text --history 40
	--nonsense
	file
	--top
	E
}

# On 32 bits their sizes are beyond what numbers of these hold.
@test "a table of more flows than memory can be addressed for is refused" {
	for n in 44739243 67108863 100000000; do
		run --separate-stderr flowagg --max-flows $n </dev/null
		[[ $stderr == *"cannot reserve "*": Cannot allocate memory" ||
			$stderr != *"cannot reserve"* ]]
	done
}

@test "more networks or alerts than there is room for are refused" {
	many() {
		for i in $(seq 17); do
			printf '%s %s ' "$1" "$2"
		done
	}
	# shellcheck disable=SC2046 # words
	run -2 --separate-stderr flowagg $(many -F 10.0.0.0/8) </dev/null
	[[ $stderr == *"more than 16 networks"* ]]
	# shellcheck disable=SC2046
	run -2 --separate-stderr flowagg $(many --alert 10) </dev/null
	[[ $stderr == *"more than 16 alerts"* ]]
}

@test "of two forms of output neither silently wins; one may be named twice" {
	for both in "--text --csv" "--csv --text" "--csv --text -B"; do
		# shellcheck disable=SC2086 # words
		run -2 --separate-stderr flowagg $both </dev/null
		[ -z "$output" ]
		[[ $stderr == "flowagg: --text and --csv "* ]]
	done
	run -0 --separate-stderr flowagg --csv --csv </dev/null
	[ -z "$stderr" ]
}

@test "help and version need no input and end with status 0" {
	for option in -h --help -V --version; do
		run -0 --separate-stderr flowagg $option <&-
		[ -z "$stderr" ] && [ -n "$output" ]
	done
}

@test "the manual page has each option, and no other" {
	flowagg --help | grep -oE -- '--[a-z0-9-]+' | sort -u |
		grep -v -e '--help' -e '--version' >options
	sed -n 's/^\.It .*Fl -\([a-z0-9-]*\).*/--\1/p' \
		"$root/share/man/flowagg.1" | sort -u |
		grep -v -e '--help' -e '--version' >page
	[ "$(wc -l <options)" -ge 15 ]
	diff -u options page
}

@test "the examples of the manual page work" {
	need "capd: make" command -v capd
	awk '/^\.Sh EXAMPLES/ { on = 1 } /^\.Sh SEE/ { on = 0 }
	    on && /^\.Bd/ { text = 1; next } /^\.Ed/ { if (text) print "";
	    text = 0 } text' "$root/share/man/flowagg.1" >all
	ln -s "$root/share" share
	awk -v RS= '/^\$/ { sub(/^\$ /, ""); f = "example" ++n
	    print >f; close(f) }' all
	[ "$(ls example? | wc -l)" -eq 5 ]
	for example in example?; do
		sh -e $example >$example.out 2>$example.err </dev/null
		[ ! -s $example.err ]
	done
	grep -q '^Total sent' example1.out
	grep -q '^timestamp,id,' example2.out
	jq -e '.packets > 0' example3.out
	[ ! -s example5.out ]
}

@test "a signal that comes right before a wait without an end is not missed" {
	need "a C compiler" command -v cc
	cc -shared -fPIC -D_GNU_SOURCE -o early.so \
		"$root/tests/tools/signal-before-wait.c"
	LD_PRELOAD=$PWD/early.so flowagg -V || skip "preloading"
	mkfifo in
	sleep 30 >in 3>&- &
	LD_PRELOAD=$PWD/early.so timeout 20 flowagg <in
	kill $!
}
