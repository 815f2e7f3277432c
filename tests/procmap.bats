# procmap: who owns each flow.
load helper

# hold PROGRAM...: run a program that prints its ports, in the background,
# until teardown; its output in $held, its pid in $holder.
hold() {
	"$@" >held 2>held.err 3>&- &
	holder=$!
	wait_for 5 test -s held
	read -r held <held
}

teardown() {
	[ -z "${holder:-}" ] || kill "$holder" 2>/dev/null || true
	no_hosts
}

# a TCP listener, a connection to it, and a UDP socket, in one process:
# prints "LISTENER CLIENT UDP PID"
sockets='
import os, socket, sys, time
l = socket.socket(); l.bind(("127.0.0.1", 0)); l.listen(5)
c = socket.create_connection(l.getsockname()); a, _ = l.accept()
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(("0.0.0.0", 0))
print(l.getsockname()[1], c.getsockname()[1], u.getsockname()[1], os.getpid(), flush=True)
time.sleep(60)
'

flow() {
	jq -c ".flows[0]$1"
}

@test "a line that is no snapshot is refused with what was expected" {
	run -1 --separate-stderr procmap --source diag <<<'hello'
	[[ $stderr == *"line 1 is no snapshot"*flowagg* ]]
}

@test "objects that are not snapshots pass through byte for byte" {
	echo '{"type":"other", "x" : [1,2]}' >in
	procmap --source diag <in >got
	diff -u in got
}

@test "everything that is not ours stays as it was, in order" {
	procmap-snapshot 6,10.9.9.9,1,10.8.8.8,2 >in
	procmap --source diag <in >got
	sed 's/"attribution":{.*},"flows"/"flows"/
	    s/,"pid":0[^}]*}/}/' got >rest
	diff -u in rest
}

@test "both ends of a loopback connection are named" {
	need python3 command -v python3
	hold python3 -c "$sockets"
	read -r listener client _ pid <<<"$held"
	procmap-snapshot 6,127.0.0.1,"$client",127.0.0.1,"$listener" |
		procmap --source diag >got
	[ "$(jq -c '.flows[0] | [.pid,.match,.via,.peer_pid]' got)" = \
		"[$pid,\"exact\",\"diag\",$pid]" ]
	[ "$(jq -r '.flows[0].user' got)" = "$(id -un)" ]
}

@test "an unconnected UDP socket owns flows of its port" {
	need python3 command -v python3
	hold python3 -c "$sockets"
	read -r _ _ udp pid <<<"$held"
	procmap-snapshot 17,127.0.0.1,"$udp",127.0.0.1,9 |
		procmap --source diag >got
	[ "$(jq -c '.flows[0] | [.pid,.match]' got)" = "[$pid,\"local\"]" ]
}

@test "a connection whose socket was not seen falls to the listener" {
	need python3 command -v python3
	hold python3 -c "$sockets"
	read -r listener _ _ pid <<<"$held"
	procmap-snapshot 6,127.0.0.1,"$listener",127.0.0.1,1 |
		procmap --source diag >got
	[ "$(jq -c '.flows[0] | [.pid,.match,.via]' got)" = \
		"[$pid,\"listener\",\"listener\"]" ]
}

@test "a port of ours on a remote host names nobody" {
	need python3 command -v python3
	hold python3 -c "$sockets"
	read -r listener client udp _ <<<"$held"
	procmap-snapshot 6,203.0.113.5,"$client",203.0.113.6,"$listener" \
		17,203.0.113.5,"$udp",203.0.113.6,53 |
		procmap --source diag >got
	[ "$(jq -c '[.flows[] | [.pid,.why]] | unique' got)" = \
		'[[0,"forwarded"]]' ]
}

@test "replayed traffic is never given to processes of today" {
	need python3 command -v python3
	hold python3 -c "$sockets"
	read -r listener client _ <<<"$held"
	flow=6,127.0.0.1,$client,127.0.0.1,$listener
	KIND=file procmap-snapshot "$flow" | procmap --source diag >got
	TS=1700000000000 procmap-snapshot "$flow" | procmap --source diag >>got
	HOST=elsewhere.example procmap-snapshot "$flow" |
		procmap --source diag >>got
	[ "$(jq -c '.flows[0] | [.pid,.match,.why]' got | sort -u)" = \
		'[0,"none","remote"]
[0,"none","replay"]' ]
}

@test "coverage is counted by match and by reason" {
	procmap-snapshot 132,10.9.9.9,1,10.8.8.8,2 6,10.9.9.9,1,10.8.8.8,2 |
		procmap --source diag >got
	[ "$(jq -c '.attribution | [.flows.none,.bytes.none,.why.protocol,
	    .why.forwarded,.exact,.attributed]' got)" = '[2,60,1,1,0,0]' ]
}

@test "a bad line is left out, counted once, and the rest goes on" {
	procmap-snapshot 6,10.9.9.9,1,10.8.8.8,2 >line
	(cat line; echo '{"type":'; echo '[['; cat line) |
		procmap --source diag >got 2>errors
	[ "$(wc -l <got)" -eq 2 ]
	[ "$(grep -c 'left out' errors)" -eq 1 ]
}

@test "an end of input, of the reader, and SIGTERM are quiet ends" {
	procmap-snapshot 6,10.9.9.9,1,10.8.8.8,2 >line
	run -0 --separate-stderr procmap --source diag <line
	[ -z "$stderr" ]
	mkfifo in
	sleep 30 >in 3>&- &
	local feeder=$!
	procmap --source diag <in 2>errors 3>&- | true
	kill "$feeder"
	[ ! -s errors ]
	sleep 30 >in 3>&- &
	feeder=$!
	procmap --source diag <in >got 2>errors 3>&- &
	local pid=$!
	sleep 0.3
	kill -TERM "$pid"
	wait "$pid"
	kill "$feeder"
	[ ! -s errors ]
}

@test "lookups are switched off and on by a command" {
	procmap-snapshot 6,127.0.0.1,1,127.0.0.1,2 >line
	mkfifo in
	procmap --source diag --control ctl <in >got 3>&- &
	local pid=$!
	exec 7>in
	wait_for 5 test -p ctl
	echo 'processes off' >ctl
	echo 'nonsense' >ctl
	sleep 0.3
	cat line >&7
	wait_for 5 test -s got
	exec 7>&-
	wait "$pid"
	[ "$(jq -c '.flows[0].why, (.events | map([.level, .from]))' got)" = \
		'"off"
[["info","procmap"],["error","procmap"]]' ]
}
