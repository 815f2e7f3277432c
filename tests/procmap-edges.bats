# SPDX-License-Identifier: MIT
#
# procmap: owners in odd places; the truth comes from those who own.

load helper
load procmap

BATS_TEST_TIMEOUT=60

teardown() {
	exec 6>&-
	fed_kill
	no_hosts
	[ -z "${group:-}" ] || wait_for 5 \
		find "${top:-$group}" -depth -type d -exec rmdir {} + || true
	[ -z "${groups:-}" ] || umount "$groups"
}

# odd COMMAND...: start procmap-edges; its lines in `told`, its input is
# descriptor 6; the last line in $flow, $pid, $peer.
odd() {
	rm -f told odd
	mkfifo odd
	need python3 command -v python3
	"$@" <odd >told 2>told.err 3>&- 6>&- 7>&- &
	holder=$!
	exec 6>odd
	wait_for 20 told_line || {
		cat told.err
		return 1
	}
}

told_line() {
	read -r flow pid peer <told
}

odd_end() {
	exec 6>&-
	wait "$holder" || true
	holder=
}

each_source() {
	local source
	for source in bpf diag; do
		usable $source || continue
		"$@" "$source"
	done
}

a_blackhole() {
	feed_in_a "$1"
	local where
	for where in "$net.77" "$net6::77"; do
		odd in_a procmap-edges blackhole "$where" 443
		becomes "$flow" '[.pid,.match]' "[$pid,\"exact\"]"
		echo close >&6
		wait_for 10 sh -c '[ "$(wc -l <told)" -eq 2 ]'
		flow=$(tail -n 1 told | cut -d ' ' -f 1)
		becomes "$flow" '[.pid,.match]' "[$pid,\"exact\"]"
		odd_end
	done
	fed_end
}

@test "a connection that is never answered has its owner, open and closed" {
	two_places
	in_a ip neigh add "$net.77" lladdr 02:00:00:00:00:77 dev a0
	in_a ip neigh add "$net6::77" lladdr 02:00:00:00:00:77 dev a0
	each_source a_blackhole
}

@test "of a connection to nowhere that lived a moment the owner is known" {
	need_bpf
	two_places
	in_a ip neigh add "$net.77" lladdr 02:00:00:00:00:77 dev a0
	feed_in_a bpf
	odd in_a procmap-edges blackhole "$net.77" 443
	echo close >&6
	wait_for 10 sh -c '[ "$(wc -l <told)" -eq 2 ]'
	becomes "$(tail -n 1 told | cut -d ' ' -f 1)" '[.pid,.match,.via]' \
		"[$pid,\"exact\",\"bpf\"]"
	fed_end
}

taken_over() {
	feed_ready procmap --source "$2"
	odd procmap-edges "$1" 127.0.0.1
	becomes "$flow" '[.pid,.match,.peer_pid]' "[$pid,\"exact\",$peer]"
	odd_end
	fed_end
}

@test "a descriptor that was passed on belongs to who uses it now" {
	each_source taken_over passed
}

