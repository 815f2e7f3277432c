# SPDX-License-Identifier: MIT
#
# Who holds privilege reads no packet, who reads packets holds none.

load helper

setup() {
	need_root
	cd "$BATS_TEST_TMPDIR" || return 1
	two_hosts
	# As another user the leak check cannot look at its own process.
	export ASAN_OPTIONS=detect_leaks=0
}

teardown() {
	[ -z "${capd:-}" ] || kill "$capd" 2>/dev/null || true
	no_hosts
}

# start [VARIABLE=VALUE...] PROGRAM ARGUMENT...: a capture in namespace a.
start() {
	ip netns exec "$ns_a" env -u SUDO_UID -u DOAS_USER "$@" \
		-o ndjson >got 2>err 3>&- &
	capd=$!
	wait_for 5 grep -q '"tick"' got
	child=$(pgrep -P "$capd")
}

status_of() {
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status" | tr '\t' ' '
}

# packet_sockets PID: how many descriptors are packet sockets.
packet_sockets() {
	local inode n=0
	for inode in $(ip netns exec "$ns_a" awk 'NR > 1 { print $9 }' \
		/proc/net/packet); do
		n=$((n + $(find "/proc/$1/fd" -lname "socket:\[$inode\]" |
			wc -l)))
	done
	echo "$n"
}

@test "the process that reads packets holds no capability, in a sandbox" {
	start capd -i lo
	for set in CapInh CapPrm CapEff CapBnd CapAmb; do
		[ "$(status_of "$child" $set)" = 0000000000000000 ]
	done
	[ "$(status_of "$child" NoNewPrivs)" = 1 ]
	[ "$(status_of "$child" Seccomp)" = 2 ]
}

@test "the keeper holds the right to capture and nothing else" {
	start capd -i lo
	for set in CapPrm CapEff; do
		[ "$(status_of "$capd" $set)" = 0000000000002000 ]
	done
	for set in CapInh CapBnd CapAmb; do
		[ "$(status_of "$capd" $set)" = 0000000000000000 ]
	done
	[ "$(status_of "$capd" NoNewPrivs)" = 1 ]
}

@test "the keeper has no packet socket and maps none, the child has one" {
	start capd -i lo
	[ "$(packet_sockets "$child")" -eq 1 ]
	[ "$(packet_sockets "$capd")" -eq 0 ]
	grep -q 'socket:\[' "/proc/$child/maps"
	run ! grep 'socket:\[' "/proc/$capd/maps"
}

@test "under sudo both are the user who asked" {
	start SUDO_UID=1 capd -i lo
	for pid in "$capd" "$child"; do
		[ "$(status_of "$pid" Uid)" = "1 1 1 1" ]
		[ "$(status_of "$pid" Gid)" = "$(id -g "$(id -nu 1)" |
			sed 's/.*/& & & &/')" ]
		run ! grep -w 0 <<<"$(status_of "$pid" Groups)"
	done
}

@test "asked by root itself, both are nobody" {
	start capd -i lo
	nobody=$(id -u nobody)
	for pid in "$capd" "$child"; do
		[ "$(status_of "$pid" Uid)" = \
			"$nobody $nobody $nobody $nobody" ]
	done
}

@test "what sudo's capd makes belongs to the user who asked" {
	start SUDO_UID=1 capd -i lo -w out.pcap --control ctl
	[ "$(stat -c '%u %a' ctl)" = "1 600" ]
	[ "$(stat -c %u out.pcap)" = 1 ]
	# It was made by root, whom neither of them is any more.
	for pid in "$capd" "$child"; do
		[ "$(status_of "$pid" Uid)" = "1 1 1 1" ]
		run ! grep -w 0 <<<"$(status_of "$pid" Groups)"
	done
	[ "$(status_of "$capd" CapPrm)" = 0000000000002000 ]
	[ "$(status_of "$child" CapPrm)" = 0000000000000000 ]
}

@test "without the right it says what would help, and writes nothing" {
	run -1 --separate-stderr ip netns exec "$ns_a" \
		setpriv --bounding-set -all --inh-caps -all \
		--no-new-privs capd -i lo
	[ -z "$output" ]
	[[ $stderr == "capd: lo: "*"sudo"*"make cap"* ]]
}

@test "with the file capability an ordinary user captures" {
	need setcap command -v setcap
	cp "$(command -v capd)" own
	need "file capabilities here" setcap cap_net_raw=ep own
	chmod a+x "$BATS_RUN_TMPDIR" "$BATS_TEST_TMPDIR/.." "$BATS_TEST_TMPDIR"
	nobody=$(id -u nobody)
	start setpriv --reuid nobody --regid 65534 --clear-groups \
		"$PWD/own" -i lo
	[ "$(status_of "$capd" Uid)" = "$nobody $nobody $nobody $nobody" ]
	[ "$(status_of "$capd" CapEff)" = 0000000000002000 ]
	[ "$(status_of "$child" CapPrm)" = 0000000000000000 ]
	[ "$(status_of "$child" CapEff)" = 0000000000000000 ]
	[ "$(status_of "$child" NoNewPrivs)" = 1 ]
	[ "$(status_of "$child" Seccomp)" = 2 ]
	ip netns exec "$ns_a" ping -q -c 1 127.0.0.1
	kill "$capd"
	wait "$capd"
	capd=
	[ "$(grep -c '"packet"' got)" -eq 2 ]
}

@test "a new child after a change is confined like the first" {
	start capd -i lo --control ctl
	echo 'snaplen 200' >ctl
	wait_for 5 grep -q '"snaplen 200"' got
	again=$(pgrep -P "$capd")
	[ "$again" != "$child" ]
	[ "$(status_of "$again" CapPrm)" = 0000000000000000 ]
	[ "$(status_of "$again" Seccomp)" = 2 ]
	[ "$(packet_sockets "$capd")" -eq 0 ]
}

@test "when the keeper is killed the child does not stay" {
	start capd -i lo
	kill -KILL "$capd"
	wait "$capd" || true
	capd=
	wait_for 5 test ! -d "/proc/$child"
}
