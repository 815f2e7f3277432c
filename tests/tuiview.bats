# SPDX-License-Identifier: MIT
#
# tuiview without a terminal: whole screens as text.

load helper
load dump

screens=$fixtures/tuiview

# same NAME: what comes is the stored screen.
same() {
	cat >got
	diff -u "$screens/$1.screen" got
}

# sources: the source column of the rows, in order, as their ports.
order() {
	grep -o 'laptop.lan:[a-z0-9]* *=>\|fd00::2.:[0-9]* *=>\|laptop.lan *=>' |
		sed 's/ *=>//; s/.*://; s/laptop.lan/icmp/' | tr '\n' ' '
	echo
}

# A negated command never fails a test; this does.
differ() {
	! cmp -s "$1" "$2"
}

@test "flows in two lines, sent above received, with process and totals" {
	screen 120x24 '' <"$six" | same flows-120x24
}

@test "the same screen is good at 80 by 24, at 100 by 30 and at 200 by 60" {
	screen 80x24 j <"$six" | same flows-80x24
	screen 100x30 j <"$six" | same flows-100x30
	screen 200x60 j <"$six" | same flows-200x60
}

@test "60 by 12 is readable; below that a line says how much room is needed" {
	screen 60x12 '' <"$six" | same flows-60x12
	screen 50x10 '' <"$six" >got
	grep -q '60x12 needed, this is 50x10' got
	[ "$(wc -l <got)" -eq 10 ]
}

@test "the four line modes differ on screen, and sorting follows the mode" {
	for keys in t tt ttt tttt; do
		screen 100x24 "$keys" <"$six" | sed '/lines\|line\|only/d' >"$keys"
	done
	differ t tt
	differ tt ttt
	differ ttt tttt
	grep -q '<=> example.net:https .*7.41Mb' t
	grep -q '=>  example.net:https .*7.10Mb' tt
	grep -q '<=  example.net:https .*304kb' ttt
	# The second receives more than it sends, the first of two equals.
	change '.flows[1].recv_10s = 9000000' >in
	screen 100x24 tt <in | grep -m1 -o 'laptop.lan:[0-9]*' >sent
	screen 100x24 ttt <in | grep -m1 -o 'laptop.lan:[0-9]*' >received
	diff -u <(echo laptop.lan:43814) sent
	diff -u <(echo laptop.lan:51522) received
}

@test "the five bar styles differ, and ascii is ASCII" {
	for keys in '' b bb bbb bbbb; do
		screen 100x24 "$keys{wait 9000}" --dump-styled <"$six" \
			>"style-${#keys}"
	done
	for a in 0 1 2 3; do
		for b in $(seq $((a + 1)) 4); do
			differ style-$a style-$b
		done
	done
	screen 100x24 'bb{wait 9000}' <"$six" | grep -q '▁'
	screen 100x24 'bbb{wait 9000}' <"$six" | grep -q '=====.*7.10Mb'
	screen 100x24 'bbbb{wait 9000}' <"$six" >none
	lacks '====\|▁' none
}

@test "--ascii draws nothing but ASCII: borders, arrows, sparkline, bars" {
	screen 100x24 j --ascii <"$six" >got
	LC_ALL=C lacks '[^ -~]' got
	grep -q '^+-.*-+$' got
	grep -q '40 s, peak' got
	# And has a sign of ASCII for each that is not.
	for keys in j C c '\tjF{wait 9000}' 'jP{end}' 'jj\r'; do
		screen 100x30 "$keys" --ascii --set show_header=false <"$six" >got
		LC_ALL=C lacks '[^ -~]' got
		lacks '?' got
	done
}

@test "the sparkline stands under the selected row, not overdrawn" {
	screen 120x24 jj <"$six" >got
	at=$(grep -n '▸laptop.lan:51522' got | cut -d: -f1)
	sed -n "$((at + 2))p" got | grep -q '▂▂▇█▂▂▇█.*40 s, peak 80.0kb'
	sed -n "$((at + 3))p" got | grep -q 'laptop.lan:51523'
}

@test "the sparkline tells the seconds it spans, whatever the interval was" {
	# Ten a second apart, then two of five seconds each.
	jq -cn 'range(12) | {schema: 1, type: "snapshot",
	    interval: (if . < 10 then 1 else 5 end),
	    ts: (1000 * (if . < 10 then . + 1 else 10 + (. - 9) * 5 end)),
	    flows: [{id: 5, src: "192.0.2.1", dst: "192.0.2.2",
	    first_seen: 1, total_sent: (. * 1000)}]}' >changed.ndjson
	screen 100x24 j <changed.ndjson >got
	grep -q '█ *▂*  20 s, peak 8.00kb' got
	# On the narrowest screen, too, in whole words.
	screen 60x12 j <"$six" | grep -q '▃  40 s, 12.4Mb *$'
	# A stream that has a history of its own is believed.
	change '.interval = 2' >own.ndjson
	screen 120x24 jj <own.ndjson | grep -q '80 s, peak 80.0kb'
	# But that of the one snapshot of a file does not tell its seconds.
	change '.interval = 240.573 | .elapsed = .interval' |
		screen 120x24 jj | grep -q '█  peak 80.0kb'
}

@test "an interval or a time that no clock can count is left aside" {
	for wrong in 1e300 -5 0 null; do
		change ".interval = $wrong | .elapsed = $wrong" >odd
		screen 120x30 'j{right 35 28}' <odd >got
		grep -q '  40 s, peak 12.4Mb' got
		grep -q 'stream runs  *0 s ' got
	done
}

@test "U shows and hides the column of totals, -b and N do what they say" {
	screen 120x24 '' <"$six" | grep -q '1.34GB  7.10Mb'
	screen 120x24 U <"$six" >got
	lacks '1.34GB  7.10Mb' got
	screen 120x24 N <"$six" | grep -q 'example.net:443'
	screen 120x24 n <"$six" | grep -q '198.51.100.7:https'
	screen 120x24 Z <"$six" >got
	lacks firefox got
}

@test "the selection goes with its flow when rows merge and split" {
	selected() {	# KEYS ROW
		screen 100x24 "$1" <"$six" |
			grep -o '▸.*' | sed 's/▁/ /g; s/  */ /g' |
			cut -d ' ' -f 1-3 >got
		diff -u <(echo "▸$2") got
	}
	first='laptop.lan:51522 => 192.0.2.80:ssh'
	second='laptop.lan:51523 => 192.0.2.80:ssh'
	selected jjj "$second"
	selected jjjp 'laptop.lan => 192.0.2.80'
	selected jjjS 'laptop.lan => 192.0.2.80:ssh'
	selected jjjD 'laptop.lan:51523 => 192.0.2.80'
	selected jjjs '* => 192.0.2.80:ssh'
	selected jjjd 'laptop.lan:51523 => *'
	# And back, to the very flow.
	for keys in pp SS DD ss dd psdpsd; do
		selected "jjj$keys" "$second"
	done
	# Of a row that was chosen as it was, to its busiest.
	selected pjjp "$first"
	# Merged while another view was shown.
	selected 'jjj\tjp\t\t\t\t' 'laptop.lan => 192.0.2.80'
	# It is the row that keys go on from, and it is in sight.
	selected jjjpj 'fd00::2 => ns1.example.net'
	screen 100x12 'GsG{up 5 5}s' <"$six" | grep -q '▸'
}

@test "freezing holds the visible order; a sort key thaws it" {
	change '., (.seq = 18 | .ts += 1000 | .flows[5].sent_10s = 9000000)' >two
	screen 100x30 '' <"$six" | order >before
	screen 100x30 '{next}' <two | order >moved
	screen 100x30 'o{next}' <two | order >frozen
	screen 100x30 'o{next}1' <two | order >thawed
	diff -u <(echo '43814 51522 51523 38000 icmp ssh ') before
	diff -u <(echo 'ssh 43814 51522 51523 38000 icmp ') moved
	diff -u before frozen
	diff -u <(echo '43814 51522 51523 38000 icmp ssh ') thawed
	screen 100x30 'o' <two | grep -q FROZEN
	screen 100x30 'or' <two >got
	lacks FROZEN got
	screen 100x30 'o1' <two >got
	lacks 'FROZEN\|FRZ' got
}

