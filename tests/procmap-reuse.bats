# SPDX-License-Identifier: MIT
#
# procmap: a PID that another process has now.

load helper
load procmap

BATS_TEST_TIMEOUT=60

teardown() {
	exec 6>&-
	fed_kill
	[ -z "${user:-}" ] || kill "$user" 2>/dev/null || true
	no_hosts
}

# reuse [inherited]: two processes of one PID and port, one after the other; $pid and the
# times of both flows.
reuse() {
	rm -f hold told
	mkfifo hold
	in_a_now procmap-reuse "$net.1" "$net.2" 4000 "$@" <hold >told &
	user=$!
	exec 6>hold
	wait_for 20 test -s told
	read -r pid first last first_after last_after <told
	[ "$pid" != - ] || skip "the PID was always taken by another process"
}

# As in_a, in this shell's place.
in_a_now() {
	exec ip netns exec "$ns_a" "$@" 3>&- 7>&-
}

# told_apart [inherited]: is each flow given to the one of the two whose it is?
told_apart() {
	need_bpf
	two_places
	need python3 command -v python3
	feed_in_a bpf
	reuse "$@"
	# Before and after a look at all sockets, which shows the second only.
	for _ in 1 2; do
		procmap-snapshot "17,$net.1,4000,$net.2,9,$first,$last" \
			"17,$net.1,4000,$net.2,9,$first_after,$last_after" >&7
		sleep 0.1
		tail -n 1 got | jq -c '.flows[] | [.pid,.process_name]' >who
		cat who
		printf '[%d,"%s"]\n' "$pid" before "$pid" after | cmp - who
		sleep 0.6
	done
	fed_end
}

@test "who has the PID of another now is not given its flows" {
	told_apart
}

@test "nor is the other given those of who has its PID, and its socket" {
	told_apart inherited
}
