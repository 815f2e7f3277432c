# SPDX-License-Identifier: MIT
#
# capd -r: reading capture files, good and bad, paced and not.

load helper

# Seconds 10.0, 10.5 and then 12.25, 12.5 and 20 of some capture.
five() {
	{
		echo "pcap 228"
		for ts in 10.000000 10.500000 12.250000 12.500000 20.000000; do
			echo "packet $ts"
			echo 45 00 00 1c 00 01 00 00 40 11 00 00
			echo c0 00 02 01 c6 33 64 07 00 01 00 02 00 08 00 00
		done
	} | hex - >"$1"
}

# at SECONDS: a packet of that time.
at() {
	echo "packet $1"
	echo 45 00 00 1c 00 01 00 00 40 11 00 00
	echo c0 00 02 01 c6 33 64 07 00 01 00 02 00 08 00 00
}

@test "the same file gives the same bytes" {
	hex "$fixtures/ethernet.hex" >in.pcap
	capd -r in.pcap >one
	capd -r in.pcap >two
	cmp one two
	[ -s one ]
}

@test "the session is named by the content, not by the name of the file" {
	hex "$fixtures/ethernet.hex" >a.pcap
	cp a.pcap b.pcap
	hex "$fixtures/vlan.hex" >c.pcap
	session() {
		capd -r "$1" -o ndjson | jq -r 'select(.session).session'
	}
	[ "$(session a.pcap)" = "$(session b.pcap)" ]
	[ "$(session a.pcap)" != "$(session c.pcap)" ]
	[[ $(session a.pcap) =~ ^[0-9a-f]{16}$ ]]
}

@test "standard input is read with -" {
	hex "$fixtures/ethernet.hex" >in.pcap
	capd -r in.pcap >one
	cat in.pcap | capd -r - >two
	[ -s one ]
	cmp one two
}

@test "a tick comes at each second that is crossed, one for a gap" {
	five in.pcap
	run -0 records -r in.pcap
	diff -u - <(grep '^tick' <<<"$output") <<-END
	tick 12.000000000 packets=2 bytes=56
	tick 20.000000000 packets=4 bytes=112
	tick 20.000000000 packets=5 bytes=140
	END
}

@test "a late packet changes no tick" {
	{ echo "pcap 228"; at 10.0; at 12.0; at 11.9; at 12.1; } | hex - >in.pcap
	run -0 records -r in.pcap
	diff -u - <(grep '^tick\|^event' <<<"$output") <<-END
	tick 12.000000000 packets=1 bytes=28
	tick 12.100000000 packets=4 bytes=112
	END
}

@test "when time steps back for good an event says so and ticks go on" {
	{
		echo "pcap 228"
		at 1000.0
		at 11.0		# late only
		at 1000.0
		for i in 1 2 3 4 5 6 7 8 9 10 11; do at 10.0; done
		at 11.0
	} | hex - >in.pcap
	run -0 records -r in.pcap
	diff -u - <(grep '^tick\|^event' <<<"$output") <<-END
	event warn: time in the file steps back at packet 4
	tick 10.000000000 packets=12 bytes=336
	tick 11.000000000 packets=14 bytes=392
	tick 11.000000000 packets=15 bytes=420
	END
}

@test "where time steps back is told as the file numbers its packets" {
	other() {
		at "$1" | sed 's/00 01 00 02 00 08/00 01 00 03 00 08/'
	}
	{
		echo "pcap 228"
		at 1000.0
		other 1000.0
		other 1000.0
		for i in 1 2 3 4 5 6 7 8 9 10 11; do other 10.0; at 10.0; done
	} | hex - >in.pcap
	run -0 records -r in.pcap
	[[ $output == *"steps back at packet 4"$'\n'* ]]
	# The first is of the other kind.
	run -0 records -r in.pcap -f 'udp dst port 2'
	[[ $output == *"steps back at packet 5"$'\n'* ]]
}

@test "-n ends after so many packets, --duration at a packet's time" {
	five in.pcap
	run -0 records -r in.pcap -n 3
	[[ $output == *"tick 12.250000000 packets=3 bytes=84"*end ]]
	run -0 records -r in.pcap --duration 2.4
	[[ $output == *"tick 12.400000000 packets=3 bytes=84"*end ]]
}

@test "a filter applies to a file, and counts only what it matches" {
	hex "$fixtures/ethernet.hex" >in.pcap
	run -0 records -r in.pcap -f 'udp port 53'
	[[ $output == *"packets=1 bytes=46"* ]]
	[[ $output != *TCP* ]]
}

@test "the name of an interface holds nothing that a terminal obeys" {
	# eth0 becomes "e", Escape, a newline, a byte that is no UTF-8.
	sed 's/65 74 68 30/65 1b 0a ff/' "$fixtures/pcapng.hex" |
		hex - | capd -r - -o tsv | grep -v '^#' >got
	grep -q "$(printf '\te???\t')" got
	hex "$fixtures/pcapng.hex" | capd -r - -o tsv | grep -v '^#' |
		sed 's/eth0/e???/' | diff - got
}