@test "a frozen order outlasts filters, other views and rows that were away" {
	local grown='.seq = 18 | .ts += 1000 | .flows[5].sent_10s = 9000000'
	change "., ($grown)" >two
	screen 100x30 '' <"$six" | order >before
	for keys in '/port:22\r{next}0' '/port:22\r{next}/\^u\r' \
		'\t\t{next}\e[Z\e[Z' '\tj\r{next}\e\e\e[Z' 'p{next}p' \
		's{next}s' 'B{next}' 't{next}ttt' 'n{next}n'; do
		screen 100x30 "o$keys" <two >got
		order <got | diff -u before -
		grep -q FROZEN got
	done
	# What was hidden, or not there, when it began stands behind.
	screen 100x30 '/ssh\ro{next}0' <two | order >got
	diff -u <(echo '51522 51523 ssh 43814 38000 icmp ') got
	change "., (.seq = 18 | .flows |= .[1:]), ($grown | .seq = 19)" >three
	screen 100x30 'o{next}{next}' <three | order | diff -u before -
	change "(.flows |= .[1:]), (.seq = 18), ($grown | .seq = 19)" >three
	screen 100x30 'o{next}{next}' <three | order >got
	diff -u <(echo '51522 51523 38000 icmp ssh 43814 ') got
	# Each view has an order of its own, from when it was first shown.
	change "$grown" >last
	names() { sed -n 's/^│  \([0-9a-z]*\.[0-9a-z.]*\)  .*/\1/p'; }
	screen 100x30 '\t\t' <"$six" | names >hosts
	screen 100x30 '\t\to\t\t\t{next}\t\t' <two | names | diff -u hosts -
	screen 100x30 '\t\t' <last | names >moved
	differ hosts moved
	screen 100x30 'o\t\t\t\t\t{next}\t\t' <two | names | diff -u hosts -
	screen 100x30 'o{next}\t\t' <two | names | diff -u moved -
	screen 100x30 'oo{next}' <two | order >got
	differ before got
	# Ids of another session are of other flows.
	change "., ($grown | .session = \"other\")" >two
	screen 100x30 '' <last | order >moved
	screen 100x30 'o{next}' <two | order | diff -u moved -
}

@test "a pin of a row is of its flow alone, also in the next run" {
	# Two pings and a tunnel beside TCP and UDP of the same ports.
	change '.flows = [.flows[0] | .src_name = "" | .dst_name = "" |
	    .dst = "192.0.2.80" | .dst_service = "" |
	    (.id = 1), (.id = 2 | .protocol = "UDP" | .proto = 17),
	    ((.src_port, .dst_port) = 0 |
	    (.id = 3 | .protocol = "ICMP" | .proto = 1 | .icmp_id = 77),
	    (.id = 4 | .protocol = "ICMP" | .proto = 1 | .icmp_id = 78),
	    (.id = 5 | .protocol = "ICMP" | .proto = 1),
	    (.id = 6 | .protocol = "ESP" | .proto = 50))]' >in
	jq -c '.session = "next" | .flows |= map(.id += 90)' in >next
	local want=('' '192.0.2.80:443 TCP' '192.0.2.80:443 UDP' \
		'192.0.2.80 ICMP 77' '192.0.2.80 ICMP 78' '192.0.2.80 ICMP -' \
		'192.0.2.80 ESP') down='' i
	for i in 1 2 3 4 5 6; do
		down+=j
		screen 100x40 "${down}F" -c conf <in >got
		[ "$(grep -c '★.*=>' got)" -eq 1 ]
		grep -q "^dst = \"${want[i]}\"" conf
		screen 100x40 '' -c conf <next >got
		[ "$(grep -c '★.*=>' got)" -eq 1 ]
		grep '=>' got | head -n 1 | grep -q '★'
		# Beside its ports it is its hosts' row, from which F unpins it.
		screen 100x40 'pjF' -c conf --set show_ports=true <in >got
		grep -q 'no longer pinned' got
		lacks 'dst =' conf
		rm conf
	done
	# Pins of old are of all that the hosts, or their ports, have.
	printf '[[pinned]]\nsrc = "192.0.2.2"\ndst = "192.0.2.80"\n' >conf
	screen 100x40 '' -c conf <in >got
	[ "$(grep -c '★.*=>' got)" -eq 6 ]
	screen 100x40 'jjjF' -c conf <in >got
	lacks '★' got
	lacks 'dst =' conf
	sed -i '/^pinned/d' conf
	printf '[[pinned]]\nsrc = "192.0.2.80:443"\ndst = "192.0.2.2:43814"\n' \
		>>conf
	screen 100x40 '' -c conf <in >got
	[ "$(grep -c '★.*=>' got)" -eq 2 ]
}

@test "a pin of an interface or a protocol is of that row alone" {
	change '.by = "interface" | .flows = [.flows[0] | (.src, .dst,
	    .protocol, .direction, .src_name, .dst_name, .dst_service) = "" |
	    (.src_port, .dst_port, .proto) = 0 |
	    ., (.id = 2 | .interface = "eth1"),
	    (.id = 3 | .protocol = "TCP" | .proto = 6),
	    (.id = 4 | .protocol = "UDP" | .proto = 17)]' >in
	for keys in j jj jjj jjjj; do
		screen 100x40 "${keys}F" -c conf <in >got
		[ "$(grep -c '★.*=>' got)" -eq 1 ]
		rm conf
	done
}

@test "the details of a row that flowagg has merged name what it has" {
	change '.by = "hosts" | .flows = [.flows[0] | .protocol = "" |
	    (.src_port, .dst_port, .proto) = 0]' | screen 100x40 'j\r' >got
	grep -q '│ direction  *out  ' got
	grep -q '│ far end  *198.51.100.7  ' got
	change '.by = "service" | .flows = [.flows[0] | (.src, .dst,
	    .direction, .src_name, .dst_name, .src_service, .dst_service) = "" |
	    .src_port = 0]' | screen 100x40 'j\r' >got
	grep -q '│ protocol  *TCP  ' got
	grep -q '│ our end  *\*  ' got
	grep -q '│ far end  *\*:443  ' got
}

@test "equal rates never shuffle: the order is total" {
	change '.flows = [range(50) as $i | .flows[5] | .id = 100 + $i |
	    .src_port = 1000 + $i | .src_service = ""] | .flow_count = 50' >idle
	screen 100x130 '' <idle | order >one
	change '.flows = [range(50) as $i | .flows[5] | .id = 149 - $i |
	    .src_port = 1049 - $i | .src_service = ""] | .flow_count = 50' >back
	screen 100x130 '' <back | order >two
	diff -u one two
	[ "$(wc -w <one)" -eq 50 ]
}

@test "the selection is a flow: it stays with it when the order changes" {
	screen 100x30 'jjr' <"$six" | grep -q '▸laptop.lan:51522'
	screen 100x30 'jj>' <"$six" | grep -q '▸laptop.lan:51522'
	screen 100x30 'jj/ssh\r' <"$six" | grep -q '▸laptop.lan:51522'
	screen 100x30 'jj\t\t\t\t\t' <"$six" | grep -q '▸laptop.lan:51522'
}

@test "scrolling knows the real height: the selected row is in sight" {
	change '.flows = [range(60) as $i | .flows[0] | .id = 200 + $i |
	    .src_port = 2000 + $i] | .flow_count = 60' >many
	for size in 80x24 80x16 120x50; do
		for keys in 'jjjjjjjjjjjjjjjjjj' G '\x04\x04\x04' '\e[6~\e[6~'; do
			keys=$(printf '%b' "$keys" | sed 's/\x1b/\\e/g')
			screen $size "$keys" <many | grep -q ' ▸laptop'
			screen $size "$keys" <many | grep -q '40 s, peak'
		done
	done
	screen 80x24 G <many | grep -q '▸laptop.lan:2059'
	screen 80x24 'Ggg' <many | grep -q '▸laptop.lan:2000'
	screen 80x24 'G\e[H' <many | grep -q '▸laptop.lan:2000'
	screen 80x24 'Gk' <many | grep -q '▸laptop.lan:2058'
}

