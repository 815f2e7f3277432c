# SPDX-License-Identifier: MIT
#
# capd on interfaces: what is captured, what it survives, what it can be told.

load helper

setup() {
	need_root
	cd "$BATS_TEST_TMPDIR" || return 1
	two_hosts
}

teardown() {
	[ -z "${tcpdump:-}" ] || kill "$tcpdump" 2>/dev/null || true
	[ -z "${capd:-}" ] || kill "$capd" 2>/dev/null || true
	no_hosts
}

# start ARGUMENT...: capd in namespace a, as NDJSON in "got"; returns when it
# captures.
start() {
	ip netns exec "$ns_a" capd -o ndjson "$@" >got 2>err 3>&- &
	capd=$!
	wait_for 5 grep -q '"tick"' got
}

# stop: end it in good order.
stop() {
	kill -TERM "$capd" || return 1
	local status=0
	wait "$capd" || status=$?
	capd=
	[ "$status" -eq 0 ] || return 1
	cat err >&2
	[ ! -s err ]
}

# pings COUNT: from a to b, IPv4 and IPv6, of different sizes: 4 * COUNT
# packets.
pings() {
	ip netns exec "$ns_a" ping -q -n -c "$1" -i 0.002 -s 400 192.0.2.2
	ip netns exec "$ns_a" ping -q -n -c "$1" -i 0.002 -s 700 fd00::2
}

only_pings='icmp[0] = 8 or icmp[0] = 0 or icmp6[0] = 128 or icmp6[0] = 129'

packets() {
	jq -s 'map(select(.type == "packet")) | length' got
}

# last_tick EXPRESSION: from the last tick's counters.
last_tick() {
	jq -s "map(select(.type == \"tick\")) | last | $1" got
}

event() {
	grep '"type":"event"' got | grep -qF -- "$1"
}

child() {
	pgrep -P "$capd"
}

@test "every packet is recorded with the length that tcpdump saw" {
	need tcpdump command -v tcpdump
	ip netns exec "$ns_a" tcpdump -i a0 -U --immediate-mode -s 128 \
		-w want.pcap "$only_pings" 2>tcpdump.err 3>&- &
	tcpdump=$!
	wait_for 5 grep -q 'listening on' tcpdump.err
	start -i a0 -f "$only_pings"
	pings 50
	stop
	seen() {
		[ "$(tcpdump -r want.pcap 2>/dev/null | wc -l)" -eq 200 ]
	}
	wait_for 5 seen
	kill "$tcpdump"
	wait "$tcpdump" || true
	tcpdump=
	tcpdump -r want.pcap -nn -e -q 2>/dev/null |
		sed 's/.* length \([0-9]*\): .*/\1/' | sort >want
	jq 'select(.type == "packet") | .length' got | sort >lengths
	diff -u want lengths
	[ "$(last_tick .bytes)" -eq $((100 * 442 + 100 * 762)) ]
	[ "$(last_tick .kernel_dropped)" -eq 0 ]
}

@test "the interface's own counters agree to the byte" {
	start -i a0
	pings 20
	# Nobody is there to take it, which may end it early.
	ip netns exec "$ns_a" bash -c 'head -c 30000 /dev/zero \
		>/dev/udp/192.0.2.2/9' || true
	stop
	[ "$(last_tick .wire_known)" = true ]
	[ "$(last_tick .packets)" -ge 80 ]
		[ "$(last_tick '.packets - .wire_packets')" -eq 0 ]
	[ "$(last_tick '.bytes - .wire_bytes')" -eq 0 ]
}

@test "a packet on the loopback interface counts once, there and here" {
	start -i lo
	ip netns exec "$ns_a" ping -q -c 5 -i 0.002 -s 100 127.0.0.1
	stop
	[ "$(packets)" -eq 10 ]
	[ "$(last_tick .bytes)" -eq 1420 ]
	[ "$(last_tick .wire_packets)" -eq 10 ]
	[ "$(last_tick .wire_bytes)" -eq 1420 ]
}

@test "a packet that is dropped on the loopback interface counts once" {
	start -i lo -B 64k -f icmp
	local reader
	reader=$(child)
	kill -STOP "$reader"
	ip netns exec "$ns_a" ping -q -n -f -c 1500 127.0.0.1
	kill -CONT "$reader"
	stop
	[ "$(last_tick .kernel_dropped)" -gt 1000 ]
	[ "$(last_tick '.packets + .kernel_dropped')" -eq 3000 ]
}

@test "on Ethernet our hardware address tells in from out" {
	start -i a0 -f "$only_pings"
	pings 3
	stop
	jq -r 'select(.type == "packet") | "\(.src) \(.direction)"' got |
		sort | uniq -c | sed 's/^ *//' >directions
	diff -u - directions <<-'EOF'
		3 192.0.2.1 out
		3 192.0.2.2 in
		3 fd00::1 out
		3 fd00::2 in
	EOF
}

@test "without -i it is the interface with the default route" {
	name() {
		ip netns exec "$ns_a" capd --duration 0.2 -o ndjson |
			head -n 1 | jq -r '.interfaces[].name'
	}
	ip -n "$ns_a" link add d0 type veth peer name d1
	ip -n "$ns_a" addr add 198.51.100.1/24 dev d0
	ip -n "$ns_a" link set d0 up
	ip -n "$ns_a" link set d1 up
	ip -n "$ns_a" route add default dev a0 metric 50
	[ "$(name)" = a0 ]
	ip -n "$ns_a" route add default dev d0 metric 10
	[ "$(name)" = d0 ]
	ip -n "$ns_a" route flush table main
	ip -n "$ns_a" -6 route add default dev a0
	[ "$(name)" = a0 ]
	ip -n "$ns_a" link set a0 down
	ip -n "$ns_a" link set d0 down
	[ "$(name)" = d1 ]
}

@test "the source names host, addresses and hardware address" {
	start -i a0
	stop
	mac=$(ip -n "$ns_a" -j link show a0 | jq -r '.[0].address')
	head -n 1 got | jq -c '.interfaces[0] | [.name, .linktype, .mac,
	    (.addresses | map(select(startswith("fe80") | not)))]' >line
	echo "[\"a0\",\"EN10MB\",\"$mac\",[\"192.0.2.1/24\",\"fd00::1/64\"]]" |
		diff -u - line
	[ "$(head -n 1 got | jq -r .host)" = "$(hostname)" ]
	head -n 1 got | jq -e '.session | test("^[0-9a-f]{16}$")'
}

