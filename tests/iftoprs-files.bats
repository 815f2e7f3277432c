# SPDX-License-Identifier: MIT
#
# The front script and files: what a recording held before, the file that is
# read, and what is asked of a file that it cannot give.

load helper
load tmux

teardown() {
	no_terminal
}

sample=$root/share/sample.pcap

# silent_capd: the programs in ./fake, with a capd that says nothing until
# there is a file "go".
silent_capd() {
	mkdir fake tmp
	cp "$root"/bin/iftoprs "$root"/bin/iftoprs-* fake
	for name in flowagg procmap namemap tuiview; do
		cp "$(command -v $name)" fake
	done
	cat >fake/capd <<-E
	#!/bin/sh
	for a; do [ "\$a" != --help ] || exit 0; done
	trap 'exit 0' TERM
	while [ ! -e go ]; do sleep 0.1; done
	exec $(command -v capd) -r $sample
	E
	chmod +x fake/capd
	PATH=$PWD/fake:$PATH
	export TMPDIR=$PWD/tmp
}

@test "a capture that does not start leaves a recording as it was, and makes none" {
	for name in day.rec day.ndjson; do
		for words in '-i nope0' '-i lo -f (bad'; do
			echo precious >$name
			# shellcheck disable=SC2086 # words
			run -1 iftoprs -n --json $words -w $name
			[ "$(cat $name)" = precious ]
			rm $name
			# shellcheck disable=SC2086 # words
			run -1 iftoprs -n --json $words -w $name
			[ ! -e $name ]
		done
	done
	run -1 iftoprs -n --json -i nope0 -w day.pcap
	[ ! -e day.pcap ]
}

@test "who may not capture loses no recording by trying" {
	need_root
	need "setpriv" command -v setpriv
	chmod o+x "$BATS_RUN_TMPDIR" "$BATS_TEST_TMPDIR"/.. .
	for name in day.rec day.ndjson; do
		echo precious >$name
		chown 65534 $name
		run -1 setpriv --reuid=65534 --regid=65534 --clear-groups \
			--inh-caps=-all --bounding-set=-all \
			iftoprs --json -i lo -w $name
		[ "$(cat $name)" = precious ]
	done
}

@test "a recording is replaced by the first that comes, and not by a signal before" {
	silent_capd
	for shell in dash bash 'busybox ash' ksh yash 'zsh --emulate sh'; do
		command -v "${shell%% *}" >/dev/null || continue
		for name in day.rec day.ndjson; do
			echo precious >$name
			for signal in TERM HUP; do
				env --default-signal=$signal $shell \
					"$PWD/fake/iftoprs" -n -Z --json \
					-i lo -w $name >out 2>err 3>&- &
				pid=$!
				wait_for 5 eval 'test -s tmp/*/record.pid'
				kill -$signal $pid
				wait $pid || true
				[ "$(cat $name)" = precious ]
				[ ! -s err ]
				[ -z "$(ls tmp)" ]
				wait_for 5 eval '! pgrep -f "$PWD/fake/"'
			done
			(sleep 0.5; touch go) 3>&- &
			$shell "$PWD/fake/iftoprs" -n -Z --json -i lo \
				-w $name >out 3>&-
			rm go
			iftoprs -n -Z --json -r $name | cmp - out
		done
	done
}

@test "under sudo a record that was replaced by another's is not written over" {
	need_root
	silent_capd
	echo secret >roots.rec
	SUDO_UID=65534 SUDO_GID=65534 SUDO_USER=nobody iftoprs -n -Z --json \
		-i lo -w day.rec >out 2>err 3>&- &
	pid=$!
	wait_for 5 eval 'test -s tmp/*/record.pid'
	ln -sf roots.rec day.rec
	touch go
	status=0
	wait $pid || status=$?
	[ $status = 1 ]
	grep -qx 'iftoprs: cannot write day.rec: it is a file of another user' err
	[ "$(cat roots.rec)" = secret ]
}

