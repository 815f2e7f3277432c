# SPDX-License-Identifier: MIT
#
# The 830 test captures of the tcpdump project, against what a program
# independent of this one made of them.

load helper

units=${UNIT:-$root/build/unit}
case $units in /*) ;; *) units=$root/$units ;; esac

@test "every test capture of tcpdump gives exactly the flows expected" {
	need_corpus
	run -0 compare-corpus "$corpus"
	[ "${lines[-1]}" = "830 of 830 files as expected" ]
}

@test "every one does so through flowagg, too" {
	need_corpus
	need "flowagg: make" command -v flowagg
	run -0 compare-corpus -a "$corpus"
	[ "${lines[-1]}" = "830 of 830 files as expected" ]
}

@test "no capture cut anywhere is read too far or gives other packets" {
	need_corpus
	need "the unit programs: make units" test -x "$units/capd_cut"
	# CUT=all cuts the files at every byte: minutes, not seconds.
	run -0 "$units/capd_cut" "$corpus"/*.pcap "$corpus"/*.pcapng
	[[ $output == "830 files, "* ]]
}
