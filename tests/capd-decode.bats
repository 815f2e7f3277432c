# SPDX-License-Identifier: MIT
#
# Each capture of tests/fixtures gives the records beside it.

load helper

units=${UNIT:-$root/build/unit}
case $units in /*) ;; *) units=$root/$units ;; esac

# same NAME [CAPD-OPTION...]
same() {
	hex "$fixtures/$1.hex" >in.pcap
	records "${@:2}" -r in.pcap >got 2>said
	diff -u "$fixtures/$1.records" got
}

@test "Ethernet: TCP, UDP and pings of both IP versions, and what is no IP" {
	same ethernet
}

@test "a stack of VLAN tags hides nothing, and the outermost is told" {
	same vlan
}

@test "PPPoE sessions are opened, also inside a VLAN" {
	same pppoe
}

@test "a Linux cooked capture tells the direction" {
	same linux-cooked
}

@test "a Linux cooked capture of version 2 does, too" {
	same linux-cooked-2
}

@test "BSD loopback frames of every system are understood" {
	same null
}

@test "OpenBSD loopback frames are understood" {
	same loop
}

@test "raw IP is told by its version" {
	same raw
}

@test "a link type of one IP version takes no other" {
	same ipv4-only
	same ipv6-only
}

@test "PPP with long and short headers" {
	same ppp
}

@test "PPP in HDLC is decoded, Cisco HDLC is counted as unsupported" {
	same ppp-hdlc
}

@test "PPPoE without Ethernet" {
	same ppp-ether
}

@test "IPv4: options, lengths of 0, padding, transports with ports" {
	same ipv4
}

@test "IPv6: extension headers, jumbograms, padding" {
	same ipv6
}

@test "a type of ICMP that is out of reach is not told, nor made up" {
	hex - >in.pcap <<-'E'
	pcap 228
	packet 1	# a later fragment of what was not seen
	45 00 00 1c 00 07 00 01 40 01 00 00 c0 00 02 01 c6 33 64 07
	08 00 00 00 00 00 00 00
	packet 2	# cut behind the IP header
	45 00 00 1c 00 08 00 00 40 01 00 00 c0 00 02 01 c6 33 64 07
	packet 3	# an echo reply
	45 00 00 1c 00 09 00 00 40 01 00 00 c0 00 02 01 c6 33 64 07
	00 00 00 00 00 05 00 00
	E
	capd -r in.pcap -o ndjson >got
	jq -c 'select(.type == "packet") |
	    [.icmp_type, .icmp_code, .icmp_id, .no_ports]' got >types
	diff -u types - <<-'E'
	[null,null,null,null]
	[null,null,null,null]
	[0,0,5,null]
	E
}

@test "later fragments take the ports of the first one" {
	same fragments
}

@test "later IPv6 fragments do, by all 32 bits of the identification" {
	same fragments-ipv6
}

@test "of IPv6 they take the protocol, too, that is behind other headers" {
	same fragments-extension
}

@test "fragments of another VLAN, or a minute later, are another datagram's" {
	same fragments-apart
}

@test "what the snap length cut off is neither guessed nor read" {
	same truncated
}

@test "802.11 is decoded where it is not encrypted" {
	same wifi --wifi
}

@test "802.11 behind radiotap is, too" {
	same radiotap --wifi
}

@test "802.11 is only counted unless --wifi is given" {
	hex "$fixtures/radiotap.hex" >in.pcap
	run -1 --separate-stderr capd -r in.pcap -o ndjson
	[[ $stderr == *"IEEE802_11_RADIO is not decoded without --wifi"* ]]
	run -0 records -r in.pcap
	[[ $output == *" unsupported=6 unsupported_bytes=315"* ]]
}

@test "--count network counts from the network header on" {
	hex "$fixtures/vlan.hex" >in.pcap
	capd -r in.pcap --count network -o ndjson >got
	run -0 jq -s 'map(select(.type == "tick"))[-1].bytes ==
	    (map(.network_length // 0) | add) + 28' got
	[ "$output" = true ]
	run -0 jq -r 'select(.type == "source").count' got
	[ "$output" = network ]
}

@test "each capture decodes without a read too far, cut at every length" {
	need "the unit programs: make units" test -x "$units/capd_cut"
	local hex
	for hex in "$fixtures"/*.hex; do
		hex "$hex" >"$(basename "$hex" .hex).pcap"
	done
	CUT=all run -0 "$units/capd_cut" ./*.pcap
	[[ $output == *" files, "* ]]
}