@test "names elide so that both ends survive; rates never give way" {
	change '.flows[0].dst_name =
	    "a-very-long-name-of-a-host.in.some.department.example.net"' >long
	screen 80x24 '' <long >got
	grep -q 'a-very.*…' got
	grep 'a-very' got | grep -q ':https'
	grep 'a-very' got | grep -q '7.10Mb  10.5Mb  5.85Mb'
}

@test "all 14 header segments are there at 60, 80, 120 and 200 columns" {
	for size in 60x14 80x24 120x30 200x60; do
		screen $size '' <"$six" | tail -n 3 >got
		for what in IFTOPRS eth0 19:28 10s 1s bit 99.8 h; do
			grep -q -- "$what" got
		done
		# 14 segments have 13 bars between, one less in two rows.
		bars=$(tail -n 3 got | grep 'IFTOPRS\|live' | sed 's/^│//; s/│$//' |
			grep -o '│' | wc -l)
		[ "$bars" -ge 12 ]
	done
}

# segment_at N: a column of the header's N-th segment, 200 columns wide.
segment_at() {
	local line parts x=1 i
	line=$(screen 200x60 '' <"$six" | tail -n 2 | head -n 1)
	IFS='│' read -ra parts <<<"${line#│}"
	for ((i = 0; i < $1 - 1; i++)); do
		x=$((x + ${#parts[i]} + 1))
	done
	echo $((x + 1))
}

@test "each of the 14 segments has a tooltip of its own, 5 to 15 lines long" {
	i=0
	for title in Program Interface View Flows Clock Order Refresh Units \
	    Theme State Losses Alert Filter Help; do
		i=$((i + 1))
		x=$(segment_at $i)
		screen 200x60 "{right $x 58}" <"$six" >got
		grep -q "╭─ $title ─" got
		lines=$(sed -n "/╭─ $title ─/,/any key closes/p" got | wc -l)
		[ "$lines" -ge 7 ] && [ "$lines" -le 17 ]
	done
}

@test "a tooltip's values are alive: it says what the state is now" {
	line=$(screen 200x60 '/ssh\r' <"$six" | tail -n 2 | head -n 1)
	line=${line%%/ssh*}
	screen 200x60 "/ssh\r{right ${#line} 58}" <"$six" >got
	grep -q 'filter *ssh' got
	grep -q 'rows shown *3 of 6' got
	# What a paused screen's header has of the stream, that has its tip.
	change '., (.seq += 1 | .ts += 1000 | .source.filter = "port 53")' >in
	line=$(screen 200x60 'P{next}' <in | tail -n 2 | head -n 1)
	line=${line%%bpf port 53*}
	screen 200x60 "P{next}{right ${#line} 58}" <in |
		grep -q 'capture filter *port 53 '
	x=$(segment_at 11)
	change '.capture.kernel_dropped = 77 | .capture.coverage = 0.5' >in
	screen 200x60 "{right $x 58}" <in >got
	grep -q 'by the kernel *77 dropped' got
	grep -q '50.00% of the bytes' got
}

@test "hovering opens a tooltip after a second and closes it three later" {
	x=$(segment_at 2)
	screen 200x60 "{move $x 58}{wait 900}" <"$six" >got
	lacks '─ Interface ─' got
	screen 200x60 "{move $x 58}{wait 1100}" <"$six" | grep -q '─ Interface ─'
	# One cell on, still on the segment: it stays.
	screen 200x60 "{move $x 58}{wait 1100}{move $((x + 1)) 58}" <"$six" |
		grep -q '─ Interface ─'
	screen 200x60 "{move $x 58}{wait 4200}" <"$six" >got
	lacks '─ Interface ─' got
	screen 200x60 "T{move $x 58}{wait 1500}" <"$six" >got
	lacks '─ Interface ─' got
}

@test "a right-clicked segment's tooltip stays until dismissed" {
	x=$(segment_at 2)
	screen 200x60 "{right $x 58}{wait 9000}" <"$six" | grep -q '─ Interface ─'
	screen 200x60 "{right $x 58}{move $((x + 1)) 58}" <"$six" |
		grep -q '─ Interface ─'
	screen 200x60 "{right $x 58}{move 10 10}" <"$six" >got
	lacks '─ Interface ─' got
	screen 200x60 "{right $x 58}j" <"$six" >got
	lacks '─ Interface ─' got
	screen 200x60 "{right $x 58}{click 50 20}" <"$six" >got
	lacks '─ Interface ─' got
	lacks '▸laptop' got
}

@test "a filter that is called like a segment opens the filter's tooltip" {
	for text in iftoprs paused '|'; do
		line=$(screen 200x60 "/$text\r" <"$six" | tail -n 2 | head -n 1)
		line=${line%%/"$text"*}
		screen 200x60 "/$text\r{right ${#line} 58}" <"$six" |
			grep -q '─ Filter ─'
	done
}

@test "a row's tooltip is as narrow as its text, alive, and closed by a key" {
	screen 120x30 '{right 20 3}' <"$six" | same row-tip
	screen 120x30 '{right 20 3}{move 21 3}' <"$six" | grep -q '─ Flow ─'
	screen 120x30 '{right 20 3}\e' <"$six" >got
	lacks '─ Flow ─' got
}

@test "pausing shows an overlay, and keys still work" {
	screen 100x30 P <"$six" | grep -q 'PAUSED'
	screen 100x30 'P/ssh\r' <"$six" | grep -q '3 of 6 flows'
	screen 100x30 'PP' <"$six" >got
	lacks 'PAUSED' got
}

@test "help scrolls: at 80 by 24 its last section is reachable" {
	screen 80x24 h <"$six" >got
	grep -q 'Moving' got
	screen 80x24 'hjjjjjjjjjjjjjjjjjjjjjjjjjjjj' <"$six" >got
	grep -q 'save settings and quit' got
	screen 80x24 'hhj' <"$six" | grep -q '▸laptop'
	screen 200x60 h <"$six" | same help
}

@test "help shows every key of the table" {
	screen 200x60 h <"$six" >got
	for word in 'j Down' Ctrl-D Shift-Tab Enter Esc 'P Space' Ctrl-Z; do
		grep -q -- "$word" got
	done
}

@test "the theme chooser scrolls, previews, and reverts on Esc" {
	screen 80x24 'c\e[F' <"$six" | grep -q '▸ iftopcolor'
	screen 120x30 '' --dump-styled <"$six" >plain
	screen 120x30 'cjjj' --dump-styled <"$six" >preview
	screen 120x30 'cjjj\e' --dump-styled <"$six" >reverted
	differ plain preview
	cmp plain reverted
	screen 200x40 'cjjj\r' <"$six" | grep -q 'theme: Synth Wave'
	screen 200x40 'cdark\r' <"$six" | grep -q 'theme: Dark'
	screen 120x30 'cj' <"$six" | same themes
}

@test "a theme is kept in the settings; a click chooses the row clicked" {
	screen 120x40 'c' <"$six" >got
	y=$(grep -n 'Ghost Wire' got | cut -d: -f1)
	screen 120x40 "c{click 60 $((y - 1))}" -c conf <"$six" >got
	grep -q 'theme: Ghost Wire' got
	grep -q 'GhostWire' conf
}

@test "custom themes are made, chosen, renamed and deleted" {
	screen 120x40 'C#102030jl\rMine\r' -c conf <"$six" >got
	grep -q 'theme Mine saved' got
	grep -q 'Mine' conf
	screen 120x40 'c\e[F' -c conf <"$six" | grep -q 'Mine.*your own'
	screen 120x40 'c\^r2\r' -c conf <"$six" | grep -q 'renamed to Mine2'
	screen 120x40 'c\e[3~' -c conf <"$six" | grep -q 'theme Mine2 deleted'
	lacks 'Mine' conf
}

@test "a theme that is renamed is still the one that is tried" {
	screen 120x40 'C#102030\rMine\r' -c conf <"$six" >/dev/null
	screen 120x40 'C#908070\rOther\r' -c conf <"$six" >/dev/null
	# The totals, which the list does not hide.
	for keys in 'c\e[F\e[A' 'c\e[F\e[A\^r2\r' 'c\e[F\e[A\^r\^uOther\r'; do
		cp conf tried
		screen 120x40 "$keys" --dump-styled -c tried <"$six" |
			grep 'TX:' | cut -c 1-80
	done | sort | uniq -c | awk '{ print $1 }' >got
	echo 3 | diff -u - got
}

@test "leaving the theme editor leaves the theme as it was" {
	screen 120x30 '' --dump-styled <"$six" >plain
	screen 120x30 'CLLL' --dump-styled <"$six" >edited
	screen 120x30 'CLLL\e' --dump-styled <"$six" >left
	differ plain edited
	cmp plain left
}

@test "hidden ports merge rows by hosts, and the totals stay right" {
	screen 100x24 p <"$six" | grep -c '192.0.2.80' | diff - <(echo 1)
	screen 100x24 p <"$six" | grep '192.0.2.80' | grep -q '92.0kB  20.1kb'
	screen 100x24 '' <"$six" | grep '^│T\|^│R' >before
	screen 100x24 p <"$six" | grep '^│T\|^│R' >after
	diff -u before after
	# One side's ports alone; s and d merge whole sides.
	screen 100x24 S <"$six" | grep -q 'laptop.lan  *=>  192.0.2.80:ssh'
	screen 100x24 D <"$six" | grep -q 'laptop.lan:51522  *=>  192.0.2.80 '
	screen 100x24 s <"$six" | grep -q '\*  *=>  192.0.2.80:ssh'
	screen 100x24 d <"$six" | grep -q 'laptop.lan:51522  *=>  \* '
}

@test "the filter finds names, addresses, ports, services, processes, protocols" {
	count() {
		screen 120x40 "/$1\r" <"$six" | grep -o '[0-9]* of 6 flows\|6 flows'
	}
	[ "$(count example.net)" = "2 of 6 flows" ]
	[ "$(count 198.51.100.7)" = "1 of 6 flows" ]
	[ "$(count 43814)" = "1 of 6 flows" ]
	[ "$(count FireFox)" = "1 of 6 flows" ]
	[ "$(count domain)" = "1 of 6 flows" ]
	[ "$(count icmp)" = "1 of 6 flows" ]
	[ "$(count port:22)" = "3 of 6 flows" ]
	[ "$(count port:2)" = "0 of 6 flows" ]
	[ "$(count proc:ssh)" = "3 of 6 flows" ]
	[ "$(count proc:911)" = "1 of 6 flows" ]
	[ "$(count user:root)" = "1 of 6 flows" ]
	[ "$(count proto:tcp)" = "4 of 6 flows" ]
	[ "$(count '!proto:tcp')" = "2 of 6 flows" ]
	[ "$(count 'ssh !sshd')" = "2 of 6 flows" ]
	[ "$(count '/^192.*80$/')" = "2 of 6 flows" ]
	[ "$(count 'host:/^ns[0-9]/')" = "1 of 6 flows" ]
	[ "$(count '"no such"')" = "0 of 6 flows" ]
}

@test "the filter finds each end as its row shows it, and the process" {
	count() {
		screen 120x40 "/$1\r" <"$six" | grep -o '[0-9]* of 6 flows' >got
		diff -u <(echo "$2 of 6 flows") got
	}
	count 198.51.100.7:443 1
	count 198.51.100.7:https 1
	count Example.net:https 1
	count example.net:443 1
	count '[2001:db8::53]:53' 1
	count '[2001:db8::53]:domain' 1
	count laptop.lan:5152 2
	count '"203.0.113.9 icmp"' 1
	count '"203.0.113.50 tcp"' 0
	count 911:ssh 1
	count '[4821' 1
	count '/lan:[0-9]+$/' 4
	count '/^192\.0\.2\.80:ssh$/' 2
	count '!192.0.2.80:ssh' 4
	count 192.0.2.80:https 0
	count 198.51.100.7:22 0
}

@test "the filter knows the case of letters beyond ASCII" {
	change '.flows[0].dst_name = "müller.example" |
	    .flows[1].process_name = "ДОМ" | .flows[2].user = "Ἀνήρ" |
	    .flows[3].src_name = "Ⱥ" | .flows[4].dst_name = "ÅÇÉ.example"' >in
	found() {
		screen 120x40 "/$1\r" <in |
			grep -o '[0-9]* of 6 flows' >got
		diff -u <(echo "$2 of 6 flows") got
	}
	found MÜLLER 1
	found '/^M(Ü|X)LLER/' 1
	found '/^[[:upper:]]irefox/' 1
	found '/^[^[:upper:]]irefox/' 0
	found host:mÜLLER 1
	found дом 1
	found proc:Дом 1
	found user:ἈΝΉΡ 1
	found 'åçé !Müller' 1
	found ⱥ 1
	found Ⱥ 1
	found MULLER 0
	# Of a locale without them, too: a host's name does not change by it.
	LC_ALL=C screen 120x40 '/MÜLLER\r' --set ascii=false <in |
		grep -q '1 of 6 flows'
}

@test "what a filter excludes is no row of any view" {
	# A host whose flows are all out is out; so is a group by its name.
	screen 120x30 '\t\t/!https\r' <"$six" >got
	lacks '^│ *example.net ' got
	grep -q '^│ *192.0.2.80 ' got
	screen 120x30 '\t/!known\r' <"$six" >got
	lacks 'no process known' got
	grep -q 'firefox' got
	# The words of a group's name are its flows', too.
	screen 120x30 '\t/known icmp\r' <"$six" >got
	grep -q '(no process known)' got
	screen 120x30 '\t/known !icmp\r' <"$six" >got
	lacks '(no process known)' got
	screen 120x30 '/a b c d e f g h i j k l m n o p q' <"$six" |
		grep -q 'more than 16 words'
}

@test "the filter is live with every key, Backspace too; Esc restores it" {
	screen 120x30 '/sshx' <"$six" | grep -q ' 0 of 6 '
	screen 120x30 '/sshx\b' <"$six" | grep -q ' 3 of 6 '
	screen 120x30 '/ssh\r/udp\e' <"$six" | grep -q '3 of 6 flows'
	screen 120x30 '/ssh\r0' <"$six" | grep -q ' 6 flows'
	screen 120x30 '//[\r' <"$six" | grep -q 'Invalid regular'
}

@test "a filter's line is edited in the middle, killed, and recalled" {
	text() {
		screen 120x30 "$1" <"$six" | sed -n 's/^│ filter \/\(.*[^ ]\)   *[0-9]* of .*/\1/p'
	}
	[ "$(text '/abc\e[D\e[DX')" = aXbc ]
	[ "$(text '/abc\^aX\^eY')" = XabcY ]
	[ "$(text '/one two\^w')" = one ]
	[ "$(text '/one two\^a\^f\^k')" = o ]
	[ "$(text '/one\^uab\^bX\^h')" = ab ]
	[ "$(text '/abc\e[D\e[3~')" = ab ]
	[ "$(text '/first\r/\^usecond\r/\^u\e[A\e[A')" = first ]
}

@test "a paste is text, never commands" {
	screen 120x30 '\e[200~qqhP\e[201~' <"$six" >got
	lacks 'PAUSED\|─ Help' got
	screen 120x30 '/\e[200~a\nb\e[201~' <"$six" | grep -q 'filter /a b'
}

@test "filter and drill-down change neither totals nor processes nor alerts" {
	screen 100x30 '' <"$six" | grep '^│T\|^│R' >before
	screen 100x30 '/nothing\r' <"$six" | grep '^│T\|^│R' >after
	diff -u before after
	# A process keeps all its figures when the filter shows one flow.
	change '.flows[2].pid = 911' >in
	screen 100x30 '\t/51523\r' <in >got
	grep '\[911\] ssh' got | grep -q '2  20.1kb'
	change '.alerts = [{"flow":71,"direction":"both","rate":926000,
	    "threshold":100000,"state":"raised"}]' >in
	screen 100x30 '/nothing\r' <in | grep -q 'A! 1\|ALERT 1'
}

@test "clicks do not fall through popups, and the footer selects nothing" {
	screen 120x30 'h{click 1 3}' <"$six" >got
	lacks '▸laptop' got
	screen 120x30 'c{click 70 10}\e' <"$six" >got
	lacks '▸laptop' got
	screen 120x30 '{click 30 26}' <"$six" >got
	lacks '▸laptop' got
	screen 120x30 '{click 30 3}' <"$six" | grep -q '▸laptop.lan:43814'
}

@test "the mouse: tabs, headings, double click, middle, wheel" {
	screen 120x30 '{click 16 24}' <"$six" | grep -q '\[Processes\]'
	screen 120x30 '\t{click 90 3}' <"$six" | grep -q '40s▼'
	screen 120x30 '{click 30 3}{click 30 3}' <"$six" | grep -q '─ Flow ─'
	screen 120x30 '\t{click 30 5}{click 30 5}' <"$six" | grep -q 'Esc'
	screen 120x30 '{middle 30 5}' <"$six" | grep -q '★▸laptop.lan:51522'
	screen 120x30 '{down 30 5}' <"$six" | grep -q '▸\[fd00::2\]'
	screen 120x30 'c{down 60 10}' <"$six" | grep -q '▸ Acid Rain'
	screen 120x30 'M{click 30 3}' <"$six" >got
	lacks '▸laptop' got
}

@test "the selected row has one ground all along: never bar text on it" {
	# Colours behind the row of the mark, the border's aside.
	for look in '' b bb; do
		screen 120x30 "j$look" --dump-styled <"$six" | grep '▸' |
			grep -o '48;2;[0-9;]*' | sed 's/48;2;\([0-9]*;[0-9]*;[0-9]*\).*/\1/' |
			sort -u >grounds
		[ "$(wc -l <grounds)" -eq 1 ]
	done
	# The next row shows the bar itself.
	screen 120x30 j --dump-styled <"$six" | sed -n 7p |
		grep -o '48;2;[0-9]*;[0-9]*;[0-9]*' | sort -u >bars
	[ "$(wc -l <bars)" -gt 1 ]
	screen 120x30 j --dump-styled --set colours=mono <"$six" >mono
	lacks '38;2;\|48;2;' mono
}

@test "the five views show who, where, what; sort keys work in each" {
	screen 100x24 '\t' <"$six" | same processes
	screen 100x24 '\t\t' <"$six" | same hosts
	screen 100x24 '\t\t\t' <"$six" | same services
	screen 100x24 '\t\t\t\t' <"$six" | same publishers
	screen 100x24 '\t3' <"$six" | grep -q '40s▼'
	screen 100x24 '\t<' <"$six" | grep '^│ .*\[' | head -n 1 |
		grep -q '\[4821\]\|\[700\]'
	screen 100x24 '\tr' <"$six" | sed -n 5p | grep -q sshd
	screen 100x24 '\e[Z' <"$six" | grep -q '\[Publishers\]'
}

@test "Enter drills into a group's flows and Esc comes back" {
	screen 100x24 '\tjj\r' <"$six" >got
	grep -q '▸ \[911\] ssh' got
	grep -q '1 of 6 flows' got
	screen 100x24 '\tjj\r\e' <"$six" | grep -q '\[Processes\]'
	screen 100x24 'j\r' <"$six" | grep -q 'far end *198.51.100.7:443'
	# The other views show everything, and say nothing else.
	screen 100x24 '\tjj\r\t\t' <"$six" >got
	grep -q '\[Hosts\]' got
	lacks 'ssh Esc' got
	screen 100x24 '\tjj\r\t\t\e' <"$six" | grep -q '\[Hosts\]'
	screen 100x24 '\tjj\r\t\e[Z' <"$six" | grep -q '\[911\] ssh Esc'
}

@test "control characters are shown as dots and wide ones count twice" {
	change '.flows[0].dst_name = "ev\u001b[31mil\u202e.example" |
	    .flows[1].dst_name = "例え.テスト" |
	    .flows[2].dst_name = "cafe\u0301.example"' >in
	screen 100x24 '' <in >got
	lacks "$(printf '\033')" got
	grep -q 'ev·\[31mil·.example:https' got
	grep -q '例え.テスト:ssh ' got
	grep -q "$(printf 'cafe\u0301.example:ssh')" got
	# Six characters of two cells each: six fewer of them in the row.
	row=$(grep '例え' got)
	[ ${#row} -eq 95 ]
	screen 100x24 '' --ascii <in | grep -q 'ev.\[31mil..example'
}

@test "losses, coverage and skipped snapshots are seen at once" {
	change '.capture.kernel_dropped = 5 | .capture.skipped = 2 |
	    .capture.coverage = 0.61' >in
	screen 200x40 '' <in | grep -q 'drops 5 seen 61.0% skipped'
	screen 80x24 '' <in | grep -q 'd5 61.0% sk'
	# Nearly all is not all, in the tip neither.
	change '.capture.coverage = 0.99999' |
		screen 200x60 "{right $(segment_at 11) 58}" >got
	grep -q 'drops 0 seen 99.9%' got
	grep -q 'seen  *99.99% of the bytes' got
	change '.capture.coverage = 1' |
		screen 200x60 "{right $(segment_at 11) 58}" >got
	grep -q 'drops 0 seen 100%' got
	grep -q 'seen  *100.00% of the bytes' got
}

@test "what a capture filter leaves out is not taken for a loss" {
	local marked='1;38;5;214m *drops 0 seen 5.0%'
	screen_styled() { screen 200x40 "$@" --dump-styled; }
	change '.capture.coverage = 0.05' | screen_styled '' |
		grep -q "$marked"
	change '.capture.coverage = 0.05 | .source.filter = "port 53"' >in
	screen_styled '' <in >got
	lacks "$marked" got
	grep -q 'drops 0 seen 5.0%' got
	x=$(segment_at 11)
	screen 200x60 "{right $x 58}" <in |
		grep -q '5.00% of the bytes on the wire, by the filter'
	# Nor when the filter has gone; but when the totals began anew.
	change '.capture.coverage = 0.05 | .seq += 1 | .ts += 1000' >>in
	screen_styled '' <in >got
	lacks "$marked" got
	change '.capture.coverage = 0.05 | .seq += 2 | .ts += 2000 | .events =
	    [{"level":"info","from":"flowagg","text":"reset"}]' >>in
	screen_styled '' <in | grep -q "$marked"
}

@test "a capture that is down says so, with the next try" {
	change '.capture.state = "down" | .flows = [] | .flow_count = 0 |
	    .events = [{"level":"warn","from":"capd",
	    "text":"eth0 is down; next try in 2 s"}]' >in
	screen 100x24 '' <in | same down
}

@test "before the first packet the screen says what it waits for" {
	change '.flows = [] | .flow_count = 0 | .source.filter = "port 53" |
	    .capture.packets = 0' >in
	screen 100x24 '' <in | grep -q \
		'waiting for the first packets on eth0, filter port 53'
	# When all have been idle for long, there was a first one.
	change '.flows = [] | .flow_count = 0' | screen 100x24 '' |
		grep -q 'nothing flows now on eth0 '
	# Or only what namemap itself asks, which is not shown.
	change '.flows = [] | .flow_count = 1 | .names = {"own_flows":1}' |
		screen 100x24 '' | grep -q 'nothing flows now on eth0 '
	screen 100x24 '{end}' <in | grep -q 'end of the stream'
	screen 100x24 '{end}' <"$six" | grep -q 'END OF STREAM'
}

@test "a filter without a match says how to clear it" {
	screen 100x24 '/nothing\r' <"$six" | grep -q \
		'no row matches the filter nothing'
}

@test "every speed that capd takes is one of the screen, too" {
	change '.source.kind = "file" | .capture.state = "file"' >in
	for speed in 0.001 1000000; do
		screen 100x24 '' --speed $speed <in | grep -q ' replay ×'
	done
	for speed in 0.0009 1000001 fast; do
		run -2 --separate-stderr tuiview --speed $speed <in
		[[ $stderr == *"max or a number from 0.001 to 1000000, not '"* ]]
	done
}

@test "the key for faster never plays slower, nor that for slower faster" {
	change '.source.kind = "file" | .capture.state = "file"' >in
	mkdir ctl && mkfifo ctl/capd
	exec 6<>ctl/capd
	for case in 4096:+:×4096 1000:+:×1024 0.01:-:×0.01 0.2:-:×0.125 \
	    max:+:max; do
		IFS=: read -r speed key want <<<"$case"
		screen 100x24 "$key" --speed $speed --control-dir ctl <in |
			grep -q "replay $want · "
	done
	screen 100x24 + --speed max --control-dir ctl <in |
		grep -q 'as fast as it can'
}

@test "a replay cannot be mistaken for live" {
	change '.source.kind = "file" | .capture.state = "file"' >in
	for case in 4:4 0.001:0.001 0.125:0.125 1.5:1.5 999.9:1000 1234.5:1234 \
	    1000000:1000000; do
		screen 100x24 '' --speed "${case%:*}" <in |
			grep -q "IFTOPRS · replay ×${case#*:} "
	done
	screen 100x24 '+' --speed 4 <in | grep -q 'only a replay\|×4'
	screen 100x24 'P' <in | grep -q 'the replay stands'
	mkdir ctl && mkfifo ctl/capd
	exec 6<>ctl/capd
	screen 100x24 '+P.P-' --speed 4 --control-dir ctl <in >/dev/null
	timeout 1 cat <&6 >capd || true
	diff -u <(printf '%s\n' 'speed 8' pause 'step 1' resume 'speed 4') capd
}

@test "alerts are told in words, marked in the row, and set by A" {
	change '.alerts = [{"flow":72,"direction":"both","rate":10010,
	    "threshold":1000,"state":"raised"}]' >in
	screen 120x30 '' <in >got
	grep -q 'ALERT laptop.lan:51522 => 192.0.2.80:ssh 80.1kb/s' got
	grep -q '^│! laptop.lan:51522' got
	(change .; change '.seq = 18 | .ts += 1000 | .alerts = []') >in2
	(cat in; change '.seq = 18 | .ts += 1000 | .alerts = [{"flow":72,
	    "direction":"both","rate":10,"threshold":1000,
	    "state":"cleared"}]') >in3
	screen 120x30 '{wait 9000}' <in3 >got
	lacks '^│! laptop' got
	mkdir ctl && mkfifo ctl/flowagg
	exec 7<>ctl/flowagg
	screen 120x30 'A2Mb\r' --control-dir ctl -c conf <"$six" >got
	head -n 1 <&7 >order
	diff -u <(echo 'alert 250000') order
	grep -q 'alert_threshold' conf
	grep -q ' alert above 2.00Mb/s ' got
	screen 120x30 'Ajunk\r' <"$six" | grep -q 'is no rate'
	# What was wrong is not said of the next line that is typed.
	screen 120x30 'Ajunk\r\^u2' <"$six" >got
	grep -q 'alert above: 2 ' got
	lacks 'is no rate' got
}

