# SPDX-License-Identifier: MIT
#
# Popups in tuiview: what they show, how they scroll, who gets the keys.

load helper
load dump

@test "the help stops at its end, and the next k goes back from there" {
	for size in 60x12 80x24 100x20; do
		screen $size hG <"$six" >end
		screen $size 'hG\e[F\e[6~jjjj' <"$six" | diff -u end -
		grep -q 'Shift-drag' end
		screen $size hGk <"$six" >up
		lacks 'Shift-drag' up
		screen $size 'hGkj' <"$six" | diff -u end -
	done
}

@test "no column of the help begins with a gap or ends with a heading" {
	for size in 80x200 100x60 120x40 160x40 200x60; do
		screen $size h <"$six" >got
		sed -n '/─ Help ─/{n;p;}' got >first
		sed -n '/Esc closes/{x;p;d;}; h' got >last
		frame=$(grep '─ Help ─' got)
		frame=${frame%%╭─ Help*} line=$(cat first)
		for ((x = ${#frame} + 2; x < ${#line} - 37; x += 37)); do
			[ "${line:x:1}" != ' ' ]
		done
		for heading in Moving 'Order and filter' Display 'Names and ports' \
		    'Capture and data' Replay Program 'Filter and mouse'; do
			grep -q " $heading " got
			lacks " $heading " last
		done
	done
}

@test "at 120 by 30 the help need not scroll" {
	screen 120x30 h <"$six" >got
	grep -q '^╰──╰─ Esc closes ─' got
	grep -q 'Moving' got
	grep -q 'Shift-drag' got
	screen 120x30 hj <"$six" | diff -u got -
	screen 120x29 h <"$six" | grep -q 'scroll (1-27 of 28)'
}

@test "a popup as wide as the screen leaves no slivers beside it" {
	screen 80x24 h <"$six" | head -n 1 | grep -q '^╭─ Help ─*╮$'
	screen 80x24 c <"$six" | sed -n 6p | grep -q '││$'
}

@test "a prompt tells what is wrong and how many rows on the smallest screen" {
	for size in 60x12 80x24 120x30; do
		screen $size '//[[' <"$six" | grep -q '^.\?.filter //\[\[  *Unmatch'
		screen $size '//[[\r' <"$six" | grep -q ' no filter: Unmatched'
		screen $size '/ssh' <"$six" | grep -q 'filter /ssh  *3 of 6'
		screen $size A <"$six" | grep -q 'alert above:  *500k.*10Mb.*off'
		screen $size / <"$six" | grep -q 'filter /  *.*port: .*!not'
	done
	# A threshold is offered for editing as it is.
	screen 120x30 A --set alert_threshold=12345678 <"$six" |
		grep -q 'alert above: 98.765424Mb '
	# Off in any case, as in the file.
	screen 120x30 'A\^uOFF\r' --set alert_threshold=12345678 <"$six" |
		grep -q '│alert off│'
}

@test "a capture filter that is too long for the prompt is left as it is" {
	change '.source.filter = "port " + ("1" * 243)' >in
	screen 200x30 E <in | grep -q 'capture filter: 1111'
	change '.source.filter = "port 53" + (" or port 53" * 30)' >in
	screen 120x30 E <in >got
	grep -q 'too long to be edited here' got
	lacks 'capture filter: ' got
	grep -q '│live│' got
}

@test "a chooser says when nothing is called like what was typed" {
	screen 120x30 cdark <"$six" >got
	grep -q 'search: dark ─' got
	screen 120x30 'cdarkx' <"$six" | grep -q 'search: darkx (none)'
	screen 120x30 'cdarkx\b' <"$six" | grep -q '▸ Darkwave\|▸ Dark Signal'
}

@test "the details scroll on a screen that is too low for all of them" {
	screen 80x16 'j\r' <"$six" >top
	grep -q '│ source  ' top
	grep -q 'PgDn PgUp more' top
	[ "$(grep -c 'owner found' top)" = 0 ]
	screen 80x16 'j\r\e[6~\e[6~\e[6~' <"$six" >end
	grep -q '│ owner found  ' end
	grep -q '│ program  */usr/lib/firefox' end
	screen 80x16 'j\r\e[6~\e[6~\e[6~\e[5~\e[5~\e[5~' <"$six" |
		diff -u top -
	# Where there is room all is there, and nothing scrolls.
	screen 100x40 'j\r' <"$six" >all
	[ "$(grep -c 'PgDn' all)" = 0 ]
	screen 80x16 'j\r\e[6~{resize 100 40}' <"$six" | diff -u all -
	screen 100x40 'j\r\e[6~' <"$six" | diff -u all -
}

@test "the wheel in the details goes from flow to flow" {
	screen 120x40 'j\r{down 60 20}' <"$six" >got
	grep -q '▸laptop.lan:51522' got
	grep -q 'source *laptop.lan:51522' got
}

@test "the wheel over a prompt or a name changes nothing behind it" {
	screen 120x30 'C\r{wait 1}Mine\r' -c conf <"$six" >/dev/null || true
	for keys in / E A; do
		screen 120x30 "$keys" <"$six" >before
		screen 120x30 "$keys{down 50 10}{up 50 10}{click 30 5}" <"$six" |
			diff -u before -
	done
}

@test "a flow's peaks are in the units chosen" {
	screen 120x40 'j\r' <"$six" >bits
	screen 120x40 'Bj\r' <"$six" >bytes
	grep 'peak  .*sent' bits | grep -q '[0-9]b sent\|[kMG]b sent'
	grep 'peak  .*sent' bytes | grep -q '[0-9kMG]B sent'
}

@test "a theme's name that cannot be is refused, visibly, above the popup" {
	for name in '' '   ' NeonSprawl 'Neon Sprawl' 'neon sprawl' \
	    "$(printf 'ö%.0s' $(seq 40))"; do
		screen 100x24 "Cs$name\\r" -c conf <"$six" >got
		grep -q "cannot be a theme's name" got
		grep -q '─ Name of the theme ─' got
		[ ! -e conf ]
	done
	# Blanks around it are not part of it; signs of TOML may be.
	screen 100x24 'Cs  My own  \r' -c conf <"$six" |
		grep -q ' theme My own saved '
	screen 100x24 'Cs\^u]a"b=例\r' -c conf <"$six" |
		grep -q 'theme \]a"b=例 saved'
	tuiview --check-config -c conf
	screen 120x50 'c' -c conf <"$six" >got
	grep -q ' My own .*your own' got
	grep -q ' \]a"b=例 .*your own' got
}

@test "a preview that is left does not forget the custom theme in force" {
	screen 100x24 'C#102030s\^uMine\r' -c conf <"$six" >/dev/null
	screen 100x24 '' -c conf --dump-styled <"$six" >mine
	screen 100x24 'cjjjk\e' -c conf --dump-styled <"$six" | diff -u mine -
	screen 100x24 'cdark\e\e' -c conf --dump-styled <"$six" | diff -u mine -
	screen 100x24 '' -c conf <"$six" | grep -q '│Mine│'
	grep -q 'active_custom_theme = "Mine"' conf
}

@test "a list of forty interfaces scrolls, tells the place, and is searched" {
	mkdir bin
	for n in $(seq 40); do
		echo "{\"name\":\"if$n\",\"state\":\"running\",\"addresses\":[]}"
	done >list
	printf '#!/bin/sh\ncat %s/list\n' "$PWD" >bin/capd
	chmod +x bin/capd
	PATH=$PWD/bin:$PATH
	screen 80x24 i <"$six" >got
	grep -q '▸ if1 ' got
	lacks 'if40' got
	grep -q '█$' got
	screen 80x24 'i\e[F' <"$six" | grep -q '▸ if40'
	screen 80x24 'iif33' <"$six" | grep -q '▸ if33'
	screen 80x24 'i{down 40 10}{down 40 10}' <"$six" | grep -q '▸ if3 '
	# All those captured are marked, the first is where it begins; and a
	# machine full of containers has hundreds.
	for n in $(seq 300); do
		echo "{\"name\":\"if$n\",\"state\":\"running\",\"addresses\":[]}"
	done >list
	change '.source.interfaces = ["if3", "if5"]' >two
	screen 80x24 i <two >got
	grep -q '●▸ if3 ' got
	grep -q '● *if5 ' got
	[ "$(grep -c '●' got)" -eq 2 ]
	screen 80x24 'i\e[F' <two | grep -q '▸ if300 '
}

@test "copy, pin and details take the flow aimed at, not its row's number" {
	jq -c '., (.seq = 18 | .ts += 1000 | .flows[5].sent_10s = 9000000 |
	    .flows[4].sent_10s = 8000000)' "$six" >two
	mkdir bin
	printf '#!/bin/sh\ncat >%s/copied\n' "$PWD" >bin/wl-copy
	chmod +x bin/wl-copy
	WAYLAND_DISPLAY=w PATH=$PWD/bin:$PATH screen 120x30 'jj{next}y' <two \
		>/dev/null
	grep -q 'laptop.lan:51522 => 192.0.2.80:ssh' copied
	screen 120x30 'jj{next}F' <two | grep -q '★▸laptop.lan:51522'
	screen 120x40 'jj{next}\r' <two | grep -q 'source *laptop.lan:51522'
	screen 120x40 'jj\r{next}' <two | grep -q 'source *laptop.lan:51522'
	# And a tooltip stays with the row it is about.
	screen 120x40 '{right 30 5}{next}' <two |
		grep -q 'source *laptop.lan:51522'
}

@test "the chooser of interfaces does not promise what it cannot do" {
	mkdir bin ctl && mkfifo ctl/capd
	printf '#!/bin/sh\necho "{\\"name\\":\\"eth0\\",\\"state\\":\\"up\\"}"\n' \
		>bin/capd
	chmod +x bin/capd
	exec 6<>ctl/capd
	PATH=$PWD/bin:$PATH screen 120x30 i --control-dir ctl <"$six" |
		grep -q 'Enter moves the capture there'
	PATH=$PWD/bin:$PATH screen 120x30 i <"$six" |
		grep -q 'takes no orders'
	printf '#!/bin/sh\nexit 1\n' >bin/capd
	PATH=$PWD/bin:$PATH screen 120x30 i --control-dir ctl <"$six" >got
	grep -q 'capd told of no interface' got
	grep -q '─ Esc closes ─' got
}

@test "that capd cannot even be asked is said in the chooser" {
	# Two descriptors are left, and taken by then.
	bash -c 'ulimit -n 5; exec tuiview -d 100x24 -k i' \
		<"$six" >got 3>&- 4>&-
	grep -q 'capd cannot be asked: Too many open files' got
}

@test "the interface's tip and an empty screen promise only what keys can do" {
	mkdir ctl && mkfifo ctl/capd
	exec 6<>ctl/capd
	head -n 1 "$six" | jq -c '.flows = [] | .flow_count = 0' >empty
	jq -c '.source.kind = "file"' empty >file
	tip='{right 12 28}'
	screen 100x30 "$tip" --control-dir ctl <empty >got
	grep -q 'choose another   i ' got
	grep -q 'edit the filter  E ' got
	grep -q 'i chooses another interface' got
	screen 100x30 "$tip" <empty >alone
	screen 100x30 "{end}$tip" --control-dir ctl <empty >over
	screen 100x30 "$tip" --control-dir ctl <file >replayed
	for got in alone over replayed; do
		[ "$(grep -c 'no: this stream takes no orders' $got)" = 2 ]
		[ "$(grep -c 'i chooses another' $got)" = 0 ]
	done
	grep -q 'state            ended ' over
	jq -c '.capture.state = "down"' empty >down
	screen 100x30 '' <down >got
	grep -q 'the capture comes back by itself  *│' got
	screen 100x30 '{end}' <down >got
	grep -q ' end of the stream ' got
	lacks 'comes back by itself' got
}

@test "a search in a chooser takes every letter once it has begun with a slash" {
	# j and k move until then.
	screen 120x30 cjjk <"$six" | grep -q '▸ Acid Rain'
	screen 120x30 c/ <"$six" | grep -q '─ Themes · search: *─'
	screen 120x30 c/k <"$six" >got
	grep -q 'search: k ─' got
	grep -q '▸ Sakura Den\|▸ Ice Breaker' got
	screen 120x30 'c/nj' <"$six" | grep -q 'search: nj (none)'
	# Escape ends the search, the next one the chooser; so it is for a
	# click beside it, at once.
	screen 120x30 'cdark\e' <"$six" | grep -q '─ Themes ─'
	screen 120x30 'cdark\e\e' <"$six" >got
	lacks Themes got
	screen 120x30 'cdark{click 5 20}' <"$six" >got
	lacks Themes got
	screen 120x30 'i/x\e' <"$six" | grep -q '─ Interfaces ─'
	screen 120x30 'i/x\e\e' <"$six" >got
	lacks Interfaces got
}
