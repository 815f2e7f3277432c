# SPDX-License-Identifier: MIT
#
# What the screen claims about the stream: nothing old, lost or standing may
# look like live calm.

load helper
load dump

# says TITLE SEGMENT BANNER: they stand in the title, the header's tenth
# segment and the row above the tabs of the screen "got".
says() {
	sed -n 1p got | grep -q -- "IFTOPRS · $1 "
	grep -B1 'Flows.*Hosts' got | head -n 1 | grep -q -- "$3"
	tail -n 3 got | sed 's/│/\n/g' | sed 's/^ *//; s/ *$//' | grep -qx -- "$2"
	tail -n 3 got | sed 's/│/\n/g' | sed 's/^ *//; s/ *$//' >parts
	lacks '^live$' parts
}

down='.capture.state = "down"'
file='.source.kind = "file" | .capture.state = "file"'

@test "live is said of a stream that is live, and of no other" {
	screen 100x24 '' <"$six" >got
	tail -n 3 got | grep -q '│live│'
	sed -n 1p got | grep -q '─ ▶▶▶ IFTOPRS ◀◀◀ ─'
	for size in 80x24 100x24 120x40 200x60; do
		screen $size '' < <(change "$down") >got
		says DOWN DOWN 'eth0 DOWN since 19:28:40'
		screen $size '{wait 9000}' <"$six" >got
		says 'STALLED 9s' 'STALLED 9s' 'STALLED .* 9 s'
		screen $size P <"$six" >got
		says PAUSED PAUSED 'PAUSED at 19:28:40'
		screen $size '{end}' <"$six" >got
		says 'END OF STREAM' ENDED 'END OF THE STREAM'
		screen $size P < <(change "$file") >got
		says PAUSED PAUSED 'the replay stands'
		screen $size '{end}' < <(change "$file") >got
		says 'END OF STREAM' ENDED 'END OF THE RECORDING'
	done
}

@test "of several events at once the gravest is said" {
	printf '%s\n' '{"schema":1,"type":"snapshot","ts":1000,"interval":1,
	    "flows":[],"events":[
	    {"level":"info","from":"flowagg","text":"interval 2"},
	    {"level":"error","from":"capd","text":"filter refused"},
	    {"level":"info","from":"procmap","text":"some news"}]}' |
		tr -d '\n\t' >events.json
	echo >>events.json
	screen 100x24 '' <events.json >got
	grep -q 'capd: filter refused' got
	! grep -q 'some news\|interval 2' got || return 1
	# It stands a while, but not for ever.
	jq -c '., (.ts = 2000 | .events |= .[2:])' events.json >two.json
	screen 100x24 '{wait 1000}{next}' <two.json >got
	grep -q 'capd: filter refused' got
	lacks 'some news' got
	screen 100x24 '{wait 5000}{next}' <two.json | grep -q 'procmap: some news'
	# What the same stage says later is how it is now.
	sed '2s/procmap/capd/' two.json >same.json
	screen 100x24 '{wait 1000}{next}' <same.json | grep -q 'capd: some news'
}

@test "pausing hides neither that the interface is down nor a stall nor the end" {
	# It goes down, or drops, after the screen was paused.
	change "., (.seq = 18 | .ts += 1000 | $down |
	    .capture.kernel_dropped = 7)" >in
	screen 100x24 'P{next}' <in >got
	says 'PAUSED DOWN' 'PAUSED DOWN' 'PAUSED.*eth0 DOWN since 19:28:41'
	grep -q 'eth0 DOWN' got
	grep -q 'drops 7\|d7' got
	screen 100x24 'P{wait 9000}' <"$six" >got
	says 'PAUSED STALLED 9s' 'PAUSED STALLED 9s' 'PAUSED.*STALLED'
	screen 100x24 'P{end}' <"$six" >got
	says 'END OF STREAM' 'PAUSED ENDED' 'PAUSED.*END OF THE STREAM'
}

