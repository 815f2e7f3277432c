# SPDX-License-Identifier: MIT
#
# The front script: options, the chain it makes, and how it starts and ends.

load helper

sample=$root/share/sample.pcap

# fake_stages: a bin/ here with the script and stages that do next to
# nothing, so that starting and ending can be watched without a network.
fake_stages() {
	mkdir -p fake
	cp "$root"/bin/iftoprs "$root"/bin/iftoprs-* fake
	for name in flowagg procmap namemap tuiview; do
		printf '%s\n' '#!/bin/sh' \
			'for a; do [ "$a" != --help ] || exit 0; done' \
			'exec cat' >"fake/$name"
	done
	printf '%s\n' '#!/bin/sh' \
		'for a; do [ "$a" != --help ] || exit 0; done' \
		'trap "exit 0" TERM' \
		'i=0' \
		'while [ $i -lt 100 ]; do' \
		'	i=$((i + 1)); echo "{\"n\":$i}" || exit 0; sleep 0.1' \
		'done' >fake/capd
	chmod +x fake/*
	PATH=$PWD/fake:$PATH
	mkdir tmp
	export TMPDIR=$PWD/tmp
}

left_over() {	# stages of this test that still run
	pgrep -f "$PWD/fake/" || true
}

@test "help, version and the list of interfaces need no terminal and no privilege" {
	iftoprs --help >help
	grep -q '^usage: iftoprs' help
	grep -q -- '-i, --interface INTERFACE' help
	lacks $'\033' help
	[ "$(iftoprs -V)" = "iftoprs $(sed -n 's/^VERSION := //p' "$root/Makefile")" ]
	iftoprs -l | grep -q 'lo '
}

@test "help fits a terminal and names every option of the table" {
	iftoprs --help >help
	[ "$(wc -L <help)" -le 80 ]
	# Where one of a few words is wanted they are told.
	grep -q -- '--length LAYER .*: frame network$' help
	grep -A1 -- '--by KEY' help | grep -q '^  *local remote service protocol interface$'
	sed -n "/^table='/,/'\$/s/^-[^ ]* --\([^ ]*\).*/--\1/p" \
		"$root/bin/iftoprs" >options
	[ "$(wc -l <options)" -gt 25 ]
	while read -r option; do
		grep -q -- "$option" help
	done <options
}

@test "a bad command line is one line on standard error and status 2" {
	bad() {
		run -2 --separate-stderr iftoprs "$@"
		[ -z "$output" ]
		[ "${#stderr_lines[@]}" -eq 1 ]
		[[ $stderr == *"(see iftoprs --help)"* ]] ||
			[[ $stderr == *"--help)" ]]
	}
	bad --bogus
	bad -X
	bad -nX
	bad -n-
	bad -n-help
	bad -n-json
	bad --help --bogus
	bad word
	bad -- word
	bad -i
	bad --interface
	bad --json=yes
	bad --completions tcsh
	bad --sort sideways
	bad --sort 2s,10s
	bad --sort ''
	bad --completions bash,zsh
	bad --json -w file.txt
	bad --json --speed 2
	bad --json -w ''
}

@test "a bad value is told with the option as it was given, before anything starts" {
	bad() {	# WHAT-IS-TOLD ARGUMENT...
		local told=$1
		shift
		run -2 --separate-stderr iftoprs -w day.rec "$@"
		[ -z "$output" ]
		[ "${#stderr_lines[@]}" -eq 1 ]
		[[ $stderr == "iftoprs: $told"*" (see iftoprs --help)" ]]
		[ ! -e day.rec ]
	}
	bad "--net-filter: '300.0.0.0/8' is no" -F 300.0.0.0/8
	bad "--net-filter: '10.0.0.0/33' is no" -F 10.0.0.0/33
	bad "--net-filter: '10.0.0.0/255.0.255.0' is" -F 10.0.0.0/255.0.255.0
	bad "--net-filter: 'fd00::/8' is no IPv4" -F fd00::/8
	bad "--net-filter: '' is no" -F ''
	bad "--net-filter6: '10.0.0.0/8' is no IPv6" -G 10.0.0.0/8
	bad "--net-filter6: 'fd00::/129' is no" -G fd00::/129
	bad "--interval: '0': expected seconds from 0.2 to" --interval 0
	bad "--interval: 'x': expected" --interval x
	bad "--interval: '3601': expected" --interval 3601
	bad "--top: '-3': expected a number" -L -3
	bad "--top: '1.5': expected a number" -L 1.5
	bad "--count: 'many': expected a number" --count many
	bad "--count: '0': expected a number" --count 0
	bad "--speed: expected max or a number" -r "$sample" --speed fast
	bad "--alert: 'fast': expected a rate" --alert fast
	bad "--alert: '1Mb:up': expected a rate" --alert 1Mb:up
	bad "--seconds: expected seconds from" -t -s x
	bad "--seconds: expected seconds from" -t -s 0
	bad "--max-bandwidth: max_bandwidth is bytes per second" -m fast
	bad "--theme: there is no theme \"Nope\"" --theme Nope
	bad "--length: 'three' is none of" --length three
	bad "--interface: '' is no interface name" -i ''
	run -2 --separate-stderr iftoprs -w day.pcap --rotate x
	[[ $stderr == "iftoprs: --rotate: expected SIZE"* ]]
}