@test "a filter that names a service works in the sandbox" {
	hex "$fixtures/pcapng.hex" >in.pcapng
	run -0 records -r in.pcapng -f 'udp dst port domain or udp port 3'
	[[ $output == *" tun0 in UDP 2001:db8::1 1 > 2001:db8::2 3 "* ]]
	[[ $output == *" packets=1 "* ]]
}

@test "a filter sees a BSD loopback family in any byte order and of any system" {
	local name
	for name in null loop; do
		hex "$fixtures/$name.hex" >$name.pcap
		capd -r $name.pcap -o tsv | grep -v '^[#t]' >all
		capd -r $name.pcap -o tsv -f 'ip6 or not ip6' |
			grep -v '^[#t]' | diff all -
		capd -r $name.pcap -o tsv -f ip6 | grep -v '^[#t]' >six
		grep 2001:db8 all | diff - six
		[ -s six ]
		capd -r $name.pcap -o tsv -f ip | grep -v '^[#t]' >four
		grep 192.0.2 all | diff - four
		[ -s four ]
	done
}

@test "a filter takes raw IP by the number that OpenBSD has for it, too" {
	local type
	for type in 12 14 101; do
		{ echo "pcap $type"; at 1; } | hex - >in.pcap
		run -0 records -r in.pcap -f 'udp port 2' -w out.pcap
		[[ $output == "source file:RAW"*"packets=1 "* ]]
		[ "$(od -An -tu4 -j20 -N4 out.pcap | tr -d ' ')" = 101 ]
	done
}

@test "a filter on what only a kernel knows is refused for a file" {
	local filter
	hex "$fixtures/ethernet.hex" >ethernet.pcap
	hex "$fixtures/linux-cooked.hex" >cooked.pcap
	for filter in inbound "not outbound" "tcp and inbound" "ifindex 2"; do
		run -1 --separate-stderr capd -r ethernet.pcap -f "$filter"
		[ -z "$output" ]
		[[ $stderr == "capd: filter '$filter': "*"does not tell"* ]]
	done
	hex "$fixtures/radiotap.hex" >radiotap.pcap
	run -1 --separate-stderr capd -r radiotap.pcap --wifi -f inbound
	[[ $stderr == *"does not tell"* ]]
	# A cooked capture does tell.
	for filter in inbound outbound; do
		capd -r cooked.pcap -f $filter -o tsv >"$filter"
		grep -v '^[#t]' $filter | cut -f 3 | sort -u >$filter.ways
	done
	grep -qx in inbound.ways
	run ! grep -x out inbound.ways
	[ "$(cat outbound.ways)" = out ]
}

@test "ip broadcast is to all hosts, in a file without a netmask" {
	{
		echo "pcap 228"
		at 1
		at 2 | sed 's/c6 33 64 07/ff ff ff ff/'
	} | hex - >in.pcap
	run -0 records -r in.pcap -f 'ip broadcast'
	[[ $output == *" > 255.255.255.255 "*"packets=1 "* ]]
	run -0 records -r in.pcap -f 'not ip broadcast'
	[[ $output == *" > 198.51.100.7 "*"packets=1 "* ]]
}

@test "protochain follows headers, and ends where they go round" {
	# An authentication header that libpcap takes for the next one of its
	# own, for ever; and TCP behind two headers of options.
	{
		echo "pcap 229"
		echo packet 1
		echo 60 00 00 00 00 2c 33 40
		echo 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01
		echo 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 02
		echo 33 08 00 00 00 00 00 01 00 00 00 01 00 00 00 00
		echo 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
		echo 00 00 00 00 00 00 00 00 00 00 00 00
		echo packet 2
		echo 60 00 00 00 00 24 00 40
		echo 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01
		echo 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 02
		echo 3c 00 01 04 00 00 00 00 06 00 01 04 00 00 00 00
		echo 00 07 00 50 00 00 00 00 00 00 00 00 50 02 00 00
		echo 00 00 00 00
	} | hex - >in.pcap
	run -0 timeout -s KILL 20 "$BIN/capd" -r in.pcap -o tsv \
		-f 'ip6 protochain 6'
	[ "$(grep -c 2001:db8 <<<"$output")" = 1 ]
	[[ $output == *2001:db8::1*7*2001:db8::2*80* ]]
	run -0 timeout -s KILL 20 "$BIN/capd" -r in.pcap -o tsv \
		-f 'ip6 protochain 17'
	[ "$(grep -c 2001:db8 <<<"$output")" = 0 ]
}

@test "a long filter takes not much more time than compiling it once" {
	five in.pcap
	local TIMEFORMAT=%U filter once all
	filter="$(seq -f 'port %.0f or ' 150)port 9"
	once=$({ time capd -r in.pcap --check -f "$filter"; } 2>&1)
	all=$({ time capd -r in.pcap -f "$filter" >got; } 2>&1)
	jq -n "$all < 4 * $once + 0.5" | grep -qx true
}

@test "a bad filter is refused with libpcap's word before any output" {
	hex "$fixtures/ethernet.hex" >in.pcap
	run -1 --separate-stderr capd -r in.pcap -f 'tcp prot 80'
	[ -z "$output" ]
	[[ $stderr == "capd: filter 'tcp prot 80': "*syntax* ]]
}