@test "of several processes at one UDP port the one that answers owns it" {
	need_bpf
	feed_ready procmap --source bpf
	local where
	for where in 127.0.0.1 ::1; do
		odd procmap-edges group "$where"
		is_theirs() {
			procmap-snapshot "$flow" >&7
			sleep 0.05
			[ "$(tail -n 1 got | jq -c '.flows[0] |
			    [.pid, .peer_pid] | sort')" = \
				"$(jq -nc "[$pid, $peer] | sort")" ]
		}
		wait_for 10 is_theirs || {
			echo "not $pid and $peer"
			tail -n 1 got
			return 1
		}
		odd_end
	done
	fed_end
}

@test "of several that all answer at one UDP port each flow has its own" {
	need_bpf
	feed_ready procmap --source bpf
	local where
	for where in 127.0.0.1 ::1; do
		odd procmap-edges workers "$where"
		becomes "$flow" "[.pid, .peer_pid] | sort" \
			"$(jq -nc "[$pid, $peer] | sort")"
		# Nobody told who of them it was, and it is not said.
		becomes "${flow%,*},9" .match '"inferred"'
		odd_end
	done
	fed_end
}

@test "without eBPF one of several at a port is a guess, and says so" {
	feed_ready procmap --source diag
	odd procmap-edges group 127.0.0.1
	becomes "${flow%,*},9" '[.match,.process_name]' '["inferred","python3"]'
	odd_end
	fed_end
}

@test "a connection whose parent has closed it is the child's" {
	each_source taken_over inherited
}

@test "of parent and child the one that used the connection last owns it" {
	need_bpf
	taken_over forked bpf
}

@test "without eBPF a connection of parent and child is one of theirs" {
	feed_ready procmap --source diag
	odd procmap-edges forked 127.0.0.1
	becomes "$flow" "[(.pid == $pid or .pid == $peer),.match]" \
		'[true,"exact"]'
	fed_end
}

a_program() {
	feed_ready procmap --source "$1"
	odd procmap-edges executed 127.0.0.1
	becomes "$flow" '[.pid,.process_name,.match,.peer_pid]' \
		"[$pid,\"sleep\",\"exact\",$peer]"
	kill "$pid"
	odd_end
	fed_end
}

@test "a connection that a program inherited is that program's" {
	each_source a_program
}

a_thread() {
	feed_ready procmap --source "$1"
	odd procmap-edges thread 127.0.0.1
	local name
	name=$(cat "/proc/$pid/comm")
	becomes "$flow" '[.pid,.process_name,.match]' \
		"[$pid,\"$name\",\"exact\"]"
	odd_end
	fed_end
}

@test "a socket of a thread is the process's, under the process's name" {
	each_source a_thread
	need "lsof" command -v lsof
	a_thread lsof
}

@test "a process whose first thread has ended has its connections" {
	each_source taken_over leaderless
}

@test "a UDP socket that is connected again has both its flows" {
	need_bpf
	feed_ready procmap --source bpf
	odd procmap-edges reconnected 127.0.0.1
	becomes "$flow" '[.pid,.match,.via]' "[$pid,\"exact\",\"bpf\"]"
	odd_end
	fed_end
}

@test "with data in the SYN both ends have their owner" {
	need_bpf
	two_places
	need "TCP Fast Open" ip netns exec "$ns_a" \
		sysctl -qw net.ipv4.tcp_fastopen=3
	feed_in_a bpf
	local where
	for where in 127.0.0.1 ::1 "$net.1"; do
		odd in_a procmap-edges fastopen "$where"
		becomes "$flow" '[.pid,.match,.peer_pid]' \
			"[$pid,\"exact\",$peer]"
		odd_end
	done
	fed_end
}

@test "a connection closed without a byte has its owner, and its listener" {
	need_bpf
	feed_ready procmap --source bpf
	odd procmap-edges silent 127.0.0.1
	becomes "$flow" '[.pid,.match,.peer_pid]' "[$pid,\"exact\",$peer]"
	odd_end
	fed_end
}

@test "a server whose client had reset before it sent is known" {
	need_bpf
	feed_ready procmap --source bpf
	local where
	for where in 127.0.0.1 ::1; do
		odd procmap-edges reset "$where"
		becomes "$flow" '[.pid,.match,.peer_pid]' \
			"[$pid,\"exact\",$peer]"
		odd_end
	done
	fed_end
}

@test "who is in another network namespace does not stand in for our end" {
	need_bpf
	need python3 command -v python3
	two_places
	feed_in_a bpf
	# shellcheck disable=SC2016 # python
	ip netns exec "$ns_b" python3 -c 'import socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect((sys.argv[1], 9))
s.send(b"x")
print(s.getsockname()[1], flush=True)
time.sleep(55)' "$net.1" >told 3>&- 7>&- &
	holder=$!
	wait_for 20 sh -c '[ "$(wc -l <told)" -eq 1 ]'
	becomes "17,$net.1,9,$net.2,$(cat told)" \
		'[.pid,.match,.why,.peer_pid]' "[0,\"none\",\"unseen\",$holder]"
}

@test "a socket without a port has no part in what comes to port 0" {
	need_bpf
	need python3 command -v python3
	python3 -c 'import socket, time
kept = [socket.socket(family, socket.SOCK_DGRAM)
    for family in (socket.AF_INET, socket.AF_INET6)]
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1], flush=True)
time.sleep(55)' >told 3>&- 7>&- &
	holder=$!
	wait_for 20 test -s told
	feed_ready procmap --source bpf
	# All its sockets are known then.
	becomes "17,10.9.9.9,5,127.0.0.1,$(cat told)" .pid "$holder"
	# As are later fragments, whose first one was not seen.
	is "17,10.9.9.9,0,127.0.0.1,0" '[.pid,.why]' '[0,"unseen"]'
	is "17,fd79::9,0,::1,0" '[.pid,.why]' '[0,"unseen"]'
}

