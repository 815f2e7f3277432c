# SPDX-License-Identifier: MIT
#
# procmap: several sockets at one port, whose flows nobody tells apart.

load helper
load procmap

BATS_TEST_TIMEOUT=60

teardown() {
	exec 6>&-
	fed_kill
	[ -z "${pair:-}" ] || kill "$pair" 2>/dev/null || true
	no_hosts
}

# Two processes with a socket at one port, the first one's open before the
# second's: prints the port and both PIDs.  KIND ADDRESS ADDRESS; with "one"
# for the second address it is one socket of both, with "dup" two descriptors of
# the first one's.  For an address
# @INTERFACE=REMOTE it is one of that interface alone, which has sent there.
several='
import os, socket, sys
kind, *addresses = sys.argv[1:]
def opened(address, port):
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM if kind == "tcp"
                      else socket.SOCK_DGRAM)
    interface, _, remote = address.partition("=")
    if remote:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE,
                     interface[1:].encode())
        address = "0.0.0.0"
    else:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    s.bind((address, port))
    if kind == "tcp":
        s.listen()
    elif remote:
        s.sendto(b"x", (remote, 9))
    return s
first = opened(addresses[0], 0)
port = first.getsockname()[1]
turn, done = os.pipe()
child = os.fork()
if child == 0:
    if addresses[1] != "one":
        first.close()
    if addresses[1] not in ("one", "dup"):
        second = opened(addresses[1], port)
    os.write(done, b"x")
else:
    again = first.dup() if addresses[1] == "dup" else None
    os.read(turn, 1)
    print(port, os.getpid(), child, flush=True)
sys.stdin.read()
'

# at_port KIND ADDRESS ADDRESS: $port, $pid and $other; in the namespace of
# "${within[@]}", if that is set.
within=()
at_port() {
	need python3 command -v python3
	rm -f hold told
	mkfifo hold
	"${within[@]}" python3 -c "$several" "$@" <hold >told 3>&- 7>&- &
	pair=$!
	exec 6>hold
	wait_for 10 test -s told
	read -r port pid other <told
}

at_port_end() {
	exec 6>&-
	wait "$pair"
	pair=
}

# all_are PROTO MATCH: of flows to many remotes, that begin now?
all_are() {
	local flows=() remote
	for remote in 1 2 3 4 5 6 7 8; do
		flows+=("$1,127.0.0.1,$port,127.0.0.1,$remote")
	done
	procmap-snapshot "${flows[@]}" >&7
	sleep 0.05
	tail -n 1 got | jq -c '[.flows[].match] | unique' >kinds
	tail -n 1 got | jq -c '[.flows[].pid] | unique' >pids
	[ "$(cat kinds)" = "[\"$2\"]" ]
}

stay() {
	wait_for 10 all_are "$@" || {
		echo "not $2:"
		cat kinds pids errors
		return 1
	}
	for _ in 1 2 3 4; do
		sleep 0.3
		all_are "$@"
	done
}

# polled PROTO KIND ADDRESS ADDRESS MATCH: with all sources that poll.
polled() {
	local source
	for source in diag lsof; do
		usable $source || continue
		feed_ready procmap --source $source
		at_port "$2" "$3" "$4"
		stay "$1" "$5"
		at_port_end
		fed_end
	done
}

@test "without eBPF one of several listeners at a port is a guess" {
	need "lsof" command -v lsof
	polled 6 tcp 127.0.0.1 127.0.0.1 inferred
}

@test "one listener of several processes is one" {
	need "lsof" command -v lsof
	polled 6 tcp 127.0.0.1 one listener
}

@test "a socket of several descriptors of one process is that one's alone" {
	need "lsof" command -v lsof
	polled 17 udp 127.0.0.1 dup local
	polled 6 tcp 127.0.0.1 dup listener
}

@test "who sends from an address of one and a port of two is a guess" {
	need "lsof" command -v lsof
	polled 17 udp 127.0.0.1 0.0.0.0 inferred
	polled 17 udp 0.0.0.0 127.0.0.1 inferred
}

@test "without eBPF who sends from a port of two is a guess" {
	need "lsof" command -v lsof
	polled 17 udp 127.0.0.1 127.0.0.1 inferred
	polled 17 udp 127.0.0.1 one inferred
}

@test "one of several at a port, each of its own interface, is a guess" {
	need_bpf
	two_places
	within=(in_a)
	local kind proto=17
	for kind in udp tcp; do
		feed_in_a bpf
		at_port $kind @lo=127.0.0.1 "@a0=$net.2"
		stay $proto inferred
		at_port_end
		fed_end
		proto=6
	done
}
