# SPDX-License-Identifier: MIT
#
# flowagg: which end of a flow is ours, rule by rule.

load helper

# ends PACKET-LINE...: [src, dst, direction, sent, received] of each flow
# behind the source line on standard input.
ends() {
	local line
	{
		cat
		for line; do
			echo "1000 $line"
		done
	} | flowagg-records | flowagg --final --sort src "${options[@]}" |
		jq -r '.flows[] | "\(.src) \(.dst) \(.direction) " +
		    "\(.total_sent) \(.total_recv)"'
}

live='live 999 192.0.2.2/24 198.51.100.9/24 fd00::2/64'

setup() {
	cd "$BATS_TEST_TMPDIR"
	options=()
}

same() {
	diff -u - got
}

@test "an address of the interface is ours, any of them, of either family" {
	ends >got <<<"$live" \
		"tcp 203.0.113.1 80 > 192.0.2.2 1000 10 flags=18" \
		"tcp 198.51.100.9 1000 > 203.0.113.1 80 20 flags=2" \
		"udp 2001:db8::1 53 > fd00::2 1000 30"
	same <<-'E'
	192.0.2.2 203.0.113.1 out 0 10
	198.51.100.9 203.0.113.1 out 20 0
	fd00::2 2001:db8::1 in 0 30
	E
}

@test "addresses that change later are ours from then on" {
	{
		flowagg-records <<-'E'
		live 999 192.0.2.2/24
		1000 udp 203.0.113.1 80 > 192.0.2.7 1000 10
		live 999 192.0.2.2/24 192.0.2.7/24
		1001 udp 203.0.113.1 81 > 192.0.2.7 1000 10
		E
	} | flowagg --final --sort src | jq -r '.flows[] |
	    "\(.src) \(.src_port) \(.dst) \(.direction)"' >got
	same <<-'E'
	192.0.2.7 1000 203.0.113.1 transit
	192.0.2.7 1000 203.0.113.1 in
	E
}

@test "both ends ours is local, in numeric order" {
	ends >got <<<"$live" \
		"udp 198.51.100.9 1 > 192.0.2.2 2 10" \
		"udp 127.0.0.1 5 > 127.0.0.1 4 20" \
		"udp ::1 5 > ::1 4 30"
	same <<-'E'
	127.0.0.1 127.0.0.1 local 0 20
	192.0.2.2 198.51.100.9 local 0 10
	::1 ::1 local 0 30
	E
}

@test "forwarded traffic goes by what the link layer knows" {
	ends >got <<<"$live" \
		"udp 203.0.113.1 5 > 203.0.113.9 6 10 dir=out" \
		"udp 203.0.113.2 5 > 203.0.113.8 6 20 dir=in" \
		"udp 2001:db8::1 5 > 2001:db8::2 6 30 dir=in"
	same <<-'E'
	203.0.113.1 203.0.113.9 out 10 0
	203.0.113.8 203.0.113.2 in 0 20
	2001:db8::2 2001:db8::1 in 0 30
	E
}

@test "without any knowledge it is transit, in numeric order" {
	ends >got <<<"$live" \
		"udp 203.0.113.9 5 > 203.0.113.1 6 10" \
		"udp 203.0.113.1 6 > 203.0.113.9 5 20" \
		"udp 2001:db8::2 5 > 2001:db8::1 6 30"
	same <<-'E'
	203.0.113.1 203.0.113.9 transit 20 10
	2001:db8::1 2001:db8::2 transit 0 30
	E
}

@test "multicast and broadcast to us are received" {
	ends >got <<<"$live" \
		"udp 192.0.2.50 5353 > 224.0.0.251 5353 10" \
		"udp 192.0.2.51 68 > 255.255.255.255 67 20" \
		"udp fe80::1 5353 > ff02::fb 5353 30" \
		"udp 192.0.2.52 5353 > 224.0.0.251 5353 40 dir=in"
	same <<-'E'
	224.0.0.251 192.0.2.50 in 0 10
	224.0.0.251 192.0.2.52 in 0 40
	255.255.255.255 192.0.2.51 in 0 20
	ff02::fb fe80::1 in 0 30
	E
}