@test "X has the totals begin at 0, and the clock's tooltip tells since when" {
	mkdir ctl && mkfifo ctl/flowagg
	screen 120x30 X <"$six" | grep -q 'totals cannot begin at 0: this stream'
	exec 7<>ctl/flowagg
	screen 120x30 X --control-dir ctl <"$six" |
		grep -q 'totals and peaks begin at 0'
	read -r -t 1 order <&7
	[ "$order" = reset ]
	screen 120x30 '{right 35 28}' <"$six" |
		grep -q 'totals since  *19:28:23 '
	change '., (.seq = 18 | .ts += 1000 | .elapsed += 1 | .events =
	    [{"level":"info","from":"flowagg","text":"reset"}])' >two
	screen 120x30 '{right 35 28}' <two | grep -q 'totals since  *19:28:41 '
}

@test "orders go to the control files and never wait for a reader" {
	mkdir ctl && mkfifo ctl/capd ctl/flowagg ctl/namemap
	screen 120x30 'Eport 53\r' --control-dir ctl <"$six" |
		grep -q 'capd takes no orders: it has ended'
	exec 6<>ctl/capd 7<>ctl/flowagg 8<>ctl/namemap
	screen 120x30 'Eport 53\rf3nN' --control-dir ctl <"$six" >/dev/null
	timeout 1 cat <&6 >capd || true
	timeout 1 cat <&7 >flowagg || true
	timeout 1 cat <&8 >namemap || true
	diff -u <(echo 'filter port 53') capd
	diff -u <(printf 'interval 2\nsort 40s\n') flowagg
	diff -u <(printf 'dns off\nservices off\n') namemap
}

