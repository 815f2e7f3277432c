# SPDX-License-Identifier: MIT
#
# The filters chained by hand, without the front script.

load helper

sample=$root/share/sample.pcap

teardown() {
	no_hosts
}

@test "the same file twice gives the same bytes, through the whole chain" {
	for i in 1 2; do
		capd -r "$sample" | flowagg | procmap | namemap --dns off \
			>$i 2>err.$i
	done
	[ "$(wc -l <1)" -gt 200 ]
	jq -c 'del(.attribution)' 1 | md5sum >sum.1
	jq -c 'del(.attribution)' 2 | md5sum >sum.2
	diff sum.1 sum.2
}

@test "records pass through a file, a pipe and JSON without a difference" {
	capd -r "$sample" | flowagg >want
	capd -r - <"$sample" | flowagg | cmp - want
	capd -r "$sample" | tee day.rec | flowagg | cmp - want
	flowagg <day.rec | cmp - want
	capd -r "$sample" -o ndjson | flowagg | cmp - want
	capd -r "$sample" -o ndjson | jq -c . | flowagg | cmp - want
}

@test "what a stage does not know passes through every later one" {
	capd -r "$sample" | flowagg --count 3 |
		jq -c '{schema, mine: {a: [1, "x"]}} + . |
			.flows[].tag = "t"' |
		procmap | namemap --dns off >out
	jq -e '.mine == {a: [1, "x"]} and all(.flows[]; .tag == "t")' out |
		sort -u | diff <(echo true) -
	# The order stays, additions come before flows, and flows are last.
	jq -r 'keys_unsorted | join(" ")' out | head -n 1 |
		grep -q '^schema mine type .* flows$'
}

@test "shown, other and expired add up to the totals in every snapshot" {
	for options in '' '--top 3' '--top 3 --idle 5' '--by hosts --top 2'; do
		# shellcheck disable=SC2086 # words
		capd -r "$sample" | flowagg $options | jq -c '
			. as $s |
			["total_sent", "total_recv", "packets_sent", "packets_recv",
			 "delta_sent", "delta_recv"] | map(. as $m |
			([$s.flows[][$m]] | add // 0) + $s.other[$m] +
			$s.expired[$m] == $s[$m]) | all' | sort -u >all
		echo true | diff - all
	done
}

@test "a capture filter and a filter between the stages agree" {
	capd -r "$sample" -f 'udp port 53' | flowagg --final |
		jq -c '[.flow_count, .total_sent, .total_recv]' >want
	[ -s want ]
	capd -r "$sample" -o ndjson | jq -c 'select(.type != "packet" or
		(.protocol == "UDP" and (.src_port == 53 or .dst_port == 53)))' |
		flowagg --final |
		jq -c '[.flow_count, .total_sent, .total_recv]' | diff want -
}

@test "tcpdump counts what we count" {
	need tcpdump command -v tcpdump
	tcpdump -nr "$sample" 'ip or ip6' 2>/dev/null | wc -l >want
	capd -r "$sample" | flowagg --final |
		jq '.packets_sent + .packets_recv' | diff want -
}

@test "the reader may leave: every stage ends quietly with status 0" {
	set +e
	capd -r "$sample" 2>>err | flowagg 2>>err | procmap 2>err.procmap |
		namemap --dns off 2>>err | head -n 1 >line
	status=("${PIPESTATUS[@]}")
	set -e
	[ "${status[*]}" = '0 0 0 0 0' ]
	[ ! -s err ]
	[ "$(wc -l <line)" -eq 1 ]
}

@test "live: the reader leaves, and the chain ends before its next snapshot" {
	need_root
	two_hosts
	cat >chain <<-'C'
		capd -i a0 | flowagg --interval 1 | procmap 2>/dev/null |
			namemap --dns off | head -n 1 >line
		echo "${PIPESTATUS[*]}" >status
	C
	SECONDS=0
	timeout 20 ip netns exec "$ns_a" bash chain 3>&- 2>err
	[ "$(cat status)" = '0 0 0 0 0' ]
	[ ! -s err ]
	[ $SECONDS -lt 10 ]
}

@test "live: when any stage is killed the others end at once" {
	need_root
	two_hosts
	for victim in capd flowagg procmap namemap; do
		ip netns exec "$ns_a" bash -c 'capd -i a0 | flowagg | procmap |
			namemap --dns off >out' 2>err 3>&- &
		pid=$!
		wait_for 10 test -s out
		ip netns pids "$ns_a" | xargs ps -o pid=,comm= -p |
			awk -v v=$victim '$2 == v { print $1 }' | xargs kill -KILL
		gone() { ! kill -0 $pid; }
		wait_for 5 gone
		wait $pid || true
		none() { [ -z "$(ip netns pids "$ns_a")" ]; }
		wait_for 5 none
		rm out
	done
}

@test "live: another program's capture goes through the chain as it comes" {
	need_root
	need tcpdump command -v tcpdump
	two_hosts
	ip netns exec "$ns_a" bash -c 'tcpdump -U -i a0 -w - icmp 2>/dev/null |
		capd -r - | flowagg >out' 2>err 3>&- &
	wait_for 10 ip netns exec "$ns_b" ping -q -c 3 -i 0.4 -W 1 192.0.2.1
	ping_some() {
		ip netns exec "$ns_b" ping -q -c 3 -i 0.4 -W 1 192.0.2.1
		grep -q '"protocol":"ICMP"' out
	}
	wait_for 5 ping_some
	ip netns pids "$ns_a" | xargs -r kill
}

