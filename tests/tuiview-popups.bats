# SPDX-License-Identifier: MIT
#
# Popups in tuiview: what they show, how they scroll, who gets the keys.

load helper

six=$fixtures/tuiview/six.ndjson

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export HOME=$BATS_TEST_TMPDIR
	unset NO_COLOR COLORTERM COLORFGBG TMUX DISPLAY WAYLAND_DISPLAY
	export TERM=xterm-256color
}

screen() {
	local size=$1 keys=$2
	shift 2
	tuiview -d "$size" -k "$keys" "$@"
}

lacks() {
	! grep -q -- "$1" "$2"
}

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

@test "a popup as wide as the screen leaves no slivers beside it" {
	screen 80x24 h <"$six" | sed -n 2p | grep -q '^╭─ Help ─*╮$'
	screen 80x24 c <"$six" | sed -n 6p | grep -q '││$'
}

@test "a chooser says when nothing is called like what was typed" {
	screen 120x30 cdark <"$six" >got
	grep -q 'search: dark ─' got
	screen 120x30 'cdarkx' <"$six" | grep -q 'search: darkx (none)'
	screen 120x30 'cdarkx\b' <"$six" | grep -q '▸ Darkwave\|▸ Dark Signal'
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
