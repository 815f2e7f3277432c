# SPDX-License-Identifier: MIT
#
# procmap: a PID, or a port, that another process has now.

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

# has_lines COUNT FILE: so many now?
has_lines() {
	[ "$(wc -l <"$2")" -eq "$1" ]
}

# both_told: is there an answer about both flows?  With many events at once
# one may have to wait for the next line.
both_told() {
	procmap-snapshot "17,$net.1,4000,$net.2,9,$first,$last" \
		"17,$net.1,4000,$net.2,9,$first_after,$last_after" >&7
	sleep 0.1
	tail -n 1 got | jq -e '(.flows | length == 2) and
	    all(.flows[]; .why != "pending")'
}

# told_apart [inherited]: is each flow given to the one of the two whose it is?
told_apart() {
	need_bpf
	two_places
	need python3 command -v python3
	feed_in_a bpf
	reuse "$@"
	# Before and after a look at all sockets, which shows the second only.
	for _ in 2 3; do
		wait_for 10 both_told
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

# Prints a UDP and a TCP port that nobody has; at a line of input a port that
# it has from then on; at another it takes the first two.
late='
import socket, sys
def opened(kind, port=0):
    s = socket.socket(socket.AF_INET, kind)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("127.0.0.1", port))
    return s
free = [opened(kind) for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM)]
ports = [s.getsockname()[1] for s in free]
for s in free:
    s.close()
print(*ports, flush=True)
sys.stdin.readline()
mark = opened(socket.SOCK_DGRAM)
print(mark.getsockname()[1], flush=True)
sys.stdin.readline()
u = opened(socket.SOCK_DGRAM, ports[0])
t = opened(socket.SOCK_STREAM, ports[1])
t.listen()
print("taken", flush=True)
sys.stdin.readline()
'

# both: the answers to the snapshots of two flows.
both() {
	jq -c 'select(.flows | length == 2)' got
}

too_late() {
	feed_ready procmap --source "$1"
	rm -f hold told
	mkfifo hold
	python3 -c "$late" <hold >told 3>&- 7>&- &
	user=$!
	exec 6>hold
	wait_for 20 has_lines 1 told
	local udp tcp then mark
	read -r udp tcp <told
	then=$(date +%s%3N)
	sleep 0.1
	# A look at all sockets between the flows and whom they are not.
	echo >&6
	wait_for 20 has_lines 2 told
	mark=$(sed -n 2p told)
	becomes "17,127.0.0.1,$mark,127.0.0.1,9" .pid "$user"
	echo >&6
	wait_for 20 has_lines 3 told
	for _ in 1 2 3 4 5; do
		procmap-snapshot "17,127.0.0.1,$udp,127.0.0.1,9,$then,$then" \
			"6,127.0.0.1,$tcp,127.0.0.1,9,$then,$then" >&7
		sleep 0.5
	done
	wait_for 10 eval '[ "$(both | wc -l)" -eq 5 ]'
	both | jq -s -e 'all(.[].flows[]; .pid == 0)'
	# It is known, of flows of now.
	becomes "17,127.0.0.1,$udp,127.0.0.1,9" .pid "$user"
	becomes "6,127.0.0.1,$tcp,127.0.0.1,9" .match '"listener"'
	exec 6>&-
	fed_end
}

@test "who has a port now is not given the flows of before" {
	need python3 command -v python3
	local source
	for source in bpf diag; do
		usable $source || continue
		too_late $source
	done
}

@test "a flow keeps its owner when its interface has gone" {
	need_bpf
	two_places
	need python3 command -v python3
	feed ip netns exec "$ns_a" "$(command -v procmap)" --source bpf \
		--interval 0.1
	procmap-snapshot 6,10.9.9.9,1,10.8.8.8,2 >&7
	wait_for 20 test -s got
	in_a_now python3 -c '
import socket, sys, time
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.bind((sys.argv[1], 4001))
u.sendto(b"x", (sys.argv[2], 9))
print("sent", flush=True)
time.sleep(60)' "$net.1" "$net.2" >told &
	user=$!
	wait_for 20 test -s told
	local now flow
	now=$(date +%s%3N)
	flow=17,$net.1,4001,$net.2,9,$((now - 100)),$now
	becomes "$flow" .pid "$user"
	ip -n "$ns_a" link del a0
	for _ in 1 2 3 4 5; do
		sleep 0.2
		is "$flow" .pid "$user"
	done
	fed_end
}

# Sends from port 4002 to all of the addresses given, from the first one's
# own socket; with "anew" from a new one each time, bound to that address.
several='
import socket, sys, time
anew, host, *names = sys.argv[1:]
def opened(name):
    u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    u.bind((name, 4002))
    return u
u = None
for name in names:
    if anew == "anew":
        u = opened(name)
        u.sendto(b"x", (host, 9))
        u.close()
    else:
        u = u or opened("0.0.0.0")
        u.connect((name, 9))
        u.send(b"x")
    time.sleep(0.01)
print("sent", flush=True)
sys.stdin.readline()'

# send_all HOW ADDRESS...: and the flows, each between two times, as they are
# for procmap-snapshot, in $flows.
send_all() {
	rm -f hold told
	mkfifo hold
	local how=$1 first name
	shift
	first=$(date +%s%3N)
	in_a_now python3 -c "$several" "$how" "$net.2" "$@" <hold >told &
	user=$!
	exec 6>hold
	wait_for 20 test -s told
	flows=()
	for name; do
		case $how in
		anew) name=17,$name,4002,$net.2,9 ;;
		*) name=17,$net.1,4002,$name,9 ;;
		esac
		flows+=("$name,$first,$(date +%s%3N)")
	done
}

@test "a socket whose ends look like the ones before is told of, too" {
	need_bpf
	two_places
	need python3 command -v python3
	ip -n "$ns_a" route add default via "$net.2"
	for name in 7 8; do
		ip -n "$ns_a" addr add "$net.$name/24" dev a0
	done
	feed_in_a bpf
	for how in again anew; do
		case $how in
		again) send_all again 8.8.8.8 1.1.1.1 9.9.9.9 8.8.4.4 ;;
		anew) send_all anew "$net.1" "$net.7" "$net.8" ;;
		esac
		procmap-snapshot "${flows[@]}" >&7
		sleep 0.3
		tail -n 1 got | jq -c '[.flows[].pid] | unique' >who
		diff -u - who <<<"[$user]"
		echo >&6
		wait "$user"
		user=
	done
	fed_end
}
