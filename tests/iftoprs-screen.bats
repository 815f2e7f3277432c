# SPDX-License-Identifier: MIT
#
# The front script at a terminal: it comes, goes, and leaves it as it was.

load helper
load tmux

sample=$root/share/sample.pcap

# terminal COMMAND...: type it into a shell in a terminal of its own.
terminal() {
	# Other users of these tests must get here.
	chmod o+x "$BATS_RUN_TMPDIR" "$BATS_TEST_TMPDIR"/.. .
	new_terminal 100x30 "stty -a >before; $*; echo status=\$?; stty -a >after"
}

stage() {	# NAME: its process, of this test's chain
	cat tmp/iftoprs.*/"$1".pid
}

stages() {	# the processes of this test's chain
	cat tmp/iftoprs.*/*.pid
}

gone() {	# PID...: all of them
	for pid; do
		! kill -0 "$pid" 2>/dev/null || return 1
	done
}

front() {	# the script itself
	pgrep -P "$(terminal_says '#{pane_pid}')" -f iftoprs
}

given_back() {	# no screen, no mouse, the cursor is there
	[ "$(terminal_says \
		'#{alternate_on}#{mouse_any_flag}#{cursor_flag}')" = 001 ]
}

sane() {	# STATUS: the shell is back, and all is as it was
	wait_for 10 screen "status=$1"
	wait_for 5 test -s after
	diff before after
	[ "$(terminal_says '#{alternate_on}')" = 0 ]
	[ "$(terminal_says '#{mouse_any_flag}')" = 0 ]
	[ "$(terminal_says '#{cursor_flag}')" = 1 ]
	[ -z "$(ls tmp)" ]
}

teardown() {
	no_terminal
	no_hosts
}

@test "q leaves a replay, and the terminal as it was" {
	terminal iftoprs -n -r "$sample"
	wait_for 10 screen 'Flows.*Processes'
	wait_for 10 screen '192.168.1.20'
	[ "$(stat -c %a tmp/iftoprs.*)" = 700 ]
	keys q
	sane 0
}

@test "under every POSIX shell the screen comes, q leaves, nothing stays" {
	for shell in bash 'busybox ash' ksh yash mksh 'zsh --emulate sh'; do
		command -v "${shell%% *}" >/dev/null || continue
		rm -f after
		terminal $shell "$(command -v iftoprs)" -n -r "$sample"
		wait_for 10 screen '192.168.1.20'
		[ -p tmp/iftoprs.*/control/capd ]
		keys q
		sane 0
	done
}

@test "Ctrl-C leaves it, too" {
	terminal iftoprs -n -r "$sample"
	wait_for 10 screen '192.168.1.20'
	keys C-c
	sane 0
}

@test "a replay from standard input takes keys from the terminal" {
	terminal "iftoprs -n -r - <$sample"
	wait_for 10 screen '192.168.1.20'
	keys q
	sane 0
}

@test "a replay at full speed ends and its last screen stays" {
	terminal iftoprs -n -r "$sample" --speed max
	wait_for 20 screen '192.168.1.20'
	ended() { ! kill -0 "$(stage capd)"; }
	wait_for 20 ended
	wait_for 5 screen '192.168.1.20'
	# Pausing asks nothing of stages that have ended.
	wait_for 20 screen 'END OF STREAM'
	keys P
	wait_for 5 screen 'PAUSED · END'
	! screen 'takes no orders' || return 1
	keys q
	sane 0
}

@test "recorded snapshots and records are replayed" {
	iftoprs -n -Z --json -r "$sample" -w day.rec >day.ndjson
	for file in day.rec day.ndjson; do
		rm -f after
		terminal iftoprs -n -r $file --speed 20
		wait_for 10 screen '192.168.1.20'
		keys q
		sane 0
	done
}

@test "a flow's history is for a recording, the screen has its own" {
	terminal iftoprs -n -r "$sample" --dry-run
	wait_for 5 screen 'top 1000 --history 0'
	sane 0
	terminal iftoprs -n -r "$sample" -w seen.ndjson
	wait_for 10 grep -q '"history":\[[0-9]' seen.ndjson
	wait_for 10 screen '192.168.1.20'
	keys q
	sane 0
}

@test "keys reach the stages while the screen is up" {
	terminal iftoprs -n -r "$sample" -w seen.ndjson
	wait_for 10 screen '192.168.1.20'
	keys f
	wait_for 10 grep -q '"interval":2.000' seen.ndjson
	echo 'interval 0.5' >"$(echo tmp/iftoprs.*/control/flowagg)"
	wait_for 10 grep -q '"interval":0.500' seen.ndjson
	keys q
	sane 0
}