# median: of the numbers on standard input.
median() {
	sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'
}

# arrivals: the milliseconds that have passed since the time of each record
# of standard input.
arrivals() {
	local line
	while read -r line; do
		echo "${EPOCHREALTIME/./} $line"
	done | sed -E 's/^([0-9]+) .*"sec":([0-9]+),"nsec":([0-9]+).*/\1 \2 \3/' |
		awk '{ printf "%.0f\n", $1 / 1000 - $2 * 1000 - $3 / 1e6 }'
}

@test "an idle capture ticks at least ten times a second" {
	start -i lo
	sleep 2
	stop
	[ "$(grep -c '"tick"' got)" -ge 20 ]
	[ "$(packets)" -eq 0 ]
}

# no_more_than PER_SECOND MORE: ticks there were, however long that took.
no_more_than() {
	jq -s -e --argjson per "$1" --argjson more "$2" '
		map(select(.type == "tick") | .sec + .nsec / 1e9) |
		length <= (last - first) * $per + $more' got
}

@test "with --latency 250 it ticks five times, at fifths of a second" {
	start -i lo --latency 250
	sleep 2
	stop
	[ "$(grep -c '"tick"' got)" -ge 9 ]
	no_more_than 5 5
	[ "$(jq 'select(.type == "tick") | .nsec % 200000000 / 1e6 | floor' \
		got | median)" -lt 100 ]
}

@test "with --latency 1050 it ticks at whole seconds" {
	start -i lo --latency 1050
	sleep 3
	stop
	[ "$(grep -c '"tick"' got)" -ge 4 ]
	no_more_than 1 4
	[ "$(jq 'select(.type == "tick") | .nsec / 1e6 | floor' \
		got | median)" -lt 100 ]
}

# lateness OPTION...: of the packets of a ping, in milliseconds.
lateness() {
	start -i lo "$@"
	{
		ip netns exec "$ns_a" ping -q -c "$count" -i "$gap" 127.0.0.1
		sleep 1.2	# the last come with the next second
	} &
	timeout 20 tail -n +1 -f --pid=$! got 3>&- |
		grep --line-buffered '"packet"' | arrivals >late
	stop
	[ "$(wc -l <late)" -ge "$((count * 3 / 2))" ]
}

@test "a packet on a quiet line is told of at once" {
	count=9 gap=0.43
	lateness
	[ "$(median <late)" -lt 150 ]
	lateness --latency 250
	[ "$(median <late)" -lt 150 ]
}

@test "a packet of many waits for no longer than it may" {
	count=150 gap=0.01
	lateness
	[ "$(median <late)" -lt 60 ]
	lateness --latency 250
	[ "$(median <late)" -lt 250 ]
	lateness --latency 1050
	[ "$(median <late)" -lt 1050 ]
}

@test "a reader that leaves ends an idle capture at once" {
	ip netns exec "$ns_a" timeout 5 bash -c \
		'capd -i lo | head -c 64 >first
		 echo "${PIPESTATUS[*]}"' >status 2>err
	[ -s first ]
	[ "$(cat status)" = "0 0" ]
	[ ! -s err ]
	[ -z "$(ip netns pids "$ns_a")" ]
}

@test "-n ends it after so many packets" {
	ip netns exec "$ns_a" capd -i lo -n 7 -o ndjson >got 3>&- &
	capd=$!
	wait_for 5 grep -q '"tick"' got
	ip netns exec "$ns_a" ping -q -c 8 -i 0.002 127.0.0.1
	wait "$capd"
	capd=
	[ "$(packets)" -eq 7 ]
	[ "$(last_tick .packets)" -eq 7 ]
	tail -n 1 got | grep -q '"type":"end"'
}

@test "--duration ends it after so long" {
	ip netns exec "$ns_a" timeout 10 capd -i lo --duration 0.5 \
		-o ndjson >got
	tail -n 1 got | grep -q '"type":"end"'
}

@test "SIGINT, SIGTERM and SIGHUP end it with a last tick and an end record" {
	for signal in INT TERM HUP; do
		rm -f got	# it has the ticks of the signal before
		# A shell has its background jobs ignore SIGINT.
		ip netns exec "$ns_a" env --default-signal=INT \
			capd -i lo -o ndjson >got 2>err 3>&- &
		capd=$!
		wait_for 5 grep -q '"tick"' got
		ip netns exec "$ns_a" ping -q -n -c 1 127.0.0.1
		kill -"$signal" "$capd"
		wait "$capd"
		[ ! -s err ]
		[ "$(packets)" -eq 2 ]
		[ "$(tail -n 2 got | jq -r .type | xargs)" = "tick end" ]
		[ "$(last_tick .packets)" -eq 2 ]
	done
	capd=
	[ -z "$(ip netns pids "$ns_a")" ]
}

@test "under nohup it goes on when the terminal goes" {
	ip netns exec "$ns_a" env --ignore-signal=HUP \
		capd -i lo -o ndjson >got 2>err 3>&- &
	capd=$!
	wait_for 5 grep -q '"tick"' got
	kill -HUP "$capd"
	ip netns exec "$ns_a" ping -q -n -c 1 127.0.0.1
	stop
	[ "$(packets)" -eq 2 ]
}

@test "an interface that goes down and up again is captured again" {
	start -i a0 -f "$only_pings"
	pings 2
	ip -n "$ns_a" link set a0 down
	wait_for 5 event 'a0 is down; next try in 250 ms'
	wait_for 5 grep -q '"state":"down"' got
	ip -n "$ns_a" link set a0 up
	ip -n "$ns_a" addr replace fd00::1/64 dev a0 nodad
	wait_for 10 event 'a0 is up again'
	pings 2
	stop
	[ "$(packets)" -eq 16 ]
	[ "$(last_tick .packets)" -eq 16 ]
}

