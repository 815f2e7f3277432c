# SPDX-License-Identifier: MIT
#
# The whole chain at a terminal, with traffic: what options show, and keys
# that reach the capture while it runs.

load helper
load tmux

sample=$root/share/sample.pcap

teardown() {
	no_terminal
	no_hosts
}

# second_link: another pair between the two, a1 and b1, 198.51.100.1 and .2.
second_link() {
	ip -n "$ns_a" link add a1 type veth peer name b1 netns "$ns_b"
	ip -n "$ns_a" addr add 198.51.100.1/24 dev a1
	ip -n "$ns_b" addr add 198.51.100.2/24 dev b1
	ip -n "$ns_a" link set a1 up
	ip -n "$ns_b" link set b1 up
}

# watch ARGUMENTS...: iftoprs in namespace a, at a terminal.
watch() {
	new_terminal 120x30 ip netns exec "$ns_a" iftoprs "$@" \; \
		echo 'status=$?'
	wait_for 10 screen 'a0 up'
}

ping_from_b() {	# ADDRESS
	ip netns exec "$ns_b" ping -q -c 3 -i 0.2 "$1" >/dev/null
}

udp_from_b() {	# ADDRESS PORT
	ip netns exec "$ns_b" bash -c "echo hello >/dev/udp/$1/$2"
}

leave() {
	keys q
	wait_for 10 screen '^status=0'
	wait_for 5 eval '[ -z "$(ls tmp)" ]'	# also of those before
}

replay() {	# ARGUMENTS...: the sample on the screen
	new_terminal 120x30 iftoprs -n -r "$sample" "$@" \; echo 'status=$?'
	wait_for 10 screen '192.168.1.20'
}

# no COMMAND...: a failure that counts even within a test.
no() {
	if "$@"; then return 1; fi
}

@test "options for the looks are seen on the screen" {
	replay
	wait_for 5 screen '192.168.1.20:[0-9]* .*203.0.113.*:http'
	wait_for 5 screen '1.00Gb│$'
	wait_for 5 screen '│bits│Neon Sprawl│'
	wait_for 5 screen '[0-9]kb  *[0-9.]*k*b │$'
	wait_for 5 coloured '48;5;[0-9]*m  192.168.1.20'
	keys q
	replay -P
	no screen '192.168.1.20:'
	wait_for 5 screen 'rows ─'
	keys q
	replay -B --theme AcidRain
	wait_for 5 screen '│bytes│Acid Rain│'
	wait_for 5 screen '[0-9]B │$'
	no screen '[0-9]k*b │$'
	keys q
	replay -b
	no coloured '48;5;[0-9]*m  192.168.1.20'
	keys q
	replay -N
	wait_for 5 screen '203.0.113.*:80 '
	no screen ':http'
	keys q
	replay -m 1Mb
	no screen '1.00Gb'
	wait_for 5 screen '100kb'
	keys q
	replay -o total
	wait_for 5 screen '│sort total│'
	keys q
	replay --alert 10Gb
	wait_for 5 screen '│alert 10.0Gb│'
	keys A
	wait_for 5 screen 'alert above: 10000Mb '
	keys Enter q
	replay --alert 10Gb:sent -c none
	wait_for 5 screen '│alert 10.0Gb│'
	keys q
	replay --ascii
	no screen '[│─╭▶]'
	keys q
	[ "$(terminal_says '#{mouse_any_flag}')" = 0 ]
	replay --export-format csv
	keys e
	wait_for 5 screen 'rows written to .*export.csv'
	keys q
	replay --no-mouse
	[ "$(terminal_says '#{mouse_any_flag}')" = 0 ]
	keys q
	replay
	[ "$(terminal_says '#{mouse_any_flag}')" = 1 ]
	leave
	# Nothing of that was stored.
	no grep -q 'theme\|units\|show_\|max_\|sort\|ascii\|mouse' .iftoprs.conf
}

@test "a key that changes an option of the command line stores it" {
	replay -B --theme AcidRain
	keys B
	wait_for 5 screen '│packets│'
	leave
	grep -qx 'units = "packets"' .iftoprs.conf
	no grep -q theme .iftoprs.conf
	replay
	wait_for 5 screen '│packets│Neon Sprawl│'
	leave
}

