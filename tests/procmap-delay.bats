# SPDX-License-Identifier: MIT
#
# procmap: no line waits for what it finds out.

load helper
load procmap

BATS_TEST_TIMEOUT=60

teardown() {
	[ -z "${tracer:-}" ] || kill "$tracer" 2>/dev/null || true
	fed_kill
}

lines_are() {
	[ "$(wc -l <got)" -eq "$1" ]
}

need_strace() {
	need "strace" strace -o /dev/null true
}

# Sockets of ours, of which procmap can tell the most.
hold_sockets() {
	need python3 command -v python3
	python3 -c '
import socket, time
l = socket.socket(); l.bind(("127.0.0.1", 0)); l.listen(5)
c = socket.create_connection(l.getsockname())
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(("", 0))
print(l.getsockname()[1], c.getsockname()[1], u.getsockname()[1], flush=True)
time.sleep(60)' >held 3>&- 7>&- &
	holder=$!
	wait_for 10 test -s held
	read -r listener client udp <held
}

# snapshot N: of those sockets, and of some that there never were.
snapshot() {
	procmap-snapshot 6,127.0.0.1,"$client",127.0.0.1,"$listener" \
		17,127.0.0.1,"$udp",127.0.0.1,9 \
		6,127.0.0.1,$((1000 + $1)),127.0.0.1,$((2000 + $1)) \
		17,127.0.0.1,$((3000 + $1)),203.0.113.1,53 \
		6,203.0.113.2,443,203.0.113.3,$((4000 + $1))
}

# trace OPTION...: strace on the program that is fed, to `trace`.
trace() {
	rm -f trace told
	strace -o trace -p "$fed" "$@" 2>told 3>&- 7>&- &
	tracer=$!
	wait_for 10 grep -q attached told
}

trace_end() {
	kill -INT "$tracer"
	wait "$tracer" || true
	tracer=
}

@test "the thread that lines go through opens nothing and starts nothing" {
	need_strace
	hold_sockets
	local source number
	for source in bpf diag lsof; do
		usable $source || continue
		feed procmap --source $source --publisher --command-lines \
			--interval 0.1
		snapshot 0 >&7
		wait_for 10 lines_are 1
		trace
		for number in 1 2 3 4 5; do
			snapshot $number >&7
			wait_for 10 lines_are $((number + 1))
		done
		trace_end
		fed_end
		[ "$(grep -c '^write(1,' trace)" -ge 5 ]
		# Reading the line, writing it, questions that the kernel
		# answers at once, memory, and telling its threads.
		run ! grep -vE '^(read|write|fcntl|p?poll|restart_syscall|clock_gettime|recvfrom|recvmmsg|sendto|futex|brk|mmap|munmap|mremap|madvise|mprotect)\(|^[-+]{3}|^<' \
			trace
	done
}

@test "a line passes while all that looks things up is held up" {
	need_strace
	hold_sockets
	local source number held_up=openat,newfstatat,getdents64,wait4,bpf,socket
	for source in bpf diag lsof; do
		usable $source || continue
		feed procmap --source $source --publisher --command-lines \
			--interval 0.1
		snapshot 0 >&7
		wait_for 10 lines_are 1
		trace -f -e trace=$held_up \
			-e inject=$held_up:delay_enter=20000000
		wait_for 10 grep -q . trace
		for number in 1 2 3; do
			snapshot $number >&7
			wait_for 5 lines_are $((number + 1))
		done
		kill -KILL "$tracer"
		wait "$tracer" || true
		tracer=
		fed_end
		[ "$(tail -n 1 got | jq '.flows | length')" -eq 5 ]
	done
}

# A stand-in in PATH for a program, that does what the text says.
fake() {
	mkdir -p fake
	printf '#!/bin/sh\n%s\n' "$2" >"fake/$1"
	chmod +x "fake/$1"
}