@test "options that exclude each other are named, both" {
	for pair in '--text --json' "--read=$sample --interface=lo" \
	    "--read=$sample --promiscuous" '--once --count=2' \
	    '--once --final' '--count=2 --final' '--alert=1Mb --final' \
	    '--once --seconds=2' '--count=2 --seconds=2' \
	    '--alert=1Mb --seconds=2' '--publisher --no-processes'; do
		first=${pair% *} second=${pair#* }
		for words in "$first $second" "$second $first"; do
			# shellcheck disable=SC2086 # words
			run -2 --separate-stderr iftoprs --json $words
			[ -z "$output" ]
			[ "$stderr" = "iftoprs: ${first%%=*} and ${second%%=*} \
exclude each other (see iftoprs --help)" ]
		done
	done
}

@test "every POSIX shell parses options, settings and files alike" {
	printf '%s\n' "bpf_filter = \"it's \\\"quoted\\\" and \\\\ so\"" \
		'dns_resolution = false' >conf
	all() {
		local script
		script=$(command -v iftoprs)
		$1 "$script" --help
		$1 "$script" -V
		$1 "$script" -c conf --json --dry-run -i a -i 'b c' -nBia
		$1 "$script" -c conf --dry-run -f "it's \"\\x\" \$(y)" --json
		$1 "$script" --json -n -Z --final -r "$sample"
		$1 "$script" --json -n -Z --final -r - <"$sample"
		$1 "$script" -t -n -s 20 -r "$sample" --no-link-local
		$1 "$script" --json -F 1.2.3.4/99 || echo status $?
		$1 "$script" --json -r none || echo status $?
		$1 "$script" --completions elvish
	}
	all bash >want 2>&1
	[ "$(wc -l <want)" -gt 100 ]
	for shell in dash 'busybox ash' ksh yash mksh 'zsh --emulate sh'; do
		command -v "${shell%% *}" >/dev/null || continue
		all "$shell" >got 2>&1
		diff want got
	done
}

@test "values may stand apart, joined to the letter, or behind an equals sign" {
	for words in '-i a' '-ia' '-i=a' '--interface a' '--interface=a' \
	    '-ni a' '-nia'; do
		# shellcheck disable=SC2086 # words
		iftoprs --json --dry-run $words | grep -q -- ' -i a'
	done
	iftoprs --json --dry-run -f '' | grep -q -- " -f ''"
	iftoprs --json --dry-run -i a -i b | grep -q -- ' -i a -i b'
}

@test "of networks several make one, of both families" {
	iftoprs -n --json --final -r "$sample" -F 192.168.1.20/32 \
		-F 198.51.100.0/24 -G fd00::/8 >got
	capd -r "$sample" | flowagg --final -F 192.168.1.20/32 \
		-F 198.51.100.0/24 -G fd00::/8 | jq -c '[.total_sent, .total_recv]' >want
	jq -c '[.total_sent, .total_recv]' got | diff want -
	iftoprs -n --json --final -r "$sample" -F 198.51.100.0/24 -G fd00::/8 |
		jq -c '[.total_sent, .total_recv]' | cmp -s - want && false
	mandoc -T ascii "$root/share/man/iftoprs.1" | col -b | tr -s ' \t\n' ' ' |
		grep -q -- 'up to 16 -F and -G together make one network'
}

@test "settings apply where the command line says nothing" {
	printf '%s\n' 'interface = "lo"' 'bpf_filter = "udp port 53"' \
		'dns_resolution = false' 'refresh_rate = 5' 'sort = "total"' >conf
	iftoprs -c conf --json --dry-run >chain
	grep -q "capd -i lo -f 'udp port 53' --latency 1050 |" chain
	grep -q 'flowagg --interval 5 --sort total |' chain
	grep -q 'namemap --dns=off' chain
	iftoprs -c conf --json --dry-run -i eth0 -f '' --interval 1 -o 2s >chain
	grep -q "capd -i eth0 -f '' --latency 1050 |" chain
	grep -q 'flowagg --interval 1 --sort 2s |' chain
	iftoprs -c conf --json --dry-run --interval 0.5 >chain
	grep -q -- '--latency 550 |' chain
	iftoprs -c conf --json --dry-run --interval 0.2 >chain
	grep -q -- '--latency 250 |' chain
	# What is captured is no matter of files.
	iftoprs -c conf --json --dry-run -r "$sample" >chain
	! grep -q 'udp port 53' chain
}

@test "IPv6 link-local is counted, unless settings or command line say no" {
	echo 'link_local = false' >conf
	left_out() {
		iftoprs --json --dry-run "$@" |
			grep -q -- 'flowagg .*--no-link-local'
	}
	run ! left_out -c none
	run ! left_out -c none --link-local
	left_out -c none --no-link-local
	left_out -c conf
	run ! left_out -c conf --link-local
	left_out -c conf --link-local --no-link-local
}

@test "settings of what is captured do not stand in the way of a replay" {
	printf '%s\n' 'interface = "nope0"' 'bpf_filter = "no filter"' \
		'promiscuous = true' >conf
	iftoprs -n -c conf --json --final -r "$sample" |
		jq -e '.flow_count > 100' >/dev/null
}

@test "which networks are counted live is no matter of files, but on the command line" {
	printf '%s\n' 'net_filter = "10.0.0.0/8"' 'net_filter6 = "fd00::/8"' \
		'link_local = false' >conf
	iftoprs -n -c none --json --final -r "$sample" >want
	iftoprs -n -c conf --json --final -r "$sample" | cmp - want
	chain() { iftoprs --json --dry-run "$@" | grep flowagg >chain; }
	chain -c conf
	grep -q -- '-F 10.0.0.0/8 -G fd00::/8 .*--no-link-local' chain
	chain -c conf -r "$sample"
	lacks '-F\|-G\|link-local' chain
	chain -c conf -r "$sample" -F 10.0.0.0/8 -G fd00::/8 --no-link-local
	grep -q -- '-F 10.0.0.0/8 -G fd00::/8 .*--no-link-local' chain
	chain -r "$sample" --no-link-local --link-local
	lacks link-local chain
}

@test "an interface among the settings that is gone is told, and the default taken" {
	echo 'interface = "nope0"' >conf
	iftoprs -c conf --json --dry-run >chain 2>err
	[ "$(cat err)" = "iftoprs: there is no interface nope0, which the \
settings name; taking the default" ]
	lacks nope0 chain
	iftoprs -c conf --json --dry-run -i lo 2>err | grep -q 'capd -i lo'
	[ ! -s err ]
}

@test "settings are printed, checked and taken over from iftop" {
	export HOME=$PWD
	iftoprs --print-config | grep -q '^theme = "NeonSprawl"'
	iftoprs --print-config -o src --alert 8Mb:sent >config
	grep -q '^sort = "source"  *# command line' config
	grep -q '^alert_threshold = 1000000  *# command line' config
	echo 'refresh_rate = "often"' >.iftoprs.conf
	run -1 --separate-stderr iftoprs --check-config
	[[ $stderr == *.iftoprs.conf:1:* ]]
	rm .iftoprs.conf
	iftoprs --check-config
	run -1 --separate-stderr iftoprs -c 'no such.conf' --check-config
	[ "$stderr" = "iftoprs: there is no file 'no such.conf'" ]
	[ -z "$output" ]
	iftoprs -c none --print-config >config
	printf 'dns-resolution: no\ninterface: lo\n' >'my iftoprc'
	iftoprs --import-iftoprc 'my iftoprc'
	grep -q 'interface = "lo"' .iftoprs.conf
	iftoprs --json --dry-run | grep -q -- '-i lo'
}

@test "all 31 themes are listed" {
	iftoprs --list-colors >list
	[ "$(grep -c . list)" -eq 31 ]
	grep -q '^NeonSprawl ' list
}

@test "what cannot go together is said" {
	iftoprs -n -Z --json -r "$sample" -w day.rec >day.ndjson
	run -2 --separate-stderr iftoprs --json -r day.ndjson -w copy.rec
	[[ $stderr == *packets* ]]
	run -2 --separate-stderr iftoprs --json -r day.rec -w copy.pcap
	run -2 --separate-stderr iftoprs -t -r day.ndjson
	run -2 --separate-stderr iftoprs -t -r day.rec -w copy.ndjson
	[ ! -e copy.rec ] && [ ! -e copy.pcap ] && [ ! -e copy.ndjson ]
}

@test "a dry run prints a chain that a shell runs to the same end" {
	iftoprs --dry-run --json -n -r "$sample" --final >chain
	sh ./chain >by-hand
	[ -s by-hand ]
	iftoprs --json -n -r "$sample" --final >by-script
	diff <(jq -c 'del(.names, .attribution)' by-hand) \
		<(jq -c 'del(.names, .attribution)' by-script)
}

@test "a dry run quotes what a shell would take apart" {
	iftoprs --dry-run --json -f "it's (a) \$(touch bad) filter" >chain
	lacks ' it.s' chain
	printf 'set -- %s\nprintf "%%s\\n" "$@"\n' \
		"$(sed -n 's/^.*capd\(.*\) |$/\1/p' chain)" | sh >words
	printf '%s\n' -f "it's (a) \$(touch bad) filter" --latency 1050 |
		diff - words
	[ ! -e bad ]
}

@test "a missing file, and one that is no capture, are told before anything starts" {
	run -1 --separate-stderr iftoprs --json -r nowhere.pcap
	[ "$stderr" = "iftoprs: there is no file 'nowhere.pcap'" ]
	printf '{\n  "schema": 1\n}\n' >pretty
	run -1 --separate-stderr iftoprs --json -r pretty
	[[ $stderr == *'JSON over several lines; jq -c writes'* ]]
	printf '\357\273\277{"schema":1}\n' >marked
	run -1 --separate-stderr iftoprs --json -r marked
	[[ $stderr == *'a byte-order mark before its JSON'* ]]
	[ -z "$output" ]
	echo 'no capture at all' >text
	run -1 --separate-stderr iftoprs --json -r text
	[ -z "$output" ]
	[[ $stderr == *text*capture* ]]
	gzip -c "$sample" >packed.gz
	run -1 --separate-stderr iftoprs --json -r packed.gz
	[[ $stderr == *"gzip -dc FILE | iftoprs -r -" ]]
}

@test "text reports know -B and -P" {
	iftoprs -t -r "$sample" --final -o total >bits
	iftoprs -t -r "$sample" --final -o total -B >bytes
	grep '^Peak' bits | grep -q '1.47Mb    118Mb    119Mb'
	grep '^Peak' bytes | grep -q '183kB   14.8MB   14.8MB'
	diff <(awk '{ print $NF }' bits | head -9) \
		<(awk '{ print $NF }' bytes | head -9)
	iftoprs -t -r "$sample" --final -P >hosts
	capd -r "$sample" | flowagg --final --text --by hosts --top 10 |
		diff hosts -
	grep -q '1\.20:[0-9]* =>' bits
	! grep -q '1\.20:[0-9]* =>' hosts || return 1
	# Nothing else takes them.
	iftoprs --json -n -r "$sample" --final -BP |
		jq -e '.by == "flow"' >by
}

@test "a place for temporary files that is none is told, with the remedy" {
	TMPDIR=$PWD/nowhere run -1 --separate-stderr iftoprs \
		-r "$root/share/sample.pcap" --final --json
	[ -z "$output" ]
	[ "$stderr" = "iftoprs: cannot make a directory in $PWD/nowhere;\
 TMPDIR may name another place" ]
}

@test "a place for temporary files that is full is told, and nothing starts" {
	need_root
	need "mounts" unshare -m true
	unshare -m bash -c 'mkdir small
		mount -t tmpfs -o size=32k small small
		for kept in 32768 24576 4096; do	# bytes used by another
			head -c $kept /dev/zero >small/other
			for shell in dash bash "busybox ash" "zsh --emulate sh"; do
				status=0
				TMPDIR=$PWD/small $shell "$(command -v iftoprs)" \
					--once -r "$1" >out 2>err || status=$?
				[ $status = 1 ] || exit
				echo "iftoprs: cannot write to a directory in \
$PWD/small; TMPDIR may name another place" | diff - err || exit
				[ ! -s out ] && [ "$(ls small)" = other ] || exit
			done
		done' - "$sample"
}

@test "a signal at the moment the run directory is made leaves none" {
	mkdir bin tmp
	export TMPDIR=$PWD/tmp PATH=$PWD/bin:$PATH
	local real
	real=$(command -v mktemp)
	cat >bin/mktemp <<-E
	#!/bin/sh
	"$real" "\$@" && kill -s "\$(cat signal)" "\$(cat pid)"
	E
	chmod +x bin/mktemp
	for shell in dash bash "busybox ash"; do
		for signal in TERM HUP USR1; do
			echo $signal >signal
			status=0
			sh -c 'echo $$ >pid; exec "$@"' - $shell \
				"$(command -v iftoprs)" --once -r "$sample" \
				>out 2>err || status=$?
			echo "$shell $signal $status"
			[ "$status" -eq $((128 + $(kill -l $signal))) ]
			diff /dev/null out
			[ -z "$(ls tmp)" ]
		done
	done
}

@test "options of the shell that come with the environment change nothing" {
	mkdir tmp
	export TMPDIR=$PWD/tmp
	iftoprs --json -nr "$sample" --final | jq 'del(.session)' >want
	for options in nounset errexit noglob noclobber \
	    nounset:errexit:noglob:noclobber:posix; do
		echo $options
		rm -f new.rec
		env SHELLOPTS=$options bash "$(command -v iftoprs)" --json \
			-nr "$sample" --final -w new.rec >out 2>err
		diff /dev/null err
		jq 'del(.session)' out | diff want -
		[ -s new.rec ]
		[ -z "$(ls tmp)" ]
	done
}

@test "a directory in place of a file is told" {
	run -1 --separate-stderr iftoprs --json -r .
	[ "$stderr" = "iftoprs: '.' is a directory" ]
}

@test "it runs without standard input" {
	iftoprs -n --json -r "$sample" --once <&- | jq -e '.seq == 1'
}

@test "what is printed has to arrive" {
	need /dev/full test -c /dev/full
	for program in capd flowagg procmap namemap tuiview; do
		for option in --help --version; do
			run -1 --separate-stderr sh -c \
				"$program $option >/dev/full"
			[[ $stderr == "$program: standard output: No space"* ]]
		done
	done
	run -1 sh -c 'tuiview --list-colors >/dev/full'
	run -1 sh -c 'capd -L >/dev/full'
	run -1 --separate-stderr sh -c 'iftoprs -V >/dev/full'
	[[ $stderr != *namemap* ]]
	run -1 --separate-stderr sh -c 'iftoprs -h >/dev/full'
	[[ $stderr == *'No space'* ]]
	run -0 sh -c 'capd --help | true'
}

@test "a bad filter is told in libpcap's words before anything starts" {
	run -1 --separate-stderr iftoprs --json -r "$sample" -f 'tcp prot 80'
	[ -z "$output" ]
	[[ $stderr == *"tcp prot 80"*syntax* ]]
}

@test "an interface that does not exist is answered with those that do" {
	need_root
	run -1 --separate-stderr iftoprs --json -i nope0
	[ -z "$output" ]
	[[ $stderr == *nope0* ]]
	[[ $stderr == *lo* ]]
}

@test "who may not capture is told how to" {
	need_root
	need "setpriv" command -v setpriv
	run -1 --separate-stderr setpriv --reuid=65534 --regid=65534 \
		--clear-groups --inh-caps=-all --bounding-set=-all \
		iftoprs --json -i lo
	[ -z "$output" ]
	[[ $stderr == *sudo* ]]
	[[ $stderr == *"make cap"* ]]
}

@test "a capture, a recording, snapshots and a pipe give the same stream" {
	iftoprs -n -Z --json -r "$sample" -w day.rec >want
	[ "$(wc -l <want)" -gt 100 ]
	iftoprs -n -Z --json -r day.rec -w day.ndjson | cmp - want
	iftoprs -n -Z --json -r - <day.rec | cmp - want
	iftoprs -n -Z --json -r day.ndjson | cmp - want
	iftoprs -n -Z --json -r - <"$sample" | cmp - want
	iftoprs -n -Z --json -r <(cat "$sample") | cmp - want
	capd -r "$sample" -o ndjson >records.ndjson
	iftoprs -n -Z --json -r records.ndjson | cmp - want
	# As other programs write JSON; no text of a record has these.
	sed 's/":/": /g; s/,"/, "/g' records.ndjson >blanks.ndjson
	iftoprs -n -Z --json -r blanks.ndjson | cmp - want
	sed 's/^{"schema":/{"schema" : /' want >blanks.ndjson
	iftoprs -n -Z --json -r blanks.ndjson --once |
		jq -e '.type == "snapshot"'
}

@test "standard input and other descriptors may be read by their names" {
	iftoprs -n -Z --json -r "$sample" -w day.rec --top 3 >want
	for name in /dev/stdin /dev/fd/0 /proc/self/fd/0; do
		iftoprs -n -Z --json -r $name --top 3 <"$sample" | cmp - want
		iftoprs -n -Z --json -r $name --top 3 < <(cat "$sample") |
			cmp - want
	done
	iftoprs -n -Z --json -r /dev/stdin --top 3 <day.rec | cmp - want
	run -2 --separate-stderr iftoprs -r /dev/stdin -t <want
	[[ $stderr == *'no packets in standard input '* ]]
	for name in 3 4 5 9; do
		eval "iftoprs -n -Z --json -r /dev/fd/$name --top 3 \
			$name<$sample </dev/null" | cmp - want
	done
	# What else is in /dev is a file as any.
	need "/dev/shm" test -w /dev/shm
	cp day.rec /dev/shm/iftoprs-$$.rec
	iftoprs --json -r /dev/shm/iftoprs-$$.rec --dry-run >chain
	rm /dev/shm/iftoprs-$$.rec
	grep -q "^cat -- /dev/shm/iftoprs-$$.rec |" chain
}

@test "a capture can be recorded as a capture" {
	iftoprs -n -Z --json -r "$sample" -w copy.pcap -f 'udp port 53' >want
	iftoprs -n -Z --json -r copy.pcap --final |
		jq -e '.flow_count > 50 and all(.flows[]; .proto == 17)' >/dev/null
}

@test "a record that cannot be written is told before anything starts" {
	run -1 --separate-stderr iftoprs --json -r "$sample" -w nowhere/day.rec
	[ -z "$output" ]
	[[ $stderr == *nowhere/day.rec* ]]
	for name in day.rec day.ndjson day.pcap; do
		mkdir $name
		run -1 --separate-stderr iftoprs --json -r "$sample" -w $name
		[ -z "$output" ]
		[ "$stderr" = "iftoprs: cannot write $name: it is a directory" ]
	done
}

@test "no record is left behind by a command line that is refused" {
	run -2 --separate-stderr iftoprs --json -r "$sample" -w day.rec \
		--interval x
	run -2 --separate-stderr iftoprs --json -i lo -w day.rec --rotate 1M
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $stderr == *"--rotate goes with --write FILE.pcap"* ]]
	run -1 --separate-stderr iftoprs --json -r "$sample" -w day.rec \
		-f 'no filter'
	[ ! -e day.rec ]
}

