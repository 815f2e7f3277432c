# SPDX-License-Identifier: MIT
#
# procmap where it does not see every process: what it did not see is not
# there for it, and never the kernel's.

load helper
load procmap

BATS_TEST_TIMEOUT=60

teardown() {
	fed_kill
	[ -z "${holder:-}" ] || kill "$holder" 2>/dev/null || true
}

# A connection and a connected UDP socket of one process of root's.
sockets='
import socket, sys, time
l = socket.create_server(("127.0.0.1", 0))
c = socket.create_connection(l.getsockname()); a, _ = l.accept()
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.connect(("127.0.0.1", 9))
print("6,127.0.0.1,%d,127.0.0.1,%d" % (c.getsockname()[1], l.getsockname()[1]))
print("17,127.0.0.1,%d,127.0.0.1,9" % u.getsockname()[1], flush=True)
time.sleep(60)
'

# seen_by COMMAND...: what procmap, run by it, says of them after three polls.
seen_by() {
	for _ in 1 2 3 4; do
		procmap-snapshot "${flows[@]}"
		sleep 0.6
	done | "$@" "$(command -v procmap)" --source diag 2>errors >got
	tail -n 1 got | jq -c '[.flows[] | [.pid, .process_name, .why]]'
}

hold_sockets() {
	need_root
	need python3 command -v python3
	python3 -c "$sockets" >held 3>&- &
	holder=$!
	wait_for 20 grep -q ^17 held
	mapfile -t flows <held
}

nobodys='[[0,"","unreadable"],[0,"","unreadable"]]'

@test "who is outside of our pid namespace is not taken for the kernel" {
	hold_sockets
	need "pid namespaces" unshare -p -f --mount-proc true
	[ "$(seen_by unshare -p -f --mount-proc)" = "$nobodys" ]
	grep -q 'outside of this pid namespace' errors
}

@test "who is hidden from us is not taken for the kernel" {
	hold_sockets
	need "hidepid" unshare -m mount -t proc -o hidepid=ptraceable proc /proc
	chmod 755 . ..
	local how
	for how in noaccess invisible ptraceable; do
		echo "hidepid=$how"
		[ "$(seen_by unshare -m sh -c 'mount -t proc -o "$0" proc /proc &&
			exec setpriv --reuid 65534 --regid 65534 \
			--clear-groups "$@"' "hidepid=$how")" = "$nobodys" ]
	done
}

@test "without privilege lsof does not see all, and that is told" {
	need_root
	need lsof command -v lsof
	chmod 755 . ..
	procmap-snapshot 6,10.9.9.9,1,10.8.8.8,2 |
		setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$(command -v procmap)" --source lsof >got 2>errors
	jq -e '.attribution.degraded | contains("of this user")' got
	grep -q 'of this user' errors
}

# A process of many descriptors is not gone through at every poll.
busy='
import os, resource, socket, sys, time
most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
nothing = os.open("/dev/null", os.O_RDONLY)
for i in range(min(most, 20000) - 100):
    os.dup(nothing)
while True:
    u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    u.connect(("127.0.0.1", 9))
    with open("flow.new", "w") as f:
        print("17,127.0.0.1,%d,127.0.0.1,9" % u.getsockname()[1], file=f)
    os.rename("flow.new", "flow")
    time.sleep(0.9)
    u.close()
'

@test "whose descriptors there was no time for is not taken for the kernel" {
	need python3 command -v python3
	need "5000 descriptors" test "$(ulimit -Hn)" -ge 5000
	python3 -c "$busy" 3>&- &
	holder=$!
	wait_for 20 test -s flow
	for _ in {1..40}; do
		procmap-snapshot "$(cat flow)"
		sleep 0.1
	done | procmap --source diag >got
	jq -s -e 'length == 40 and
		all(.flows[0].process_name != "[kernel]") and
		any(.flows[0].pid == '"$holder"')' got
}
