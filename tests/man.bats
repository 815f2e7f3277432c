# SPDX-License-Identifier: MIT
#
# The manual pages say what the programs do: the same options, members that
# exist, examples that run.

load helper

pages=$root/share/man

# Names of options at the start of a paragraph of a page, and in --help.
options_of_page() {
	mandoc -T ascii "$1" | col -b | grep '^ *-[A-Za-z-]' |
		grep -o -- '--[a-z][a-z0-9-]*' | sort -u
}

options_of_help() {
	"$1" --help | grep '^ *-' | grep -o '^ *[-A-Za-z, ]*--[a-z][a-z0-9-]*' |
		grep -o -- '--[a-z][a-z0-9-]*' | sort -u
}

@test "every manual page is clean mdoc" {
	need mandoc command -v mandoc
	mandoc -Tlint -W warning "$pages"/*
	# A quotation within another is one that was never closed.
	for page in "$pages"/*; do
		mandoc -T utf8 "$page" | col -b | grep '””' |
			sed "s|^|${page##*/}:|"
	done >nested
	diff /dev/null nested
}

@test "every program has a page, and every reference leads to one" {
	for tool in iftoprs capd flowagg procmap namemap tuiview; do
		[ -e "$pages/$tool.1" ]
	done
	grep -ho '^\.Xr [a-z.-]* [157]' "$pages"/* | sort -u |
		grep -E ' (iftoprs|capd|flowagg|procmap|namemap|tuiview)' |
		while read -r _ name section; do
			[ -e "$pages/$name.$section" ] || echo "$name($section)"
		done >missing
	diff /dev/null missing
}

@test "each page names the options of its program, no fewer and no more" {
	need mandoc command -v mandoc
	for tool in iftoprs capd flowagg procmap namemap tuiview; do
		[ -e "$pages/$tool.1" ] || continue
		options_of_help $tool | sed "s/^/$tool /" >>help
		options_of_page "$pages/$tool.1" | sed "s/^/$tool /" >>page
	done
	[ "$(wc -l <help)" -gt 80 ]
	diff -u help page
}

@test "the short letters of iftoprs are those of its page" {
	need mandoc command -v mandoc
	mandoc -T ascii "$pages/iftoprs.1" | col -b |
		grep -o '^ *-[A-Za-z], --[a-z0-9-]*' | tr -d ' ' | sort >page
	iftoprs --help | grep -o '^ *-[A-Za-z], --[a-z0-9-]*' | tr -d ' ' |
		sort >help
	diff -u help page
}

@test "iftoprs-snapshot(5) names every member of a snapshot" {
	capd -r "$root/share/sample.pcap" | flowagg --alert 1 | procmap |
		namemap --dns off >lines
	jq -r 'paths | map(select(type == "string")) | .[]' lines |
		sort -u >members
	[ "$(wc -l <members)" -gt 80 ]
	cat "$pages/iftoprs-snapshot.5" "$pages"/{procmap,namemap}.1 >text
	while read -r member; do
		grep -qwF -- "$member" text || echo "$member"
	done <members >missing
	diff /dev/null missing
}

@test "iftoprs(7) names every file that is installed beside the pages, and where" {
	need mandoc command -v mandoc
	for file in $(cd "$root/share" && echo jq/* schema/* *.pcap *.conf); do
		sed -n '/^\.Sh FILES/,/^\.Sh EXAMPLES/p' "$pages/iftoprs.7" |
			grep '^\.It Pa' | grep -qw "$file" || echo "$file"
	done >missing
	diff /dev/null missing
	for page in iftoprs.1 iftoprs.7; do
		grep -q '^\.Pa /usr/share/iftoprs' "$pages/$page"
		grep -q '^\.Pa /usr/local/share/iftoprs' "$pages/$page"
	done
}

@test "what iftoprs-records(5) says is enough to read the binary form" {
	need python3 command -v python3
	capd -r "$root/share/sample.pcap" >day.rec
	capd -r "$root/share/sample.pcap" -o ndjson >want.ndjson
	python3 - <<-'P' >got
	import ipaddress, json, struct
	data = open("day.rec", "rb").read()
	assert data[:8] == b"\x89iftopr\0"
	order = "<" if data[8:10] == b"\x02\x01" else ">"
	names, at = [], 0
	while at < len(data):
	    slot = data[at:at + 64]
	    kind = slot[0]
	    if kind == 0x89:
	        version, size, tail, length = struct.unpack(order + "HHHI",
	                                                    slot[10:20])
	        assert (version, size) == (1, 64)
	        source = json.loads(data[at + 64:at + 64 + length])
	        names = [i["name"] for i in source["interfaces"]]
	    else:
	        tail, = struct.unpack(order + "H", slot[2:4])
	    if kind == 1:
	        (flags, family, protocol, tcp, direction, ts, src, dst, sport,
	         dport, frame, network, vlan, interface) = struct.unpack(
	            order + "xBxxBBBBQ16s16sHHIIHH", slot)
	        text = lambda a: str(ipaddress.ip_address(
	            a[:4] if family == 4 else a))
	        icmp = protocol in (1, 58)
	        print(ts, names[interface], direction, vlan, text(src), text(dst),
	              protocol, 0 if icmp else sport, 0 if icmp else dport,
	              sport if icmp else 0, tcp, frame, network, flags & 3)
	    if kind == 2:
	        numbers = struct.unpack(order + "14Q", data[at + 8:at + 120])
	        print("tick", *numbers[:12])
	    at += 64 * (1 + tail)
	P
	python3 - <<-'P' >want
	import json
	directions = ["unknown", "in", "out"]
	for line in open("want.ndjson"):
	    r = json.loads(line)
	    if r["type"] == "packet":
	        print(r["sec"] * 10**9 + r["nsec"], r["interface"],
	              directions.index(r["direction"]), r["vlan"], r["src"],
	              r["dst"], r["proto"], r["src_port"], r["dst_port"],
	              r.get("icmp_type", 0) * 256 + r.get("icmp_code", 0),
	              r.get("tcp_flags", 0), r["length"], r["network_length"],
	              r["fragment"] + 2 * r["truncated"])
	    if r["type"] == "tick":
	        print("tick", r["sec"] * 10**9 + r["nsec"], *[r[k] for k in (
	            "packets", "bytes", "kernel_dropped", "interface_dropped",
	            "malformed", "malformed_bytes", "unsupported",
	            "unsupported_bytes", "non_ip_packets", "non_ip_bytes",
	            "duplicates")])
	P
	[ "$(wc -l <want)" -gt 1000 ]
	cmp want got
}

# What must be typed at a terminal, needs another machine, or changes this
# one: only its words are looked at.
only_words() {
	case $1 in
	*'tuiview -d '* | *'tuiview --print-config') return 1 ;;
	*systemctl* | *setcap* | *apt-get* | *'make '* | *ssh\ * | *./scripts/run* | \
	    *./scripts/check* | *git\ clone* | *tuiview* | 'echo '*'>'* | \
	    *' > ctl'* | *control*) return 0 ;;
	esac
	return 1
}

# try COMMAND: run an example here; one from an interface, or that asks DNS
# servers, for two seconds in a namespace of its own with an interface eth0.
try() {
	local command=$1 status=0
	bash -n -c "$command"
	only_words "$command" && return
	case $command in
	*sudo* | *eth0* | *-i\ lo* | *'namemap --wait'*)
		[ "$(id -u)" = 0 ] || return 0
		need unshare unshare -n true
		timeout -k 5 2 unshare -n bash -o pipefail -c '
			ip link add eth0 type veth peer name eth1
			ip link set eth0 up; ip link set eth1 up
			ip link set lo up
			ip addr add 192.0.2.1/24 dev eth0
			sudo() { "$@"; }
			'"$command" >out 2>err 3>&- || status=$?
		[ $status -eq 124 ] || [ $status -eq 0 ] || {
			echo "status $status: $command"
			cat err
			return 1
		} ;;
	*)
		timeout -k 5 60 bash -o pipefail -c "$command" >out 2>err \
			3>&- || status=$?
		# A reader that left ends capd and the like with status 0; the
		# shell's own tools with SIGPIPE.
		[ $status -eq 0 ] || [ $status -eq 141 ] || {
			echo "status $status: $command"
			cat err
			return 1
		}
		[ -s out ] || [[ $command == *'>'* ]] ||
			[[ $command == *vlan* ]] ||
			[[ $command == *cmp* ]] || [[ $command == *check* ]] || {
			echo "no output: $command"
			return 1
		} ;;
	esac
	! grep -i 'unknown\|--help)' err
}

# A place where the examples' files are.
examples_place() {
	mkdir share
	ln -s "$root"/share/jq "$root"/share/sample.pcap share
	local name
	for name in day trace capture file dump; do
		ln -s "$root/share/sample.pcap" $name.pcap
	done
	capd -r day.pcap >hour.rec
	flowagg <hour.rec | procmap >hour.ndjson
}

examples_of() {
	examples "$1" >examples
	local command
	while IFS= read -r -d '' command; do
		try "$command"
	done <examples
}

@test "a command in the examples of a page begins with its prompt" {
	# What stands there else are settings.
	for page in "$pages"/*; do
		sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE ALSO/p' "$page" |
			grep -E '^(\.Dl )?(capd|flowagg|procmap|namemap|tuiview|iftoprs|echo|sudo|ssh) ' |
			sed "s|^|${page##*/}: |"
	done >wrong || true
	diff /dev/null wrong
}