@test "multicast of ours is sent" {
	ends >got <<<"$live" \
		"udp 192.0.2.2 5353 > 224.0.0.251 5353 10"
	same <<-'E'
	192.0.2.2 224.0.0.251 out 10 0
	E
}

@test "who opened the conversation makes it out or in" {
	ends >got <<<"$live" \
		"tcp 192.0.2.2 1000 > 203.0.113.1 80 1 flags=2" \
		"tcp 203.0.113.4 1001 > 192.0.2.2 80 1 flags=2" \
		"tcp 203.0.113.5 80 > 192.0.2.2 1002 1 flags=18" \
		"icmp 203.0.113.2 > 192.0.2.2 1 type=0 echo=1" \
		"icmp 203.0.113.3 > 192.0.2.2 1 type=8 echo=2" \
		"icmp6 2001:db8::1 > fd00::2 1 type=129 echo=1" \
		"icmp6 2001:db8::2 > fd00::2 1 type=128 echo=2"
	awk '{ print $2, $3 }' got | sort >directions
	diff -u - directions <<-'E'
	2001:db8::1 out
	2001:db8::2 in
	203.0.113.1 out
	203.0.113.2 out
	203.0.113.3 in
	203.0.113.4 in
	203.0.113.5 out
	E
}

@test "of TCP that ran already the higher port opened it, of UDP the first" {
	flowagg-records >records <<-'E'
	live 999 10.0.0.1/24
	1000 tcp 192.0.2.1 443 > 10.0.0.1 50000 1500 flags=16
	1000 tcp 10.0.0.1 22 > 192.0.2.2 50001 1500 flags=24
	1000 tcp 10.0.0.1 50002 > 192.0.2.3 8443 100 flags=17
	1000 tcp 10.0.0.1 179 > 192.0.2.4 179 100 flags=16
	1000 tcp 192.0.2.5 179 > 10.0.0.1 179 100 flags=16
	1000 tcp 10.0.0.1 80 > 192.0.2.6 50003 100 flags=2
	1000 tcp 192.0.2.7 50004 > 10.0.0.1 80 100 flags=18
	1000 udp 192.0.2.8 53 > 10.0.0.1 50005 100
	1000 udp 10.0.0.1 443 > 192.0.2.9 50006 100
	1000 udp 192.0.2.10 4500 > 10.0.0.1 50007 100
	1000 udp 192.0.2.11 53 > 10.0.0.1 53 100
	1000 udp 10.0.0.1 520 > 224.0.0.9 1520 100
	E
	flowagg --final --sort dst <records |
		jq -r '.flows[] | "\(.dst) \(.direction)"' >got
	same <<-'E'
	192.0.2.1 out
	192.0.2.2 in
	192.0.2.3 out
	192.0.2.4 out
	192.0.2.5 in
	192.0.2.6 out
	192.0.2.7 out
	192.0.2.8 out
	192.0.2.9 in
	192.0.2.10 in
	192.0.2.11 in
	224.0.0.9 out
	E
	head -n 4 records | flowagg --final --by service |
		jq -c '[.flows[].dst_port] | sort' >got
	same <<<'[22,443,8443]'
}

@test "-F takes a prefix or a netmask, and counts only what crosses" {
	for net in 10.1.0.0/16 10.1.0.0/255.255.0.0 10.1.77.1/16; do
		options=(-F "$net")
		ends >got <<<"$live" \
			"udp 203.0.113.1 5 > 10.1.2.3 6 10" \
			"udp 10.1.9.9 5 > 192.0.2.2 6 20" \
			"udp 10.1.9.9 5 > 10.1.2.3 6 40" \
			"udp 192.0.2.2 5 > 203.0.113.1 6 80" \
			"udp fd00::2 5 > 2001:db8::1 6 160"
		same <<-'E'
		10.1.2.3 203.0.113.1 in 0 10
		10.1.9.9 192.0.2.2 out 20 0
		fd00::2 2001:db8::1 out 160 0
		E
	done
}

