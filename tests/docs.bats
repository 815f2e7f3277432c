# SPDX-License-Identifier: MIT
#
# The README, the tree and its rules.

load helper

@test "the README's map of the tree names every folder, and no other" {
	sed -n '/^## The tree/,/^## /s/^    \([a-z]*\)\/.*/\1/p' \
		"$root/README.md" | sort >map
	(cd "$root" && git ls-files 2>/dev/null || find . -type f) |
		sed -n 's|^\(\./\)\{0,1\}\([a-z]*\)/.*|\2|p' | sort -u >tree
	diff map tree
}

@test "every picture and file that the README links to is there" {
	grep -o '](\([^)#]*\)' "$root/README.md" | sed 's/](//' |
		grep -v '^http' >links || true
	grep -o 'src="[^"]*"' "$root/README.md" | sed 's/src="//; s/"//' >>links ||
		true
	[ -s links ]
	while read -r link; do
		[ -e "$root/$link" ]
	done <links
}

@test "the README has ten pipelines, and the two commands" {
	examples "$root/README.md" | tr -cd '\0' | wc -c >count
	[ "$(cat count)" -ge 10 ]
	grep -q '^    ./scripts/run$' "$root/README.md"
	grep -q '^    ./scripts/check$' "$root/README.md"
}

@test "the layers hold: who may include what" {
	"$root/scripts/check-layers"
}

@test "a program that reaches into another is found" {
	mkdir tree
	cp -r "$root"/{lib,capd,flowagg,procmap,namemap,tuiview,scripts} tree
	tree/scripts/check-layers
	echo '#include "flowagg/flows.h"' >>tree/capd/decode.c
	run ! tree/scripts/check-layers
	cp "$root/capd/decode.c" tree/capd
	echo '#include "capd/decode.h"' >>tree/lib/num.c
	run ! tree/scripts/check-layers
	cp "$root/lib/num.c" tree/lib
	echo '#include <curses.h>' >>tree/tuiview/grid.c
	run ! tree/scripts/check-layers
}

@test "lint finds nothing: scripts, pages, headers, both compilers' warnings" {
	for tool in shellcheck mandoc gcc clang; do
		need $tool command -v $tool
	done
	"$root/scripts/lint"
}

@test "a fuzz target that is not there is refused, with those that are" {
	run -2 --separate-stderr "$root/scripts/fuzz" nonsense
	[[ -z $output && $stderr == *": capd_"*" lib_"* ]]
	[[ $stderr != *.c* ]]
}

# scripts: those that are run by people and take arguments of their own.
scripts() {
	(cd "$root/scripts" && ls) |
		grep -vx 'run\|usage\|bench-lib\|bench-plot'
}

@test "every script says what it is for when asked, and does nothing else" {
	cd "$root/scripts"
	export BENCH_DATA=$BATS_TEST_TMPDIR/data
	[ "$(scripts | wc -l)" -gt 20 ]
	for script in $(scripts); do
		echo "$script"
		for word in -h --help; do
			run -0 --separate-stderr "./$script" $word
			[[ -z $stderr && $output == *"${script#bench-}"* ]] ||
				[ "$(wc -w <<<"$output")" -gt 15 ]
			[[ $output != *'set -'* && $output != *'#'* ]]
		done
	done
	[ ! -e "$BENCH_DATA" ]
}

@test "every script refuses what it does not know, with status 2" {
	export BENCH_DATA=$BATS_TEST_TMPDIR/data
	refused() {
		echo "$*"
		run -2 --separate-stderr "$root/scripts/$1" "${@:2}"
		[[ -z $output && -n $stderr ]]
		[ "${#stderr_lines[@]}" -eq 1 ]
	}
	for script in $(scripts); do
		[ "$script" = run-tests ] || refused "$script" --nonsense
	done
	for words in 'bench-idle 3' 'bench-idle -t x' 'bench-names -t 0' \
	    'bench-quick foo' 'bench-quick record x' 'bench-procmap T99' \
	    'bench-procmap T7' 'bench-file D' 'bench-growth many' \
	    'bench-memory x' 'bench-live lose' 'bench-screen -s x' \
	    'bench -n x quick' 'bench -n 0 quick' 'bench quick slow' \
	    'deb' 'dist' 'dist 1.0 2.0' 'dist ../1' 'release 1.0-rc' \
	    'install -u -u' 'install --uninstall' 'install x' \
	    'make-sample a b' 'screenshot a b' 'theme-sheet dark light' \
	    'setup --test x' 'check STRICT' 'run-tests tests/none.bats'; do
		# shellcheck disable=SC2086 # words
		refused $words
	done
	[ ! -e "$root/x" ] && [ ! -e "$root/a" ]
}

@test "make help names every target that is for people" {
	make -s -C "$root" help >got
	sed -n '/^\.PHONY:/,/[^\\]$/p' "$root/Makefile" |
		tr -s ' \t\\:' '\n' | grep -vx '\.PHONY\|FORCE\|all\|' |
		while read -r target; do
			grep -qw "$target" got || echo "$target"
		done >missing
	diff /dev/null missing
	grep -q '^make  ' got
}

@test "setup takes what the tests and what the comparisons need, together" {
	mkdir path
	printf '%s\n' '#!/bin/sh' 'exit 1' >path/dpkg-query
	printf '%s\n' '#!/bin/sh' 'echo 1000' >path/id
	printf '%s\n' '#!/bin/sh' 'echo "$@" >>"$SAID"' >path/sudo
	cp path/sudo path/apt-get
	chmod +x path/*
	SAID=$PWD/said PATH=$PWD/path:$PATH "$root/scripts/setup" --test --bench
	for package in gcc bats nfdump; do
		[ "$(tail -n 1 said | tr ' ' '\n' | grep -cx $package)" = 1 ]
	done
	# What both name is asked for once.
	tail -n 1 said | tr ' ' '\n' | sort | uniq -d | diff /dev/null -
	rm said
	SAID=$PWD/said PATH=$PWD/path:$PATH "$root/scripts/setup"
	lacks 'bats\|nfdump' said
}

@test "every source file says its licence" {
	cd "$root"
	for file in bin/iftoprs* */*.[ch] procmap/bpf/* scripts/* .ci/run \
	    share/jq/* share/systemd/* tests/*.ba* tests/*/*.[ch] \
	    tests/tools/*; do
		head -n 5 "$file" | grep -q SPDX-License-Identifier ||
			echo "$file: no licence"
	done >"$BATS_TEST_TMPDIR/wrong"
	diff /dev/null "$BATS_TEST_TMPDIR/wrong"
}

@test "the front script stays under 300 lines" {
	[ "$(wc -l <"$root/bin/iftoprs")" -lt 300 ]
}

@test "the recipe of the busiest flows writes rates and addresses as the screen does" {
	need jq command -v jq
	flow='{"src":"fd00::1","dst":"192.0.2.1","src_port":1,"dst_port":0}'
	for case in 124:992b 125:1kb 12493:99.9kb 18999:152kb 124999:1Mb; do
		jq -rn --argjson v "${case%:*}" --argjson flow "$flow" '
			{flow_count: 1, sent_10s: 0, recv_10s: 0, flows: [$flow + {sent_10s: $v,
			recv_10s: 0}]}' >in
		jq -r -f "$root/share/jq/top.jq" in >got
		grep -q " 1 flow, " got
		grep -q "^  ${case#*:}	0b	\[fd00::1\]:1 -> 192.0.2.1$" got
	done
}