@test "the interface chooser lists and asks capd to move; the header waits" {
	mkdir ctl bin && mkfifo ctl/capd
	cat >bin/capd <<-'SH'
		#!/bin/sh
		echo '[{"name":"eth0","state":"running","addresses":["192.0.2.2/24"],
		"default":true},{"name":"wlan0","state":"down","addresses":[]}]'
	SH
	chmod +x bin/capd
	exec 6<>ctl/capd
	export PATH=$PWD/bin:$PATH
	screen 120x30 i --control-dir ctl <"$six" >got
	grep -q '●▸ eth0 .*up .*192.0.2.2/24' got
	grep -q 'wlan0 *down' got
	screen 120x30 'iwlan\r' --control-dir ctl <"$six" >got
	grep -q 'moving the capture to wlan0' got
	grep -q 'eth0 up' got
	timeout 1 cat <&6 >capd || true
	diff -u <(echo 'interface wlan0') capd
	screen 120x30 'i\r' <"$six" | grep -q 'cannot move'
}

@test "a capture filter is stored once capd has taken it, not before" {
	mkdir ctl && mkfifo ctl/capd
	exec 6<>ctl/capd
	change '., (.seq = 18 | .ts += 1000)' >refused
	change '., (.seq = 18 | .ts += 1000 | .source.filter = "port 53" |
	    .source.interfaces = ["wlan0"])' >taken
	screen 120x30 'Eport 53\r{next}' --control-dir ctl -c conf <refused \
		>/dev/null
	[ ! -e conf ] || lacks bpf_filter conf
	screen 120x30 'Eport 53\r{next}' --control-dir ctl -c conf <taken \
		>/dev/null
	grep -q 'bpf_filter = "port 53"' conf
	# Blanks around it are no part of it, nor those of a pasted line.
	rm conf
	screen 120x30 'E  port 53 \r{next}' --control-dir ctl -c conf <taken \
		>/dev/null
	grep -q 'bpf_filter = "port 53"' conf
	screen 120x30 'A 10Mb \r' --control-dir ctl -c conf <"$six" >/dev/null
	grep -q 'alert_threshold = 1250000' conf
}