@test "the file that is read is not written over, whatever it is called" {
	iftoprs -n -Z --json -r "$sample" -w a.rec >a.ndjson
	cp "$sample" a.pcap
	for name in a.rec a.ndjson a.pcap; do
		ln -s $name soft.${name#a.}
		ln $name hard.${name#a.}
		cp $name kept
		kind=${name#a.}
		for other in a soft hard; do
			for shell in dash bash 'busybox ash' ksh yash 'zsh --emulate sh'; do
				command -v "${shell%% *}" >/dev/null || continue
				run -1 --separate-stderr $shell \
					"$(command -v iftoprs)" --json -n \
					-r $name -w $other.$kind
				[[ $stderr == *"$other.$kind"*"is the file \
that is read" ]]
				run -1 --separate-stderr $shell \
					"$(command -v iftoprs)" --json -n \
					-r - -w $other.$kind <$name
				[[ $stderr == *"$other.$kind"*"is the file \
that is read" ]]
				cmp $name kept
			done
		done
	done
	# Another is.
	iftoprs -n -Z --json -r - -w b.rec <a.rec | cmp - a.ndjson
	iftoprs -n -Z --json -r - -w b.rec <a.rec | cmp - a.ndjson
	cmp a.rec b.rec
}

@test "of a recording what was settled when it was made is not asked for in vain" {
	iftoprs -n -Z --json -r "$sample" -w a.rec >a.ndjson
	printf '%s\n' 'bpf_filter = "udp"' 'alert_threshold = 1000' \
		'refresh_rate = 5' 'sort = "total"' >conf
	refused() {	# FILE OPTION [VALUE]
		for how in "$1" -; do
			run -2 --separate-stderr iftoprs -n --json \
				-r $how "${@:2}" <"$1"
			[ -z "$output" ]
			[ "${#stderr_lines[@]}" -eq 1 ]
			[[ $stderr == "iftoprs: $2 "* ]]
		done
	}
	for file in a.rec a.ndjson; do
		refused $file --filter udp
		refused $file --length network
		refused $file --wifi
		refused $file --speed 1
	done
	[[ $stderr == "iftoprs: --speed wants a capture, or the screen"* ]]
	refused a.ndjson --net-filter 10.0.0.0/8
	refused a.ndjson --net-filter6 fd00::/8
	refused a.ndjson --link-local
	refused a.ndjson --no-link-local
	refused a.ndjson --top 3
	refused a.ndjson --by hosts
	refused a.ndjson --sort total
	refused a.ndjson --interval 2
	refused a.ndjson --alert 1Mb
	refused a.ndjson --final
	[ "$stderr" = "iftoprs: --final cannot change the snapshots in \
standard input; give it when they are made (see iftoprs --help)" ]
	for file in a.rec a.ndjson; do
		run -2 --separate-stderr iftoprs --json -r $file -s 20
		[[ $stderr == "iftoprs: --seconds wants a capture"* ]]
	done
	# What of the settings has no effect here stops nothing.
	iftoprs -c conf -n --json -r a.ndjson --speed max | cmp - a.ndjson
	iftoprs -c conf -n --json -r a.rec --final -o total -L 3 -F 10.0.0.0/8 |
		jq -e '.flows | length <= 3' >/dev/null
}

@test "of snapshots, too, the first can be had, and so many" {
	iftoprs -n -Z --json -r "$sample" >a.ndjson
	head -n 1 a.ndjson >one
	head -n 7 a.ndjson >seven
	iftoprs -r a.ndjson --once | cmp - one
	iftoprs -r - --count 7 <a.ndjson | cmp - seven
	iftoprs -r a.ndjson --count 7 -w b.ndjson | cmp - seven
	cmp b.ndjson seven
	run -2 iftoprs -r a.ndjson --count 0
}

# cleared COMMAND...: a chain that runs, and whose run directory is then gone.
cleared() {
	rm -f out
	"$@" >out 2>err 3>&- &
	pid=$!
	wait_for 10 grep -q '"seq":2' out
	rm -r tmp/iftoprs.*
}

@test "a run directory that is cleared keeps no chain from ending" {
	need_root
	need "network namespaces" unshare -n true
	mkdir tmp
	export TMPDIR=$PWD/tmp
	for shell in dash bash 'busybox ash' ksh yash; do
		command -v "${shell%% *}" >/dev/null || continue
		for words in '' '-w day.ndjson'; do
			# shellcheck disable=SC2086 # words
			cleared env --default-signal=TERM unshare -n $shell \
				"$(command -v iftoprs)" -n --json -i lo \
				--interval 0.2 $words
			ended=$(pgrep -P $pid)
			[ -n "$ended" ]
			SECONDS=0 status=0
			kill $pid
			wait $pid || status=$?
			[ $status = 143 ]
			[ ! -s err ]
			[ $SECONDS -lt 3 ]
			[ -z "$(ls tmp)" ]
			wait_for 1 eval '! ps -o pid= -p "$(echo $ended)"'
			# shellcheck disable=SC2086 # words
			cleared unshare -n $shell "$(command -v iftoprs)" \
				-n --json -i lo --interval 0.2 --count 15 $words
			wait_for 20 eval '! kill -0 $pid'
			status=0
			wait $pid || status=$?
			[ $status = 1 ]
			[[ $(cat err) == "iftoprs: $TMPDIR/iftoprs."*" was \
cleared meanwhile; whether all went well is not known" ]]
			[ "$(wc -l <out)" = 15 ]
		done
	done
}

@test "nor is the screen left in another way" {
	need_root
	new_terminal 100x30 iftoprs -n -i lo -w day.rec \; echo 'status=$?'
	wait_for 10 screen 'lo up'
	rm -r tmp/iftoprs.*
	keys q
	wait_for 10 screen '^status=1'
	screen 'was cleared meanwhile'
}

@test "a ring of captures has its files, and no other" {
	need_root
	need "network namespaces" unshare -n true
	unshare -n sh -c 'ip link set lo up
		iftoprs -n --json -i lo -w ring.pcap --rotate 1M:3 --count 2 |
			{ read -r _; echo ring.*; }
		iftoprs -n --json -i lo -w line.pcap --rotate 1M --count 2 |
			{ read -r _; echo line.*; }' >out
	printf '%s\n' ring.pcap0 line.pcap | diff - out
}

@test "a FIFO or a link that is there is written to, and stays" {
	mkfifo f.rec
	timeout 20 cat f.rec >got &
	timeout 20 iftoprs -n -r "$root/share/sample.pcap" --json \
		-w f.rec >/dev/null
	wait $!
	capd -r "$root/share/sample.pcap" | cmp - got
	[ -p f.rec ]
	ln -s /dev/null n.rec
	iftoprs -n -r "$root/share/sample.pcap" --json -w n.rec >/dev/null
	[ -L n.rec ]
}

@test "nobody reads the FIFO that is recorded to: a signal ends the chain" {
	mkfifo f.rec
	run -124 timeout -k 20 2 iftoprs -n -r "$root/share/sample.pcap" \
		--json -w f.rec
	[ -p f.rec ]
}

@test "names with a colon, with a line's end and of a socket are what they are" {
	capd -r "$root/share/sample.pcap" >in.rec
	iftoprs -n -r "$root/share/sample.pcap" --json >in.json
	for name in records:1.pcap text-1:1.json packed-1:1.rec; do
		iftoprs -n -r "$root/share/sample.pcap" --json -w "$name" >out
		[ -s "$name" ]
	done
	iftoprs -n -r in.rec --json -w snapshots:1.rec >out
	cmp in.rec snapshots:1.rec
	cp "$root/share/sample.pcap" $'a\n.pcap\n'
	iftoprs -n -r $'a\n.pcap\n' --json >out
	cmp in.json out
	python3 -c 'import socket
socket.socket(socket.AF_UNIX).bind("s.rec")'
	run -1 --separate-stderr iftoprs -n -r s.rec --json
	[ "$stderr" = "iftoprs: 's.rec' is a socket" ]
}