@test "an lsof that is slow, floods, crashes or will not end holds up nothing" {
	local what
	for what in 'exec sleep 61235' 'yes "p4194310' 'head -c 9000000 /dev/zero' \
		'kill -SEGV $$' 'exec >&-; exec sleep 61235' \
		'trap "" TERM INT; echo p1; exec sleep 61235'; do
		fake lsof "$what"
		case $what in yes*) fake lsof 'yes "p4194310
cname
n127.0.0.1:4001"' ;; esac
		PATH=$PWD/fake:$PATH feed "$(command -v procmap)" \
			--source lsof --interval 0.1
		procmap-snapshot 6,127.0.0.1,1,127.0.0.1,2 >&7
		wait_for 5 lines_are 1
		sleep 0.3
		procmap-snapshot 6,127.0.0.1,1,127.0.0.1,2 >&7
		wait_for 5 lines_are 2
		fed_end
	done
	run ! pgrep -f 'sleep 61235'
}

@test "an lsof that crashes is told, and its output is not believed" {
	fake lsof 'printf "p4194310\nca\nPUDP\nn127.0.0.1:4001\n"; kill -SEGV $$'
	PATH=$PWD/fake:$PATH feed "$(command -v procmap)" --source lsof
	told() {
		procmap-snapshot 17,127.0.0.1,4001,127.0.0.1,2 >&7
		sleep 0.05
		tail -n 1 got | jq -r .attribution.degraded |
			grep -q 'lsof was ended by signal 11'
	}
	wait_for 10 told
	fed_end
	[ "$(tail -n 1 got | jq '.flows[0].pid')" -eq 0 ]
	[ "$(grep -c 'ended by signal 11' errors)" -eq 1 ]
}

@test "a package database that hangs holds up nothing" {
	need_root
	need "mount namespaces" unshare -m true
	hold_sockets
	fake rpm 'exec sleep 20'
	feed unshare -m sh -c 'mount -t tmpfs none /var/lib &&
		mkdir /var/lib/rpm && touch /var/lib/rpm/rpmdb.sqlite &&
		PATH=$1/fake:$PATH exec "$2" --source diag --publisher' \
		sh "$PWD" "$(command -v procmap)"
	local number
	for number in 1 2 3; do
		snapshot $number >&7
		wait_for 10 lines_are $number
		sleep 0.2
	done
	[ "$(tail -n 1 got | jq -c '.flows[1] | [.process_name,.package]')" = \
		'["python3",""]' ]
	fed_end
}

@test "a package database of half a million lines is only a database" {
	need_root
	need "mount namespaces" unshare -m true
	hold_sockets
	local program
	program=$(readlink "/proc/$holder/exe")
	mkdir info
	for number in 1 2 3 4 5; do
		seq -f "/usr/share/thing$number/%.0f" 100000 >info/a$number.list
	done
	echo "$program" >>info/a5.list
	feed unshare -m sh -c 'mount --bind "$1/info" /var/lib/dpkg/info &&
		exec "$2" --source diag --publisher' \
		sh "$PWD" "$(command -v procmap)"
	packaged() {
		snapshot 1 >&7
		sleep 0.1
		[ "$(tail -n 1 got | jq -r '.flows[1].package')" = a5 ]
	}
	wait_for 10 packaged
	fed_end
}

@test "a crowd of processes and sockets does not slow a line" {
	need "a C compiler" command -v cc
	cc -O2 -std=c17 -D_GNU_SOURCE -o delay \
		"$root/tests/tools/procmap-delay.c"
	mkfifo keep
	exec 7<>keep
	./delay hold 2000 5000 <keep >ports 3>&- 7>&- &
	holder=$!
	wait_for 10 test -s ports
	local source
	for source in bpf diag lsof; do
		usable $source || continue
		./delay run 20 20 200 ports "$(command -v procmap)" \
			--source $source --publisher 3>&- 7>&- >times
		cat times
		# Not over 10 ms, if the machine has time for anything at all.
		awk '{ median[$1] = $5 }
		    END { exit median["procmap"] > 10000 + 10 * median["cat"] }' \
			times
	done
}
