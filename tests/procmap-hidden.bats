# SPDX-License-Identifier: MIT
#
# procmap where it does not see who holds a socket: not every process, or not
# straight among its descriptors.  What it did not see is not the kernel's.

load helper
load procmap

BATS_TEST_TIMEOUT=60

teardown() {
	fed_kill
	no_hosts
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

are_nobodys() {
	procmap-snapshot "${flows[@]}" >&7
	sleep 0.05
	tail -n 1 got | jq -e 'all(.flows[]; .pid == 0 and .why == "unreadable")'
}

# nobodys COMMAND...: procmap, run by it, comes to see that it does not see who
# has the flows, and has not said of anybody before that he has them.
nobodys() {
	feed_ready "$@"
	wait_for 20 are_nobodys || {
		tail -n 1 got | jq -c '.flows[], .attribution'
		return 1
	}
	fed_end
	jq -s -e 'all(.[].flows[]; .process_name == "")' got
}

hold_sockets() {
	need_root
	need python3 command -v python3
	python3 -c "$sockets" >held 3>&- &
	holder=$!
	wait_for 20 grep -q ^17 held
	mapfile -t flows <held
}

@test "who is outside of our pid namespace is not taken for the kernel" {
	hold_sockets
	need "pid namespaces" unshare -p -f --mount-proc true
	nobodys unshare -p -f --mount-proc procmap --source diag
	grep -q 'outside of this pid namespace' errors
}

@test "who is hidden from us is not taken for the kernel" {
	hold_sockets
	need "hidepid" unshare -m mount -t proc -o hidepid=ptraceable proc /proc
	chmod 755 . ..
	local how
	for how in noaccess invisible ptraceable; do
		echo "hidepid=$how"
		nobodys unshare -m sh -c 'mount -t proc -o "$0" proc /proc &&
			exec setpriv --reuid 65534 --regid 65534 \
			--clear-groups "$@"' "hidepid=$how" \
			"$(command -v procmap)" --source diag
	done
}

@test "that other network namespaces are hidden with their processes is told" {
	need_bpf
	need "hidepid" unshare -m mount -t proc -o hidepid=ptraceable proc /proc
	two_places
	ip netns exec "$ns_b" sleep 55 3>&- 7>&- &
	holder=$!
	feed_ready procmap --source bpf
	fed_end
	lacks hidepid errors
	local how
	for how in noaccess invisible ptraceable; do
		feed_ready unshare -m sh -c 'mount -t proc -o "$0" proc /proc &&
			exec "$@"' "hidepid=$how" "$(command -v procmap)" \
			--source bpf
		wait_for 5 told_hidden
		fed_end
		grep -q hidepid errors
	done
}

told_hidden() {
	procmap-snapshot 6,10.9.9.9,1,10.8.8.8,2 >&7
	sleep 0.05
	tail -n 1 got | jq -e '.attribution.degraded | contains("hidepid")'
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

@test "the kernel's own socket is the kernel's, whatever others open" {
	need python3 command -v python3
	two_places
	need "vxlan" ip -n "$ns_a" link add vx0 type vxlan id 7 dstport 4789 \
		local "$net.1" remote "$net.2" dev a0
	ip -n "$ns_a" link set vx0 up
	ip netns exec "$ns_a" python3 -c "$busy" 3>&- &
	holder=$!
	wait_for 20 test -s flow
	feed_in_a diag
	kernels() {
		procmap-snapshot "17,$net.1,4789,$net.2,4789" >&7
		sleep 0.1
		[ "$(tail -n 1 got | jq -r '.flows[0].process_name')" = \
			'[kernel]' ]
	}
	wait_for 10 kernels
	for _ in {1..20}; do
		kernels
	done
	fed_end
}

# A listener of both families, a connection to it of Multipath TCP and one
# without, as servers in Go have them.
multipath='
import os, socket, time
MPTCP = 262
l = socket.socket(socket.AF_INET6, socket.SOCK_STREAM, MPTCP)
l.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
l.bind(("::", 0)); l.listen()
port = l.getsockname()[1]
kept = []
for proto, address in ((MPTCP, "127.0.0.1"), (0, "127.0.0.1"), (MPTCP, "::1")):
    c = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET,
        socket.SOCK_STREAM, proto)
    c.connect((address, port))
    kept += [c, l.accept()]
    print("6,%s,%d,%s,%d" % (address, c.getsockname()[1], address, port))
print("6,127.0.0.1,%d,127.0.0.1,1" % port, flush=True)
time.sleep(60)
'

multipath() {
	feed_ready procmap --source "$1"
	all_right() {
		procmap-snapshot "${flows[@]}" >&7
		sleep 0.05
		tail -n 1 got | jq -e --argjson pid "$holder" '
			[.flows[] | [.pid, .match]] == [[$pid, "exact"],
			[$pid, "exact"], [$pid, "exact"], [$pid, "listener"]]'
	}
	wait_for 10 all_right
	fed_end
}

@test "a socket of Multipath TCP has its owner" {
	need python3 command -v python3
	need "Multipath TCP" grep -q 1 /proc/sys/net/mptcp/enabled
	python3 -c "$multipath" >held 3>&- &
	holder=$!
	wait_for 20 sh -c '[ "$(wc -l <held)" -eq 4 ]'
	mapfile -t flows <held
	local source
	for source in bpf diag lsof; do
		usable $source || continue
		multipath $source
	done
}

# On its way to another process a socket is held by nobody.
passed='
import os, socket, sys, time
os.setgroups([]); os.setgid(54321); os.setuid(54321)
a, b = socket.socketpair(socket.AF_UNIX)
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.connect(("127.0.0.1", 9))
print("17,127.0.0.1,%d,127.0.0.1,9" % u.getsockname()[1], flush=True)
socket.send_fds(a, [b"x"], [u.fileno()])
u.close()
time.sleep(60)
'

@test "a user's socket that nobody holds is not the kernel's" {
	need_root
	need python3 command -v python3
	local source
	for source in bpf diag; do
		usable $source || continue
		rm -f held
		python3 -c "$passed" >held 3>&- &
		holder=$!
		wait_for 20 test -s held
		mapfile -t flows <held
		nobodys procmap --source $source
		kill "$holder"
	done
}

# A socket that is none of its process's first thread's descriptors: "own", a
# thread's that has its own, or "ring", registered with io_uring(7).
aside='
import ctypes, socket, sys, threading
libc = ctypes.CDLL(None, use_errno=True)
def hold(kind):
    if kind == "own" and libc.unshare(0x400) != 0:      # CLONE_FILES
        return
    u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    u.bind(("127.0.0.1", 0))
    port = u.getsockname()[1]
    if kind == "ring":
        ring = libc.syscall(425, 2, ctypes.create_string_buffer(120))
        files = (ctypes.c_int * 1)(u.fileno())
        if libc.syscall(427, ring, 2, files, 1) != 0:   # REGISTER_FILES
            return
        u.close()
    print("17,127.0.0.1,%d,127.0.0.1,9" % port, flush=True)
    threading.Event().wait()
threading.Thread(target=hold, args=sys.argv[1:]).start()
'

# hold_aside KIND: its flow in $flows.
hold_aside() {
	need python3 command -v python3
	rm -f held
	python3 -c "$aside" "$1" >held 3>&- &
	holder=$!
	need "what \"$1\" takes" wait_for 10 test -s held
	mapfile -t flows <held
}

@test "a socket of a thread with descriptors of its own is its process's" {
	local source
	for source in bpf diag; do
		usable $source || continue
		hold_aside own
		feed_ready procmap --source $source
		becomes "${flows[0]}" '[.pid,.match]' "[$holder,\"local\"]"
		fed_end
		kill "$holder"
		jq -s -e 'all(.[].flows[]; .process_name != "[kernel]")' got
	done
}

@test "a socket that is in an io_uring alone is not the kernel's with eBPF" {
	need_bpf
	hold_aside ring
	nobodys procmap --source bpf
}

@test "a socket that is in an io_uring alone is its process's" {
	hold_aside ring
	feed_ready procmap --source diag
	becomes "${flows[0]}" '[.pid,.match]' "[$holder,\"local\"]"
	# And stays so, though its descriptors do not change.
	for _ in 1 2 3 4 5; do
		sleep 0.5
		procmap-snapshot "${flows[0]}" >&7
	done
	fed_end
	jq -s -e 'all(.[].flows[]; .process_name != "[kernel]") and
		all(.[-5:][].flows[]; .pid == '"$holder"')' got
}
