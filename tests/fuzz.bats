# SPDX-License-Identifier: MIT
#
# The fuzz targets without a fuzzer: each is linked with what it says it uses,
# and takes any bytes.

load helper

targets=${UNIT:-$root/build/unit}/../fuzz
case $targets in /*) ;; *) targets=$root/$targets ;; esac

@test "each fuzz target is built of what it names, and takes seeds" {
	need "make units" test -d "$targets"
	local file name
	mkdir seeds
	for file in "$fixtures"/*.hex; do
		hex "$file" >"seeds/$(basename "$file" .hex)"
	done
	capd -r seeds/ethernet >seeds/records
	capd -r seeds/ethernet -o ndjson >seeds/ndjson
	: >seeds/nothing
	for file in "$root"/tests/fuzz/*.c; do
		name=$(basename "$file" .c)
		echo "$name"
		"$targets/$name" seeds/*
		[ ! -d "$root/tests/fuzz/seeds/$name" ] ||
			"$targets/$name" "$root/tests/fuzz/seeds/$name"/*
	done
}