@test "under sudo a record belongs to the user who asked" {
	need_root
	for name in day.rec day.ndjson day.pcap; do
		SUDO_UID=65534 SUDO_GID=65534 SUDO_USER=nobody iftoprs -n -Z \
			--json -r "$sample" -w $name >/dev/null
		[ "$(stat -c %u $name)" = 65534 ]
	done
}

@test "under sudo no record is written over what is another user's" {
	need_root
	echo secret >roots.rec
	ln -s roots.rec link.rec
	for name in roots.rec link.rec; do
		SUDO_UID=65534 SUDO_GID=65534 SUDO_USER=nobody run -1 \
			--separate-stderr iftoprs -n -Z --json -r "$sample" \
			-w $name
		[[ $stderr == *"$name: it is a file of another user" ]]
	done
	[ "$(cat roots.rec)" = secret ]
}

@test "a record may be named as an option looks" {
	iftoprs -n -Z --json -r "$sample" -w -x.rec >want
	iftoprs -n -Z --json -r ./-x.rec | cmp - want
	iftoprs -n -Z --json -r "$sample" --write=-x.ndjson >/dev/null
	cmp ./-x.ndjson want
	iftoprs -n -Z --json -r -x.ndjson | cmp - want
}

@test "text reports are made as of iftop -t" {
	iftoprs -t -r "$sample" --final -o total -L 3 >report
	grep -q '^ *1 ' report
	grep -q '^ *3 ' report
	lacks '^ *4 ' report
	grep -qi 'total' report
}