@test "what keys toggle is saved, and is there at the next start" {
	screen 100x24 'tLBxr2Z' -c conf <"$six" >first
	screen 100x24 '' -c conf <"$six" >second
	diff -u <(sed 's/processes hidden/                /' first | head -n 5) \
		<(head -n 5 second)
	screen 100x24 't' <"$six" >/dev/null
	[ ! -e .iftoprs.conf ]
}

@test "export writes the rows and says where" {
	screen 120x30 e <"$six" | grep -q '6 rows written to .*iftoprs.export'
	grep -q 'firefox' .iftoprs.export.txt
}

@test "an export of groups names them as what they are" {
	screen 120x30 '\te' <"$six" >/dev/null
	grep -Eqx 'PROCESS +FLOWS +2s +10s +40s +TOTAL' .iftoprs.export.txt
	grep -Eqx '\[911\] ssh +=> +1 +16.1kb .*' .iftoprs.export.txt
	screen 120x30 '\t\t\te' --set export_format=json <"$six" >/dev/null
	jq -ce '.rows[1] | [.name, .flows, .dst_port, .dst_service]' \
		.iftoprs.export.json >got
	diff -u - got <<<'["ssh (22/TCP)",3,22,"ssh"]'
	screen 120x30 '\te' --set export_format=csv <"$six" >/dev/null
	head -n 2 .iftoprs.export.csv | cut -d, -f 1,2,12,13 >got
	diff -u - got <<-END
	name,flows,pid,process
	[4821] firefox,1,4821,firefox
	END
}