@test "an example is shown as it is to be typed" {
	need mandoc command -v mandoc
	for page in "$pages"/*; do
		mandoc -T utf8 -O width=500 "$page" | col -bx >shown
		examples "$page" >examples
		while IFS= read -r -d '' command; do
			grep -qF -- "${command%%$'\n'*}" shown ||
				echo "${page##*/}: ${command%%$'\n'*}"
		done <examples
	done >wrong
	diff /dev/null wrong
}

@test "the examples of iftoprs(1) run" {
	examples_place
	examples_of "$pages/iftoprs.1"
}

@test "the examples of iftoprs(7) run" {
	examples_place
	examples_of "$pages/iftoprs.7"
}

@test "the examples of the section 5 pages run" {
	examples_place
	for page in "$pages"/*.5; do
		examples_of "$page"
	done
}

@test "the examples of the filters' pages run" {
	examples_place
	for tool in capd flowagg procmap namemap tuiview; do
		[ -e "$pages/$tool.1" ] || continue
		examples_of "$pages/$tool.1"
	done
}

@test "the commands in the README run" {
	examples_place
	examples_of "$root/README.md"
}

@test "every --help fits a terminal of 80 columns" {
	for program in iftoprs capd flowagg procmap namemap tuiview; do
		"$program" --help | awk -v p=$program 'length > 80 {
			print p ": " $0 }'
	done >wide
	diff /dev/null wide
}
