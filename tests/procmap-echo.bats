# SPDX-License-Identifier: MIT
#
# procmap: several pings at a time or one right after the other, each with
# its own process, by the whole chain.

load helper
load procmap

BATS_TEST_TIMEOUT=60

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	need_bpf
	two_places
	mkfifo records snapshots
	ip netns exec "$ns_a" capd -i a0 >records 2>errors 3>&- &
	capd=$!
	flowagg --interval 0.25 <records >snapshots 3>&- &
	ip netns exec "$ns_a" procmap --source bpf <snapshots >got 3>&- &
	procmap=$!
	wait_for 20 test -s got
}

teardown() {
	[ -z "${capd:-}" ] || kill "$capd" 2>/dev/null || true
	[ -z "${pinger:-}" ] || kill "$pinger" 2>/dev/null || true
	no_hosts
}

# ping_of ADDRESS [ARGUMENT...]: three of them, in the background.
ping_of() {
	ip netns exec "$ns_a" ping -q -c 3 -i 0.2 "$@" >/dev/null 3>&- &
}

# is_told IDENTIFIER PID: is that so in all snapshots that have such a flow,
# and in the last one?
is_told() {
	jq -s -c --argjson id "$1" '[.[].flows[] | select(.icmp_id == $id) |
		.pid] | [.[0], .[-1]] + unique' got >told
	echo "of $1: $(cat told)"
	[ "$(cat told)" = "[$2,$2,$2]" ]
}

# all_told FILE: of each identifier and PID in it?
all_told() {
	kill "$capd"
	wait "$procmap"
	capd=
	local id pid
	while read -r id pid; do
		is_told "$id" "$pid" || return 1
	done <"$1"
}

# last_is IDENTIFIER WHAT: has the last snapshot it so?
last_is() {
	[ "$(tail -n 1 got | jq -c --argjson id "$1" '.flows[] |
		select(.icmp_id == $id) | [.pid,.match,.why]')" = "$2" ]
}

@test "pings one right after the other" {
	local i
	for i in 1 2 3 4 5 6; do
		ping_of "$net.2"
		echo "$! $!" >>pings
		wait $!
	done
	all_told pings
}

@test "pings at a time, started at once" {
	local i pids=
	for i in 1 2 3 4 5 6; do
		ping_of "$net.2"
		echo "$! $!" >>pings
		pids="$pids $!"
		ping_of "$net6::2"
		echo "$! $!" >>pings
		pids="$pids $!"
	done
	# shellcheck disable=SC2086 # several words
	wait $pids
	all_told pings
}

@test "pings whose identifier is not their PID" {
	local i pids=
	for i in 1 2 3 4; do
		ping_of "$net.2" -e "$((i + 3))"
		echo "$((i + 3)) $!" >>pings
		pids="$pids $!"
		sleep 0.1
	done
	# shellcheck disable=SC2086 # several words
	wait $pids
	all_told pings
}

# Which addresses that one has may be known only later.
@test "pings of us are theirs who are in another network namespace" {
	local to
	for to in "$net.1" "$net6::1"; do
		ip netns exec "$ns_b" ping -q -c 250 -i 0.2 "$to" \
			>/dev/null 3>&- &
		pinger=$!
		wait_for 10 last_is "$pinger" "[$pinger,\"local\",null]"
		kill "$pinger"
	done
}