@test "an interface that comes back is live again, and the time starts anew" {
	change "$down, (.seq = 18 | .ts += 1000),
	    (.seq = 19 | .ts += 2000 | $down)" >in
	screen 100x24 '{next}' < <(head -n 2 in) >got
	tail -n 3 got | grep -q '│live│'
	lacks DOWN got
	screen 100x24 '{next}{next}' <in >got
	says DOWN DOWN 'since 19:28:42'
}

@test "what capd says of an interface that is down stays in sight" {
	change "$down | .events = [{\"level\":\"warn\",\"from\":\"capd\",
	    \"text\":\"eth0 is gone; next try in 4 s\"}],
	    (.seq = 18 | .ts += 1000 | $down)" >in
	screen 100x24 '{wait 4500}' <in >got
	says DOWN DOWN 'since 19:28:40 · eth0 is gone; next try in 4 s'
	jq -c '.flows = [] | .flow_count = 0' in | screen 100x24 '' >got
	grep -q '  eth0 is gone; next try in 4 s  ' got
	# It is not said of the next time.
	change "., (.seq = 19 | .ts += 2000), (.seq = 20 | .ts += 3000 | $down)" |
		tail -n 2 | cat in - >again
	screen 100x24 '' <again >got
	says DOWN DOWN 'since 19:28:43 · nothing is captured'
}

@test "a screen without header and border still says so" {
	for setup in gx xg; do
		screen 100x24 "$setup{wait 9000}" <"$six" >got
		grep -q 'STALLED · no snapshot for 9 s' got
		screen 100x24 "$setup" < <(change "$down") | grep -q 'eth0 DOWN'
		screen 100x24 "${setup}P" <"$six" | grep -q 'PAUSED at'
	done
	screen 60x12 P <"$six" | grep -q 'PAUSED'
}

@test "the row that says so covers no other: the selection stays in sight" {
	change '.flows = [range(60) as $i | .flows[0] | .id = 200 + $i |
	    .src_port = 2000 + $i] | .flow_count = 60' >many
	for keys in GP PG 'G{wait 9000}' 'G{end}'; do
		for size in 60x12 80x24 80x25 120x40; do
			screen $size "$keys" <many >got
			grep -q '▸laptop.*:2059\|▸\[*.*2059' got
			grep -q '40 s, \(peak \)\?[0-9]' got
		done
	done
	# It goes again, and the rows have their room again.
	screen 80x24 'jPP' <many | sed '/order\|status/d' >twice
	screen 80x24 'j' <many | diff -u - twice
}

@test "drops, coverage and skipped snapshots are in the header, in numbers" {
	change '.capture.kernel_dropped = 5 | .capture.interface_dropped = 2 |
	    .capture.skipped = 3 | .capture.coverage = 0.61' >in
	screen 200x40 '' <in | grep -q 'drops 7 seen 61.0% skipped 3'
	for size in 60x12 80x24 100x30; do
		screen $size '' <in | tail -n 3 | grep -q 'd7\|drops 7\|D7!'
	done
	# Nearly all is not all.
	change '.capture.coverage = 0.99999' | screen 200x40 '' |
		grep -q 'seen 99.9%'
}

@test "an alert is counted in the header, whoever set the threshold" {
	change '.alerts = [{"flow":72,"direction":"both","rate":10010,
	    "threshold":1000,"state":"raised"}]' >in
	screen 120x30 '{wait 9000}' <in | tail -n 3 | grep -q '│ALERT 1│'
	screen 120x30 '{wait 9000}' --set alert_threshold=8kb <in |
		tail -n 3 | grep -q '│ALERT 1>8.00kb│'
}

