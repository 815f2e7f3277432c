# SPDX-License-Identifier: MIT
#
# The cost of a packet in instructions, which is the same on every run,
# whatever else the machine does.

load helper

@test "a packet costs no more than half as many again as was recorded" {
	need valgrind command -v valgrind
	[ "$(cd "$root" && cd "${BIN:-bin}" && pwd)" = "$root/bin" ] ||
		skip "counts the programs in bin/ only"
	need "the recorded machine, x86_64" test "$(uname -m)" = x86_64
	"$root/scripts/bench" -d "$PWD" quick
}

@test "a part that does not exist is refused with status 2" {
	[ "$(cd "$root" && cd "${BIN:-bin}" && pwd)" = "$root/bin" ] ||
		skip "counts the programs in bin/ only"
	run -2 --separate-stderr "$root/scripts/bench" -d "$PWD" nonsense
	[ "$stderr" = "bench: no part 'nonsense' (see scripts/bench --help)" ]
}

@test "what measures procmap without eBPF is built of what it names" {
	need "a C compiler" command -v cc
	cd "$root"
	# shellcheck disable=SC2046 # file names, split on purpose
	cc -std=c17 -D_GNU_SOURCE -DVERSION='"bench"' -I. \
		-o "$BATS_TEST_TMPDIR/costs" tests/tools/procmap-costs.c \
		$(sed -n 's/^.*uses: //p' tests/tools/procmap-costs.c) \
		lib/*.c -lm
}