# resolved RESOLUTION UNITS OFFSET: the time of a packet in a pcapng file,
# all three in hexadecimal, the last two as the file has them.
resolved() {
	hex - <<-E | capd -r - -o ndjson |
	0a 0d 0d 0a 1c 00 00 00 4d 3c 2b 1a 01 00 00 00
	ff ff ff ff ff ff ff ff 1c 00 00 00
	01 00 00 00 28 00 00 00 e4 00 00 00 00 00 00 00
	09 00 01 00 $1 00 00 00 0e 00 08 00 $3 28 00 00 00
	06 00 00 00 3c 00 00 00 00 00 00 00 $2 1c 00 00 00 1c 00 00 00
	45 00 00 1c 00 01 00 00 40 11 00 00
	c0 00 02 01 c6 33 64 07 00 01 00 02 00 08 00 00
	3c 00 00 00
	E
		jq -j 'select(.type == "packet") | .sec, ".", .nsec'
}

@test "any resolution and offset of a pcapng clock is understood" {
	local none="00 00 00 00 00 00 00 00" at5="05 00 00 00 00 00 00 00"
	local half="00 00 00 80 00 00 00 00"	# of 2^64
	[ "$(resolved 00 "00 00 00 00 07 00 00 00" "$none")" = 7.0 ]
	[ "$(resolved 06 "00 00 00 00 ff ff ff ff" "$at5")" = 4299.967295000 ]
	[ "$(resolved 8a "00 00 00 00 00 06 00 00" "$none")" = 1.500000000 ]
	[ "$(resolved a8 "c0 01 00 00 00 00 00 00" "$none")" = 1.750000000 ]
	[ "$(resolved bf "$half" "$none")" = 1.0 ]
	[ "$(resolved c0 "$half" "$at5")" = 5.500000000 ]
	[ "$(resolved c1 "$half" "$at5")" = 5.250000000 ]
	[ "$(resolved ff "$half" "$at5")" = 5.0 ]
	# 2^63 = 9223372036854775808
	[ "$(resolved 13 "$half" "$none")" = 0.922337203 ]
	[ "$(resolved 14 "$half" "$none")" = 0.92233720 ]
	[ "$(resolved 16 "$half" "$at5")" = 5.922337 ]
	[ "$(resolved 7f "$half" "$at5")" = 5.0 ]
	# Before 1970, and far out: none wraps around.
	[ "$(resolved 00 "00 00 00 00 07 00 00 00" \
	    "f8 ff ff ff ff ff ff ff")" = 0.0 ]
	[ "$(resolved 00 "$half" "07 00 00 00 00 00 00 80")" = 7.0 ]
	[ "$(resolved 00 "00 00 00 80 08 00 00 00" \
	    "ff ff ff ff ff ff ff 7f")" = 0.0 ]
}

@test "both byte orders and both time resolutions read the same" {
	local name
	for name in big-endian nanoseconds big-endian-nanoseconds link-flags; do
		hex "$fixtures/$name.hex" >in.pcap
		records -r in.pcap >got
		diff -u "$fixtures/$name.records" got
	done
}

@test "a pcapng file may mix interfaces, link types and clocks" {
	hex "$fixtures/pcapng.hex" >in.pcapng
	records -r in.pcapng >got 2>said
	diff -u "$fixtures/pcapng.records" got
	[[ $(cat said) == *"link type USB_LINUX is not decoded"* ]]
}