@test "a process that is a guess has a mark, in the width that there is" {
	guess='.flows |= map(.process_name = $name | .pid = 12345 |
	    .match = "inferred")'
	guessed() {
		jq -c --arg name "$1" "$guess" "$six" | screen 120x24 '' \
			--set show_bars=false
	}
	guessed abcdefghij | grep -q ' \[12345:abcdefghij\]?  1.34GB'
	guessed abcdefghijk | grep -q ' abcdefghijk?  *1.34GB'
	guessed abcdefghijkl | grep -q ' abcdefghijkl?  *1.34GB'
	change '.flows[0].pid = null | .flows[0].match = "inferred"' |
		screen 120x24 '' --set show_bars=false | grep -q ' \[firefox\]? '
	# Of several none is.
	change '.flows[0:2] |= map(.dst = "192.0.2.80" | .match = "inferred")' |
		screen 120x24 p --set show_bars=false | grep -q ' \[several\]  '
}

@test "a pinned row is seen to be above the threshold, or to have ended" {
	printf '[[pinned]]\nsrc = "192.0.2.2"\ndst = "198.51.100.7"\n' >conf
	marks() {
		screen 100x24 "$1" -c conf --set show_bars=false |
			sed -n 's/^│\(..\)laptop.lan:43814 .*/\1/p'
	}
	local raised='.alerts = [{"flow":.flows[0].id,"state":"raised","rate":9}]'
	change . | marks '' | grep -qx '★ '
	change "$raised" | marks '' | grep -qx '★!'
	change '.flows[0].ended = true' | marks '' | grep -qx '★×'
	# Beside the triangle is room for one.
	change . | marks j | grep -qx '★▸'
	change "$raised" | marks j | grep -qx '!▸'
	change '.flows[0].ended = true' | marks j | grep -qx '★▸'
	# Rows of several flows: when all of them have.
	for rows in '\t:\[4821\]' '\t\t:example.net' '\t\t\t:https' S:laptop.lan; do
		change '.flows[0] |= (.ended = true) | .flows +=
		    [.flows[0] | .id = 9 | .src_port = 9 | .sent_2s = 0]' >two
		screen 100x24 "${rows%%:*}" <two | grep -q "^│× *${rows#*:}"
		jq -c '.flows[-1].ended = false' two |
			screen 100x24 "${rows%%:*}" | grep -q "^│  *${rows#*:}"
	done
	change "$raised" | screen 100x24 '\t\tjF\e' |
		grep -q '^│★!example.net '
}

@test "an alert names the flow that is new, not one that was raised before" {
	change '.alerts = [{"flow":72,"direction":"both","rate":10010,
	    "threshold":1000,"state":"raised"}]' >in
	change '.seq += 1 | .ts += 1000 | .alerts = [
	    {"flow":72,"direction":"both","rate":900,"threshold":1000,
	    "state":"raised"}, {"flow":76,"direction":"both","rate":2000,
	    "threshold":1000,"state":"raised"}]' >>in
	screen 120x30 '' <in >got
	grep -q 'ALERT laptop.lan:ssh => 203.0.113.50:60100 16.0kb/s (and 1 more)' got
	# Said once.
	tail -n 1 in | jq -c '.seq += 1 | .ts += 1000' >>in
	screen 120x30 '{wait 9000}' <in >got
	lacks 'ALERT laptop' got
}