@test "an interface that is deleted and made anew is captured again" {
	start -i a0 -f 'icmp[0] = 8 or icmp[0] = 0'
	ip netns exec "$ns_a" ping -q -c 2 -i 0.002 192.0.2.2
	ip -n "$ns_a" link del a0
	wait_for 5 event 'next try in 250 ms'
	wait_for 10 event 'a0 is gone; next try in'
	ip -n "$ns_a" link add a0 type veth peer name b0 netns "$ns_b"
	ip -n "$ns_a" addr add 192.0.2.1/24 dev a0
	ip -n "$ns_b" addr add 192.0.2.2/24 dev b0
	ip -n "$ns_a" link set a0 up
	ip -n "$ns_b" link set b0 up
	wait_for 10 event 'a0 is up again'
	ip netns exec "$ns_a" ping -q -c 2 -i 0.002 192.0.2.2
	stop
	[ "$(last_tick .packets)" -eq 8 ]
	[ "$(packets)" -eq 8 ]
}

@test "an interface that is down at the start is waited for" {
	ip -n "$ns_a" link set a0 down
	start -i a0 -f 'icmp[0] = 8 or icmp[0] = 0'
	event 'a0 is down; next try in 250 ms'
	ip -n "$ns_a" link set a0 up
	wait_for 10 event 'a0 is up again'
	ip netns exec "$ns_a" ping -q -c 2 -i 0.002 192.0.2.2
	stop
	[ "$(packets)" -eq 4 ]
}

@test "a new address shows in a new source record" {
	start -i a0
	ip -n "$ns_a" addr add 203.0.113.5/28 dev a0
	wait_for 5 grep -q '"203.0.113.5/28"' got
	grep '"203.0.113.5/28"' got | jq -e '.type == "source"'
	ip -n "$ns_a" addr del 203.0.113.5/28 dev a0
	wait_for 5 sh -c 'grep "\"source\"" got | tail -n 1 |
		grep -qv 203.0.113.5'
	stop
	jq -s 'map(select(.type == "source").session) | unique | length' got |
		grep -qx 1
}

@test "a new filter takes over, a bad one is refused" {
	start -i a0 --control ctl -f "$only_pings"
	pings 1
	echo 'filter udp prt 9' >ctl
	wait_for 5 event 'filter \"udp prt 9\" refused: can'"'t parse filter"
	pings 1
	echo 'filter icmp[0] = 8' >ctl
	wait_for 5 event '"level":"info","text":"filter \"icmp[0] = 8\""'
	pings 5
	echo 'filter' >ctl
	wait_for 5 event '"no filter"'
	stop
	[ "$(packets)" -ge 13 ]
	jq -c 'select(.type == "packet" and .src == "192.0.2.1") | .icmp_type' \
		got | grep -cx 8 | grep -qx 7
	jq -r 'select(.type == "source").filter' got | tail -n 2 >filters
	printf 'icmp[0] = 8\n\n' | diff -u - filters
}

@test "while one of two interfaces is gone the other one takes a new filter" {
	start -i a0 -i lo -f icmp --control ctl
	ip -n "$ns_a" link del a0
	wait_for 5 event 'a0 is gone'
	echo 'filter tcp port' >ctl
	wait_for 5 event 'refused: '
	event 'refused: syntax error' || event "refused: can't parse filter"
	echo 'filter icmp[0] = 8' >ctl
	wait_for 5 grep '"info","text":"filter ' got
	ip netns exec "$ns_a" ping -q -n -c 3 -i 0.002 127.0.0.1
	stop
	[ "$(packets)" -eq 3 ]
	[ "$(grep -c 'refused: ' got)" -eq 1 ]
}

@test "ip broadcast knows the network of the interface" {
	ping_of() {
		ip netns exec "$ns_a" ping -q -n -b -c 1 -W 0.1 -s "$1" "$2" ||
			true
	}
	start -i a0 -f 'ip broadcast'
	ping_of 100 192.0.2.2
	ping_of 200 192.0.2.255
	ping_of 300 192.0.2.2
	ping_of 400 192.0.2.255
	wait_for 5 eval '[ "$(packets)" -ge 2 ]'
	stop
	jq -r 'select(.type == "packet") | "\(.dst) \(.length)"' got >seen
	printf '192.0.2.255 %d\n' 242 442 | diff -u - seen
}

@test "a filter whose names take long to look up holds nothing up" {
	need socat command -v socat
	# A name server that never answers, and for this process only.
	ip netns exec "$ns_b" socat -u UDP4-RECV:53 CREATE:queries 3>&- &
	wait_for 5 ip netns exec "$ns_b" grep -q :0035 /proc/net/udp
	printf 'nameserver 192.0.2.2\noptions timeout:20\n' >resolv.conf
	ip netns exec "$ns_a" sh -c 'mount --bind resolv.conf /etc/resolv.conf
		exec capd -i a0 --control ctl -o ndjson' >got 2>err 3>&- &
	capd=$!
	wait_for 5 grep -q '"tick"' got
	echo 'filter host silent.example' >ctl
	wait_for 5 grep -q silent queries
	SECONDS=0
	stop
	printf 'pcap 228\npacket 1.0\n45\n' | hex - >in.pcap
	ip netns exec "$ns_a" sh -c 'mount --bind resolv.conf /etc/resolv.conf
		exec capd -r in.pcap -f "host mute.example"' >got 2>err 3>&- &
	capd=$!
	wait_for 5 grep -q mute queries
	stop
	[ "$SECONDS" -lt 10 ]
}

@test "a change loses no packet and doubles none" {
	start -i a0 --control ctl -f 'icmp[0] = 8 or icmp[0] = 0'
	ip netns exec "$ns_a" ping -q -n -i 0.002 -c 1000 192.0.2.2 >/dev/null &
	ping=$!
	for n in 96 200 300 400; do
		echo "snaplen $n" >ctl
		wait_for 5 event "\"snaplen $n\""
	done
	wait "$ping"
	stop
	[ "$(packets)" -eq 2000 ]
	[ "$(last_tick .packets)" -eq 2000 ]
	jq 'select(.type == "packet") | .sec * 1000000000 + .nsec' got >times
	sort -n times | diff -q - times
}