@test "live: another interface is chosen with i, and the chain goes on" {
	need_root
	two_hosts
	second_link
	watch -n -i a0
	ping_from_b 192.0.2.1
	wait_for 10 screen '192.0.2.2 ICMP'
	before=$(cat tmp/iftoprs.*/*.pid)
	keys i
	wait_for 10 screen '●▸ a0'
	keys a1
	wait_for 5 screen '▸ a1'
	keys Enter
	wait_for 10 screen '│a1 up│'
	ping_from_b 198.51.100.1
	wait_for 10 screen '198.51.100.2 ICMP'
	wait_for 5 screen '192.0.2.2 ICMP'		# what was seen stays
	[ "$before" = "$(cat tmp/iftoprs.*/*.pid)" ]
	grep -qx 'interface = "a1"' .iftoprs.conf
	leave
	# And there at the next start.
	new_terminal 120x30 ip netns exec "$ns_a" iftoprs -n \; echo 'status=$?'
	wait_for 10 screen '│a1 up│'
	leave
}

@test "live: the capture filter is changed with E; a bad one is refused" {
	need_root
	two_hosts
	watch -n -Z -i a0
	before=$(cat tmp/iftoprs.*/*.pid)
	keys E
	keys 'udp port 5001' Enter
	wait_for 10 grep -qsx 'bpf_filter = "udp port 5001"' .iftoprs.conf
	udp_from_b 192.0.2.1 5000
	udp_from_b 192.0.2.1 5001
	wait_for 10 screen ':5001'
	no screen ':5000'
	# It cannot be understood: told in libpcap's words; the old one stays.
	keys E
	keys C-u 'udp prot 5002' Enter
	wait_for 10 screen 'syntax error'
	udp_from_b 192.0.2.1 5002
	keys E
	keys C-u 'udp port 5003' Enter
	wait_for 10 grep -qx 'bpf_filter = "udp port 5003"' .iftoprs.conf
	udp_from_b 192.0.2.1 5003
	wait_for 10 screen ':5003'
	no screen ':5002'
	[ "$before" = "$(cat tmp/iftoprs.*/*.pid)" ]
	keys q
	wait_for 10 screen '^status=0'
}

@test "live: R records what is seen, until R, and it can be replayed" {
	need_root
	two_hosts
	watch -n -i a0
	keys R
	wait_for 5 screen 'recording to .*iftoprs-[0-9-]*.ndjson'
	ping_from_b 192.0.2.1
	wait_for 10 screen '192.0.2.2 ICMP'
	wait_for 10 grep -q '"dst":"192.0.2.2"' iftoprs-*.ndjson
	keys R
	wait_for 5 screen 'recorded [0-9]* snapshots'
	lines=$(wc -l <"$(echo iftoprs-*.ndjson)")
	leave
	[ "$(cat iftoprs-*.ndjson | jq -c .schema | wc -l)" -eq "$lines" ]
	[ "$(stat -c %a iftoprs-*.ndjson)" = 600 ]
	new_terminal 120x30 iftoprs -r "$(echo iftoprs-*.ndjson)" \
		--speed max \; echo 'status=$?'
	wait_for 10 screen '192.0.2.2 ICMP'
	keys q
	wait_for 10 screen '^status=0'
}

@test "live: keys for names and alerts reach the stages" {
	need_root
	two_hosts
	watch -i a0 -w seen.ndjson
	udp_from_b 192.0.2.1 53
	wait_for 10 screen ':domain'
	keys N
	wait_for 10 screen '192.0.2.1:53 '
	wait_for 10 grep -q '"type":"dns"\|"dns"' seen.ndjson
	keys n
	wait_for 10 grep -q '"dns":"off"' seen.ndjson
	keys A
	keys C-u 1kb Enter
	wait_for 10 screen '│alert 1.00kb│'
	ping_from_b 192.0.2.1
	wait_for 10 jq -es 'any(.alerts | length > 0)' seen.ndjson
	keys q
	wait_for 10 screen '^status=0'
	grep -qx 'dns_resolution = false' .iftoprs.conf
	grep -qx 'port_resolution = false' .iftoprs.conf
	grep -q '^alert_threshold = 125' .iftoprs.conf
}