@test "the figures' columns have headings, the order is marked, clicks sort" {
	heads() { sed -n 's/[─│ ]//g; s/.*Flows\].*Hosts.*total/total/p' got; }
	screen 120x30 '' <"$six" >got
	[ "$(heads)" = "total2s10s▼40s" ]
	screen 120x30 3r <"$six" >got
	[ "$(heads)" = "total2s10s40s▲" ]
	# Heading and rates end in the same column.
	line=$(grep 'Flows\].*Hosts' got) row=$(grep 'TOTAL:' got)
	[ "${line%40s*}" != "$line" ]
	[ ${#line} -eq ${#row} ]
	before=${line%%40s*}
	screen 120x30 "{click ${#before} 24}" <"$six" >got
	[ "$(heads)" = "total2s10s40s▼" ]
	before=${line%%2s*}
	screen 120x30 "{click ${#before} 24}" <"$six" >got
	[ "$(heads)" = "total2s▼10s40s" ]
	before=${line%%total*}
	screen 120x30 "{click ${#before} 24}{click ${#before} 24}" <"$six" >got
	[ "$(heads)" = "total▲2s10s40s" ]
	# In other views they are those of the totals only.
	screen 120x30 '\t' <"$six" | grep 'Hosts' | grep -q '─ 2s─.* 40s─'
}

@test "the header spends its room: at 120 columns nothing is abbreviated" {
	screen 120x30 '' <"$six" | tail -n 2 | head -n 1 >got
	for what in 'eth0 up' 'flows 6' 'sort 10s' 'drops 0 seen 99.8%' \
	    'alert off' 'no filter' 'h help'; do
		grep -q -- "│$what│" got
	done
	# Where there is less room blanks go first, then half of a theme's
	# name; how to get help stays in words for long.
	change '.flow_count = 1887' >in
	for width in 110 115 120; do
		screen ${width}x30 '' <in | tail -n 2 | head -n 1 >got
		grep -q '│Neon│live│drops 0 seen 99.8%│.*│no filter│h help' got
	done
	# What matters most has its room first.
	screen 80x24 '' <"$six" | grep -q '│eth0 up│'
	screen 80x24 '' < <(change "$down") | grep -q '│eth0 DOWN│'
}

@test "a capture filter is in the header: what it leaves out is nowhere else" {
	change '.source.filter = "tcp port 443"' >in
	screen 160x30 '' <in | tail -n 2 | grep -q '│ bpf tcp port 443 │'
	for size in 60x14 80x24 100x30; do
		screen $size '' <in | tail -n 3 | grep -q 'bpf'
		screen $size '/ssh\r' <in | tail -n 3 | grep -q '/ssh bpf'
	done
}

@test "a tooltip says where a setting comes from" {
	tip() {
		screen 200x40 "$2{right $1 38}" ${3:+"${@:3}"} <"$six" |
			sed -n 's/.*set by *\([^│]*[^ │]\).*/\1/p'
	}
	x=$(screen 200x40 '' <"$six" | tail -n 2 | head -n 1 |
		sed 's/Neon.*//' | wc -m)
	echo 'theme = "AcidRain"' >conf
	[ "$(tip "$x" '')" = 'nobody: the default' ]
	[ "$(tip "$x" '' -c conf)" = 'line 1 of the settings' ]
	[ "$(tip "$x" '' --theme RedSector)" = 'the command line: not stored' ]
	[ "$(tip "$x" 'cj\r' -c conf)" = 'you, on the screen: stored' ]
}

@test "a replay is called so on the smallest screen, without title and border" {
	change "$file | .source.interfaces = [\"file\"]" >in
	for size in 60x12 80x24 100x30 200x60; do
		screen $size '' --speed 4 <in | tail -n 3 | grep -q 're[a-z]* ×4'
		screen $size '' <in | tail -n 3 | grep -q 're[a-z]* max'
	done
}

@test "a replay says in the title how far it has come" {
	for case in '53:0:53' '65.4:1:05' '3725:1:02:05'; do
		change "$file | .elapsed = ${case%%:*}" >in
		screen 100x24 '' --speed 4 <in | sed -n 1p |
			grep -q "replay ×4 · ${case#*:} ◀"
		screen 100x24 P --speed 4 <in | sed -n 1p |
			grep -q "PAUSED · ${case#*:} ◀"
	done
	# A live stream has come nowhere.
	screen 100x24 P <"$six" | sed -n 1p | grep -q 'PAUSED ◀'
}

@test "headings do not come and go with the number of flows" {
	for size in 60x14 80x24 100x30 120x30 200x60; do
		for n in 6 99 100 12345 1234567; do
			screen $size '' < <(change ".flow_count = $n") |
				grep 'Flows\].*Hosts' |
				sed -E 's, [0-9/]+( of [0-9]+)?( flows)? ,,
				s/[─│ ]//g'
		done | sort -u >heads
		[ "$(wc -l <heads)" -eq 1 ]
	done
}

@test "what a key has said its stage need not say again, but may refuse" {
	mkdir ctl
	mkfifo ctl/flowagg
	exec 4<>ctl/flowagg
	answer() {	# LEVEL TEXT: the snapshot after an order
		change ". , (.seq += 1 | .ts += 1000 | .events =
		    [{\"level\":\"$1\",\"from\":\"flowagg\",\"text\":\"$2\"}])"
	}
	answer info 'interval 2' >in
	screen 100x24 'f{next}' --control-dir ctl <in >got
	grep -q 'refresh every 2 s' got
	lacks 'flowagg: interval' got
	# By another hand, and refused.
	screen 100x24 '{next}' --control-dir ctl <in | grep -q 'flowagg: interval 2'
	answer error 'interval 2 refused' >in
	screen 100x24 'f{next}' --control-dir ctl <in |
		grep -q 'flowagg: interval 2 refused'
	mkfifo ctl/capd
	exec 5<>ctl/capd
	change "$file, ($file | .seq += 1 | .ts += 1000 | .events = [{\"level\":
	    \"info\",\"from\":\"capd\",\"text\":\"replay: speed 2\"}])" >in
	screen 100x24 '+{next}' --speed 1 --control-dir ctl <in >got
	lacks 'capd: replay' got
	grep -q 'replay at 2 times' got
	screen 100x24 '{next}' --speed 1 --control-dir ctl <in |
		grep -q 'capd: replay: speed 2'
	exec 4>&- 5>&-
}

@test "on a screen that is too small the size that is needed is readable" {
	screen 20x5 '' <"$six" | grep -qx ' *60x12 needed *'
	screen 59x12 '' <"$six" | grep -qx ' *60x12 needed, this is 59x12 *'
}

@test "the scale holds what the means tell, whatever became of the peak" {
	change '.peak_total = 0 | .sent_10s = 200000000' | screen 80x24 '' |
		grep -q '1.00Gb  *│'
	change '.peak_total = 0 | .sent_40s = 20000000000' | screen 120x24 '' |
		grep -q '100Gb  *│'
}

@test "of a replay that is stepped on the banner tells where it stands" {
	change "$file, ($file | .seq += 1 | .ts += 3000)" >in
	screen 100x24 'P{next}' <in | grep -q 'PAUSED at 19:28:43'
	screen 100x24 '{wait 1}P{wait 1}' < <(head -1 in) |
		grep -q 'PAUSED at 19:28:40'
}

@test "a replayed file has no capture to move or to filter, and says so" {
	change "$file" >in
	mkdir ctl
	mkfifo ctl/capd
	exec 4<>ctl/capd
	screen 100x24 'Eudp\r' --control-dir ctl <in |
		grep -q 'its capture filter stays; / filters rows'
	PATH=$PWD:$PATH
	printf '#!/bin/sh\necho %s\n' "'[{\"name\":\"eth0\"}]'" >capd
	chmod +x capd
	screen 100x24 'i\r' --control-dir ctl <in | grep -q 'no capture to move'
	# Nothing was asked of it.
	: >&4
	[ -z "$(timeout 0.2 cat <&4)" ]
	exec 4>&-
}

@test "an export of merged rows names no end that was merged away" {
	for case in 's:^\*  *=>  [^*]' 'd:^[^*].*=>  \*' 'sd:^\*  *=>  \*'; do
		screen 100x30 "${case%%:*}e" <"$six" >/dev/null
		grep -q "${case#*:}" .iftoprs.export.txt
		rm .iftoprs.export.txt
	done
	screen 100x30 sde --set export_format=csv <"$six" >/dev/null
	[ "$(sed -n 2p .iftoprs.export.csv | cut -c1-8)" = ',,,,,,,,' ]
	screen 100x30 se --set export_format=json <"$six" >/dev/null
	jq -e '.rows | all(has("src") or has("src_port") | not)' \
		.iftoprs.export.json
}

@test "a long name takes the room that the other end does not need" {
	long=cdn-17.region.content.example
	change ".flows[0].dst_name = \"$long\"" >in
	arrow() { sed -n 's/^\(.*laptop.lan:51522 *\)=>.*/\1/p' got | wc -m; }
	screen 120x30 '' <"$six" >got
	half=$(arrow)
	screen 120x30 '' <in >got
	grep -q "laptop.lan:43814 *=>  $long:https *\[4821:firefox\]" got
	[ "$(arrow)" -lt "$half" ]
	moved=$(arrow)
	# Columns stay when that flow goes, until what is shown is changed.
	change '.seq += 1 | .ts += 1000' >>in
	screen 120x30 '{next}{next}' <in >got
	lacks "$long" got
	[ "$(arrow)" -eq "$moved" ]
	screen 120x30 '{next}{next}2' <in >got
	[ "$(arrow)" -eq "$half" ]
	# Nor for long: what came before the names did is forgotten.
	tail -n 1 in | jq -c 'range(2; 22) as $i | .seq += $i |
	    .ts += 1000 * $i' >>in
	screen 120x30 '' <in >got
	[ "$(arrow)" -eq "$half" ]
	# Neither end takes what the other one needs.
	change ".flows[0].dst_name = \"$long\" | .flows[1].src_name = \"$long\"" |
		screen 120x30 '' >got
	grep -q 'laptop.lan:43814              =>  cdn-17' got
	change ".flows[0].src_name = \"$long\"" | screen 120x30 '' |
		grep -q "$long:43814 => "
}

@test "merged flows have the direction that all of them have" {
	# Five go out, one comes in.
	screen 100x30 'sdj\r' <"$six" | grep -q 'several, several ways'
	change '.flows |= .[:2]' | screen 100x30 'sdj\r' |
		grep -q 'protocol  *TCP, out'
}

@test "the peak of many flows is told as that of one of them" {
	# A second's most of each is known, not when it was.
	screen 100x30 'sdj\r' <"$six" | grep -q '│ peak of one  '
	screen 100x30 'j\r' <"$six" | grep -q '│ peak  '
}

@test "an alert of a flow that is not listed is named, counted, told once" {
	change '.flow_count = 9 | .alerts = [{"flow":99,"src":"192.0.2.2",
	    "dst":"198.51.100.9","direction":"both","rate":10010,
	    "threshold":1000,"state":"raised"}]' >in
	jq -c '.seq += 1 | .ts += 1000' in >>in2
	screen 120x30 '' <in |
		grep -q 'ALERT 192.0.2.2 => 198.51.100.9 80.1kb/s'
	screen 120x30 '' --set units=bytes <in |
		grep -q 'ALERT 192.0.2.2 => 198.51.100.9 10.0kB/s'
	cat in in2 >both
	screen 120x30 '{next}{wait 9000}{next}' <both >got
	lacks 'ALERT 192' got
	grep -q '│ALERT 1│' got
	# What told that it is over was skipped.
	(cat both; change '.seq += 3 | .ts += 2000') >over
	screen 120x30 '{wait 9000}' <over | grep -q '│alert off│'
}

@test "however many alerts there are, they are counted" {
	change '.alerts = [range(200) | {"flow":(1000 + .),"direction":"both",
	    "rate":10010,"threshold":1000,"state":"raised"},
	    {"flow":(1000 + .),"direction":"sent","rate":9000,
	    "threshold":1000,"state":"raised"}] + [{"flow":72,
	    "direction":"both","rate":1,"threshold":1,"state":"raised"},
	    {"flow":73,"direction":"both","rate":1,"threshold":1,
	    "state":"cleared"}]' >in
	screen 120x30 '{wait 9000}' <in >got
	grep -q '│ALERT 201│' got
	[ "$(grep -c '^│!' got)" -eq 1 ]
}