@test "across a change no packet is of before the last tick" {
	start -i a0 --control ctl -f 'icmp[0] = 8 or icmp[0] = 0'
	ip netns exec "$ns_a" ping -q -n -f -w 30 192.0.2.2 >/dev/null &
	ping=$!
	for n in 96 200 300 400; do
		echo "snaplen $n" >ctl
		wait_for 5 event "\"snaplen $n\""
	done
	kill "$ping"
	stop
	jq -n 'reduce (inputs | select(.sec)) as $r ({};
		($r.sec * 1000000000 + $r.nsec) as $ts |
		if $r.type == "tick" then .tick = $ts
		elif $r.type == "packet" then .packets += 1 |
			if $ts < .tick then .late += 1 else . end
		else . end)' got >seen
	jq -e '.packets > 1000 and .late == null' seen
}

@test "the capture moves to another interface" {
	start -i a0 --control ctl -f 'icmp[0] = 8'
	ip netns exec "$ns_a" ping -q -c 1 192.0.2.2
	echo 'interface nope' >ctl
	wait_for 5 event 'interface nope refused: '
	echo 'interface lo' >ctl
	wait_for 5 event '"interface lo"'
	ip netns exec "$ns_a" ping -q -n -c 1 127.0.0.1
	ip netns exec "$ns_a" ping -q -c 1 192.0.2.2
	stop
	jq -r 'select(.type == "packet") | "\(.interface) \(.dst)"' got >seen
	printf 'a0 192.0.2.2\nlo 127.0.0.1\n' | diff -u - seen
	[ "$(last_tick .packets)" -eq 2 ]
}

@test "a command that is wrong changes nothing and says why" {
	start -i a0 --control ctl
	printf 'snaplen 3\npromiscuous maybe\njump\npromiscuous on\n' >ctl
	wait_for 5 event '"promiscuous on"'
	stop
	event 'snaplen 3 refused: expected a number from 64 to 262144'
	event 'promiscuous maybe refused: expected on or off'
	event 'unknown command \"jump\"'
	[ "$(grep -c '"source"' got)" -eq 1 ]
}

@test "several interfaces: each record knows its own" {
	start -i lo -i a0 -f 'icmp[0] = 8 or icmp[0] = 0'
	ip netns exec "$ns_a" ping -q -i 0.002 -c 20 192.0.2.2 >/dev/null &
	ip netns exec "$ns_a" ping -q -i 0.002 -c 20 127.0.0.1 >/dev/null
	wait $!
	stop
	jq -r 'select(.type == "packet").interface' got | sort | uniq -c |
		xargs >seen
	[ "$(cat seen)" = "40 a0 40 lo" ]
	[ "$(last_tick .wire_packets)" -ge 80 ]
}

@test "one of two interfaces goes down: the other is captured on" {
	start -i lo -i a0 -f 'icmp[0] = 8'
	ip -n "$ns_a" link set a0 down
	wait_for 5 event 'a0 is down'
	ip netns exec "$ns_a" ping -q -n -c 1 127.0.0.1
	ip -n "$ns_a" link set a0 up
	wait_for 10 event 'a0 is up again'
	ip netns exec "$ns_a" ping -q -n -c 1 127.0.0.1
	ip netns exec "$ns_a" ping -q -c 1 192.0.2.2
	stop
	jq -r 'select(.type == "packet") | "\(.interface) \(.dst)"' got |
		sort >seen
	printf 'a0 192.0.2.2\nlo 127.0.0.1\nlo 127.0.0.1\n' | diff -u - seen
	! grep -q '"state":"down"' got
}

@test "-i any names the interface of each packet and sees lo once" {
	start -i any -f 'icmp[0] = 8 or icmp[0] = 0'
	ip netns exec "$ns_a" ping -q -c 1 192.0.2.2
	ip netns exec "$ns_a" ping -q -n -c 1 127.0.0.1
	stop
	jq -r 'select(.type == "packet") |
	    "\(.interface) \(.src) \(.direction)"' got >seen
	grep -qx 'a0 192.0.2.1 out' seen
	grep -qx 'a0 192.0.2.2 in' seen
	[ "$(grep -c '^lo 127.0.0.1 ' seen)" -eq 2 ]
	[ "$(wc -l <seen)" -eq 4 ]
}

@test "-i any: the interfaces' own counters agree, as cooked frames" {
	start -i any
	ip netns exec "$ns_a" ping -q -c 5 -i 0.002 192.0.2.2
	ip netns exec "$ns_a" ping -q -c 5 -i 0.002 ::1
	stop
	[ "$(last_tick .packets)" -ge 20 ]
	[ "$(last_tick '.packets - .wire_packets')" -eq 0 ]
	[ "$(last_tick '.bytes - .wire_bytes')" -eq 0 ]
}

# agree: captured and counted by the interfaces, to the byte, and not little.
agree() {
	last_tick '"\(.packets) \(.bytes)"' >captured
	last_tick '"\(.wire_packets) \(.wire_bytes)"' | diff -u - captured
	[ "$(last_tick .packets)" -ge "$1" ]
}

@test "-i any: of an interface that is made meanwhile all counts" {
	start -i any
	ip -n "$ns_a" link add m1 type veth peer name m2
	ip -n "$ns_a" addr add 198.51.100.1/24 dev m1
	ip -n "$ns_a" link set m2 up
	ip -n "$ns_a" link set m1 up
	ip netns exec "$ns_a" ping -q -c 100 -i 0.005 -b 198.51.100.255 || true
	stop
	agree 100
}

@test "while traffic goes on another interface loses or adds no byte of it" {
	local ping far near
	ping="ip netns exec $ns_a ping -q -c 1500 -i 0.002"
	$ping 192.0.2.2 3>&- &
	far=$!
	$ping 127.0.0.1 3>&- &
	near=$!
	start -i a0 --control ctl
	for to in lo a0 lo a0; do
		echo "interface $to" >ctl
		sleep 0.4
	done
	stop
	wait $far
	wait $near
	agree 400
}

@test "the counters of a bridge agree, which leaves headers out" {
	ip -n "$ns_a" addr del 192.0.2.1/24 dev a0
	ip -n "$ns_a" link add br0 type bridge
	ip -n "$ns_a" link set a0 master br0
	ip -n "$ns_a" addr add 192.0.2.1/24 dev br0
	ip -n "$ns_a" link set br0 up
	start -i br0
	ip netns exec "$ns_a" ping -q -c 50 -i 0.002 192.0.2.2
	stop
	agree 100
}

@test "-i any: of more interfaces than are named no counters are told" {
	seq -f 'link add m%.0f type veth' 32 | ip -n "$ns_a" -batch -
	start -i any
	stop
	[ "$(last_tick .wire_known)" = false ]
}