@test "an export in packets has packets in the text, bytes for programs" {
	change '., (.seq += 1 | .ts += 1000 | .flows[0].packets_sent += 1000 |
	    .flows[1].packets_recv += 20 | .packets_sent += 1000 |
	    .packets_recv += 20)' >in
	screen 120x30 e --set units=packets <in >/dev/null
	grep -Eq '^laptop.lan:43814 .* 1.00kp +1.00kp +1.00kp +1.34Mp$' \
		.iftoprs.export.txt
	grep -Eqx 'sent +cum: +1.34Mp +peak: +1.00kp +rates:( +1.00kp){3}' \
		.iftoprs.export.txt
	grep -Eqx 'total +cum: +1.39Mp +peak: +1.02kp +rates:( +1.02kp){3}' \
		.iftoprs.export.txt
	for format in csv json; do
		screen 120x30 e --set export_format=$format <in >/dev/null
		mv .iftoprs.export.$format bytes
		screen 120x30 e --set export_format=$format \
			--set units=packets <in >/dev/null
		diff -u bytes .iftoprs.export.$format
	done
}

@test "copying says what it did, and what failed" {
	mkdir bin
	printf '#!/bin/sh\ncat >%s/copied\n' "$PWD" >bin/wl-copy
	chmod +x bin/wl-copy
	WAYLAND_DISPLAY=w PATH=$PWD/bin:$PATH screen 120x30 jy <"$six" |
		grep -q 'copied with wl-copy'
	grep -q 'laptop.lan:43814 => example.net:https TCP \[4821:firefox\]' copied
	# The protocol once; where there is none, no blank.
	change '.flows = [.flows[] | select(.protocol == "ICMP")]' >ping
	WAYLAND_DISPLAY=w PATH=$PWD/bin:$PATH screen 120x30 jy <ping |
		grep -q 'copied with wl-copy'
	diff -u <(printf 'laptop.lan => 203.0.113.9 ICMP') copied
	change '.by = "hosts" | .flows = [.flows[0] | (.protocol,
	    .process_name) = "" | .pid = null |
	    (.src_port, .dst_port, .proto) = 0]' >hosts
	WAYLAND_DISPLAY=w PATH=$PWD/bin:$PATH screen 120x30 jy <hosts |
		grep -q 'copied with wl-copy'
	diff -u <(printf 'laptop.lan => example.net') copied
	change '.flows[1] = .flows[0] | .flows[1] |= (.id = 99 | .proto = 17 |
	    .protocol = "UDP")' >two
	WAYLAND_DISPLAY=w PATH=$PWD/bin:$PATH screen 120x30 pjy <two |
		grep -q 'copied with wl-copy'
	diff -u <(printf 'laptop.lan => example.net [4821:firefox]') copied
	printf '#!/bin/sh\necho no seat >&2\nexit 1\n' >bin/wl-copy
	WAYLAND_DISPLAY=w PATH=$PWD/bin:$PATH screen 120x30 jy <"$six" |
		grep -q 'wl-copy failed: no seat'
}

@test "units: bits, bytes, and packets counted from snapshot to snapshot" {
	screen 100x24 B <"$six" | grep -q '888kB  1.31MB   731kB'
	change '., (.seq = 18 | .ts += 1000 | .flows[0].packets_sent += 100 |
	    .flows[0].packets_recv += 50)' >two
	screen 100x24 BB <two >got
	grep 'laptop.lan:43814' got | grep -q '1.34Mp.* 100p'
}

# packets FILTER: twenty seconds of thirty flows of a process, each with two
# packets in five seconds, changed by jq; 12 packets a second of everything.
packets() {
	jq -cn '[range(30)] as $flows | range(1; 21) as $t | {schema: 1,
	    type: "snapshot", session: "s", seq: $t, ts: (1795289320000 + $t * 1000),
	    interval: 1, elapsed: $t, packets_sent: ($t * 12), packets_recv: ($t * 5),
	    total_sent: ($t * 1200), total_recv: ($t * 500), flows: [$flows[] | {
	    id: (. + 1), src: "192.0.2.2", src_port: (1000 + .), dst: "192.0.2.9",
	    dst_port: 443, protocol: "TCP", proto: 6, first_seen: 1795289320001,
	    total_sent: ($t * 40), packets_sent: (($t * 2 + . % 5) / 5 | floor),
	    process_name: "web", pid: 7}]} | .flow_count = (.flows | length)' |
		jq -c "$1"
}

@test "packets of a row with many flows are summed up before they are rounded" {
	packets . | screen 100x24 '' --set units=packets --set view=processes |
		grep -q '\[7\] web .* 12p'
	packets . | screen 100x24 p --set units=packets |
		grep -q '192.0.2.2 .*=>.*192.0.2.9 .* 12p  *12p  *12p'
}

@test "totals in packets are the stream's, also of flows that have left" {
	totals() {
		screen 100x24 "$@" --set units=packets | grep -o 'TX:.*\|RX:.*\|TOTAL:.*' |
			tr -d '▁│' | tr -s ' '
	}
	packets 'if .seq > 10 then .flows = .flows[:3] else . end' |
		totals '' >got
	diff -u - got <<-END
		TX: cum: 240p peak: 12p rates: 12p 12p 12p 
		RX: cum: 100p peak: 5p 5p 5p 5p 
		TOTAL: cum: 340p peak: 17p 17p 17p 17p 
	END
	# The real time between two snapshots counts; a burst is the peak.
	packets 'select(.seq % 5 == 0) | if .seq > 10 then
	    .packets_sent += 500 else . end' | totals '' >got
	grep -q '^TX: cum: 740p peak: 112p rates: 12p 62p 45p' got
	# Seen from the middle on, what was before is in no rate.
	packets 'select(.seq > 15)' | totals '' >got
	grep -q '^TX: cum: 240p peak: 12p rates: 12p 12p 12p' got
	# Totals that begin anew do so in packets, too.
	packets 'if .seq > 15 then .packets_sent -= 180 | .total_sent -= 18000 |
	    .packets_recv -= 75 | .total_recv -= 7500
	    else .packets_sent *= 2 end' | totals '' >got
	grep -q '^TX: cum: 60p peak: 12p rates: 12p 18p 21p' got
	grep -q '^RX: cum: 25p peak: 5p 5p 5p 5p' got
}

@test "the scale extends itself, goes linear, and can be fixed" {
	screen 120x24 '' <"$six" | sed -n 2p | grep -q '1.00Gb│'
	# To 10 Gb, 100 Gb, 1 Tb, as the peak asks.
	for case in "500000000:1.00Gb  *│" 5000000000:100Gb│ \
	    "50000000000:100Gb  *│"; do
		change ".peak_total = ${case%%:*}" >in
		screen 120x24 '' <in >got
		sed -n 2p got | grep -q "${case#*:}"
	done
	screen 120x24 L <"$six" | sed -n 2p | grep -q '10.0Mb.*50.0Mb'
	screen 120x24 L --set max_bandwidth=10Mb <"$six" | sed -n 2p |
		grep -q '2.00Mb.*10.0Mb'
}