@test "--seconds is one report of exactly so much traffic" {
	capd -r "$sample" --duration 20 | flowagg --final |
		jq '[.elapsed, .flow_count, .total_sent]' >want
	iftoprs -n --json -r "$sample" -s 20 |
		jq '[.elapsed, .flow_count, .total_sent]' | cmp - want
	[ "$(jq '.[0]' want)" = 20 ]
	iftoprs -t -r "$sample" -s 20 >report
	[ "$(grep -c '^Total sent and received' report)" -eq 1 ]
	capd -r "$sample" >day.rec
	run -2 --separate-stderr iftoprs -t -r day.rec -s 20
	[[ $stderr == *--seconds* ]]
}

@test "--alert off takes back the setting, and what stands before it" {
	echo 'alert_threshold = 1000' >conf
	iftoprs -c conf --json --dry-run | grep -q -- '--alert 1000'
	for off in 'off' '0' '1Mb --alert off' '1Mb --alert=2Mb:sent --alert 0'; do
		# shellcheck disable=SC2086 # words
		iftoprs -c conf --json --dry-run --alert $off >chain
		lacks --alert chain
		# shellcheck disable=SC2086 # words
		iftoprs -c conf --print-config --alert $off |
			grep -q '^alert_threshold = 0 '
	done
	iftoprs -c conf --json --dry-run --alert off --alert 1Mb >chain
	grep -q 'flowagg --alert 1Mb ' chain
	iftoprs -n -Z --json -r "$sample" -c conf --alert off |
		jq -es 'all(.alerts == [])' >/dev/null
}

