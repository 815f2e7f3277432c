# SPDX-License-Identifier: MIT
#
# procmap: what it may do while it waits for the first byte of input.

load helper
load procmap

BATS_TEST_TIMEOUT=60

teardown() {
	fed_kill
	no_hosts
}

# start COMMAND...: it waits for input, and gets none.
start() {
	feed "$@"
	wait_for 10 waits || {
		cat errors
		return 1
	}
}

# It takes signals only while it waits for input, after all else is done; they
# are blocked before they are caught, so that is looked at first.
waits() {
	grep -qx 'SigCgt:	[0-9a-f]*4...' "/proc/$fed/status" &&
		grep -qx 'SigBlk:	0*' "/proc/$fed/status"
}

# all_have FIELD VALUE: each thread, in /proc/PID/status.
all_have() {
	local status
	for status in /proc/"$fed"/task/*/status; do
		grep -qx "$1:	$2" "$status" || {
			echo "$status, not $2:"
			grep "^$1:" "$status"
			return 1
		}
	done
}

nothing=0000000000000000
# CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH
reading=0000000000080004

@test "with eBPF no thread has any privilege, and none can come back" {
	need_bpf
	start procmap --source bpf --publisher --command-lines
	local field
	for field in CapPrm CapEff CapInh CapAmb; do
		all_have $field $nothing
	done
	all_have NoNewPrivs 1
	all_have Uid "[1-9][0-9]*	[1-9][0-9]*	[1-9][0-9]*	[1-9][0-9]*"
	fed_end
}

@test "the child that asks about translations keeps that one right" {
	need_bpf
	start procmap --source bpf
	local child
	child=$(cat /proc/"$fed"/task/*/children)
	[ -n "$child" ] || skip "no connection tracking"
	grep -qx 'CapEff:	0000000000001000' "/proc/${child% }/status"
	grep -qx 'CapPrm:	0000000000001000' "/proc/${child% }/status"
	grep -q '^Uid:	[1-9]' "/proc/${child% }/status"
	[ ! -e "/proc/${child% }/fd/0" ]
	[ ! -e "/proc/${child% }/fd/1" ]
	fed_end
	[ ! -e "/proc/${child% }" ] || wait_for 5 test ! -e "/proc/${child% }"
}

@test "without eBPF it may look at other processes, and nothing else" {
	need_root
	local source
	for source in diag lsof; do
		start procmap --source $source
		all_have CapPrm $reading
		all_have CapEff $reading
		all_have NoNewPrivs 1
		fed_end
	done
}

@test "with a recorded table there is no privilege" {
	need_root
	echo '{"proto":6,"src":"10.0.0.1","src_port":80,"pid":9}' >table
	chmod 755 . ..
	# Signals end it already while the table is opened.
	start procmap --source file:table
	wait_for 10 all_have CapPrm $nothing
	wait_for 10 all_have CapEff $nothing
	fed_end
}

@test "a recorded table that only root may read is opened by root" {
	need_root
	need setpriv command -v setpriv
	mkdir -m 700 kept
	echo '{"proto":17,"src":"10.0.0.1","src_port":9,"pid":7}' >kept/table
	chmod 600 kept/table
	procmap-snapshot 17,10.0.0.1,9,10.0.0.2,53 >line
	procmap --source file:kept/table <line >got
	[ "$(jq .flows[0].pid got)" = 7 ]
	SUDO_USER=nobody SUDO_UID=$(id -u nobody) SUDO_GID=$(id -g nobody) \
		procmap --source file:kept/table <line >got
	[ "$(jq .flows[0].pid got)" = 7 ]
	# The capabilities of a program's own file open it for nobody else.
	chmod 755 . ..
	cp "$(command -v procmap)" mine
	need "file capabilities" setcap cap_dac_read_search=ep mine
	run -1 --separate-stderr setpriv --reuid 65534 --regid 65534 \
		--clear-groups ./mine --source file:kept/table <line
	[ "$stderr" = "mine: kept/table: Permission denied" ]
}