@test "lines that are no snapshots are counted and named, not fatal" {
	(echo garbage; cat "$six"; echo '{"type":"other"}'; echo '{') >in
	screen 200x40 '' <in | grep -q 'laptop.lan:43814'
	x=$(segment_at 10)
	screen 200x60 "{right $x 58}" <in | grep -q 'not understood *2'
}

@test "a stream of another kind is refused by name, the same in every tool" {
	# shellcheck disable=SC2016 # for the shells that follow
	cases=('jq . "$six"|JSON over several lines; jq -c writes one object'
		'printf "\357\273\277"; cat "$six"|a byte-order mark'
		'iconv -t UTF-16 "$six"|UTF-16; iconv'
		'cat "$sample"|a capture file; capd -r FILE . flowagg'
		'gzip -c "$six"|a compressed file; decompress it first'
		'capd -r "$sample"|packet records of capd; put flowagg in'
		'capd -r "$sample" | head -c 64|packet records of capd')
	sample=$root/share/sample.pcap
	for case in "${cases[@]}"; do
		eval "${case%|*}" >in
		for tool in 'tuiview -d 80x24' namemap 'procmap --source diag'
		do
			# shellcheck disable=SC2086 # words on purpose
			run -1 --separate-stderr $tool <in
			[[ $stderr =~ ^"${tool%% *}: ".*"no snapshot: "("line 1: ")?${case##*|} ]]
			[ "${#stderr_lines[@]}" -eq 1 ]
		done
	done
	capd -r "$sample" -o ndjson >in
	run -1 --separate-stderr tuiview -d 80x24 <in
	[[ $stderr == *'packet records of capd; put flowagg in between' ]]
	printf '\357\273\277{}\n' >in
	run -1 --separate-stderr flowagg <in
	[[ $stderr == *'a byte-order mark'* ]]
}

@test "time that goes back and a new session start afresh" {
	change '., (.ts -= 50000 | .seq = 1), (.session = "other" | .seq = 2)' >in
	screen 100x24 j <in | grep -q '▸laptop.lan:43814'
}

@test "no input in dump is a screen that waits" {
	screen 100x24 '' </dev/null | grep -q 'waiting for the first snapshot'
	run -1 --separate-stderr tuiview -d 100x24 <"$root/README.md"
	[[ $output == *'waiting for the first snapshot'* ]]
	[[ $stderr == "tuiview: standard input holds no snapshot: line "* ]]
}

@test "an empty file, or JSON of something else, is told" {
	: >in
	run -1 --separate-stderr tuiview -d 100x24 <in
	[ "$stderr" = 'tuiview: standard input is an empty file' ]
	echo '{"type":"other"}' >in
	run -1 --separate-stderr tuiview -d 100x24 <in
	[[ $stderr == *'holds no snapshot: its JSON is of another kind' ]]
}

@test "wrong options get one line and status 2" {
	for args in '-d 80' '-k x' '--speed 0' '--set nonsense=1' 'file' \
	    '--set theme=None' '-d 80x24 --shell'; do
		# shellcheck disable=SC2086 # words on purpose
		run -2 --separate-stderr tuiview $args
		[ "${#stderr_lines[@]}" -eq 1 ]
		[ -z "$output" ]
	done
}

@test "themes are listed, settings printed and checked" {
	run -0 tuiview --list-colors
	[ "${#lines[@]}" -eq 31 ]
	tuiview --print-config --shell | grep -q "^theme='NeonSprawl'"
	echo 'theme = "None"' >bad
	run -1 --separate-stderr tuiview --check-config -c bad
	[[ $stderr == *bad:1* ]]
}

@test "a size that is none, or is beyond all numbers, is a usage error" {
	for bad in 80 80x 0x24 80x24x 1001x24 80x501 4294967376x24 \
	    80x4294967320; do
		run -2 --separate-stderr tuiview -d "$bad" <"$six"
		[[ $stderr == 'tuiview: -d: expected COLSxROWS such as '* ]]
	done
	tuiview -d 00080x24 <"$six" >/dev/null
}

@test "keys to play that nobody knows are a usage error" {
	for keys in '{foo}' '{click 1}' '{wait 5 x}' '{end 1}' '{}'; do
		run -2 --separate-stderr tuiview -d 80x24 -k "$keys" \
			<"$fixtures/tuiview/six.ndjson"
		[[ $stderr == "tuiview: -k: unknown $keys"* ]]
	done
	tuiview -d 80x24 -k '/\{\\' <"$fixtures/tuiview/six.ndjson" |
		grep -qF 'filter /{\'
}

@test "the manual page and the help tell of the same keys and options" {
	mandoc -Tlint -W warning "$root/share/man/tuiview.1"
	MANWIDTH=200 mandoc -O width=300 -Tascii "$root/share/man/tuiview.1" |
		sed 's/.\x08//g' >page
	for option in $(tuiview --help | grep -o -- ' --[a-z-]*'); do
		grep -q -- "$option" page
	done
	screen 200x60 h <"$six" >help
	while read -r _ _ keys; do
		keys=${keys#\\&}
		grep -qF -- "${keys%% *} " help
	done < <(grep '^\.It Ic' "$root/share/man/tuiview.1" | grep -v 'g g')
	for help in 'sort by 2 s rate' 'merge all sources' 'one step while paused'; do
		grep -qx " *[^ ]*  *$help" page
	done
}

@test "a live stream that stops is not taken for calm" {
	screen 120x30 '{wait 4000}' <"$six" >got
	lacks STALLED got
	screen 120x30 '{wait 9000}' <"$six" | grep -q 'IFTOPRS · STALLED 9s'
	change '.source.kind = "file"' >in
	screen 120x30 '{wait 9000}' <in >got
	lacks STALLED got
}

@test "what the stages told is kept in the state's tooltip" {
	change '.events = [{"level":"warn","from":"capd","text":"eth0 is gone"}],
	    (.seq = 18 | .ts += 1000)' >in
	x=$(segment_at 10)
	screen 200x60 "{wait 9000}{right $x 58}" <in | grep -q \
		'19:28:40 *capd: eth0 is gone'
	# However many there are, the last is not lost.
	change '.events = [range(40) | {"level":"info","from":"namemap",
	    "text":"line \(.)"}] + [{"level":"warn","from":"namemap",
	    "text":"more has happened"}]' >in
	screen 120x30 '' <in | grep -q ' namemap: more has happened '
	screen 200x60 "{right $x 58}" <in | grep -q 'namemap: line 39'
}

@test "the service of a flow whose server was heard first is the server's" {
	change '.flows = [.flows[1] | .direction = "in" | .dst_port = 22 |
	    .src_port = 45850]' | screen 100x24 '\t\t\t' >got
	grep -q '│  ssh (22/TCP) ' got
	# Not where the ports do not tell.
	change '.flows = [.flows[1] | .direction = "in" | .dst_port = 22 |
	    .src_port = 8443]' | screen 100x24 '\t\t\t' | grep -q '│  8443/TCP '
}

@test "a drill-down says how many it shows, if only shortly" {
	change '.flow_count = 1234' | screen 100x24 '\t\t\tj\r' |
		grep -q '▸ https (443/TCP) Esc ─* 1/1234 '
	screen 120x24 '\tj\r' <"$six" | grep -q ' 1 of 6 flows '
}

@test "the tooltip of the flows tells what became of those not shown" {
	change '.flow_count = 9 | .names = {"own_flows":2}' >in
	x=$(segment_at 4)
	screen 200x60 "{right $x 58}" <in >got
	grep -q 'summed up *3, 2 own DNS' got
	# Whose own DNS is not shown: as if it were not there.
	grep -q ' 6 of 7 flows ─' got
	grep -q '│ flows 6/7 │' got
	change '.flow_count = 8 | .names = {"own_flows":2}' |
		screen 120x30 '' | grep -q ' 6 flows ─'
}