@test "a first packet that is not decoded keeps no other from being read" {
	hex - >in.pcapng <<-'E'
	0a 0d 0d 0a 1c 00 00 00 4d 3c 2b 1a 01 00 00 00 ff ff ff ff ff ff ff ff
	1c 00 00 00
	01 00 00 00 14 00 00 00 bd 00 00 00 00 00 00 00 14 00 00 00	# USB
	01 00 00 00 14 00 00 00 e4 00 00 00 00 00 00 00 14 00 00 00	# IPv4
	06 00 00 00 24 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00
	04 00 00 00 04 00 00 00 01 02 03 04 24 00 00 00
	06 00 00 00 3c 00 00 00 01 00 00 00 00 00 00 00 02 00 00 00
	1c 00 00 00 1c 00 00 00
	45 00 00 1c 00 01 00 00 40 11 00 00 c0 00 02 01 c6 33 64 07
	00 01 00 02 00 08 00 00 3c 00 00 00
	E
	capd -r in.pcapng --check
	capd -r in.pcapng --check -f 'udp port 2'
	run -0 --separate-stderr capd -r in.pcapng -o tsv -f 'udp port 2'
	[ "$(grep -c 198.51.100.7 <<<"$output")" = 1 ]
	[[ $stderr == *"takes nothing of link type USB_LINUX: "* ]]
	# Also where its interface comes later: here with another section.
	(head -c 48 in.pcapng; tail -c +69 in.pcapng | head -c 36) >usb.pcapng
	run -1 capd -r usb.pcapng --check
	cat usb.pcapng in.pcapng >late.pcapng
	capd -r late.pcapng --check
	run -0 --separate-stderr iftoprs -r in.pcapng --json
	[ "$(tail -n 1 <<<"$output" | jq -c '.capture |
	    [.packets, .unsupported]')" = "[2,1]" ]
}

@test "where a filter can match nothing of a later link type, that is told" {
	hex "$fixtures/pcapng.hex" >in.pcapng
	run -0 --separate-stderr capd -r in.pcapng -o ndjson -f 'ether[0] >= 0'
	[ "$(grep -c '"type":"packet"' <<<"$output")" -gt 0 ]
	[ "$(grep -c 'takes nothing of link type USB_LINUX' <<<"$stderr")" = 1 ]
	[ "$(grep -c 'takes nothing of' <<<"$stderr")" = 1 ]
	run -0 --separate-stderr capd -r in.pcapng -o ndjson \
		-f 'ether src 02:00:00:00:00:01 or vlan'
	[[ $stderr == *"capd: in.pcapng: filter 'ether src 02:00:00:00:00:01 or vlan' \
takes nothing of link type RAW: "* ]]
	jq -r 'select(.type == "event").text' <<<"$output" |
		grep -q 'takes nothing of link type RAW'
}

@test "a simple packet has as many bytes as its interface takes" {
	# It says how long it was, and not how much of that is there.
	for snaplen in 14:truncated 1c:whole 00:whole; do
		[ ${snaplen#*:} = whole ] && more="00 01 00 02 00 08 00 00" \
			size=2c || more='' size=24
		hex - >in.pcapng <<-E
		0a 0d 0d 0a 1c 00 00 00 4d 3c 2b 1a 01 00 00 00
		ff ff ff ff ff ff ff ff 1c 00 00 00
		01 00 00 00 14 00 00 00 e4 00 00 00 ${snaplen%:*} 00 00 00
		14 00 00 00
		03 00 00 00 $size 00 00 00 1c 00 00 00
		45 00 00 1c 00 01 00 00 40 11 00 00
		c0 00 02 01 c6 33 64 07 $more
		$size 00 00 00
		E
		capd -r in.pcapng -o ndjson | jq -c 'select(.type == "packet") |
		    [.length, .dst_port, .truncated]'
	done >got
	diff -u - got <<-'E'
	[28,0,true]
	[28,2,false]
	[28,2,false]
	E
}

@test "drops told with packets count until statistics tell of them" {
	local ip="45 00 00 14 00 01 00 00 40 fd 00 00 c0 00 02 01 c6 33 64 07"
	hex - >in.pcapng <<-E
	0a 0d 0d 0a 1c 00 00 00 4d 3c 2b 1a 01 00 00 00 ff ff ff ff ff ff ff ff
	1c 00 00 00
	01 00 00 00 14 00 00 00 e4 00 00 00 00 00 00 00 14 00 00 00	# IPv4
	01 00 00 00 14 00 00 00 e4 00 00 00 00 00 00 00 14 00 00 00	# IPv4
	# inbound, 300 lost before it
	06 00 00 00 48 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00
	14 00 00 00 14 00 00 00 $ip
	02 00 04 00 01 00 00 00 04 00 08 00 2c 01 00 00 00 00 00 00 48 00 00 00
	# 20 lost, and nobody knows how many; option 4 is none of these here
	02 00 00 00 40 00 00 00 01 00 14 00 00 00 00 00 02 00 00 00
	14 00 00 00 14 00 00 00 $ip
	04 00 08 00 09 00 00 00 00 00 00 00 40 00 00 00
	02 00 00 00 34 00 00 00 01 00 ff ff 00 00 00 00 03 00 00 00
	14 00 00 00 14 00 00 00 $ip 34 00 00 00
	E
	told() {
		capd -r "$1" -o ndjson >got
		jq -r 'select(.type == "packet").direction' got |
			head -n 1 | grep -qx in
		jq -s -c 'map(select(.type == "tick")) | last |
		    [.kernel_dropped, .interface_dropped]' got
	}
	[ "$(told in.pcapng)" = "[320,0]" ]
	# Statistics of the first interface, without drops and with.
	{
		cat in.pcapng
		hex - <<-E
		05 00 00 00 24 00 00 00 00 00 00 00 00 00 00 00 04 00 00 00
		04 00 08 00 09 00 00 00 00 00 00 00 24 00 00 00
		E
	} >received.pcapng
	[ "$(told received.pcapng)" = "[320,0]" ]
	{
		cat in.pcapng
		hex - <<-E
		05 00 00 00 24 00 00 00 00 00 00 00 00 00 00 00 04 00 00 00
		05 00 08 00 2d 01 00 00 00 00 00 00 24 00 00 00
		E
	} >lost.pcapng
	[ "$(told lost.pcapng)" = "[20,301]" ]
	# What a later packet tells is in those that follow, if any do.
	{
		cat lost.pcapng
		hex - <<-E
		06 00 00 00 48 00 00 00 00 00 00 00 00 00 00 00 04 00 00 00
		14 00 00 00 14 00 00 00 $ip
		02 00 04 00 01 00 00 00 04 00 08 00 2c 01 00 00
		00 00 00 00 48 00 00 00
		E
	} >later.pcapng
	[ "$(told later.pcapng)" = "[20,301]" ]
	# Another section begins anew.
	cat lost.pcapng in.pcapng >both.pcapng
	[ "$(told both.pcapng)" = "[340,301]" ]
}

@test "interfaces of one name are one, and behind 63 names all are others" {
	{
		echo 0a 0d 0d 0a 1c 00 00 00 4d 3c 2b 1a 01 00 00 00
		echo ff ff ff ff ff ff ff ff 1c 00 00 00
		for i in {10..79} 10; do	# "if10" to "if79", IPv4
			echo "01 00 00 00 1c 00 00 00 e4 00 00 00 00 00 00 00"
			echo "02 00 04 00 69 66 3${i%?} 3${i#?} 1c 00 00 00"
		done
		for i in {0..70}; do
			printf '06 00 00 00 3c 00 00 00 %02x 00 00 00\n' "$i"
			echo 00 00 00 00 02 00 00 00 1c 00 00 00 1c 00 00 00
			echo 45 00 00 1c 00 01 00 00 40 11 00 00 c0 00 02 01
			echo c6 33 64 07 00 01 00 02 00 08 00 00 3c 00 00 00
		done
	} | hex - >in.pcapng
	cat in.pcapng in.pcapng >both.pcapng
	capd -r both.pcapng | flowagg --final --by interface --sort total |
		jq -c '.flow_count, (.flows[:3][] |
		    [.interface, .packets_recv])' >got
	diff -u - got <<-'E'
	64
	["others",14]
	["if10",4]
	["if11",2]
	E
}

@test "a pcapng file may have sections of either byte order" {
	hex "$fixtures/pcapng-sections.hex" >in.pcapng
	records -r in.pcapng >got
	diff -u "$fixtures/pcapng-sections.records" got
}

@test "a capture without packets is a stream without packets" {
	local name
	for name in empty pcapng-empty; do
		hex "$fixtures/$name.hex" >in.pcap
		records -r in.pcap >got
		diff -u "$fixtures/$name.records" got
	done
}

@test "a link type that is not decoded is counted, named and status 1" {
	hex "$fixtures/undecoded.hex" >in.pcap
	run -1 --separate-stderr capd -r in.pcap -o ndjson
	[[ $stderr == "capd: in.pcap: link type USB_LINUX is not decoded"* ]]
	[[ ${lines[-1]} == *'"type":"end"'* ]]
	run -0 records -r in.pcap
	diff -u "$fixtures/undecoded.records" - <<<"$(grep -v ^capd <<<"$output")"
}

@test "of a damaged file all before the damage counts" {
	five in.pcap
	head -c 150 in.pcap >cut.pcap
	run -1 --separate-stderr capd -r cut.pcap -o ndjson
	[ "$stderr" = "capd: cut.pcap: the file is cut short in the packet or \
block at byte 112; 2 packets before it were read" ]
	[ "$(jq -r .type <<<"$output" | paste -sd ' ')" = \
	    "source packet packet event tick end" ]
	# Those that a filter leaves out were read, too.
	run -1 --separate-stderr capd -r cut.pcap -f "port 99"
	[[ $stderr == *"; 2 packets before it were read" ]]

	{ head -c 112 in.pcap; head -c 100 /dev/zero | tr '\0' '\377'; } >bad.pcap
	run -1 --separate-stderr capd -r bad.pcap -o ndjson
	[[ $stderr == *"claims 4294967295 captured bytes at byte 112; 2 packets before"* ]]

	# A block that is stepped over has two lengths as well.
	hex "$fixtures/pcapng.hex" >in.pcapng
	size=$(wc -c <in.pcapng)
	echo "0a 00 00 00 10 00 00 00 00 00 00 00 14 00 00 00" |
		hex - | cat in.pcapng - in.pcapng >bad.pcapng
	run -1 --separate-stderr capd -r bad.pcapng -o ndjson
	[[ $stderr == *"a block whose two lengths differ at byte $size; "* ]]
}

@test "what is no capture is refused before any output" {
	refused() {
		run -1 --separate-stderr capd -r "$1"
		[ -z "$output" ]
		[[ $stderr == "capd: $1: $2"* ]]
	}
	echo "hello, world" >text
	refused text "no capture file: expected pcap or pcapng, found it to start with 68 65 6c 6c"
	: >empty
	refused empty "the file is empty"
	printf 'ab' >short
	refused short "too short"
	five in.pcap
	gzip -c in.pcap >in.pcap.gz
	refused in.pcap.gz "compressed with gzip: decompress it first"
	printf '\3757zXZ\0' >in.pcap.xz
	refused in.pcap.xz "compressed with xz: decompress it first"
	capd -r in.pcap >in.rec
	refused in.rec "a record stream, which flowagg reads"
	capd -r in.pcap -o ndjson >in.ndjson
	refused in.ndjson "a record stream, which flowagg reads"
	flowagg --final <in.ndjson >in.snap
	refused in.snap "snapshots of flowagg, which tuiview reads"
	head -c 20 in.pcap >header
	refused header "a pcap file that is cut short in its header"
	refused missing "No such file"
	refused / "Is a directory"
}

@test "--check says nothing of a good file and why not of a bad one" {
	hex "$fixtures/ethernet.hex" >in.pcap
	hex "$fixtures/undecoded.hex" >usb.pcap
	run -0 capd -r in.pcap --check
	[ -z "$output" ]
	run -0 capd -r - --check <in.pcap
	run -1 capd -r usb.pcap --check
	[[ $output == *"USB_LINUX is not decoded"* ]]
	run -1 capd -r in.pcap --check -f 'no such'
	[[ $output == "capd: filter 'no such': "* ]]
	run -1 capd -r missing --check
	[[ $output == *"No such file"* ]]
}

@test "-w copies the packets that the filter matches" {
	hex "$fixtures/ethernet.hex" >in.pcap
	capd -r in.pcap -f icmp -w out.pcap >one
	capd -r out.pcap -o ndjson >two
	[ "$(jq -s 'map(select(.type == "packet")) | length' two)" = 3 ]
	capd -r in.pcap -f icmp -o ndjson | jq -c 'select(.type == "packet")' >a
	jq -c 'select(.type == "packet")' two >b
	diff -u a b
}

@test "privilege is gone before the first byte is read" {
	need_root
	mkfifo pipe
	capd -r pipe -w out.pcap >got 3>&- &
	local pid=$!
	exec 4>pipe
	wait_for 5 sh -c "! grep -q '^Uid:.0' /proc/$pid/status"
	wait_for 5 grep -q '^CapPrm:.0*$' "/proc/$pid/status"
	hex "$fixtures/ethernet.hex" >&4
	exec 4>&-
	wait "$pid"
	capd -r out.pcap | cmp - got
}

@test "-w gives the copy the link type that the capture has" {
	local type
	for type in 0 1 9 50 51 100 101 102 103 106 108 113 228 229 276; do
		hex - <<-E >in.pcap
		pcap $type
		packet 1
		45 00 00 1c
		E
		capd -r in.pcap -w out.pcap >records 2>messages || true
		[ "$(od -An -tu4 -j20 -N4 out.pcap | tr -d ' ')" = $type ]
	done
}

@test "-w copies what the filter takes, where other link types come before" {
	hex "$fixtures/pcapng.hex" >in.pcapng
	# Ethernet comes first, then raw IP.
	run -0 --separate-stderr capd -r in.pcapng -f 'ip6 and udp port 3' \
		-w out.pcap -o ndjson
	[[ $stderr != *out.pcap* ]]
	jq -r 'select(.type == "packet") | .src + .dst' <<<"$output" >want
	capd -r out.pcap -o ndjson >copy
	jq -r 'select(.type == "source").interfaces[0].linktype' copy |
		grep -qx RAW
	jq -r 'select(.type == "packet") | .src + .dst' copy | diff -u want -
	[ "$(wc -l <want)" -eq 1 ]
	# With no filter there is more than one such file can hold.
	run -0 --separate-stderr capd -r in.pcapng -w out.pcap -o ndjson
	[[ $stderr == *"out.pcap: "*" packets are not in it: "* ]]
	capd -r out.pcap -o ndjson >copy
	jq -r 'select(.type == "source").interfaces[0].linktype' copy |
		grep -qx EN10MB
	# Nothing at all is a capture, too.
	capd -r in.pcapng -f 'udp port 9' -w out.pcap >none
	capd -r out.pcap --check
}

@test "-w leaves a file alone when there is nothing to write to it" {
	echo precious >out.pcap
	run -1 --separate-stderr capd -r /dev/null -w out.pcap
	[ "$(cat out.pcap)" = precious ]
}

@test "files of more than 2 GB are read and written over, on 32 bits, too" {
	cp "$root/share/sample.pcap" large.pcap
	truncate -s 3G large.pcap
	capd -r large.pcap -n 5 >got
	capd -r "$root/share/sample.pcap" -n 5 -w large.pcap >want
	cmp want got
	[ "$(stat -c %s large.pcap)" -lt 10000 ]
}

@test "-w writes over what a longer file held" {
	five in.pcap
	head -c 100000 /dev/zero >out.pcap
	capd -r in.pcap -w out.pcap >one
	[ -s one ]
	capd -r out.pcap | cmp - one
}

@test "-w does not take the file that the records go to" {
	five in.pcap
	run -2 sh -c "capd -r in.pcap -w got >got"
	[ ! -s got ]
	capd -r in.pcap -w /dev/null >/dev/null
}

@test "with standard error closed no message gets into the file of -w" {
	five in.pcap
	head -c 150 in.pcap >cut.pcap
	run -1 sh -c "capd -r cut.pcap -w out.pcap <&- 2>&- >got"
	run -1 sh -c "capd -r cut.pcap -w want.pcap 2>/dev/null >got"
	[ -s want.pcap ]
	cmp want.pcap out.pcap
}

@test "-w does not overwrite the file that is read" {
	hex "$fixtures/ethernet.hex" >in.pcap
	cp in.pcap same.pcap
	run -1 --separate-stderr capd -r in.pcap -w in.pcap
	[[ $stderr == "capd: in.pcap: is the file that is read"* ]]
	run -1 --separate-stderr capd -r - -w in.pcap <in.pcap
	[[ $stderr == "capd: in.pcap: is the file that is read"* ]]
	cmp in.pcap same.pcap
}

@test "a reader that leaves is an ordinary end" {
	five in.pcap
	run -0 --separate-stderr sh -c '{ capd -r in.pcap --speed 1; echo $? >&3; } 3>status | head -c 1 >first'
	[ -s first ]
	[ -z "$stderr" ]
	[ "$(cat status)" = 0 ]
}

@test "a full disk is a failure" {
	five in.pcap
	need /dev/full test -c /dev/full
	run -1 --separate-stderr sh -c 'capd -r in.pcap >/dev/full'
	[[ $stderr == "capd: standard output: No space left"* ]]
	# So is a limit of the size of files.
	(
		ulimit -f 0
		capd -r in.pcap -w copy.pcap -o tsv 2>&1 >/dev/null || echo $?
	) | diff -u - <(echo "capd: copy.pcap: File too large"; echo 1)
}

@test "a closed standard output is refused, and -w not filled with records" {
	five in.pcap
	run -1 --separate-stderr sh -c 'capd -r in.pcap -w out.pcap >&-'
	[ "$stderr" = "capd: standard output is closed" ]
	[ ! -e out.pcap ]
}

@test "--speed paces by packet time, with ticks in between" {
	five in.pcap
	local start=${EPOCHREALTIME/./}
	capd -r in.pcap --speed 20 -o ndjson >got
	local took=$((${EPOCHREALTIME/./} - start))
	# Ten seconds at twenty times: half a second, and never less.
	[ "$took" -ge 490000 ]
	[ "$(jq -s 'map(select(.type == "packet")) | length' got)" = 5 ]
	[ "$(jq -s 'map(select(.type == "tick")) | length' got)" -ge 4 ]
	jq -s -e 'map(.sec * 1000000000 + .nsec | select(. > 0)) |
	    length > 0 and . == sort' <<<"$(jq -c 'select(.type == "tick")' got)"
}

@test "--duration ends a paced replay in its time, whenever the next packet is" {
	five in.pcap
	local start=${EPOCHREALTIME/./}
	run -0 records -r in.pcap --speed 10 --duration 7.5
	local took=$((${EPOCHREALTIME/./} - start))
	[ "$took" -ge 740000 ]
	[[ $output == *"tick 17.500000000 packets=4 bytes=112"*end ]]
}

@test "a control path that is no FIFO is refused by name" {
	hex "$fixtures/ethernet.hex" >in.pcap
	: >plain
	run -1 --separate-stderr capd -r in.pcap --control plain
	[ -z "$output" ]
	[ "$stderr" = "capd: --control: plain is no FIFO" ]
}

# tell WORDS...: a command to the control file.
tell() {
	echo "$*" >control
}

@test "a paced file is paused, stepped, hurried and resumed" {
	five in.pcap
	mkfifo control
	capd -r in.pcap --speed 0.001 --control control -o ndjson >got 2>said 3>&- &
	local pid=$!
	wait_for 5 grep -q '"packet"' got
	tell pause
	wait_for 5 grep -q 'replay: pause' got
	tell step
	wait_for 5 sh -c '[ "$(grep -c "\"type\":\"packet\"" got)" = 2 ]'
	tell step 2
	wait_for 5 sh -c '[ "$(grep -c "\"type\":\"packet\"" got)" = 4 ]'
	tell filter tcp
	wait_for 5 grep -q 'command refused: a file knows' got
	tell speed fast
	wait_for 5 grep -q 'command refused: speed takes a number' got
	tell speed max
	wait_for 5 grep -q 'replay: speed max' got
	[ "$(grep -c '"type":"packet"' got)" = 4 ]
	tell resume
	wait "$pid"
	[ "$(grep -c '"type":"packet"' got)" = 5 ]
	[ ! -s said ]
}

@test "an event holds nothing that a terminal obeys, and is UTF-8" {
	five in.pcap
	mkfifo control
	capd -r in.pcap --speed 0.001 --control control >got 2>said 3>&- &
	local pid=$!
	wait_for 5 test -s got
	printf 'j\377u\033m\303\266p\n' >control
	wait_for 5 env LC_ALL=C grep -aqF "not 'j?u?möp'" got
	kill "$pid"
	wait "$pid"
}

@test "a command that is too long is refused" {
	five in.pcap
	mkfifo control
	capd -r in.pcap --speed 0.001 --control control -o ndjson \
		>got 2>said 3>&- &
	local pid=$!
	wait_for 5 grep -q '"packet"' got
	tell "$(printf '%05000d' 0)"
	wait_for 5 grep -q "not 'a line of over 4096 bytes'" got
	tell pause
	wait_for 5 grep -q 'replay: pause' got
	kill "$pid"
	wait "$pid"
}

@test "SIGINT, SIGTERM and SIGHUP end the stream in good order" {
	five in.pcap
	for signal in INT TERM HUP; do
		rm -f got	# of the signal before
		# A shell has its background jobs ignore SIGINT.
		env --default-signal=INT,HUP \
			capd -r in.pcap --speed 0.001 -o ndjson >got 2>said 3>&- &
		local pid=$!
		wait_for 5 grep -q '"packet"' got
		kill -"$signal" "$pid"
		wait "$pid"
		tail -n 1 got | grep -q '"type":"end"'
		[ ! -s said ]
	done
}

@test "a signal also ends it when the reader reads nothing" {
	five five.pcap
	tail -c +25 five.pcap >packets
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
		cat packets packets >more
		mv more packets
	done
	head -c 24 five.pcap | cat - packets >in.pcap
	mkfifo out
	exec 5<>out
	capd -r in.pcap -o ndjson >out 2>said 3>&- 5<&- &
	local pid=$!
	stuck() {
		local status=/proc/$pid/status
		grep -q 'Seccomp:.2' "$status" && grep -q 'State:.S' "$status"
	}
	wait_for 10 stuck
	kill "$pid"
	ended() {
		! kill -0 "$pid" 2>/dev/null
	}
	wait_for 10 ended || kill -KILL "$pid"
	wait "$pid"
	exec 5<&-
	[ ! -s said ]
}

@test "a signal ends the wait for somebody to write to a FIFO" {
	mkfifo pipe
	capd -r pipe >got 2>said 3>&- &
	local pid=$!
	wait_for 5 catches_term capd "$pid"
	kill "$pid"
	wait "$pid"
	[ ! -s said ]
}

@test "under nohup a file is read on when the terminal goes" {
	five in.pcap
	env --ignore-signal=HUP capd -r in.pcap --speed 0.001 -o ndjson \
		>got 2>said 3>&- &
	local pid=$!
	wait_for 5 grep -q '"packet"' got
	# SIGHUP is the lowest bit.
	grep -q '^SigIgn:.*[13579bdf]$' "/proc/$pid/status"
	kill "$pid"
	wait "$pid"
}

@test "what arrives on a pipe is passed on before more is waited for" {
	five in.pcap
	mkfifo pipe
	capd -r - -o ndjson <pipe >got 3>&- &
	local pid=$!
	exec 4>pipe
	head -c 112 in.pcap >&4
	wait_for 5 sh -c '[ "$(grep -c "\"type\":\"packet\"" got)" = 2 ]'
	tail -c +113 in.pcap >&4
	exec 4>&-
	wait "$pid"
	[ "$(grep -c '"type":"packet"' got)" = 5 ]
}

@test "reading takes no privilege: root becomes nobody, in a sandbox" {
	need_root
	five in.pcap
	capd -r in.pcap --speed 0.001 -o ndjson >got 3>&- &
	local pid=$!
	wait_for 5 grep -q '"packet"' got
	grep -E '^(Uid|CapPrm|CapEff|CapBnd|NoNewPrivs|Seccomp):' \
	    "/proc/$pid/status" >status
	kill "$pid"
	wait "$pid"
	grep -q '^NoNewPrivs:.1$' status
	grep -q '^Seccomp:.2$' status
	[ "$(grep -c '^Cap....*0000000000000000$' status)" = 3 ]
	! grep -q '^Uid:.0' status
}

@test "an option that is wrong is named, and not the one before it" {
	while read -r what arguments; do
		# shellcheck disable=SC2086 # words
		run -2 --separate-stderr capd $arguments
		[ "$stderr" = "capd: ${what//_/ } (see capd --help)" ]
	done <<-'E'
	option_-r_needs_an_argument -r
	option_-r_needs_an_argument --check -r
	option_-r_needs_an_argument -pr
	option_--read_needs_an_argument -p --read
	unknown_option_-Q --check -Q
	unknown_option_-Q --check -Qx
	unknown_option_-Q -pQr
	unknown_option_--nonsense --check --nonsense
	unknown_option_--check=3 --check=3
	unknown_option_--promiscuous=3 -p --promiscuous=3
	E
}

@test "options that make no sense are refused with status 2" {
	refused() {
		run -2 --separate-stderr capd "$@"
		[ -z "$output" ]
		[ "${#stderr_lines[@]}" = 1 ]
		[[ $stderr == "capd: "*"(see capd --help)" ]]
	}
	refused -r
	refused -r ''
	refused -r x extra
	refused --nonsense
	refused -r x -i eth0
	refused -r x -p
	refused -r x -s 96
	refused -r x -B 1M
	refused -r x --rotate 1M -w y
	refused -r x -w -
	refused -r x -w /dev/stdout
	refused -r x -o xml
	refused -r x --count payload
	refused -r x --speed 0
	refused -r x --speed -1
	refused -r x --speed 1e3
	refused -r x -n 0
	refused -r x -n 1k
	refused -r x --duration 0
	refused --speed 1
	refused --check
	refused --json
	refused -L -p
	refused -i eth0 -i eth0
	refused -i ''
	refused -s 10
	refused -s 300000
	refused -B 1
	refused -w x --rotate 1
	refused -w x --rotate 1M:0
	refused --rotate 1M
}

@test "the record stream does not go to a terminal" {
	need "script(1)" command -v script
	five in.pcap
	run -2 script -qec 'capd -r in.pcap' /dev/null </dev/null
	[[ $output == *"standard output is a terminal: pipe it"* ]]
}

@test "the manual page has every option of --help, and no other" {
	page=$root/share/man/capd.1
	capd --help | sed -n 's/^ .*--\([a-z]*\).*/\1/p' | sort -u >help
	sed -n '/^\.It Fl/s/.* -\([a-z]*\).*/\1/p' "$page" | sort -u >man
	diff -u help man
}