@test "-G is the same for IPv6, and several networks are one" {
	for net in fd01::/16 fd01::/ffff::; do
		options=(-G $net -G 2001:db8:5::/48 -F 10.0.0.0/8)
		ends >got <<<"$live" \
			"udp 2001:db8::1 5 > fd01::9 6 10" \
			"udp 2001:db8:5::1 5 > fd01::9 6 20" \
			"udp 2001:db8:5::1 5 > 2001:db8:6::1 6 40" \
			"udp 192.0.2.2 5 > 10.2.3.4 6 80"
		same <<-'E'
		10.2.3.4 192.0.2.2 in 0 80
		2001:db8:5::1 2001:db8:6::1 out 40 0
		fd01::9 2001:db8::1 in 0 10
		E
	done
}

@test "IPv6 link-local can be left out, from it and to it, and nothing else" {
	options=(--no-link-local)
	ends >got <<<"$live" \
		"udp fe80::1 5 > fe80::2 6 10" \
		"udp fd00::2 5 > febf::2 6 10" \
		"udp fe80::1 5 > ff02::1 6 10" \
		"udp fd00::2 5 > fec0::2 6 20" \
		"udp 169.254.1.1 5 > 192.0.2.2 6 30"
	same <<-'E'
	192.0.2.2 169.254.1.1 in 0 30
	fd00::2 fec0::2 out 20 0
	E
	echo "$live
		1000 udp fe80::1 5 > fe80::2 6 10" | flowagg-records |
		flowagg --final --no-link-local | jq -c '[.flow_count,
		    .capture.packets, .capture.uncounted_packets]' >got
	echo '[0,1,1]' | same
}

@test "what does not cross is counted as uncounted" {
	flowagg-records <<-'E' | flowagg --final -F 10.0.0.0/8 >got.json
	file
	1000 udp 203.0.113.1 5 > 10.1.2.3 6 10
	1000 udp 203.0.113.1 5 > 203.0.113.2 6 20
	1000 udp 10.0.0.1 5 > 10.0.0.2 6 40
	E
	jq -c '[.total_recv, .capture.uncounted_packets,
	    .capture.uncounted_bytes, .capture.packets]' got.json >got
	same <<<'[10,2,60,3]'
	jq -n -f "$root/share/jq/check.jq" got.json
}

@test "a file: the private end of a private and a public one is ours" {
	ends >got <<<file \
		"tcp 203.0.113.1 1000 > 10.0.0.1 80 10 flags=2" \
		"udp 172.16.3.4 53 > 203.0.113.1 50000 20" \
		"udp 2001:db8::1 50000 > fd00::9 53 30" \
		"udp 169.254.1.1 5 > 203.0.113.1 50000 40"
	same <<-'E'
	10.0.0.1 203.0.113.1 in 0 10
	169.254.1.1 203.0.113.1 in 40 0
	172.16.3.4 203.0.113.1 in 20 0
	fd00::9 2001:db8::1 in 0 30
	E
}

@test "a file: else who sent the SYN or the request, or has the higher port" {
	ends >got <<<file \
		"tcp 203.0.113.1 80 > 203.0.113.11 1000 10 flags=18" \
		"tcp 203.0.113.2 80 > 203.0.113.12 1000 10 flags=2" \
		"icmp 203.0.113.3 > 203.0.113.13 10 type=0 echo=1" \
		"icmp 203.0.113.4 > 203.0.113.14 10 type=8 echo=1" \
		"tcp 203.0.113.5 80 > 203.0.113.15 1000 10 flags=16" \
		"udp 10.0.0.6 5000 > 10.0.0.16 53 10" \
		"udp 10.0.0.7 5000 > 10.0.0.17 5001 10" \
		"udp 10.0.0.18 53 > 10.0.0.8 54 10" \
		"47 203.0.113.17 > 203.0.113.7 10"
	same <<-'E'
	10.0.0.6 10.0.0.16 out 10 0
	10.0.0.8 10.0.0.18 in 0 10
	10.0.0.17 10.0.0.7 in 0 10
	203.0.113.2 203.0.113.12 out 10 0
	203.0.113.4 203.0.113.14 out 10 0
	203.0.113.7 203.0.113.17 transit 0 10
	203.0.113.11 203.0.113.1 out 0 10
	203.0.113.13 203.0.113.3 out 0 10
	203.0.113.15 203.0.113.5 out 0 10
	E
}