@test "an alert among the settings does not stop a single report" {
	echo 'alert_threshold = 1000' >conf
	iftoprs -n --json -r "$sample" --final -c conf |
		jq -e '.flow_count > 100' >/dev/null
	iftoprs -t -r "$sample" -s 20 -c conf | grep -q '^Total sent'
}

@test "the reader may leave: the chain ends at once, silently, with status 0" {
	fake_stages
	leave() {
		SECONDS=0
		$shell "$(command -v iftoprs)" --json 2>err | head -n 1 >line
		[ "${PIPESTATUS[0]}" -eq 0 ]
		[ ! -s err ]
		grep -q '"n":1' line
		[ $SECONDS -lt 4 ]
		[ -z "$(left_over)" ]
		[ -z "$(ls tmp)" ]
	}
	for shell in dash bash 'busybox ash' ksh yash 'zsh --emulate sh'; do
		command -v "${shell%% *}" >/dev/null || continue
		leave
	done
}

@test "a signal ends the chain and leaves no process and no file behind" {
	fake_stages
	for shell in dash bash 'busybox ash' ksh yash 'zsh --emulate sh'; do
		command -v "${shell%% *}" >/dev/null || continue
		for signal in TERM HUP USR1 USR2 PIPE ALRM XCPU; do
			rm -f out	# that of the one before
			# Who runs us may ignore it, as GNU parallel does.
			env --default-signal=$signal $shell \
				"$PWD/fake/iftoprs" --json >out 2>err 3>&- &
			pid=$!
			wait_for 5 grep -q '"n":2' out
			kill -$signal $pid
			status=0
			wait $pid || status=$?
			echo "$shell $signal $status"
			[ $status -eq $((128 + $(kill -l $signal))) ]
			[ ! -s err ]
			[ -z "$(left_over)" ]
			[ -z "$(ls tmp)" ]
		done
	done
}