@test "a program with two capabilities of its file needs no user's" {
	need_bpf
	need "capsh and setcap" sh -c 'command -v capsh && command -v setcap'
	need python3 command -v python3
	chmod 755 . ..
	cp "$(command -v procmap)" mine
	need "file capabilities" setcap cap_bpf,cap_perfmon=ep mine
	python3 -c '
import os, socket, time
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(("127.0.0.1", 0))
print(u.getsockname()[1], os.getpid(), flush=True); time.sleep(50)' >held 3>&- &
	holder=$!
	wait_for 10 test -s held
	read -r port pid <held
	procmap-snapshot 17,127.0.0.1,"$port",127.0.0.1,9 >line
	setpriv --reuid 65534 --regid 65534 --clear-groups ./mine \
		--source bpf <line >got
	kill $holder
	[ "$(jq -c '.flows[0] | [.pid,.via]' got)" = "[$pid,\"iter\"]" ]
}

@test "without the right to ask for translations that is told, where there may be some" {
	need_bpf
	need "capsh" command -v capsh
	chmod 755 . ..
	two_places
	ip netns exec "$ns_a" sleep 50 3>&- &
	holder=$!
	wait_for 10 in_its_own_network
	feed capsh --keep=1 --user=nobody --inh=cap_bpf,cap_perfmon \
		--addamb=cap_bpf,cap_perfmon -- \
		-c "exec $(command -v procmap) --source bpf"
	told() {
		is 6,10.9.9.9,1,10.8.8.8,2 .why '"forwarded"' &&
			tail -n 1 got | jq -e '.attribution.degraded |
			test("behind address translation.*CAP_NET_ADMIN")'
	}
	wait_for 10 told
	fed_end
	[ "$(grep -c 'behind address translation' errors)" -eq 1 ]
	feed procmap --source bpf
	becomes 6,10.9.9.9,1,10.8.8.8,2 .why '"forwarded"'
	[ "$(tail -n 1 got | jq .attribution.degraded)" = '""' ]
	fed_end
}

in_its_own_network() {
	[ "$(readlink /proc/$holder/ns/net)" != "$(readlink /proc/self/ns/net)" ]
}

@test "without any right its own processes are named, and others' not guessed" {
	need_root
	need "perl" perl -MIO::Socket::INET -e 1
	chmod 755 . ..
	hold_as() {
		exec setpriv --reuid "$1" --regid "$1" --clear-groups \
			perl -MIO::Socket::INET -e '
		    my $s = IO::Socket::INET->new(Proto => "udp",
			LocalAddr => "127.0.0.1");
		    $| = 1; print $s->sockport, " $$\n"; sleep 50' 3>&-
	}
	hold_as 54323 >mine &
	local first=$!
	# Two programs of another user, so that nothing can be inferred.
	hold_as 54324 >other &
	local second=$!
	setpriv --reuid 54324 --regid 54324 --clear-groups sleep 50 3>&- &
	local third=$!
	wait_for 10 test -s mine
	wait_for 10 test -s other
	read -r port pid <mine
	read -r other_port _ <other
	start setpriv --reuid 54323 --regid 54323 --clear-groups \
		"$(command -v procmap)"
	known() {
		procmap-snapshot 17,127.0.0.1,"$port",127.0.0.1,9 \
			17,127.0.0.1,"$other_port",127.0.0.1,9 >&7
		sleep 0.1
		[ "$(tail -n 1 got | jq -c '[.flows[] | [.pid,.match,.why]]')" = \
			"[[$pid,\"local\",null],[0,\"none\",\"unreadable\"]]" ]
	}
	wait_for 10 known || {
		jq -c '.flows[]' got
		return 1
	}
	fed_end
	kill $first $second $third
	grep -q 'only processes of this user are seen for sure' errors
}