@test "of two interfaces one is down at the start: it is waited for" {
	ip -n "$ns_a" link set a0 down
	start -i a0 -i lo -f 'icmp[0] = 8'
	event 'a0 is down; next try in 250 ms'
	ip netns exec "$ns_a" ping -q -n -c 1 127.0.0.1
	ip -n "$ns_a" link set a0 up
	wait_for 10 event 'a0 is up again'
	ip netns exec "$ns_a" ping -q -c 1 192.0.2.2
	stop
	jq -r 'select(.type == "packet") | "\(.interface) \(.dst)"' got |
		sort >seen
	printf 'a0 192.0.2.2\nlo 127.0.0.1\n' | diff -u - seen
}

@test "a reader that reads nothing does not keep it from ending" {
	mkfifo pipe
	ip netns exec "$ns_a" capd -i lo >pipe 2>err 3>&- &
	capd=$!
	exec 7<pipe
	sandboxed() {
		grep -q 'Seccomp:.2' "/proc/$(child)/status"
	}
	wait_for 5 sandboxed
	ip netns exec "$ns_a" ping -q -f -c 3000 127.0.0.1 >/dev/null
	kill "$capd"
	wait "$capd"
	capd=
	exec 7<&-
	[ ! -s err ]
	[ -z "$(ip netns pids "$ns_a")" ]
}

@test "once its time is over it only waits, for as long as the reader takes" {
	mkfifo pipe
	local TIMEFORMAT='%U %S'
	{
		time ip netns exec "$ns_a" capd -i lo --duration 1 -o ndjson \
			>pipe 2>err 3>&-
	} 2>used &
	exec 7<pipe
	head -n 1 <&7 >begun
	ip netns exec "$ns_a" ping -q -f -c 3000 127.0.0.1 >/dev/null
	wait $!
	exec 7<&-
	[ ! -s err ]
	# Seconds of a processor, in the second and a half that it waits.
	cat used
	awk '{ exit !($1 + $2 < 0.5) }' used
}

@test "a reader that leaves its end of a socket is a quiet end" {
	ip netns exec "$ns_a" python3 - <<-'E' 2>err
	import socket, subprocess
	ours, theirs = socket.socketpair()
	capd = subprocess.Popen(["capd", "-i", "lo"], stdout=theirs)
	theirs.close()
	ours.recv(1)
	ours.close()
	assert capd.wait(60) == 0
	E
	[ ! -s err ]
}

@test "a full disk is a failure with a message" {
	status=0
	ip netns exec "$ns_a" timeout 5 capd -i lo >/dev/full 2>err ||
		status=$?
	[ "$status" -eq 1 ]
	[ "$(cat err)" = "capd: standard output: No space left on device" ]
	run -1 --separate-stderr ip netns exec "$ns_a" timeout 5 capd -i lo \
		-o ndjson -w /dev/full
	[ "$stderr" = "capd: /dev/full: No space left on device" ]
}

@test "a capture process that is killed is replaced, and totals stay" {
	start -i lo
	ip netns exec "$ns_a" ping -q -c 2 -i 0.002 127.0.0.1
	wait_for 5 sh -c 'tail -n 1 got | grep -q "\"packets\":4,"'
	old=$(child)
	kill -KILL "$old"
	wait_for 5 event 'the capture process was killed; next try in 250 ms'
	wait_for 5 event 'lo is up again'
	[ "$(child)" != "$old" ]
	ip netns exec "$ns_a" ping -q -c 2 -i 0.002 127.0.0.1
	stop
	[ "$(last_tick .packets)" -eq 8 ]
	[ "$(last_tick .wire_packets)" -eq 8 ]
	[ "$(packets)" -eq 8 ]
}

@test "killed while it writes, it leaves no torn record" {
	mkfifo pipe
	ip netns exec "$ns_a" capd -i lo >pipe 2>err 3>&- &
	capd=$!
	exec 7<pipe
	sandboxed() {
		grep -q 'Seccomp:.2' "/proc/$(child)/status"
	}
	wait_for 5 sandboxed
	# Nobody reads, so it will be in the midst of writing.
	ip netns exec "$ns_a" ping -q -f -c 3000 127.0.0.1 >/dev/null
	sleep 0.3
	kill -KILL "$(child)"
	cat <&7 >stream 2>/dev/null 3>&- &
	reader=$!
	exec 7<&-
	wait_for 5 grep -q 'is up again' stream
	kill "$capd"
	wait "$capd"
	capd=
	wait "$reader"
	# A line a slot: count the kinds of records, stepping over tails.
	od -An -v -t u1 -w64 stream | awk '
		NF != 64 { print "torn slot" }
		skip > 0 { skip--; next }
		{ print $1; skip = $1 == 137 ? $15 + 256 * $16 : $3 + 256 * $4 }
		END { if (skip > 0) print "torn tail" }' |
		sort | uniq -c >kinds
	# packets, ticks, two events, one end, one source
	awk '{ print $2, ($2 == 1 ? $1 > 500 : $2 == 2 ? $1 > 2 : $1) }' \
		kinds | diff -u <(printf '1 1\n137 1\n2 1\n3 2\n4 1\n') -
	cat err >&2
	[ ! -s err ]
}

@test "-w writes what tcpdump -w would, and lets it be read again" {
	need tcpdump command -v tcpdump
	start -i a0 -f "$only_pings" -w out.pcap
	pings 5
	stop
	[ "$(tcpdump -r out.pcap -nn 2>/dev/null | wc -l)" -eq 20 ]
	capd -r out.pcap -o ndjson | jq -c 'select(.type == "packet") |
	    [.sec, .nsec, .src, .dst, .length]' >again
	jq -c 'select(.type == "packet") |
	    [.sec, .nsec, .src, .dst, .length]' got | diff -u - again
}

@test "interfaces that are lost at a time are tried again at one, and soon" {
	ip -n "$ns_a" link add d0 type veth
	ip -n "$ns_a" link set a0 down
	start -i a0 -i d0 -i lo
	stop
	event 'a0 is down; next try in 250 ms'
	event 'd0 is down; next try in 250 ms'
}

