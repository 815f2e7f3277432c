# SPDX-License-Identifier: MIT
#
# procmap fed line by line, and places to use it in.  Loaded after helper.

# shellcheck disable=SC2154 # from helper.bash

# usable SOURCE: can it be used here?
usable() {
	procmap --source "$1" </dev/null 2>/dev/null
}

need_bpf() {
	need_root
	! procmap --source bpf </dev/null 2>&1 |
		grep -q 'built without eBPF' || skip "built without eBPF"
	need "eBPF (CAP_BPF, BTF)" usable bpf
}

# feed COMMAND...: start it reading lines that are written to descriptor 7;
# its output goes to `got`, its pid is in $fed.
feed() {
	rm -f in got
	mkfifo in
	"$@" <in >got 2>errors 3>&- 6>&- 7>&- &
	fed=$!
	exec 7>in
}

# feed_ready COMMAND...: and wait until it has answered a first snapshot:
# then it is attached.
feed_ready() {
	feed "$@"
	procmap-snapshot 6,10.9.9.9,1,10.8.8.8,2 >&7
	wait_for 20 test -s got
}

fed_end() {
	exec 7>&-
	wait "$fed"
	fed=
}

# For teardown; $holder is who held the sockets of the test.
fed_kill() {
	exec 7>&-
	[ -z "${fed:-}" ] || kill "$fed" 2>/dev/null || true
	[ -z "${holder:-}" ] || kill "$holder" 2>/dev/null || true
}

# is FLOW FILTER WANTED: the flow, annotated, through jq.
is() {
	procmap-snapshot "$1" >&7
	sleep 0.05
	[ "$(tail -n 1 got | jq -c ".flows[0] | $2")" = "$3" ]
}

becomes() {
	wait_for 10 is "$@" || {
		echo "not $3:"
		tail -n 1 got | jq -c '.flows[0], .attribution'
		cat errors
		return 1
	}
}

# two_places: as two_hosts, with addresses that neither the machine nor a
# test beside us has: $net.1 and $net6::1 on a0, .2 and ::2 on b0.
two_places() {
	need_root
	net=10.$((100 + $$ % 100)).$(($$ / 100 % 250))
	net6=fd77:$(printf %x $(($$ % 65536)))
	two_hosts
	ip -n "$ns_a" addr add "$net.1/24" dev a0
	ip -n "$ns_b" addr add "$net.2/24" dev b0
	ip -n "$ns_a" addr add "$net6::1/64" dev a0 nodad
	ip -n "$ns_b" addr add "$net6::2/64" dev b0 nodad
}

in_a() {
	ip netns exec "$ns_a" "$@"
}

# The first namespace's own procmap, of a source, reading snapshots.
feed_in_a() {
	feed_ready ip netns exec "$ns_a" "$(command -v procmap)" --source "$1"
}