@test "a umask that leaves its user nothing, or a reader of --dry-run that left" {
	local user=() place
	place=$(mktemp -d "/tmp/ift-umask.XXXXXX")
	export TMPDIR=$place HOME=$place
	cp "$root/share/sample.pcap" "$place/day.pcap"
	[ "$(id -u)" != 0 ] || {	# root may do anything
		user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
		chown -R 65534 "$place"
		"${user[@]}" iftoprs --version || {
			rm -r "$place"
			skip "missing: programs that everyone may run"
		}
	}
	touch out err
	(umask 777; cd /; exec "${user[@]}" iftoprs -n --json --final \
		-r "$place/day.pcap") >out 2>err || true
	(trap - PIPE; exec iftoprs --dry-run -n --json -r "$place/day.pcap") | :
	rm "$place/day.pcap"
	wait_for 5 rmdir "$place" || { ls -la "$place"; rm -rf "$place"; false; }
	[ ! -s err ]
	jq -e '.flow_count > 300' out
}

@test "Ctrl-C ends the chain with status 130, Ctrl-\\ with 131" {
	fake_stages
	for signal in INT QUIT; do
		rm -f out	# that of the one before
		# A group of its own, and not born ignoring the signal.
		env --default-signal=$signal setsid iftoprs --json \
			>out 2>err 3>&- &
		pid=$!
		wait_for 5 grep -q '"n":2' out
		kill -$signal -- -$pid
		status=0
		wait $pid || status=$?
		[ $status -eq $((128 + $(kill -l $signal))) ]
		[ ! -s err ]
		[ -z "$(left_over)" ]
		[ -z "$(ls tmp)" ]
	done
}