@test "an interface lost later does not put off the try that is due" {
	ip -n "$ns_a" link add d0 type veth
	start -i a0 -i d0
	wait_for 10 event 'next try in 4 s'
	sleep 0.2
	ip -n "$ns_a" link set a0 down
	wait_for 5 event 'a0 is down; next try in'
	stop
	cat got
	# In seconds, this one and the one before.
	[ "$(jq -r 'select(.type == "event") | .text |
	    capture("(?<which>..).*; next try in (?<in>[0-9]+) (?<of>m?s)") |
	    [(.in | tonumber) / if .of == "s" then 1 else 1000 end, .which] |
	    @tsv' got | awk '$2 == "a0" { print $1 <= last } { last = $1 }' |
	    head -n 1)" = 1 ]
}

@test "an interface that was made anew is taken at once while another is down" {
	ip -n "$ns_a" link add d0 type veth
	ip -n "$ns_a" link add c0 up type veth peer name c1
	ip -n "$ns_a" link set c1 up
	start -i a0 -i d0
	wait_for 20 event 'next try in 8 s'
	# Another one takes its name, which is seen as one change.
	printf 'link set %s\n' 'a0 name e0' 'c0 name a0' |
		ip -n "$ns_a" -batch -
	wait_for 4 event 'a0 is up again'
	stop
}

@test "while one interface stays down the other one comes back at once" {
	ip -n "$ns_a" link add d0 type veth
	start -i a0 -i d0
	# An attempt that is of no use.
	wait_for 5 event 'next try in 2 s'
	ip -n "$ns_a" link set a0 down
	wait_for 5 event 'a0 is down'
	lacks 'is up again' got
	ip -n "$ns_a" link set a0 up
	wait_for 3 event 'a0 is up again'
	local before
	before=$(packets)
	ip netns exec "$ns_a" ping -q -n -c 5 -i 0.002 192.0.2.2
	stop
	[ "$(packets)" -ge $((before + 10)) ]
	[ "$(grep -c 'is up again' got)" -eq 1 ]
}

@test "of another link type than the file of -w an interface is left out" {
	ip -n "$ns_a" link set lo up
	need "tun devices" test -c /dev/net/tun
	ip -n "$ns_a" tuntap add d0 mode tun
	start -i lo -i d0 -w out.pcap
	ip -n "$ns_a" link set d0 up
	wait_for 5 event 'd0: a capture file holds one link type, here EN10MB'
	kill -KILL "$(child)"
	wait_for 5 event 'lo is up again'
	ip netns exec "$ns_a" ping -q -c 2 127.0.0.1
	stop
	lacks 'd0 is up again' got
	[ "$(capd -r out.pcap -o ndjson | grep -c '"packet"')" -eq 4 ]
}

@test "an interface that was refused is not taken when the one in use goes" {
	need "tun devices" test -c /dev/net/tun
	ip -n "$ns_a" tuntap add d0 mode tun
	ip -n "$ns_a" link set d0 up
	start -i a0 -w out.pcap --control ctl
	echo 'interface d0' >ctl
	wait_for 5 event 'interface d0 refused: a capture file holds one'
	ip -n "$ns_a" link set a0 down
	wait_for 5 event 'a0 is down'
	ip -n "$ns_a" link set a0 up
	wait_for 5 event 'a0 is up again'
	stop
	[ "$(grep '"type":"source"' got | jq -r '.interfaces[].name' |
		sort -u)" = a0 ]
}

@test "-w leaves a file alone, and makes none, where nothing is captured" {
	# without STATUS ARGUMENT...: with an old file and with none.
	without() {
		local status=$1 file
		shift
		echo precious >old.pcap
		for file in old.pcap new.pcap; do
			run "-$status" --separate-stderr ip netns exec "$ns_a" \
				"$@" -w $file
			[ -z "$output" ]
			[ -n "$stderr" ]
		done
		[ "$(cat old.pcap)" = precious ]
		[ ! -e new.pcap ]
	}
	without 1 capd -i nope
	without 1 capd -i lo -f 'no such'
	# Two link types are too many for one file.
	if [ -c /dev/net/tun ]; then
		ip -n "$ns_a" tuntap add d0 mode tun
		ip -n "$ns_a" link set d0 up
		without 1 capd -i lo -i d0
	fi
	without 1 setpriv --bounding-set -all --inh-caps -all \
		--no-new-privs capd -i lo
	without 2 capd -i lo -n 0
	start -i lo -w old.pcap
	ip netns exec "$ns_a" ping -q -c 1 127.0.0.1
	stop
	[ "$(capd -r old.pcap -o ndjson | grep -c '"packet"')" -eq 2 ]
}

@test "a file of -w that cannot be opened ends it before any output" {
	mkdir dir
	run -1 --separate-stderr ip netns exec "$ns_a" capd -i lo -w dir
	[ -z "$output" ]
	[ "$stderr" = "capd: dir: Is a directory" ]
}

@test "a signal ends the wait for somebody to read a FIFO of -w" {
	mkfifo pipe
	ip netns exec "$ns_a" capd -i lo -w pipe >got 2>err 3>&- &
	capd=$!
	# It has a child, which is done when it sleeps.
	wait_for 5 child
	wait_for 5 eval 'grep -q "^State:.S" "/proc/$(child)/status"'
	stop
	[ ! -s got ]
}

@test "a reader of -w that leaves is a failure with a message" {
	mkfifo pipe
	head -c 24 pipe >header 3>&- &
	local reader=$!
	start -i a0 -w pipe
	wait "$reader"
	ip netns exec "$ns_a" ping -q -c 1 192.0.2.2
	local status=0
	wait "$capd" || status=$?
	capd=
	[ "$status" -eq 1 ]
	[ "$(cat err)" = "capd: pipe: Broken pipe" ]
}

@test "when the reader leaves, the file of -w has all until then" {
	for more in '--latency 1050' '--rotate 4k'; do
		rm -f out.pcap* records
		mkfifo records
		# shellcheck disable=SC2086 # options
		ip netns exec "$ns_a" capd -i lo -f icmp $more -w out.pcap \
			-o ndjson >records 2>err 3>&- &
		capd=$!
		exec 4<records
		grep -q -m 1 '"tick"' <&4
		ip netns exec "$ns_a" ping -q -n -c 50 -i 0.002 127.0.0.1
		exec 4<&-
		wait "$capd"
		capd=
		[ ! -s err ]
		for file in out.pcap*; do
			capd -r "$file" -o tsv
		done | grep -c '^[0-9]' >packets
		[ "$(cat packets)" -eq 100 ]
	done
}