@test "an error at start is an ordinary message, and the screen stays" {
	terminal iftoprs -i nope0
	wait_for 10 screen 'nope0'
	sane 1
	wait_for 5 screen 'there are:'
}

@test "a bad filter is told before the screen is touched" {
	terminal "iftoprs -r $sample -f 'tcp prot'"
	wait_for 10 screen 'syntax error'
	sane 1
}

@test "without a terminal it says so" {
	need setsid command -v setsid
	# Standard output is one, but it is nobody's controlling terminal.
	terminal "setsid -w iftoprs -r $sample"
	wait_for 10 screen 'no terminal'
	wait_for 10 screen status=1
}

@test "a terminal without a name, or with one not known, is told" {
	terminal "TERM= iftoprs -n -r $sample --speed max"
	sane 1
	wait_for 5 screen '^tuiview: TERM names no terminal; set it'
	rm after
	terminal "TERM=none iftoprs -n -r $sample --speed max"
	sane 1
	wait_for 5 screen '^tuiview: the terminal "none" is not known here; set TERM'
}

@test "a dry run of the screen can be pasted, and leaves nothing" {
	# At a terminal, for elsewhere it prints the chain for JSON.
	terminal iftoprs -n -r "$sample" --dry-run
	wait_for 10 screen 'status=0'
	tmux -S "$tmux_socket" capture-pane -p -J |
		sed -n '/^ctl=/,/^rm /p' >chain
	wait_for 5 test -s after
	rm after
	terminal . ./chain
	wait_for 10 screen '192.168.1.20'
	keys f
	wait_for 5 screen 'refresh every 2 s'
	keys q
	sane 0
}

@test "it needs no standard error" {
	terminal "iftoprs -n -r $sample 2>&-"
	wait_for 10 screen '192.168.1.20'
	keys q
	sane 0
}

@test "whichever stage is killed, the terminal is left sane" {
	for victim in capd flowagg namemap tuiview; do
		rm -f after
		terminal iftoprs -n -r "$sample"
		wait_for 10 screen '192.168.1.20'
		pids=$(stages)
		kill -KILL "$(stage $victim)"
		# Without its input tuiview shows the last screen until told.
		[ $victim = tuiview ] || { wait_for 10 test -e \
			"$(echo tmp/iftoprs.*)/$victim.status"; keys q; }
		sane 1
		wait_for 5 screen "$victim was ended by signal 9"
		# shellcheck disable=SC2086 # several
		wait_for 5 gone $pids
	done
}

@test "whichever stage was stopped, q leaves, and no stage runs" {
	for victim in capd flowagg namemap; do
		terminal iftoprs -n -r "$sample"
		wait_for 10 screen '192.168.1.20'
		pids=$(stages)
		kill -STOP "$(stage $victim)"
		keys q
		sane 0
		# shellcheck disable=SC2086 # several
		wait_for 5 gone $pids
	done
}

@test "whatever ends the script, the terminal is left sane and no stage runs" {
	for signal in TERM INT HUP QUIT KILL; do
		rm -rf after tmp
		terminal iftoprs -n -r "$sample"
		wait_for 10 screen '192.168.1.20'
		pids=$(stages)
		kill -s $signal "$(front)"
		# shellcheck disable=SC2086 # several
		wait_for 10 gone $pids
		wait_for 5 given_back
		wait_for 5 test -s after
		diff before after
		# Who is killed outright cannot remove a directory.
		case $signal in
		TERM | INT | HUP) [ -z "$(ls tmp)" ] ;;
		esac
		keys 'echo typed-$((40 + 2))' Enter
		wait_for 5 screen typed-42
	done
}

@test "Ctrl-Z stops the whole chain; bg does not let it at the terminal; fg does" {
	terminal iftoprs -n -r "$sample"
	wait_for 10 screen '192.168.1.20'
	pids=$(stages)
	stopped() {
		for pid; do
			[[ "$(ps -o stat= -p "$pid")" = T* ]] || return 1
		done
	}
	keys C-z
	# shellcheck disable=SC2086 # several
	wait_for 5 stopped $pids
	wait_for 5 given_back
	keys bg Enter
	wait_for 5 screen 'iftoprs.*&$'
	# shellcheck disable=SC2086 # several
	wait_for 5 stopped $pids
	wait_for 5 given_back
	rm -f after
	keys 'fg; echo status=$?; stty -a >after' Enter
	wait_for 5 screen '192.168.1.20'
	keys q
	sane 0
}