@test "every flow without an owner is counted with a reason" {
	local source
	for source in bpf diag lsof; do
		usable $source || continue
		procmap-snapshot 6,127.0.0.1,1,127.0.0.1,2 47,10.1.1.1,0,10.1.1.2,0 \
			17,10.1.1.1,5,224.0.0.251,5353 6,10.1.1.1,1,10.1.1.2,2 \
			1,127.0.0.1,0,127.0.0.1,0 17,127.0.0.1,1,127.0.0.1,2 |
			procmap --source $source >got 2>errors
		[ "$(jq -c '[.attribution.flows.none, (.attribution.why | add)] |
		    .[0] == .[1] and .[0] > 0' got)" = true ]
		[ "$(jq '[.flows[] | select(.match == "none" and
		    (.why | length) == 0)] | length' got)" -eq 0 ]
	done
}

# cgroup NAME: a new control group in $group.
cgroup() {
	local top=/sys/fs/cgroup
	[ ! -e $top/unified/cgroup.procs ] || top=$top/unified
	group=$top/ift-$$-$BATS_TEST_NUMBER-$1
	need "control groups" mkdir "$group"
}

# In the group, and with the rest of it ended, as that user.
user_in_group='import os, socket, sys, time, encodings.idna
open(sys.argv[1] + "/cgroup.procs", "w").write("0")
os.setgroups([]); os.setgid(54322); os.setuid(54322)
l = socket.create_server(("127.0.0.1", 0))
c = socket.create_connection(l.getsockname())
print("6,127.0.0.1,%d,127.0.0.1,%d %d 0" % (c.getsockname()[1],
    l.getsockname()[1], os.getpid()), flush=True)
sys.stdin.read()'

@test "without rights the only process of a control group is inferred" {
	need_root
	need "capsh" command -v capsh
	cgroup only
	# Another program of the same user, so that the user tells nothing.
	setpriv --reuid 54322 --clear-groups sleep 60 3>&- &
	other=$!
	odd python3 -c "$user_in_group" "$group"
	chmod 755 . ..
	procmap-snapshot "$flow" >line
	capsh --user=nobody -- -c "cat | $(command -v procmap) --source diag" \
		<line >got 2>errors
	odd_end
	kill $other
	[ "$(jq -c '.flows[0] | [.pid,.process_name,.match,.via,.uid]' got)" = \
		"[$pid,\"python3\",\"inferred\",\"cgroup\",54322]" ]
}

a_container() {
	feed_ready procmap --source "$1"
	odd unshare -p -f --kill-child python3 -c "$user_in_group" "$group"
	# It knows itself by another number.
	pid=$(cat "$group/cgroup.procs")
	becomes "$flow" '[.pid,.process_name,.container,.uid]' \
		"[$pid,\"python3\",\"$id\",54322]"
	odd_end
	fed_end
}

@test "a process in a container is known by its container, and its pid here" {
	need_root
	need "pid namespaces" unshare -p -f true
	id=$(printf %064x 48879)
	cgroup "docker-$id.scope"
	each_source a_container
}

# Mounted apart from others: what this machine has may be of version 2 alone.
@test "a container in a control group of version 1 alone is known" {
	need_root
	need "pid namespaces" unshare -p -f true
	id=$(printf %064x 48879)
	mkdir groups
	need "control groups of version 1" \
		mount -t cgroup -o none,name=systemd none groups
	groups=$PWD/groups
	group=$groups/ift-$$-docker-$id.scope
	mkdir "$group"
	each_source a_container
}

# Where systemd runs in it, as podman has it.
@test "a service within a container is known by that container" {
	need_root
	need "pid namespaces" unshare -p -f true
	id=$(printf %064x 48879)
	cgroup "libpod-$id.scope"
	top=$group
	group=$top/container/system.slice/system-x.slice/x@1.service
	mkdir -p "$group"
	each_source a_container
}