@test "live: five snapshots a second, each as soon as its time is over" {
	need_root
	two_hosts
	ip netns exec "$ns_b" ping -q -i 0.05 -c 60 192.0.2.1 >ping &
	local line
	ip netns exec "$ns_a" bash -c 'capd -i a0 --duration 3 |
		flowagg --interval 0.2' 3>&- | while read -r line; do
		echo "${EPOCHREALTIME/./} $line"
	done >out
	wait
	cut -d' ' -f2- out | jq -s 'map(.ts)[:-1] | [., .[1:]] | transpose[:-1] |
	    map(.[1] - .[0]) | length >= 10 and all(. == 200)' | grep true
	sed -E 's/^([0-9]+)[0-9]{3} .*"ts":([0-9]+).*/\1 \2/' out |
		awk '{ print $1 - $2 }' | sort -n >late
	[ "$(sed -n "$(($(wc -l <late) / 2))p" late)" -lt 250 ]
}

@test "live: commands through control files change a running chain" {
	need_root
	two_hosts
	ip netns exec "$ns_a" bash -c 'capd -i a0 --control capd.ctl |
		flowagg --control flowagg.ctl >out' 2>err 3>&- &
	wait_for 10 test -s out
	[ "$(stat -c %a capd.ctl)" = 600 ]
	echo 'filter tcp port 443' >capd.ctl
	wait_for 5 grep -q '"filter":"tcp port 443"' out
	echo 'filter no filter at all' >capd.ctl
	wait_for 5 grep -q '"level":"error","from":"capd"' out
	tail -n 1 out | jq -e '.source.filter == "tcp port 443"'
	echo 'interval 0.5' >flowagg.ctl
	wait_for 5 grep -q '"interval":0.500' out
	ip netns pids "$ns_a" | xargs -r kill
}

# feed_stage: of the command in $stage its name in $name, and what it reads in
# the file "in".
stages=("capd -r in" flowagg "procmap --source diag" "namemap -n")
feed_stage() {
	name=${stage%% *}
	case $name in
	capd) cp "$root/share/sample.pcap" in ;;
	flowagg) capd -r "$root/share/sample.pcap" >in ;;
	*) capd -r "$root/share/sample.pcap" | flowagg --top 3 >in ;;
	esac
}

@test "a full disk is told by every stage, with status 1" {
	need /dev/full test -c /dev/full
	for stage in "${stages[@]}"; do
		feed_stage
		run -1 --separate-stderr sh -c "$stage <in >/dev/full"
		[[ $stderr == "$name: "*"No space left on device" ]]
	done
}

@test "a file that may not grow any more is told by every stage, with status 1" {
	for stage in "${stages[@]}"; do
		feed_stage
		run -1 --separate-stderr sh -c \
			"ulimit -f 1; exec $stage <in >out"
		[[ $stderr == "$name: "*"File too large" ]]
	done
}

@test "a reader that leaves its end of a socket is a quiet end of every stage" {
	need python3 python3 -c 'import socket'
	for stage in "capd -r -" "${stages[@]:1}"; do
		python3 - $stage <<-'E' 2>err
		import socket, subprocess, sys
		ours, theirs = socket.socketpair()
		stage = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE,
		    stdout=theirs)
		theirs.close()
		ours.close()
		assert stage.wait(60) == 0
		E
		[ ! -s err ]
	done
}

@test "input that cannot be read is told by every stage, with status 1" {
	for stage in "capd -r -" "${stages[@]:1}"; do
		name=${stage%% *}
		run -1 --separate-stderr sh -c "$stage <."
		[ -z "$output" ]
		[[ $stderr == "$name: "*"Is a directory"* ]]
	done
}

@test "the control file does not take the place of a closed stream" {
	for stage in flowagg procmap; do
		run -1 --separate-stderr bash -c \
			"timeout 10 $stage --control ctl <&-"
		[ "$stderr" = "$stage: standard input is closed" ]
		run -1 --separate-stderr bash -c \
			"timeout 10 $stage --control ctl </dev/null >&-"
		[ "$stderr" = "$stage: standard output is closed" ]
	done
	printf hello >in
	run -1 timeout 10 bash -c 'flowagg --control ctl <in 2>&-'
}

@test "a control file that cannot be one is told by its name in every stage" {
	touch plain
	for stage in "${stages[@]}"; do
		feed_stage
		for path in plain nowhere/fifo; do
			run -1 --separate-stderr sh -c \
				"$stage --control $path <in"
			[ -z "$output" ]
			[[ $stderr == "$name: "*"$path"* ]]
		done
	done
}

@test "an object that is no snapshot passes through both annotators as it is" {
	capd -r "$root/share/sample.pcap" | flowagg --final --top 2 >snapshot
	echo '{ "note" : "é", "n":1.0 }' >note
	cat note snapshot note | procmap --source diag >got
	namemap -n <got >out
	sed -n '1p;$p' out | cmp - <(cat note note)
	[ "$(wc -l <out)" -eq 3 ]
}