@test "live: the screen shows traffic, and survives a stage that is killed" {
	need_root
	two_hosts
	for victim in procmap capd; do
		rm -f after
		terminal ip netns exec "$ns_a" iftoprs -n -i a0
		wait_for 10 screen 'a0 up'
		ip netns exec "$ns_b" ping -q -c 2 -i 0.2 192.0.2.1 >/dev/null
		wait_for 10 screen '192.0.2.2.*ICMP'
		kill -KILL "$(stage $victim)"
		wait_for 10 test -e "$(echo tmp/iftoprs.*)/$victim.status"
		keys q
		sane 1
		wait_for 5 screen "$victim was ended by signal 9"
	done
}

@test "live: the chooser of interfaces begins at ours and tells the rates" {
	need_root
	two_hosts
	terminal ip netns exec "$ns_a" iftoprs -n -i a0
	wait_for 10 screen 'a0 up'
	keys i
	wait_for 10 screen '●▸ a0'
	ip netns exec "$ns_b" ping -q -c 15 -i 0.2 -s 1000 192.0.2.1 >/dev/null
	wait_for 5 screen '▸ a0  *up  *[0-9.]*kb '
	closed() { ! screen 'Enter moves'; }
	keys Escape
	wait_for 5 closed
	keys q
	sane 0
}

@test "a closed terminal ends everything" {
	terminal iftoprs -n -r "$sample"
	wait_for 10 screen '192.168.1.20'
	pids=$(stages)
	no_terminal
	# shellcheck disable=SC2086 # several
	wait_for 10 gone $pids
	wait_for 5 sh -c '[ -z "$(ls tmp)" ]'
}

@test "what stages say while the screen is up is printed when it has gone" {
	mkdir fake
	cp "$(command -v iftoprs)" "$root"/bin/iftoprs-* fake
	for name in capd flowagg procmap tuiview; do
		ln -s "$(command -v $name)" fake
	done
	printf '%s\n' '#!/bin/sh' \
		'for a; do [ "$a" != --help ] || exit 0; done' \
		'echo "namemap: a word to the wise" >&2; exec cat' >fake/namemap
	chmod +x fake/namemap
	terminal fake/iftoprs -n -r "$sample"
	wait_for 10 screen '192.168.1.20'
	run ! screen 'word to the wise'
	keys q
	sane 0
	wait_for 5 screen 'namemap: a word to the wise'
}

@test "under sudo the screen and its files belong to the user who asked" {
	need_root
	mkdir -m 777 home
	terminal env SUDO_UID=65534 SUDO_GID=65534 SUDO_USER=nobody \
		iftoprs -n -r "$sample" -c "$PWD/home/conf"
	wait_for 10 screen '192.168.1.20'
	uid() { ps -o uid= -p "$(stage "$1")" | tr -d ' '; }
	for name in flowagg namemap tuiview; do
		[ "$(uid $name)" = 65534 ]
	done
	run=$(echo tmp/iftoprs.*)
	[ "$(stat -c %u "$run")" = 0 ]
	[ "$(stat -c '%u %a' "$run/control")" = '65534 700' ]
	keys B
	keys q
	sane 0
	[ "$(stat -c %u home/conf)" = 65534 ]
	grep -q 'units' home/conf
}

@test "an ordinary user with a capable capd captures without sudo" {
	need_root
	need setcap command -v setcap
	two_hosts
	mkdir -m 755 bin
	cp "$(command -v iftoprs)" "$root"/bin/iftoprs-* bin
	for name in capd flowagg procmap namemap tuiview; do
		cp "$(command -v $name)" bin
	done
	chmod 755 bin/*
	chmod o+x "$BATS_RUN_TMPDIR" "$BATS_TEST_TMPDIR"/.. .
	need "file capabilities" setcap cap_net_raw=ep bin/capd
	ip netns exec "$ns_a" setpriv --reuid=65534 --regid=65534 \
		--clear-groups env HOME=/nonexistent \
		bin/iftoprs -n --json --count 2 -i a0 >out 2>err
	[ "$(wc -l <out)" -eq 2 ]
}

@test "the flows on the screen are the busiest, also where names order them" {
	iftoprs -n -r "$sample" -o src --json --dry-run | grep -q 'sort src'
	terminal iftoprs -n -r "$sample" -o src --dry-run
	wait_for 5 screen 'flowagg --top 1000 '
	sane 0
	terminal iftoprs -n -r "$sample" -o 40s --dry-run
	wait_for 5 screen '--sort 40s'
	sane 0
}