@test "the prompt of the filter counts the rows as the tabs do" {
	change '.flow_count = 18' >in
	screen 120x30 '/zzz\r' <in | grep -q ' 0 of 18 flows '
	screen 120x30 '/zzz' <in | grep -q ' 0 of 18 · Enter'
	screen 120x30 '\t/zzz' <in | grep -q ' 0 of 6 · Enter'
	screen 120x30 'p/zzz' <in | grep -q ' 0 of 5 · Enter'
}

@test "the order's tooltip names the rows of the view" {
	for keys in '' '\t' '\t\t' '\t\t\t'; do
		screen 120x30 "$keys" <"$six" >got
		x=$(sed -n 's/^\(│.*│\)sort 10s│.*/\1/p' got | tr -d '\n' |
			wc -m)
		screen 120x30 "$keys{right $x 28}" <"$six" >got
		grep -q '│ by  *10s ' got
		sed -n 's/.*│ first  *[^ ]* \([^│]*[^ │]\) *│.*/\1/p' got >>first
	done
	diff -u - first <<-END
	example.net:https
	[4821] firefox
	example.net
	https (443/TCP)
	END
}

@test "where port numbers are chosen, a group's details have them, too" {
	screen 120x30 'N\t\t\tj\r' <"$six" >got
	grep -q '▸ 443/TCP Esc' got
	lacks 'https' got
}