# killed: the run directory of a script that was killed outright, and its pid.
killed() {
	rm -f out
	iftoprs --json >out 2>err 3>&- &
	pid=$!
	wait_for 5 grep -q '"n":1' out
	kill -KILL $pid
	wait $pid || true
	[ "$(ls tmp | wc -l)" = 1 ]
}

@test "what a script that was killed outright left behind goes with the next" {
	fake_stages
	killed
	# As long as its stages run, it is theirs.
	iftoprs --json -r "$sample" --final >/dev/null
	[ "$(ls tmp | wc -l)" = 1 ]
	pkill -f "$PWD/fake/" || true
	wait_for 5 sh -c '! pgrep -f "$PWD/fake/"'
	for shell in dash bash 'busybox ash' ksh yash 'zsh --emulate sh'; do
		command -v "${shell%% *}" >/dev/null || continue
		cp -a tmp kept
		mkdir -p tmp/"$(ls tmp)"/control
		mkfifo tmp/"$(ls tmp)"/control/capd
		$shell "$PWD/fake/iftoprs" --json -r "$sample" >/dev/null
		[ -z "$(ls tmp)" ]
		rmdir tmp
		mv kept tmp
	done
}

@test "nothing is taken for left behind that is not, and no link is followed" {
	fake_stages
	killed
	pkill -f "$PWD/fake/" || true
	wait_for 5 sh -c '! pgrep -f "$PWD/fake/"'
	left=$(echo tmp/iftoprs.*)
	mkdir tmp/iftoprs.backup tmp/iftoprs.empty1 precious
	touch tmp/iftoprs.backup/letter precious/letter
	# Links: to a directory elsewhere, and out of one of ours.
	cp "$left"/*pid* precious
	ln -s ../precious tmp/iftoprs.linked
	ln -s ../../precious "$left/control"
	# Of another machine, which may share this directory.
	cp -r "$left" tmp/iftoprs.remote
	rm tmp/iftoprs.remote/control
	echo 'pid:[1]' >tmp/iftoprs.remote/pid_space
	# Another user's.
	cp -r "$left" tmp/iftoprs.others
	rm tmp/iftoprs.others/control
	[ "$(id -u)" != 0 ] || chown -R 65534 tmp/iftoprs.others
	iftoprs --json -r "$sample" >/dev/null
	[ ! -e "$left" ]
	[ -e precious/letter ]
	[ -e precious/iftoprs.pid ]
	[ -e tmp/iftoprs.backup/letter ]
	[ -d tmp/iftoprs.empty1 ]
	[ -e tmp/iftoprs.remote/iftoprs.pid ]
	[ "$(id -u)" != 0 ] || [ -e tmp/iftoprs.others/iftoprs.pid ]
}

@test "the status is that of the first stage that failed, and it is named" {
	fake_stages
	printf '%s\n' '#!/bin/sh' \
		'for a; do [ "$a" != --help ] || exit 0; done' \
		'echo "flowagg: no" >&2; exit 1' >fake/flowagg
	run -1 --separate-stderr iftoprs --json
	[ "$stderr" = 'flowagg: no' ]
	[ -z "$(left_over)" ]
	printf '%s\n' '#!/bin/sh' \
		'for a; do [ "$a" != --help ] || exit 0; done' \
		'kill -KILL $$' >fake/procmap
	cp fake/namemap fake/flowagg
	run -1 --separate-stderr iftoprs --json
	[[ $stderr == *"procmap was ended by signal 9"* ]]
	[ -z "$(left_over)" ]
	[ -z "$(ls tmp)" ]
}

@test "a symbolic link finds the programs beside the script" {
	fake_stages
	mkdir elsewhere
	ln -s ../fake/iftoprs elsewhere/first
	ln -s first elsewhere/second
	elsewhere/second --json --dry-run | head -n 1 | grep -q "$PWD/fake/capd"
}

@test "CDPATH does not lead to another tree's programs" {
	fake_stages
	mkdir -p other/fake other/scripts fake/scripts fake/bin
	cp fake/* other/fake 2>/dev/null || true
	PATH=/usr/bin:/bin CDPATH=$PWD/other fake/iftoprs --json --dry-run >chain
	grep -q "^$PWD/fake/capd" chain
	# The script that sets up and builds, with all it runs made out of echo.
	cp "$root/scripts/run" fake/scripts
	for name in scripts/setup bin/iftoprs; do
		printf '%s\n' '#!/bin/sh' 'pwd' >fake/$name
		chmod +x fake/$name
	done
	printf 'all:\n\t@:\n' >fake/Makefile
	cd fake
	CDPATH=$PWD/../other scripts/run -V >where
	[ "$(sort -u where)" = "$PWD" ]
	# And from elsewhere: options name files as they are there.
	cd ..
	fake/scripts/run -V | tail -n 1 >where
	[ "$(cat where)" = "$PWD" ]
}

@test "the script alone, and run by sh, finds its programs" {
	mkdir "sp ace" alone
	cp "$root"/bin/* "sp ace"
	cp "$root"/bin/iftoprs alone
	PATH="$PWD/sp ace:/usr/bin:/bin" alone/iftoprs -n --json \
		-r "$root/share/sample.pcap" >out
	[ -s out ]
	fake_stages
	cd fake
	PATH="$root/bin:/usr/bin:/bin" sh iftoprs --json --dry-run >chain
	grep -q "^$PWD/capd" chain
}

@test "programs that are not there are named" {
	mkdir alone
	cp "$root"/bin/iftoprs "$root"/bin/iftoprs-* alone
	PATH=/usr/bin:/bin run -1 --separate-stderr alone/iftoprs --json
	[[ $stderr == *"cannot find capd"* ]]
	fake_stages
	rm fake/iftoprs-chain
	PATH=/usr/bin:/bin run -1 --separate-stderr fake/iftoprs --json
	[ "$stderr" = "iftoprs: cannot find iftoprs-chain beside \
$PWD/fake/iftoprs or in the PATH; was it built (make)?" ]
}

@test "a program that cannot be run is a failure, with status 1" {
	fake_stages
	printf '\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0\0\0' >stub
	chmod +x stub
	local name
	for name in namemap tuiview; do
		cp stub fake/$name
		run -1 --separate-stderr iftoprs --json
		[ -z "$output" ]
		[[ $stderr == *$name* ]]
		cp "$(PATH=${PATH#"$PWD/fake:"} command -v $name)" fake
	done
	printf '%s\n' '#!/bin/sh' \
		'for a; do [ "$a" != --help ] || exit 0; done' \
		'echo "here: gone" >&2; exit 127' >fake/namemap
	run -1 --separate-stderr iftoprs --json
	[ "$stderr" = "here: gone" ]
}

@test "an ordinary user sees nothing of another's run directory" {
	fake_stages
	iftoprs --json >out 2>err 3>&- &
	pid=$!
	wait_for 5 grep -q '"n":1' out
	[ "$(stat -c %a tmp/iftoprs.*)" = 700 ]
	kill $pid
	wait $pid || true
}

@test "live: two hosts' traffic is counted to the byte, both ways" {
	need_root
	need socat command -v socat
	two_hosts
	ip netns exec "$ns_a" socat -u UDP4-RECV:4000 OPEN:/dev/null 3>&- &
	ip netns exec "$ns_a" env PATH="$PATH" iftoprs -n -Z --json -i a0 \
		-f 'udp port 4000' >out 2>err 3>&- &
	pid=$!
	wait_for 5 test -s out
	# 20 datagrams of 1000 bytes, in frames of 1042.
	ip netns exec "$ns_b" bash -c 'exec 3>/dev/udp/192.0.2.1/4000
		for i in {1..20}; do printf "%01000d" 0 >&3; done'
	wait_for 5 grep -q '"total_recv":20840,' out
	kill $pid
	wait $pid || true
	tail -n 1 out | jq -e '.flow_count == 1 and
		.flows[0].src == "192.0.2.1" and .flows[0].dst == "192.0.2.2" and
		.flows[0].total_recv == 20840 and .flows[0].total_sent == 0'
	[ "$(ip netns pids "$ns_a" | xargs ps -o comm= -p)" = socat ]
}

teardown() {
	no_hosts
}
