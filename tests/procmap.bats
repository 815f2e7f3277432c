# SPDX-License-Identifier: MIT
#
# procmap: who owns each flow.

load helper
load procmap

# Nothing here takes longer; a test that hangs must not hold up the others.
BATS_TEST_TIMEOUT=60

# hold PROGRAM...: run a program that prints its ports, in the background,
# until teardown; its output in $held, its pid in $holder.
hold() {
	"$@" >held 2>held.err 3>&- 7>&- &
	holder=$!
	wait_for 20 held_line
}

# A whole one, or it may be a part of what is being written.
held_line() {
	read -r held <held
}

teardown() {
	[ -z "${ns_r:-}" ] || ip netns del "$ns_r"
	fed_kill
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

@test "records of capd are refused in both forms, with what helps" {
	for form in binary ndjson; do
		capd -r "$root/share/sample.pcap" -o $form >in
		run -1 --separate-stderr procmap --source diag <in
		[ -z "$output" ]
		[[ $stderr == *"packet records of capd; put flowagg in between" ]]
	done
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

@test "members of ours in a line are replaced, wherever they stand" {
	local flow='"id":1,"src":"10.9.9.9","dst":"10.8.8.8","proto":6'
	local line='{"schema":1,"type":"snapshot","flows":[' pid='"pid":7,'
	echo "$line{$flow}]}" >plain
	for flow in "$pid$pid$flow" "$pid ${pid}\"exe\":\"x\",$flow" \
		"$flow,$pid\"why\":\"x\"" "$pid$pid$flow,${pid}\"uid\":1"; do
		echo "$line{$flow}]}"
		echo "$line{$pid\"match\":\"exact\"},{$flow}]}"
	done >in
	procmap --source diag <plain | jq -c '.flows[0]' >wanted
	procmap --source diag <in >got
	[ "$(wc -l <got)" = 8 ]
	jq -c '.flows[-1]' got | sort -u | diff -u wanted -
	# Nothing of a row may be left but what is ours.
	jq -ce '.flows | select(length == 2)[0] | keys_unsorted[0] == "pid"' got
}

@test "both ends of a loopback connection are named" {
	need python3 command -v python3
	hold python3 -c "$sockets"
	read -r listener client _ pid <<<"$held"
	feed procmap --source diag
	becomes "6,127.0.0.1,$client,127.0.0.1,$listener" \
		'[.pid,.match,.via,.peer_pid,.user]' \
		"[$pid,\"exact\",\"diag\",$pid,\"$(id -un)\"]"
	fed_end
}

@test "an unconnected UDP socket owns flows of its port" {
	need python3 command -v python3
	hold python3 -c "$sockets"
	read -r _ _ udp pid <<<"$held"
	feed procmap --source diag
	becomes "17,127.0.0.1,$udp,127.0.0.1,9" '[.pid,.match]' \
		"[$pid,\"local\"]"
	fed_end
}

@test "a connection whose socket was not seen falls to the listener" {
	need python3 command -v python3
	hold python3 -c "$sockets"
	read -r listener _ _ pid <<<"$held"
	feed procmap --source diag
	becomes "6,127.0.0.1,$listener,127.0.0.1,1" '[.pid,.match,.via]' \
		"[$pid,\"listener\",\"listener\"]"
	fed_end
}

@test "an answer that broke off is not taken for the next one" {
	need python3 command -v python3
	need "a C compiler" command -v cc
	cc -shared -fPIC -D_GNU_SOURCE -o broken.so \
		"$BATS_TEST_DIRNAME/tools/procmap-broken.c"
	LD_PRELOAD=$PWD/broken.so procmap -V || skip "preloading"
	hold python3 -c "$sockets"
	read -r listener client _ pid <<<"$held"
	feed env LD_PRELOAD="$PWD/broken.so" procmap --source diag
	becomes "6,127.0.0.1,$client,127.0.0.1,$listener" .pid "$pid"
	# TCP's sockets are not UDP's.
	becomes "17,127.0.0.1,$client,127.0.0.1,$listener" .why '"unseen"'
	sleep 1.5
	is "17,127.0.0.1,$client,127.0.0.1,$listener" .why '"unseen"'
	fed_end
}

@test "where the kernel has no table of sockets lsof is asked" {
	need "a C compiler" command -v cc
	cc -shared -fPIC -D_GNU_SOURCE -o nodiag.so \
		"$BATS_TEST_DIRNAME/tools/procmap-nodiag.c"
	LD_PRELOAD=$PWD/nodiag.so procmap -V || skip "preloading"
	fake_lsof 'printf "p4194310\\ncname\\nf3\\nn127.0.0.1:4001\\n"'
	feed env LD_PRELOAD="$PWD/nodiag.so" WITHOUT="6 17" \
		procmap --source diag
	wait_for 10 attributed 17,127.0.0.1,4001,127.0.0.1,9 \
		'[4194310,"name"]'
	fed_end
	[ "$(tail -n 1 got | jq -r .attribution.source)" = lsof ]
	[ "$(grep -c 'no sock_diag here (No such file' errors)" -eq 1 ]
}

@test "where the kernel has no table of UDP sockets that is told" {
	need python3 command -v python3
	need "a C compiler" command -v cc
	cc -shared -fPIC -D_GNU_SOURCE -o nodiag.so \
		"$BATS_TEST_DIRNAME/tools/procmap-nodiag.c"
	LD_PRELOAD=$PWD/nodiag.so procmap -V || skip "preloading"
	hold python3 -c "$sockets"
	read -r listener client _ pid <<<"$held"
	feed env LD_PRELOAD="$PWD/nodiag.so" WITHOUT=17 procmap --source diag
	becomes "6,127.0.0.1,$client,127.0.0.1,$listener" .pid "$pid"
	fed_end
	[ "$(grep -c 'UDP sockets are not known' errors)" -eq 1 ]
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

@test "what all of a network get is not forwarded" {
	two_places
	ip -n "$ns_a" addr add 10.77.8.1/31 dev a0
	local here=$net.1
	for to in "$net.255" 192.0.2.255 255.255.255.255 224.0.0.251 \
		"$net.254" "$here" 10.77.8.1 10.77.8.255; do
		procmap-snapshot "17,10.9.9.9,137,$to,137"
	done | in_a "$(command -v procmap)" --source diag >got
	[ "$(jq -r '.flows[].why' got | xargs)" = "multicast multicast \
multicast multicast forwarded unseen unseen forwarded" ]
	# Another network's, once the link has left this one.
	ip -n "$ns_a" addr flush dev a0
	procmap-snapshot "17,10.9.9.9,137,$net.255,137" |
		in_a "$(command -v procmap)" --source diag >got
	[ "$(jq -r '.flows[].why' got)" = forwarded ]
}

@test "replayed traffic is never given to processes of today" {
	need python3 command -v python3
	hold python3 -c "$sockets"
	read -r listener client _ <<<"$held"
	flow=6,127.0.0.1,$client,127.0.0.1,$listener
	KIND=file procmap-snapshot "$flow" | procmap --source diag >got
	TS=1700000000000 procmap-snapshot "$flow" | procmap --source diag >>got
	# An interval of ages does not make it fresh.
	TS=1700000000000 procmap-snapshot "$flow" |
		sed 's/"interval":1.0/"interval":1e300/' |
		procmap --source diag >>got
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
	jq -s -e '.[0].attribution.bad_lines == 0 and
		.[1].attribution.bad_lines == 2' got
}

# In memory it is all of that length.
@test "a line longer than any snapshot is left out, and told" {
	need "2 GB of memory" sh -c '
		[ "$(sed -n "s/^MemAvailable: *\([0-9]*\).*/\1/p" \
		    /proc/meminfo)" -gt 2000000 ]'
	procmap-snapshot 6,10.9.9.9,1,10.8.8.8,2 >line
	(cat line; head -c $(((1 << 30) + 1)) /dev/zero; echo; cat line) |
		procmap --source file:/dev/null >got 2>errors
	[ "$(cat errors)" = "procmap: line 2 left out: longer than any \
snapshot (further ones are counted in attribution.bad_lines)" ]
	jq -s -e 'length == 2 and .[1].attribution.bad_lines == 1' got
}

@test "an end of input, of the reader, and signals are quiet ends" {
	procmap-snapshot 6,10.9.9.9,1,10.8.8.8,2 >line
	run -0 --separate-stderr procmap --source diag <line
	[ -z "$stderr" ]
	mkfifo in
	sleep 30 >in 3>&- &
	local feeder=$!
	procmap --source diag <in 2>errors 3>&- | true
	kill "$feeder"
	[ ! -s errors ]
	local signal
	for signal in TERM INT HUP; do
		env --default-signal=INT,HUP \
			procmap --source diag <in >got.$signal 2>errors 3>&- &
		local pid=$!
		exec 7>in
		procmap-snapshot 6,127.0.0.1,1,127.0.0.1,2 >&7
		wait_for 5 test -s got.$signal
		kill -$signal "$pid"
		wait "$pid"
		exec 7>&-
		[ ! -s errors ]
	done
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
	cat line >&7
	wait_for 5 test -s got
	exec 7>&-
	wait "$pid"
	[ "$(jq -c '.flows[0].why, (.events | map([.level, .from]))' got)" = \
		'"off"
[["info","procmap"],["error","procmap"]]' ]
}

# A stand-in for lsof that says what the file says.
fake_lsof() {
	mkdir -p fake
	printf '#!/bin/sh\n%s\n' "$1" >fake/lsof
	chmod +x fake/lsof
	PATH=$PWD/fake:$PATH
}

attributed() {
	procmap-snapshot "$1" >&7
	sleep 0.05
	[ "$(tail -n 1 got | jq -c '.flows[0] | [.pid,.process_name]')" = "$2" ]
}

@test "lsof's plain output names flows, whatever its names hold" {
	fake_lsof 'printf "p4194310\\ncevil\\\\n\\\\x1bname\\nf3\\nn127.0.0.1:4001->127.0.0.1:80\\n"'
	feed procmap --source lsof
	wait_for 10 attributed 6,127.0.0.1,4001,127.0.0.1,80 \
		'[4194310,"evil??name"]'
	fed_end
	lacks $'\033' got
}

# A socket next to one of another kind.
@test "lsof's sockets each have their own protocol and family" {
	need lsof command -v lsof
	need python3 command -v python3
	hold python3 -c '
import os, socket, time
kept = []
for family, kind, address in ((2, 2, "0.0.0.0"), (2, 1, "127.0.0.1"),
    (10, 2, "::"), (2, 2, "127.0.0.1"), (2, 1, "0.0.0.0"), (2, 2, "0.0.0.0")):
    s = socket.socket(family, kind)
    s.bind((address, 0))
    if kind == 1:
        s.listen()
    kept.append(s)
print(*[s.getsockname()[1] for s in kept], os.getpid(), flush=True)
time.sleep(60)'
	read -r u1 t1 u2 u3 t2 u4 pid <<<"$held"
	feed procmap --source lsof
	local flows=() port
	for port in "$u1" "$u2" "$u3" "$u4"; do
		flows+=("17,127.0.0.1,$port,127.0.0.1,9")
		flows+=("6,127.0.0.1,$port,127.0.0.1,9")
	done
	for port in "$t1" "$t2"; do
		flows+=("6,127.0.0.1,$port,127.0.0.1,9")
		flows+=("17,127.0.0.1,$port,127.0.0.1,9")
	done
	# Each is the process's by its own protocol, by the other nobody's.
	all_right() {
		procmap-snapshot "${flows[@]}" >&7
		sleep 0.05
		tail -n 1 got | jq -e --argjson pid "$pid" '[.flows[].pid] ==
			[range(6) | $pid, 0]'
	}
	wait_for 10 all_right
	fed_end
}

@test "lsof's files are told apart without a line for each descriptor" {
	fake_lsof 'printf "p4194310\\nca\\ntIPv4\\nPUDP\\nn*:4001\\ntIPv4\\nPTCP\\nn*:4002\\nTST=LISTEN\\n"'
	feed procmap --source lsof
	wait_for 10 attributed 17,127.0.0.1,4001,127.0.0.1,9 '[4194310,"a"]'
	wait_for 10 attributed 6,127.0.0.1,4002,127.0.0.1,9 '[4194310,"a"]'
	fed_end
}

@test "a process whose name says nothing has its program's with lsof, too" {
	need python3 command -v python3
	hold python3 -c '
import os, socket, time
open("/proc/self/comm", "w").write("MainThread")
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(("127.0.0.1", 0))
print(u.getsockname()[1], os.getpid(), flush=True); time.sleep(60)'
	read -r port pid <<<"$held"
	fake_lsof "printf 'p$pid\ncMainThread\nf3\nn127.0.0.1:$port\n'"
	feed procmap --source lsof
	wait_for 10 attributed 17,127.0.0.1,"$port",127.0.0.1,9 \
		"[$pid,\"$(basename "$(readlink "/proc/$pid/exe")")\"]"
	tail -n 1 got | jq -e '.flows[0].exe != ""'
	fed_end
}

@test "two owners of one port without a protocol are nobody" {
	fake_lsof 'printf "p4194310\\nca\\nf3\\nn*:4001\\np4194311\\ncb\\nf3\\nn*:4001\\np4194312\\ncc\\nf3\\nn*:4002\\n"'
	feed procmap --source lsof
	wait_for 10 attributed 17,127.0.0.1,4002,127.0.0.1,9 '[4194312,"c"]'
	procmap-snapshot 17,127.0.0.1,4001,127.0.0.1,9 >&7
	fed_end
	[ "$(tail -n 1 got | jq -c '.flows[0] | [.pid,.why]')" = \
		'[0,"ambiguous"]' ]
}

@test "a line never waits for an lsof that hangs" {
	fake_lsof 'exec sleep 61234'
	feed procmap --source lsof
	procmap-snapshot 6,10.9.9.9,1,10.8.8.8,2 >&7
	wait_for 10 test -s got
	fed_end
	run ! pgrep -f 'sleep 61234'
}

@test "where no thread can start it says so, and the snapshots go on" {
	need_root
	procmap-snapshot 6,10.9.9.9,1,10.8.8.8,2 >line
	local user=$((50000 + BASHPID % 10000))
	setpriv --reuid=$user --regid=$user --clear-groups \
		prlimit --nproc=1 procmap --source diag <line >got 2>errors
	[ "$(grep -c 'sockets are not polled: ' errors)" -eq 1 ]
	jq -e '.flows[0].why == "forwarded" and
		(.attribution.degraded | test("not polled"))' got
}

@test "an lsof that is not there is told once, with the remedy" {
	need python3 command -v python3
	mkdir empty
	local tool
	tool=$(command -v procmap)
	procmap-snapshot 6,127.0.0.1,1,127.0.0.1,2 >line
	local signal env
	env=$(command -v env)
	# However who started it wants to know of its children.
	for signal in --default-signal=CHLD --ignore-signal=CHLD; do
		: >errors
		(cat line; wait_for 10 grep -q . errors; cat line) |
			PATH=$PWD/empty "$env" $signal "$tool" --source lsof \
			>got 2>errors
		[ "$(grep -c 'cannot run lsof: install it' errors)" -eq 1 ]
		[[ "$(tail -n 1 got | jq -r .attribution.degraded)" == *lsof* ]]
	done
}

@test "a problem that has passed is no longer told" {
	fake_lsof "[ -e $PWD/good ] || kill -KILL \$\$
		printf 'p4194310\\ncname\\nf3\\nn127.0.0.1:4001\\n'"
	feed procmap --source lsof --interval 0.1
	degraded() {
		procmap-snapshot 6,10.9.9.9,1,10.8.8.8,2 >&7
		sleep 0.05
		tail -n 1 got | jq -e --arg of 'lsof was ended by signal 9' \
			".attribution.degraded | contains(\$of) == $1"
	}
	wait_for 10 degraded true
	touch good
	wait_for 10 degraded false
	wait_for 10 attributed 17,127.0.0.1,4001,127.0.0.1,9 \
		'[4194310,"name"]'
	rm good
	wait_for 10 degraded true
	fed_end
	[ "$(grep -c 'lsof was ended by signal 9' errors)" -eq 1 ]
}

@test "a recorded table is matched by time, and is its own output" {
	cat >table <<-'end'
	{"proto":17,"src":"10.0.0.1","src_port":5000,"dst":"10.0.0.2","dst_port":53,"pid":7,"process_name":"first","user":"ann","uid":1,"first_seen":1000000,"last_seen":1001000}
	{"proto":17,"src":"10.0.0.1","src_port":5000,"dst":"10.0.0.2","dst_port":53,"pid":8,"process_name":"second","first_seen":1005000,"last_seen":1006000}
	{"proto":6,"src":"10.0.0.1","src_port":80,"pid":9,"process_name":"web"}
	end
	flow=17,10.0.0.1,5000,10.0.0.2,53
	KIND=file HOST=other procmap-snapshot $flow,1000100,1000900 \
		$flow,1005100,1005900 $flow,1003000,1003000 \
		6,10.0.0.3,999,10.0.0.1,80,1000000,1000000 >in
	procmap --source file:table <in >got
	[ "$(jq -c '[.flows[] | [.pid,.user,.match,.via]]' got)" = \
		'[[7,"ann","exact","file"],[8,"","exact","file"],[0,"","none",""],[9,"","listener","listener"]]' ]
	procmap --source file:got <in >again
	diff -u <(jq -c '.flows[] | [.pid,.match]' got) \
		<(jq -c '.flows[] | [.pid,.match]' again)
}

@test "a recorded table has both ends of a connection, and times that grow" {
	cat >table <<-'end'
	{"proto":6,"src":"10.0.0.1","src_port":5000,"dst":"10.0.0.2","dst_port":80,"pid":7,"process_name":"client","peer_pid":8,"peer_process_name":"web","match":"exact","first_seen":1000000,"last_seen":1001000}
	{"proto":6,"src":"10.0.0.1","src_port":5000,"dst":"10.0.0.2","dst_port":80,"pid":7,"process_name":"client","peer_pid":8,"peer_process_name":"web","match":"exact","first_seen":1001000,"last_seen":1004000}
	end
	procmap-snapshot 6,10.0.0.1,5000,10.0.0.2,80,1003000,1003500 \
		6,10.0.0.2,80,10.0.0.1,5000,1003000,1003500 \
		6,10.0.0.1,5000,10.0.0.2,80,1005000,1005500 |
		procmap --source file:table >got
	[ "$(jq -c '[.flows[] | [.pid, .peer_pid]]' got)" = \
		'[[7,8],[7,8],[0,null]]' ]
}

@test "lines of a table that are no flows are counted and told of" {
	printf '%s\n' '{"proto":17,"src":"10.0.0.1","src_port":9,"pid":7}' \
		'{"proto":17}' 'no JSON' '' >table
	procmap-snapshot 17,10.0.0.1,9,10.0.0.2,53 |
		procmap --source file:table >got 2>errors
	[ "$(jq .flows[0].pid got)" = 7 ]
	[ "$(cat errors)" = \
		"procmap: table: 2 lines are no flows, left out" ]
}

@test "an identifier that does not fit is not one that does" {
	echo '{"proto":1,"src":"10.0.0.1","dst":"10.0.0.2","icmp_id":65613,'\
'"pid":7,"process_name":"ping"}' >table
	procmap-snapshot 1,10.0.0.1,0,10.0.0.2,0 |
		sed 's/"proto":1/"proto":1,"icmp_id":77/' |
		procmap --source file:table >got
	[ "$(jq -c '.flows[0] | [.pid,.match]' got)" = '[0,"none"]' ]
}

# asleep PID: does it wait for what was recorded?
asleep() {
	[ "$(sed 's/.*) //' "/proc/$1/stat" | cut -c 1)" = S ] &&
		[ "$(tr '\0' ' ' <"/proc/$1/cmdline")" = \
			"procmap --source file:recorded " ]
}

@test "while a recording has yet to come from a FIFO it can be ended" {
	mkfifo recorded
	local signal with pid
	for with in nobody somebody; do
		[ $with = nobody ] || exec 6<>recorded
		for signal in TERM INT HUP; do
			env --default-signal=INT,HUP \
				procmap --source file:recorded </dev/null \
				>got 2>errors 3>&- 6>&- &
			pid=$!
			wait_for 5 asleep $pid
			sleep 0.1
			kill -$signal $pid
			wait_for 2 eval "! kill -0 $pid 2>/dev/null" || {
				kill -KILL $pid
				return 1
			}
			wait $pid
			[ ! -s errors ]
		done
	done
	exec 6>&-
	# It is read as ever.
	procmap-snapshot 17,10.0.0.1,9,10.0.0.2,53 >in
	procmap --source file:recorded <in >got 3>&- &
	pid=$!
	echo '{"proto":17,"src":"10.0.0.1","src_port":9,"pid":7}' >recorded
	wait $pid
	[ "$(jq .flows[0].pid got)" = 7 ]
}

@test "a table that is not there is an error with its name" {
	run -1 --separate-stderr procmap --source file:/nowhere/table </dev/null
	[[ $stderr == *"/nowhere/table: No such file"* ]]
}

@test "command lines come only when asked for" {
	need python3 command -v python3
	hold python3 -c "$sockets" --secret
	read -r listener client _ <<<"$held"
	procmap-snapshot 6,127.0.0.1,"$client",127.0.0.1,"$listener" >line
	procmap --source diag <line >got
	lacks secret got
	feed procmap --source diag --command-lines
	secret() {
		cat line >&7
		sleep 0.05
		[[ "$(tail -n 1 got | jq -r '.flows[0].command_line')" == \
			*--secret ]]
	}
	wait_for 10 secret
	fed_end
}

@test "bad options are refused with what is expected" {
	run -2 --separate-stderr procmap --source magic
	[[ $stderr == *"auto, bpf, diag, lsof or file:PATH"* ]]
	run -2 --separate-stderr procmap --interval 0
	run -2 --separate-stderr procmap --max-sockets 3
	run -2 --separate-stderr procmap extra
}

# load: compile the tool that makes flows whose owner is known.
load() {
	need "a C compiler" command -v cc
	cc -O2 -std=c17 -D_GNU_SOURCE -o load \
		"$root/tests/tools/procmap-load.c"
}

# owned KIND ADDRESS: 200 flows, each by a process of its own in another
# namespace; all must have the right owner, and the server as their peer.
owned() {
	export SOURCE=$net.1
	case $2 in fd77*) SOURCE=$net6::1 ;; esac
	rm -f got
	(procmap-snapshot 6,10.9.9.9,1,10.8.8.8,2
	wait_for 20 test -s got		# it is attached
	ip netns exec "$ns_a" ./load flows "$1" "$2" 7000 200 400 fork end \
		2>flows.err) 3>&- | procmap --source bpf >got
	./load score "$server" <got >score
	[ "$(cat score)" = "right 200 wrong 0 missing 0 peer 200" ] || {
		cat score flows.err
		return 1
	}
}

@test "every flow of a millisecond has its owner, in other namespaces too" {
	need_bpf
	load
	two_places
	ip netns exec "$ns_b" ./load serve 7000 >served 3>&- &
	holder=$!
	# A place is known by a process in it, as a container has.
	ip netns exec "$ns_a" sleep 60 3>&- &
	wait_for 5 test -s served
	server=$(cat served)
	local kind
	for kind in tcp udp connected; do
		owned $kind "$net.2"
		owned $kind "$net6::2"
		owned $kind "::ffff:$net.2"
	done
	[ "$(tail -n 1 got |
	    jq -c '.flows[0] | [.process_name,.exe,.uid,.user]')" = \
		"[\"load\",\"$(realpath load)\",0,\"root\"]" ]
}

@test "a masqueraded flow is the container's" {
	need_bpf
	need "iptables and conntrack" sh -c 'unshare -n iptables -t nat -L'
	load
	two_places
	local nat=10.$((200 + $$ % 50)).$(($$ / 50 % 250))
	ns_r=ift-r-$$-$BATS_TEST_NUMBER
	ip netns add "$ns_r"
	ip -n "$ns_r" link add ra type veth peer name a1 netns "$ns_a"
	ip -n "$ns_r" link add rb type veth peer name b1 netns "$ns_b"
	ip -n "$ns_a" addr add "$nat.2/25" dev a1
	ip -n "$ns_r" addr add "$nat.1/25" dev ra
	ip -n "$ns_r" addr add "$nat.129/25" dev rb
	ip -n "$ns_b" addr add "$nat.130/25" dev b1
	local link
	for link in "$ns_r lo" "$ns_r ra" "$ns_r rb" "$ns_a a1" "$ns_b b1"; do
		ip -n "${link% *}" link set "${link#* }" up
	done
	ip -n "$ns_a" route add "$nat.128/25" via "$nat.1"
	ip netns exec "$ns_r" sysctl -qw net.ipv4.ip_forward=1
	ip netns exec "$ns_r" iptables -t nat -A POSTROUTING -o rb \
		-j MASQUERADE
	ip netns exec "$ns_b" ./load serve 7000 >served 3>&- &
	holder=$!
	ip netns exec "$ns_a" sleep 60 3>&- &
	wait_for 5 test -s served
	local kind
	for kind in tcp udp connected; do
		rm -f got
		(procmap-snapshot 6,10.9.9.9,1,10.8.8.8,2
		wait_for 20 test -s got
		SOURCE=$nat.2 ip netns exec "$ns_a" ./load flows $kind \
			"$nat.130" 7000 50 400 fork end >flows 2>flows.err
		# Asked again, as flows that live are: answers come in time.
		sed "s/\"$nat[.]2\"/\"$nat.129\"/g" flows >uplink
		cat uplink uplink uplink) 3>&- |
			ip netns exec "$ns_r" "$(command -v procmap)" \
			--source bpf >got
		tail -n 1 got | ./load score "$(cat served)" >score
		[ "$(cat score)" = "right 50 wrong 0 missing 0 peer 50" ] || {
		cat score flows.err
		tail -n 1 got | jq -c ".flows[] | select(.pid == 0)" | head -n 3
		return 1
	} || {
			cat score flows.err
			return 1
		}
	done
	[ "$(tail -n 1 got | jq -r '.flows[0].via')" = nat ]
	# What connection tracking has forgotten was told before.
	need "conntrack" command -v conntrack
	# A port used again within what it remembers begins nothing new.
	ip netns exec "$ns_r" conntrack -F 2>/dev/null
	watched() {
		ip netns exec "$ns_r" cat /proc/net/netlink |
			awk '$2 == 12 && $4 == "00000001"' | grep -q .
	}
	rm -f got
	(procmap-snapshot 6,10.9.9.9,1,10.8.8.8,2
	wait_for 20 test -s got
	wait_for 20 watched
	SOURCE=$nat.2 ip netns exec "$ns_a" ./load flows connected \
		"$nat.130" 7000 50 400 fork end >flows 2>flows.err
	sleep 0.3
	ip netns exec "$ns_r" conntrack -F 2>/dev/null
	sed "s/\"$nat[.]2\"/\"$nat.129\"/g" flows) 3>&- |
		ip netns exec "$ns_r" "$(command -v procmap)" --source bpf >got
	tail -n 1 got | ./load score "$(cat served)" >score
	[ "$(cat score)" = "right 50 wrong 0 missing 0 peer 50" ] || {
		cat score flows.err
		tail -n 1 got | jq -c ".flows[] | select(.pid == 0)" | head -n 3
		return 1
	}
}

@test "a name that exec changed is the new one" {
	need_bpf
	need python3 command -v python3
	feed_ready procmap --source bpf
	hold python3 -c 'import os, socket, sys
l = socket.socket(); l.bind(("127.0.0.1", 0)); l.listen(1)
c = socket.create_connection(l.getsockname())
c.send(b"x")
for end in c, l: os.set_inheritable(end.fileno(), True)	# else it is reset
print(c.getsockname()[1], l.getsockname()[1], flush=True)
os.execvp("sleep", ["sleep", "60"])'
	read -r client listener <<<"$held"
	wait_for 10 attributed 6,127.0.0.1,"$client",127.0.0.1,"$listener" \
		"[$holder,\"sleep\"]"
	fed_end
}

@test "a refused connection has its owner" {
	need_bpf
	need python3 command -v python3
	feed_ready procmap --source bpf
	hold python3 -c 'import os, socket, time
s = socket.socket(); s.bind(("127.0.0.1", 0))
port = s.getsockname()[1]
before = time.time()
try: s.connect(("127.0.0.1", 1))
except OSError: pass
print(port, int(before * 1000), int(time.time() * 1000), flush=True)
time.sleep(60)'
	read -r port before after <<<"$held"
	wait_for 10 attributed \
		6,127.0.0.1,"$port",127.0.0.1,1,"$before","$after" \
		"[$holder,\"python3\"]"
	fed_end
}

@test "the worker that serves a connection owns it, not who listens" {
	need_bpf
	need python3 command -v python3
	feed_ready procmap --source bpf
	hold python3 -c 'import os, socket, time
l = socket.socket(); l.bind(("127.0.0.1", 0)); l.listen(5)
pid = os.fork()
if pid == 0:
    a, _ = l.accept(); a.send(b"x"); time.sleep(60)
c = socket.create_connection(l.getsockname()); c.recv(1)
print(c.getsockname()[1], l.getsockname()[1], pid, flush=True); time.sleep(60)'
	read -r client listener worker <<<"$held"
	procmap-snapshot 6,127.0.0.1,"$client",127.0.0.1,"$listener" >&7
	fed_end
	kill "$worker"
	[ "$(tail -n 1 got | jq -c '.flows[0] | [.pid,.peer_pid,.match]')" = \
		"[$holder,$worker,\"exact\"]" ]
}

@test "a socket that only receives is found by looking at all of them" {
	need_bpf
	need python3 command -v python3
	hold python3 -c 'import socket, time
u = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); u.bind(("::", 0))
print(u.getsockname()[1], flush=True); time.sleep(60)'
	procmap-snapshot 17,127.0.0.1,9,127.0.0.1,"$held" |
		procmap --source bpf >got
	[ "$(jq -c '.flows[0] | [.pid,.match,.via]' got)" = \
		"[$holder,\"local\",\"iter\"]" ]
}

@test "a socket that only receives stays known, look after look" {
	need_bpf
	need python3 command -v python3
	hold python3 -c 'import socket, time
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(("127.0.0.1", 0))
print(u.getsockname()[1], flush=True); time.sleep(60)'
	feed procmap --source bpf --interval 0.1
	local i
	for i in 1 2 3 4 5; do
		sleep 0.25
		procmap-snapshot 17,127.0.0.1,9,127.0.0.1,"$held" >&7
	done
	fed_end
	[ "$(jq -c '.flows[0] | [.pid,.via]' got | sort -u)" = \
		"[$holder,\"iter\"]" ]
}

@test "a ping is found by its identifier" {
	need_bpf
	need python3 command -v python3
	sysctl -n net.ipv4.ping_group_range >range
	hold python3 -c 'import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)
s.sendto(b"\x08\x00\xf7\xff\x00\x00\x00\x00", ("127.0.0.1", 0))
print(1, flush=True); time.sleep(60)'
	local id=$((holder % 65536))
	for id in $id 0; do
		procmap-snapshot 1,127.0.0.1,0,127.0.0.1,0 |
			sed 's/"proto":1/&,"icmp_id":'"$id"'/' |
			procmap --source bpf
	done | jq -c '.flows[0] | [.pid,.match,.why]' >got
	diff -u - got <<-E
	[$holder,"local",null]
	[0,"none","ambiguous"]
	E
	id=$((holder % 65536))
	# Who is asked leaves the answer to the kernel.
	local direction
	for direction in in out; do
		procmap-snapshot 1,127.0.0.1,0,203.0.113.5,0 | sed \
			's/"proto":1/&,"icmp_id":'$id',"direction":"'$direction'"/'
	done | procmap --source bpf >got
	[ "$(jq -c '.flows[0] | [.pid,.match,.why]' got)" = "[0,\"none\",\"protocol\"]
[$holder,\"local\",null]" ]
	procmap-snapshot 1,127.0.0.1,0,203.0.113.5,0 |
		sed 's/"proto":1/&,"icmp_id":78,"direction":"out"/' |
		procmap --source diag >got
	[ "$(jq -c '.flows[0] | [.pid,.match,.why]' got)" = \
		'[0,"none","unseen"]' ]
	# What is no echo is the kernel's own, raw socket or not.
	procmap-snapshot 1,127.0.0.1,0,127.0.0.1,0 | procmap --source bpf >got
	[ "$(jq -c '.flows[0] | [.pid,.match,.why]' got)" = \
		'[0,"none","protocol"]' ]
}

@test "with eBPF nothing of root is left when input is read" {
	need_bpf
	feed_ready procmap --source bpf
	run -0 cat "/proc/$fed/status"
	[[ $output == *$'CapPrm:\t0000000000000000'* ]]
	[[ $output == *$'CapEff:\t0000000000000000'* ]]
	[[ $output == *$'CapAmb:\t0000000000000000'* ]]
	[[ $output == *$'NoNewPrivs:\t1'* ]]
	[[ $output != *$'Uid:\t0'* ]]
	fed_end
}

@test "under sudo it is the user who called it when input is read" {
	need_root
	local source
	for source in auto diag; do
		SUDO_UID=$(id -u nobody) feed_ready procmap --source $source
		grep -q "^Uid:	$(id -u nobody)	$(id -u nobody)" \
			"/proc/$fed/status"
		fed_end
	done
}

@test "two capabilities of an unprivileged user are enough" {
	need_bpf
	need "capsh" command -v capsh
	need python3 command -v python3
	hold python3 -c "$sockets"
	read -r listener client _ pid <<<"$held"
	chmod 755 . ..
	procmap-snapshot 6,127.0.0.1,"$client",127.0.0.1,"$listener" >line
	capsh --keep=1 --user=nobody --inh=cap_bpf,cap_perfmon \
		--addamb=cap_bpf,cap_perfmon -- \
		-c "cat | $(command -v procmap) --source bpf" <line >got
	[ "$(jq -c '.flows[0] | [.pid,.match,.via]' got)" = \
		"[$pid,\"exact\",\"iter\"]" ]
}

@test "without any right it says so once and names what it can" {
	need_root
	need "capsh" command -v capsh
	procmap-snapshot 6,127.0.0.1,1,127.0.0.1,2 >line
	cat line line >lines
	capsh --user=nobody -- -c "cat | $(command -v procmap)" <lines >got \
		2>errors
	[ "$(grep -c 'short connections will be missed' errors)" -eq 1 ]
	[ "$(jq -r '.attribution.source' got | sort -u)" = diag ]
}

@test "the committed kernel programs are what their source makes" {
	need "clang and bpftool" sh -c \
		'command -v clang llvm-strip bpftool && bpftool version'
	"$root/procmap/bpf/generate" >skeleton.h
	head -n 3 skeleton.h >mine
	head -n 3 "$root/procmap/bpf/skeleton.h" >committed
	cmp -s mine committed || skip "made with other versions of the tools"
	cmp skeleton.h "$root/procmap/bpf/skeleton.h"
}

@test "a socket of the kernel itself is the kernel's" {
	need_bpf
	two_places
	need "vxlan" ip -n "$ns_a" link add vx0 type vxlan id 7 dstport 4789 \
		local "$net.1" remote "$net.2" dev a0
	ip -n "$ns_a" link set vx0 up
	feed_in_a bpf
	kernel() {
		procmap-snapshot "17,$net.1,4789,$net.2,4789" >&7
		sleep 0.05
		[ "$(tail -n 1 got | jq -c '.flows[0] |
		    [.pid,.process_name,.match,.via]')" = \
			'[0,"[kernel]","inferred","kernel"]' ]
	}
	wait_for 10 kernel
	fed_end
}

@test "without rights the only process of a user is inferred, and says so" {
	need_root
	need "capsh" command -v capsh
	need python3 command -v python3
	hold python3 -c "import os, socket, sys, time, encodings.idna
os.setgroups([]); os.setgid(54325); os.setuid(54325)
$sockets"
	read -r listener client _ pid <<<"$held"
	procmap-snapshot 6,127.0.0.1,"$client",127.0.0.1,"$listener" >line
	capsh --user=nobody -- -c "cat | $(command -v procmap) --source diag" \
		<line >got
	[ "$(jq -c '.flows[0] | [.pid,.process_name,.match,.via,.uid,.user]' \
		got)" = "[$pid,\"python3\",\"inferred\",\"uid\",54325,\"\"]" ]
}

@test "the package of an executable, and whether it is the package's" {
	need "dpkg with perl" sh -c 'dpkg -L perl-base | grep -q bin/perl$'
	server='use IO::Socket::INET;
	    my $s = IO::Socket::INET->new(Proto => "udp", LocalAddr => "127.0.0.1");
	    $| = 1; print $s->sockport, "\n"; sleep 60;'
	packaged() {
		procmap-snapshot 17,127.0.0.1,"$held",127.0.0.1,9 >&7
		sleep 0.05
		tail -n 1 got | jq -c '.flows[0] |
		    [.package,.publisher,.sha256,.verified]' >answer
		[ "$(cat answer)" = "$1" ]
	}
	hold /usr/bin/perl -e "$server"
	sum=$(sha256sum /usr/bin/perl | cut -c 1-64)
	feed procmap --source diag --publisher
	wait_for 10 packaged "[\"perl-base\",\"perl-base\",\"$sum\",true]"
	fed_end
	kill "$holder"
	cp /usr/bin/perl here
	rm held
	hold ./here -e "$server"
	feed procmap --source diag --publisher
	wait_for 10 packaged "[\"\",\"unpackaged\",\"$sum\",null]"
	fed_end
}

@test "a process named with newlines and escapes does no harm" {
	need python3 command -v python3
	hold python3 -c 'import socket, time
open("/proc/self/comm", "wb").write(b"a\n\x1b[2J\xff\\\"b")
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(("127.0.0.1", 0))
u.sendto(b"x", ("127.0.0.1", 9))
print(u.getsockname()[1], flush=True); time.sleep(60)'
	local source
	for source in diag auto; do
		feed_ready procmap --source $source
		becomes 17,127.0.0.1,"$held",127.0.0.1,9 .process_name \
			'"a??[2J?\\\"b"'
		fed_end
		[ "$(wc -l <got)" -eq "$(jq -s length got)" ]
		lacks $'\033' got
	done
}
