# procmap: a PID or a port that another process has now.
load helper
load procmap

BATS_TEST_TIMEOUT=60

teardown() {
	exec 6>&-
	fed_kill
	[ -z "${user:-}" ] || kill "$user" 2>/dev/null || true
	[ -z "${flood:-}" ] || kill "$flood" 2>/dev/null || true
	no_hosts
}

# reuse: two processes of one PID and port, one after the other; $pid and the
# times of both flows.
reuse() {
	rm -f hold told
	mkfifo hold
	in_a_now procmap-reuse "$net.1" "$net.2" 4000 <hold >told &
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

@test "who has the PID of another now is not given its flows" {
	need_bpf
	two_places
	need python3 command -v python3
	feed_in_a bpf
	reuse
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

# The send hook is taken off where there are very many sends.
@test "who had a UDP port is not named when nobody tells who has it next" {
	need_bpf
	two_places
	need python3 command -v python3
	feed_in_a bpf
	in_a python3 -c '
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], 4000)); s.sendto(b"x", (sys.argv[2], 9))' \
		"$net.1" "$net.2"
	becomes "17,$net.1,4000,$net.2,9" .match '"local"'
	in_a timeout 8 python3 -c '
import os, socket
os.fork()
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 0))
to, send = s.getsockname(), s.sendto
while True: send(b"", to)' 3>&- 7>&- &
	flood=$!
	rests() {
		procmap-snapshot 17,10.9.9.9,1,10.8.8.8,2 >&7
		sleep 0.3
		grep -q 'more than 100000 sends' got
	}
	wait_for 7 rests || skip "no 100,000 sends a second here"
	# The first end is told by the time, not by the end of a look.
	procmap-snapshot "17,$net.1,4000,$net.2,9" >&7
	sleep 0.1
	tail -n 1 got | jq -e '.flows[0].match == "none"'
	kill "$flood"
	wait "$flood" || true
	flood=
	fed_end
}