# In another network namespace without privilege for it, as in a container:
# no eBPF, no sock_diag of others.
@test "inside a container's own namespaces its own processes have their names" {
	need_root
	need "pid namespaces" unshare -p -f --mount-proc true
	mkfifo odd
	unshare -n -p -f --mount-proc sh -c '
		ip link set lo up
		procmap-edges thread 127.0.0.1 <odd >told &
		while [ ! -s told ]; do sleep 0.05; done
		read -r flow pid peer <told
		procmap-snapshot "$flow" | procmap >got 2>errors
		echo "$pid" >pid
	' 3>&- 6>&- 7>&- &
	holder=$!
	exec 6>odd
	wait_for 20 test -s pid
	exec 6>&-
	[ "$(jq -c '.flows[0] | [.pid,.match]' got)" = "[$(cat pid),\"exact\"]" ]
	[ "$(jq -r .attribution.source got)" = diag ]
	grep -qE 'inside a pid namespace|built without eBPF' errors
}

# hostile SOURCE EXE PART: what is shown of a program with arguments of all
# kinds, and a part of its command line.
hostile() {
	feed_ready procmap --source "$1" --command-lines
	odd "$program" -c 'import os, socket, sys
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(("127.0.0.1", 0))
u.sendto(b"x", ("127.0.0.1", 9))
print("17,127.0.0.1,%d,127.0.0.1,9 %d 0" % (u.getsockname()[1], os.getpid()),
    flush=True)
sys.stdin.read()' "$(printf 'a\nb\033[2J\377\342\200\256c%05000d' 7)"
	becomes "$flow" \
		'[.pid,.exe,(.command_line | contains("'"$3"'"))]' \
		"[$pid,\"$2\",true]"
	odd_end
	fed_end
	# One line a snapshot, valid, without a control character.
	[ "$(wc -l <got)" -eq "$(jq -s length got)" ]
	iconv -f UTF-8 -t UTF-8 got >/dev/null
	run ! grep -q '[[:cntrl:]]' got
}

@test "paths and arguments of escapes, bad bytes and 5,000 bytes do no harm" {
	need python3 command -v python3
	local source real dir
	real=$(python3 -c 'import sys, os; print(os.path.realpath(sys.executable))')
	export PYTHONHOME
	PYTHONHOME=$(python3 -c 'import sys; print(sys.base_prefix)')
	dir=$PWD/$(printf 'x\n\033]0;y\a\377\342\200\256z')
	program=$dir/py
	mkdir "$dir"
	cp "$real" "$program"
	for source in bpf diag; do
		usable $source || continue
		hostile $source "$PWD/x??]0;y???z/py" 'a?b?[2J??c0000'
	done
	# Longer than any path that is kept: then there is none.
	cp "$real" py
	(for part in 1 2 3 4; do
		mkdir "$(printf %0250d $part)"
		cd "$(printf %0250d $part)"
	done
	mv "$OLDPWD"/../../../py . )
	program=$(echo "$PWD"/0*/0*/0*/0*/py)
	for source in bpf diag; do
		usable $source || continue
		hostile $source "" "$(printf %0250d 3)/"
	done
}

@test "of processes that lived a millisecond all is known" {
	need_bpf
	need "a C compiler" command -v cc
	cc -O2 -std=c17 -D_GNU_SOURCE -Wno-stringop-truncation -o once \
		"$root/tests/tools/procmap-once.c"
	chmod 755 . ..
	cgroup once
	feed_ready procmap --source bpf
	./once 300 127.0.0.1 9 "$group" >line
	rmdir "$group"/*.service
	cat line >&7
	wait_for 10 sh -c '[ "$(wc -l <got)" -eq 2 ]'
	fed_end
	tail -n 1 got | jq -c --arg here "$PWD" '
	    def share(f): [.flows[] | select(f)] | length;
	    [share(.pid == .truth_pid), share(.uid == .truth_uid),
	    share(.process_name == .truth_name),
	    share(.exe == $here + "/" + .truth_name),
	    share(.unit == .truth_unit)]' >score
	cat score
	[ "$(cat score)" = '[300,300,300,300,300]' ]
}
