# SPDX-License-Identifier: MIT
#
# The screen at the end of the real chain, over real traffic.

load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	need_root
	need tmux command -v tmux
	export HOME=$PWD TMPDIR=$PWD/tmp
	mkdir tmp
	unset NO_COLOR COLORTERM COLORFGBG TMUX DISPLAY WAYLAND_DISPLAY
	two_hosts
	# A second pair of cables.
	ip -n "$ns_a" link add a1 type veth peer name b1 netns "$ns_b"
	ip -n "$ns_a" addr add 198.51.100.1/24 dev a1
	ip -n "$ns_b" addr add 198.51.100.2/24 dev b1
	ip -n "$ns_a" link set a1 up
	ip -n "$ns_b" link set b1 up
	pings=
}

teardown() {
	local pid
	tmux -S "$BATS_TEST_TMPDIR/tmux" kill-server 2>/dev/null
	for pid in $pings; do
		kill "$pid" 2>/dev/null
	done
	no_hosts
}

# start OPTION...: iftoprs in the first namespace, in a terminal.
start() {
	tmux -S tmux -f /dev/null new-session -d -x 120 -y 30 \
		"env PATH='$PATH' PS1='\$ ' bash --norc" 3>&-
	keys "ip netns exec $ns_a iftoprs -n $*; echo status=\$?" Enter
}

keys() {
	tmux -S tmux send-keys "$@"
}

shows() {
	tmux -S tmux capture-pane -p | grep -q -- "$1"
}

hides() {
	! shows "$1"
}

# traffic ADDRESS...: ten pings a second to each, for a minute at most.
traffic() {
	local to
	for to; do
		ip netns exec "$ns_a" ping -q -i 0.1 -c 600 "$to" >/dev/null 3>&- &
		pings="$pings $!"
	done
}

@test "an interface that goes down is not live, and is live when it is back" {
	traffic 192.0.2.2
	start -i a0
	wait_for 10 shows '192.0.2.2 ICMP'
	wait_for 5 shows '│live│'
	ip -n "$ns_a" link set a0 down
	wait_for 10 shows 'a0 DOWN since'
	wait_for 5 shows '│a0 DOWN│'
	wait_for 5 shows '│DOWN│'
	wait_for 5 shows 'IFTOPRS · DOWN'
	wait_for 5 hides '│live│'
	keys P
	wait_for 5 shows 'PAUSED · a0 DOWN since'
	# It comes back while the screen stands: the header says so.
	ip -n "$ns_a" link set a0 up
	wait_for 10 shows '│a0 up│'
	wait_for 5 shows 'PAUSED at'
	keys P
	wait_for 5 shows '│live│'
	wait_for 5 hides DOWN
	keys q
	wait_for 10 shows 'status=0'
}

@test "the capture is moved by the chooser; the header tells where it is" {
	traffic 192.0.2.2 198.51.100.2
	start -i a0
	wait_for 10 shows '192.0.2.2 ICMP'
	keys i
	wait_for 10 shows '●▸ a0'
	wait_for 5 shows '198.51.100.1/24'
	keys a 1 Enter
	wait_for 10 shows '│a1 up│'
	wait_for 10 shows '198.51.100.2 ICMP'
	wait_for 5 grep -q 'interface = "a1"' .iftoprs.conf
	# One that cannot be: nothing moves, and it is said.
	keys i
	wait_for 10 shows '●▸ a1'
	ip -n "$ns_a" link del a0
	keys a 0 Enter
	wait_for 10 shows 'capd: .*a0'
	wait_for 10 shows '│a1 up│\|│a0 DOWN│'
	keys q
	wait_for 10 shows 'status=0'
}

@test "the capture filter is edited while it runs; a wrong one changes nothing" {
	traffic 192.0.2.2
	ip netns exec "$ns_a" ping -q -i 0.1 -c 600 fd00::2 >/dev/null 3>&- &
	pings="$pings $!"
	start -i a0
	wait_for 10 shows 'fd00::2 ICMPv6'
	keys E
	keys -l 'icmp and nonsense'
	keys Enter
	wait_for 10 shows 'capd: filter "icmp and nonsense" refused'
	wait_for 5 hides '│bpf'
	keys E C-u
	keys -l 'ip6'
	keys Enter
	wait_for 10 shows '│bpf ip6│'
	wait_for 5 grep -q 'bpf_filter = "ip6"' .iftoprs.conf
	# What is left out comes to rest, what is not goes on.
	calm() {
		tmux -S tmux capture-pane -p | grep '192.0.2.2 ICMP' |
			grep -q ' 0b  *[0-9.]*k*b  *[0-9.]*k*b │$'
	}
	wait_for 10 calm
	keys E C-u Enter
	wait_for 10 hides '│bpf'
	keys q
	wait_for 10 shows 'status=0'
}

@test "columns, ports, lines, order, filter and freeze over live traffic" {
	traffic 192.0.2.2 198.51.100.2 fd00::2
	start -i any
	wait_for 10 shows '198.51.100.2 ICMP'
	wait_for 10 shows 'fd00::2 ICMPv6'
	keys t
	wait_for 5 shows '<=>'
	keys U
	wait_for 5 shows 'totals hidden'
	keys p
	wait_for 5 shows 'rows merged'
	wait_for 5 shows '198.51.100.2 '
	keys s
	wait_for 5 shows '\*  *<=>'
	keys s p
	keys /
	keys -l 'proto:icmpv6'
	wait_for 5 hides '192.0.2.2'
	keys Enter
	wait_for 5 shows '/proto:icmpv6'
	keys 0
	wait_for 5 shows '192.0.2.2'
	keys o
	wait_for 5 shows FROZEN
	tmux -S tmux capture-pane -p | grep -o '=> *[^ ]*' >before
	sleep 2
	tmux -S tmux capture-pane -p | grep -o '=> *[^ ]*' | head -n 3 |
		diff -u <(head -n 3 before) -
	keys Tab Tab
	wait_for 5 shows '\[Hosts\]'
	wait_for 5 shows 'HOST.*FLOWS'
	keys q
	wait_for 10 shows 'status=0'
}

@test "R records what comes, and the recording is played again" {
	traffic 192.0.2.2
	start -i a0
	wait_for 10 shows '192.0.2.2 ICMP'
	keys R
	wait_for 5 shows 'live REC'
	recorded() { [ "$(cat iftoprs-*.ndjson | wc -l)" -ge 3 ]; }
	wait_for 10 recorded
	keys R
	wait_for 5 shows 'recorded [0-9]* snapshots'
	keys q
	wait_for 10 shows 'status=0'
	tuiview -d 120x30 <"$(echo iftoprs-*.ndjson)" | grep -q '192.0.2.2 ICMP'
}

@test "an alert set on the screen is raised by the chain, and taken back" {
	traffic 192.0.2.2
	start -i a0
	wait_for 10 shows '192.0.2.2 ICMP'
	keys A C-u
	keys -l '8kb'
	keys Enter
	wait_for 10 shows 'ALERT 192.0.2.1 => 192.0.2.2'
	wait_for 5 shows '│ALERT 1>8.00kb│'
	wait_for 5 shows '^│! 192.0.2.1'
	keys A C-u
	keys -l 'off'
	keys Enter
	wait_for 10 shows '│alert off│'
	wait_for 10 hides '^│! 192.0.2.1'
	keys q
	wait_for 10 shows 'status=0'
}