@test "figures that no stream should have neither wrap nor vanish" {
	change '.total_sent = 9223372036854775808 |
	    .total_recv = 9223372036854775808 |
	    .flows[0] |= (.total_sent = 18446744073709551615 |
	    .total_recv = 1e30 | .sent_2s = 124.7)' >in
	screen 120x30 '{wait 9000}' <in >got
	grep -q '^│TOTAL: *cum: *18.0PB' got
	grep -q '^│ *laptop.lan:43814 .* 9.01PB *1.00kb' got
	screen 120x30 't{wait 9000}' <in |
		grep -q '^│ *laptop.lan:43814 .* 18.0PB '
}

@test "merged rows have ended when all their flows have, whichever is busiest" {
	# The two flows to one host, of which the first is the busier.
	for case in '.flows[1]:0' '.flows[2]:0' '.flows[1,2]:1'; do
		change "(${case%:*}).ended = true" | screen 120x30 p >got
		[ "$(grep -c '│× laptop.lan .* 192.0.2.80 ' got)" -eq "${case#*:}" ]
	done
}

@test "the header leaves nothing out, however large its numbers are" {
	change '.source.filter = "tcp" | .interval = 0.25 |
	    .source.interfaces = ["enx001122334455"] | .alerts =
	    [range(1000; 2234) | {flow: ., rate: 1, state: "raised"}]' >wide
	for n in 1 100 10000 1000000 100000000 10000000000; do
		jq -c ".flow_count = $n * 100 |
		    .capture.kernel_dropped = $n" wide >in
		keys='A1.25Mb\r/198\rroP{wait 15000}{wait 6000000}'
		screen 60x12 "$keys" --set sort=source <in | tail -n 2 >got
		# Two rows of 14 parts, the last one at the end.
		[ "$(grep -o '│' got | wc -l)" -eq 12 ]
		grep -q '^ift.*│.*│' got
		grep -q '│h[?]\?$' got
		lacks '.\{61\}' got
		screen 60x24 "$keys" --set sort=source <in | tail -n 3 >got
		[ "$(grep -o '│' got | wc -l)" -eq 16 ]
		grep -q '│h[?]\? *│$' got
		grep -qx '╰─*╯' got
	done
}

@test "what is too long ends with a whole character" {
	for start in x xx; do
		name=$start$(printf 'é%.0s' $(seq 20))
		text=$start$(printf 'é%.0s' $(seq 150))
		change "$down | .source.interfaces = [\"$name\"] | .events =
		    [{\"level\":\"warn\",\"from\":\"capd\",\"text\":\"$text\"}]" >in
		screen 220x24 '' <in | grep 'capd: \|DOWN since' >got
		grep -q 'capd: xx*éé*  ' got
		grep -q ' xx*éé* DOWN since 19:28:40 · xx*éé*  ' got
	done
}