@test "-w on an interface that is down has the packets once it is up" {
	ip -n "$ns_a" link set a0 down
	start -i a0 -f 'icmp[0] = 8 or icmp[0] = 0' -w out.pcap
	ip -n "$ns_a" link set a0 up
	wait_for 10 event 'a0 is up again'
	ip netns exec "$ns_a" ping -q -c 2 -i 0.002 192.0.2.2
	stop
	[ "$(capd -r out.pcap -o ndjson | grep -c '"packet"')" -eq 4 ]
}

@test "-w with --rotate goes round a ring of files" {
	start -i lo -f 'icmp' -s 1000 -w ring --rotate 4k:3
	for _ in 1 2 3 4 5; do
		ip netns exec "$ns_a" ping -q -c 4 -i 0.002 -s 900 127.0.0.1
		sleep 0.1
	done
	stop
	[ "$(echo ring*)" = "ring0 ring1 ring2" ]
	for file in ring?; do
		capd -r "$file" -o ndjson | grep -c '"packet"' || true
	done >counts
	# 40 packets of about 960 bytes: the oldest files were overwritten.
	total=$(awk '{ n += $1 } END { print n }' counts)
	[ "$total" -gt 0 ]
	[ "$total" -lt 40 ]
	[ "$(packets)" -eq 40 ]
}

@test "a file of the ring is full at its size, and the next has what follows" {
	start -i lo -f icmp -s 1000 -w ring --rotate 16k
	ip netns exec "$ns_a" ping -q -f -c 200 -s 900 127.0.0.1
	stop
	for file in ring*; do
		[ "$(stat -c %s "$file")" -lt $((16384 + 1000)) ]
		capd -r "$file" -o ndjson | grep -c '"packet"'
	done | awk '{ n += $1 } END { print n, (NR > 20) }' >counts
	diff -u - counts <<<"400 1"
}

@test "a new capture process goes on with the newest file of the ring" {
	start -i lo -f icmp -s 1000 -w ring --rotate 8k --control ctl
	ip netns exec "$ns_a" ping -q -i 0.0005 -c 1500 -s 900 127.0.0.1 &
	ping=$!
	for n in 1 2 3 4 5 6 7 8; do
		echo "snaplen 100$n" >ctl
		wait_for 5 event "snaplen 100$n"
	done
	wait "$ping"
	stop
	for file in ring*; do
		[ "$(stat -c %s "$file")" -lt $((8192 + 1000)) ]
		capd -r "$file" -o ndjson | grep -c '"packet"'
	done | awk '{ n += $1 } END { print n }' >counts
	[ "$(cat counts)" -eq 3000 ]
}

@test "a file of the ring that is full is open no more" {
	start -i lo -f icmp -s 1000 -w ring --rotate 8k --control ctl
	echo 'snaplen 900' >ctl
	wait_for 5 event 'snaplen 900'
	ip netns exec "$ns_a" ping -q -i 0.002 -c 20 -s 900 127.0.0.1
	wait_for 5 test -e ring3
	open_files() {
		readlink "/proc/$1/fd/"* | sort -u | grep '/ring' >open
		[ "$(wc -l <open)" -eq 1 ]
	}
	wait_for 5 open_files "$(child)"
	wait_for 5 open_files "$capd"
	stop
}

@test "where the next file cannot be made, the one before goes on" {
	start -i lo -f icmp -s 1000 -w ring --rotate 4k:10
	mkdir ring1
	for _ in 1 2 3; do
		ip netns exec "$ns_a" ping -q -c 4 -i 0.002 -s 900 127.0.0.1
		sleep 0.1
	done
	wait_for 5 event 'ring1: Is a directory; the file before goes on'
	rmdir ring1
	ip netns exec "$ns_a" ping -q -c 8 -i 0.002 -s 900 127.0.0.1
	stop
	[ -f ring1 ]
	[ "$(packets)" -eq 40 ]
	for file in ring*; do
		capd -r "$file" -o ndjson | grep -c '"packet"'
	done | awk '{ n += $1 } END { print n }' >counts
	[ "$(cat counts)" -eq 40 ]
}

@test "a new capture process goes on with the file of -w" {
	start -i lo -f icmp -w out.pcap
	ip netns exec "$ns_a" ping -q -c 2 -i 0.002 127.0.0.1
	wait_for 5 sh -c 'tail -n 1 got | grep -q "\"packets\":4,"'
	kill -KILL "$(child)"
	wait_for 5 event 'lo is up again'
	ip netns exec "$ns_a" ping -q -c 2 -i 0.002 127.0.0.1
	stop
	[ "$(capd -r out.pcap -o ndjson | grep -c '"packet"')" -eq 8 ]
}

@test "-L lists interfaces with state and addresses, and marks the default" {
	ip -n "$ns_a" route add default dev a0
	ip -n "$ns_a" link add dummy-d type veth peer name dummy-e
	ip netns exec "$ns_a" capd -L >text
	grep -Eq '^\* a0 +running +Ethernet, driver veth; 192.0.2.1/24 ' text
	grep -Eq '^  dummy-d +down ' text
	grep -Eq '^  lo +running +loopback; 127.0.0.1/8 ' text
	grep -Eq '^  any ' text
	ip netns exec "$ns_a" capd -L --json >json
	jq -r 'select(.default).name' json | grep -qx a0
	jq -r 'select(.name == "a0").addresses[]' json | grep -qx fd00::1/64
	jq -r 'select(.name == "dummy-d").state' json | grep -qx down
}