@test "a file: what goes to a group or to everybody is sent" {
	ends >got <<<file \
		"udp 10.0.0.6 5353 > 224.0.0.251 5353 10" \
		"udp 0.0.0.0 68 > 255.255.255.255 67 20"
	same <<-'E'
	0.0.0.0 255.255.255.255 out 20 0
	10.0.0.6 224.0.0.251 out 10 0
	E
}

@test "a file that knows its interface's addresses goes by them" {
	ends >got <<<"file 203.0.113.11/24" \
		"tcp 10.0.0.1 80 > 203.0.113.11 1000 10 flags=2"
	same <<<"203.0.113.11 10.0.0.1 in 0 10"
}

@test "the first packet decides, and the others follow" {
	ends >got <<<file \
		"tcp 203.0.113.1 80 > 203.0.113.11 1000 10 flags=16" \
		"tcp 203.0.113.11 1000 > 203.0.113.1 80 20 flags=16" \
		"tcp 203.0.113.1 80 > 203.0.113.11 1000 40 flags=18"
	same <<<"203.0.113.11 203.0.113.1 out 20 50"
}

# One side of a veth pair, both programs beside each other.
both_capture() {
	[ "$(ip netns exec "$ns_b" cat /proc/net/packet | wc -l)" -ge 3 ]
}

@test "iftop beside it agrees on what is sent and received" {
	need_root
	need "capd: make" command -v capd
	need "iftop: apt-get install iftop" command -v iftop
	need "socat" command -v socat
	two_hosts
	ip netns exec "$ns_b" socat -u UDP4-RECV:7000 /dev/null 3>&- &
	ip netns exec "$ns_b" capd -i b0 -f 'udp port 7000 or udp port 7001' \
		>records 2>capd.err 3>&- &
	capd=$!
	# One report at the end of four seconds; iftop needs packets to get
	# there, so a ping goes on beside.
	ip netns exec "$ns_a" ping -q -i 0.2 -w 8 192.0.2.2 >/dev/null 3>&- &
	ping=$!
	sleep 9 3>&- | ip netns exec "$ns_b" timeout -k 1 8 \
		iftop -t -s 4 -n -N -P -B -i b0 -L 20 >iftop.out 2>iftop.err 3>&- &
	iftop=$!
	wait_for 5 test -s records
	# Both have their packet socket: a heading and two lines.
	wait_for 5 both_capture
	for i in 1 2 3 4 5 6 7 8 9 10; do
		printf '%01000d' 0 | ip netns exec "$ns_a" socat -u - \
			UDP4-SENDTO:192.0.2.2:7000,sourceport=6000 3>&-
		printf '%0100d' 0 | ip netns exec "$ns_b" socat -u - \
			UDP4-SENDTO:192.0.2.1:7001,sourceport=6001 3>&-
	done
	wait $iftop || true
	wait $ping || true
	kill $capd
	wait $capd || true
	flowagg --final <records >got
	jq -e '(.flows | map(select(.dst_port == 6000 and .src_port == 7000 and
	    .total_recv == 10420 and .total_sent == 0)) | length == 1) and
	    (.flows | map(select(.dst_port == 7001 and .src_port == 6001 and
	    .total_sent == 1420 and .total_recv == 0)) | length == 1)' got
	# Each flow is there with the same end first, and all of it goes the
	# same way.
	cat iftop.out iftop.err
	sed -n 's/^ *[0-9]* \(192[^ ]*\).* \([^ ]*\)$/\1 \2/p' iftop.out >ours
	grep -qx '192.0.2.2:7000 0B' ours
	grep -q '^192.0.2.2:6001 [1-9]' ours
	sed -n 's/^ *\(192[^ ]*\) *<=.* \([^ ]*\)$/\1 \2/p' iftop.out >theirs
	grep -q '^192.0.2.1:6000 [1-9]' theirs
	grep -qx '192.0.2.1:7001 0B' theirs
}

teardown() {
	no_hosts
}
