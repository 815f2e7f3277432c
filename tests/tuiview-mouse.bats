# SPDX-License-Identifier: MIT
#
# The mouse in tuiview: what each place does, and what must do nothing.

load helper
load dump

screen() {
	local size=$1 keys=$2
	shift 2
	tuiview -d "$size" -k "$keys" "$@" <"$six"
}

# at TEXT: where it stands on the screen "got", as "X Y".
at() {
	local line y
	line=$(grep -n -m 1 -- "$1" got) || return 1
	y=${line%%:*} line=${line#*:}
	line=${line%%"$1"*}
	echo "$((${#line} + 1)) $((y - 1))"
}

# segments: a column of each of the header's segments on "got".
segments() {
	local line parts x=1 part
	line=$(tail -n 2 got | head -n 1)
	IFS='│' read -ra parts <<<"${line#│}"
	for part in "${parts[@]}"; do
		echo $((x + 2))
		x=$((x + ${#part} + 1))
	done
}

@test "a click on a segment of the header does what its key does" {
	screen 200x40 '' >got
	mapfile -t x < <(segments)
	want=('' '─ Interfaces ─' '\[Processes\]' '' '' 'order reversed'
		'refresh every 2 s' 'rates in bytes' '─ Themes ─' 'PAUSED at'
		'' 'alert above' 'filter /' '─ Help ─')
	for i in "${!want[@]}"; do
		screen 200x40 "{click ${x[i]} 38}" >clicked
		if [ -n "${want[i]}" ]; then
			grep -q -- "${want[i]}" clicked ||
				{ echo "$i"; cat clicked; false; }
		else
			diff -u got clicked
		fi
	done
	# And the right button always opens its own tooltip.
	for i in "${!want[@]}"; do
		screen 200x40 "{right ${x[i]} 38}" | grep -q 'any key closes'
	done
}

@test "a click on the row that says paused goes on" {
	screen 120x30 P >got
	screen 120x30 "P{click $(at 'PAUSED at')}" >clicked
	lacks PAUSED clicked
}

@test "each column's heading sorts in every view, the second click turns it" {
	for view in '' '\t' '\t\t' '\t\t\t' '\t\t\t\t'; do
		screen 120x30 "$view" >got
		for name in 2s 10s 40s; do
			[ -n "$view" ] && name="TX $name"
			screen 120x30 "$view{click $(at " $name")}" >one
			grep -q "sorted by ${name#TX }\|order reversed" one ||
				{ echo "$view $name"; cat got one; false; }
		done
	done
	for heading in PROCESS 'TX sum' 'RX sum'; do
		screen 120x30 '\t' >got
		screen 120x30 "\\t{click $(at "$heading")}" |
			grep -q 'sorted by \(name\|total\)'
		screen 120x30 "\\t{click $(at "$heading")}{click $(at \
			"$heading")}" | grep -q 'order reversed'
	done
}

@test "each tab is a view, on every width of the screen" {
	for size in 60x14 80x24 120x30 200x60; do
		screen $size '' >got
		for tab in Flows Proc Host Serv Pub; do
			screen $size "{click $(at "$tab")}" |
				grep -q "\[$tab[a-z]*\]"
			screen $size "\\t\\t{click $(at "$tab")}" |
				grep -q "\[$tab[a-z]*\]"
		done
	done
}

@test "every line of a row selects it: names, figures, bar and sparkline" {
	screen 120x30 j >got
	for place in '2 3' '40 3' '117 3' '60 4' '10 5' '100 5'; do
		screen 120x30 "j{click $place}" | grep -q '▸laptop.lan:43814'
	done
	screen 120x30 'j{click 60 6}' | grep -q '▸laptop.lan:51522'
	# Below the last row there is nothing to select.
	screen 120x30 "{click 60 20}" >none
	lacks '▸' none
}

@test "a double click opens, two slow ones or two on different rows do not" {
	screen 120x30 '{click 30 3}{click 30 3}' | grep -q '─ Flow ─'
	screen 120x30 '{click 30 3}{wait 900}{click 30 3}' >got
	lacks '─ Flow ─' got
	screen 120x30 '{click 30 3}{click 30 6}' >got
	lacks '─ Flow ─' got
	screen 120x30 '\t{click 30 4}{click 30 4}' | grep -q '\[Flows\].*Esc'
}

@test "a chooser is clicked, scrolled, and closed by a click beside it" {
	screen 120x30 c >got
	screen 120x30 "c{click $(at 'Synth Wave')}" | grep -q 'theme: Synth Wave'
	screen 120x30 'c{click 3 10}' >beside
	lacks '─ Themes' beside
	# On its edge nothing happens.
	screen 120x30 "c{click $(at '─ Themes')}" | diff -u got -
	screen 120x30 'c{down 100 10}{down 100 10}{up 100 10}' |
		grep -q '▸ Acid Rain'
	screen 120x30 C >got
	screen 120x30 "C{click $(at '3 processes')}" | grep -q '▸ 3 processes'
}

@test "no popup lets a click, a wheel or a pin through to what is behind" {
	for open in h c C i / E A 'C\r'; do
		screen 120x30 "$open" >before
		screen 120x30 "$open{down 5 5}{up 5 5}{middle 5 3}{right 5 3}" >got
		lacks '▸laptop\|★\|─ Flow ─' got
		# Clicks on the header behind neither.
		screen 120x30 "$open{click 20 28}\\e\\e\\e{wait 9000}" >got
		lacks '▸laptop\|─ Themes ─\|─ Interfaces ─\|PAUSED' got
	done
}

@test "reports of the mouse from outside the screen, or wrong, do nothing" {
	screen 120x30 '' >before
	for report in '0;9999;9999M' '0;500;3M' '0;3;500M' '0;0;0M' '0;-4;5M' \
	    '0;121;4M' '0;4;31M' '2;200;200M' '1;10000;1M' '64;3M' 'M' ';;M' \
	    '0;99999999999999999999;3M' '99999999999;3;3M' '128;30;4M' \
	    '66;30;4M' '67;30;4M' '3;30;4M' '0;30;4m' '35;300;400M' \
	    '32;30;4M' '35;30;4M'; do
		screen 120x30 "\\e[<$report" | diff -u before - ||
			{ echo "$report"; false; }
		# And the next key is a key again.
		screen 120x30 "\\e[<${report}j" | grep -q '▸laptop.lan:43814' ||
			{ echo "$report"; false; }
	done
}

@test "real reports: press, wheel, with Shift or Ctrl held" {
	screen 120x30 '\e[<0;30;4M\e[<0;30;4m' | grep -q '▸laptop.lan:43814'
	screen 120x30 '\e[<16;30;4M' | grep -q '▸laptop.lan:43814'
	screen 120x30 '\e[<65;30;4M' | grep -q '▸'
	screen 120x30 '\e[<2;30;4M' | grep -q '─ Flow ─'
	screen 120x30 '\e[<1;30;4M' | grep -q '★'
}

@test "what is opened over a segment leaves no tip waiting behind it" {
	screen 200x40 '' >got
	mapfile -t x < <(segments)
	for open in h "{click ${x[12]} 38}"; do
		screen 200x40 "{move ${x[12]} 38}$open{wait 2000}\\e{wait 50}" |
			diff -u got -
	done
	# The pointer that moves on it rests there anew.
	screen 200x40 "{move ${x[12]} 38}h\\e{move $((x[12] + 1)) 38}{wait 2000}" |
		grep -q '─ Filter ─'
}

@test "dragging selects nothing, opens nothing, and leaves no tip behind" {
	screen 120x30 '' >before
	screen 120x30 '\e[<32;10;5M\e[<32;20;8M\e[<0;20;8m{wait 2000}' |
		diff -u before -
	screen 120x30 '\e[<32;20;29M{wait 500}\e[<32;60;5M{wait 2000}' |
		diff -u before -
}

@test "with the mouse off every report is ignored" {
	screen 120x30 'M{wait 9000}' >before
	for do in 'click 30 3' 'right 30 3' 'middle 30 3' 'down 30 3' \
	    'click 16 24' 'right 20 28' 'move 20 28'; do
		screen 120x30 "M{$do}{wait 9000}" | diff -u before -
	done
}