@test "neither lists nor columns hold what a terminal obeys" {
	local name=$'x\033[31m\377'
	ip -n "$ns_a" link add "$name" type veth peer name other
	ip netns exec "$ns_a" capd -L >list
	run -1 --separate-stderr ip netns exec "$ns_a" capd -i none
	grep -q '^  x?\[31m? ' list
	[[ $stderr == *" x?[31m? "* ]]
	ip netns exec "$ns_a" capd -L --json | iconv -f UTF-8 | grep -qF '\u001b[31m'
	# Nor do the columns of a packet.
	ip -n "$ns_a" link set other up
	ip -n "$ns_a" link set "$name" up
	ip -n "$ns_a" addr add 203.0.113.1/24 dev "$name"
	ip -n "$ns_a" neigh add 203.0.113.2 lladdr 02:00:5e:00:53:02 \
		dev "$name"
	ip netns exec "$ns_a" timeout 5 capd -i "$name" -f icmp -n 1 -o tsv \
		>got 3>&- &
	wait_for 5 grep -q '^# .*"tick"' got
	ip netns exec "$ns_a" ping -q -c 1 -W 0.1 203.0.113.2 || :
	wait
	grep -q '^[0-9.]*	x?\[31m?	' got
}

@test "an address with a label is its interface's, and makes no other one" {
	ip -n "$ns_a" addr add 198.51.100.1/24 dev a0 label a0:1
	ip -n "$ns_a" addr add 203.0.113.1/24 dev a0 label a0:web
	ip netns exec "$ns_a" capd -L --json >list
	[ "$(jq -r .name list | xargs)" = "lo a0 any" ]
	jq -r 'select(.name == "a0").addresses[]' list >addresses
	grep -qx 198.51.100.1/24 addresses
	grep -qx 203.0.113.1/24 addresses
	run -1 --separate-stderr ip netns exec "$ns_a" capd -i a0:1
	[ "$stderr" = "capd: no interface is named a0:1; there are: lo a0 any" ]
	# Nor is what it counts told for each of its addresses.
	start -i any
	ip netns exec "$ns_a" ping -q -c 5 -i 0.002 192.0.2.2
	stop
	[ "$(last_tick '.bytes - .wire_bytes')" -eq 0 ]
}

@test "all addresses of an interface that has many are its own" {
	local i
	for i in {1..200}; do
		echo "addr add 198.51.100.$i/32 dev a0"
	done | ip -n "$ns_a" -b -
	ip netns exec "$ns_a" capd -L --json |
		jq -r 'select(.name == "a0").addresses[]' >listed
	grep -qx 198.51.100.200/32 listed
	grep -qx fd00::1/64 listed
	start -i a0
	stop
	jq -r 'select(.type == "source").interfaces[0].addresses[]' got |
		diff -u listed -
}

@test "an interface that does not exist is refused with those that do" {
	run -1 --separate-stderr ip netns exec "$ns_a" capd -i nope
	[ -z "$output" ]
	[ "$stderr" = "capd: no interface is named nope; there are: lo a0 any" ]
}

@test "a bad filter is refused with libpcap's message" {
	run -1 --separate-stderr ip netns exec "$ns_a" capd -i a0 -f 'tcp prt 9'
	[ -z "$output" ]
	[[ $stderr == "capd: filter \"tcp prt 9\": "*"syntax error"* ]]
}

@test "-p makes the interface promiscuous, and a command undoes it" {
	promiscuity() {
		[ "$(ip -n "$ns_a" -d -j link show a0 |
			jq '.[0].promiscuity')" -eq "$1" ]
	}
	start -p -i a0 --control ctl
	promiscuity 1
	echo 'promiscuous off' >ctl
	wait_for 5 event '"promiscuous off"'
	wait_for 5 promiscuity 0
	stop
}

@test "any makes nothing promiscuous and says so, once" {
	start -p -i any --control ctl
	wait_for 5 event 'any makes no interface promiscuous'
	echo 'filter icmp' >ctl
	wait_for 5 event '"filter \"icmp\""'
	echo 'promiscuous off' >ctl
	wait_for 5 event '"promiscuous off"'
	[ "$(grep -c 'any makes no' got)" -eq 1 ]
	echo 'promiscuous on' >ctl
	wait_for 5 event '"promiscuous on"'
	stop
	[ "$(grep -c 'any makes no' got)" -eq 2 ]
}

@test "any goes with no other interface" {
	run -2 --separate-stderr ip netns exec "$ns_a" capd -i any -i lo
	[ -z "$output" ]
	[[ $stderr == *"stands for all interfaces"* ]]
}

@test "a link type that is not decoded is refused by name" {
	need "perl, to make an odd device" command -v perl
	need "tun devices" test -c /dev/net/tun
	# A tun device that says that it is a CAN bus (ARPHRD_CAN, 280).
	ip netns exec "$ns_a" perl -e 'open my $tun, "+<", "/dev/net/tun";
		my $name = pack "a16 s x22", "can0", 0x1001;
		ioctl $tun, 0x400454ca, $name or die "TUNSETIFF: $!";
		ioctl $tun, 0x400454cd, 280 or die "TUNSETLINK: $!";
		system qw(ip link set can0 up);
		system "capd -i can0 >out 2>err";
		print $? >> 8, "\n"' >status
	cat err >&2
	[ "$(cat status)" -eq 1 ]
	[ ! -s out ]
	[ "$(cat err)" = "capd: can0: frames of link type CAN_SOCKETCAN are not decoded" ]
}

@test "a live 802.11 capture tells that it takes --wifi" {
	need "perl, to make an odd device" command -v perl
	need "tun devices" test -c /dev/net/tun
	# A tun device that says that it is in monitor mode
	# (ARPHRD_IEEE80211_RADIOTAP, 803).
	ip netns exec "$ns_a" perl -e 'open my $tun, "+<", "/dev/net/tun";
		my $name = pack "a16 s x22", "mon0", 0x1001;
		ioctl $tun, 0x400454ca, $name or die "TUNSETIFF: $!";
		ioctl $tun, 0x400454cd, 803 or die "TUNSETLINK: $!";
		system qw(ip link set mon0 up);
		system "capd -i mon0 >out 2>err";
		system "capd -i mon0 --wifi --duration 0.1 >out 2>more";
		print $? >> 8, "\n"' >status
	cat err more >&2
	[ "$(cat err)" = "capd: mon0: frames of link type IEEE802_11_RADIO are not decoded without --wifi" ]
	[ "$(cat status)" -eq 0 ]
	[ ! -s more ]
}

@test "the kernel copies no more of a frame than the snap length" {
	need iproute2 command -v ss
	start -i a0 -s 77
	# "return 77", as the whole filter of the packet socket.
	ip netns exec "$ns_a" ss -0 -b >sockets
	grep -F 'bpf filter (1):  0x06 0 0 77,' sockets
	stop
}
