# SPDX-License-Identifier: MIT
#
# Every key, in every view, popup and state of the screen.

load helper
load dump

setup() {
	plain_surroundings
	streams
	table >keys
}

# What a key is called, what is typed, what must be on the screen then; a
# bare ! says that a row selected before must not be any more, and what
# begins with = must be typed whatever is open.
table() {
	cat <<-'END'
	j            j          ▸
	Down         \e[B       ▸
	k            k          ▸
	Up           \e[A       ▸
	Ctrl-D       \^d        ▸
	Ctrl-U       \^u        ▸
	PgDn         \e[6~      ▸
	PgUp         \e[5~      ▸
	Home         \e[H       ▸
	G            G          ▸
	End          \e[F       ▸
	Enter        j\r        ─ Flow ─\|\[Flows\].*▸.*Esc
	Esc          j\e        !
	Tab          \t         \[[A-Z][a-z]*\]
	Shift-Tab    \e[Z       \[[A-Z][a-z]*\]
	1            1          sorted by 2s
	2            2          sorted by 10s
	3            3          sorted by 40s
	4            4          sorted by total
	<            <          sorted by \(source\|name\)
	>            >          sorted by \(dest\|name\)
	5            5          sorted by \(process\|name\)
	r            r          order reversed
	o            o          order \(frozen\|thawed\)
	/            /          filter /
	0            0          filter cleared
	F            jF         ★
	t            t          one line
	b            b          bars: solid
	B            B          rates in bytes
	L            L          linear scale
	U            U          totals hidden
	Z            Z          processes hidden
	x            x          border hidden
	g            g{wait_500} header hidden
	T            T          tips under the pointer: off
	c            c          ─ Themes ─
	C            C          ─ Theme editor ─
	n            n          addresses
	N            N          port numbers
	p            p          ports hidden
	S            S          destination ports only
	D            D          source ports only
	s            s          sources merged
	d            d          destinations merged
	f            f          refresh every 2 s
	P            P          \(PAUSED at\|live\|END OF\|DOWN\|STALLED\|replay\)
	Space        _      \(PAUSED at\|live\|END OF\|DOWN\|STALLED\|replay\)
	i            i          ─ Interfaces ─
	E            E          capture filter:
	A            A          alert above:
	X            X          totals cannot begin at 0
	R            R          nothing to record here
	y            jy         clipboard\|copied
	e            e          rows\? written to
	+            +          only a replay has a speed\|times the recorded
	=            =          only a replay has a speed\|times the recorded
	-            -          only a replay has a speed\|times the recorded
	.            .          only a replay steps\|pause first\|PAUSED
	h            h          ─ Help ─
	?            ?          ─ Help ─
	F1           \e[11~     ─ Help ─
	M            M          mouse off
	Ctrl-L       \^l        .
	Ctrl-Z       \^z        .
	q            qh         .
	Ctrl-C       \^ch       .
	gg           gg         ▸
	END
}

# Streams of every kind, as files called after it.
streams() {
	cp "$six" live
	jq -c '.capture.state = "down" | .events = [{"level":"warn",
	    "from":"capd","text":"eth0 is down; next try in 2 s"}]' "$six" >down
	jq -c '.source.kind = "file" | .capture.state = "file"' "$six" >file
	jq -c '.flows = [] | .flow_count = 0' "$six" >empty
	: >nothing
}

# screen SIZE STREAM KEYS; where nothing came, the status is 1.
screen() {
	if [ "$2" = nothing ]; then
		! tuiview -d "$1" -k "$3" <"$2" 2>/dev/null
	else
		tuiview -d "$1" -k "$3" <"$2"
	fi
}

# typed KEYS: the table has _ for a blank.
typed() {
	printf '%s' "${1//_/ }"
}

# sane COLS ROWS FILE [SCREENS]: as many lines, none wider; no control
# characters.
sane() {
	local lines widest
	read -r lines widest < <(wc -lL <"$3")
	[ "$lines" -eq $(($2 * ${4:-1})) ] && [ "$widest" -le "$1" ] &&
		! LC_ALL=C grep -q "$(printf '[\001-\011\013-\037\177]')" "$3"
}

# each STREAM BEFORE: a screen of 80 by 24 for every key of the table, all
# sane; what was typed before is the second word.
each() {
	local label keys count=0
	: >all
	while read -r label keys _; do
		screen 80x24 "$1" "$(typed "$2$keys")" >>all || return 1
		count=$((count + 1))
	done <keys
	sane 80 24 all $count && return
	echo "$1 $2"
	return 1
}

@test "every key does in every view what the help says" {
	for view in '' '\t' '\t\t' '\t\t\t' '\t\t\t\t'; do
		while read -r label keys want; do
			screen 120x30 live "$view$(typed "$keys")" >got
			sane 120 30 got || { echo "$view $label"; cat got; false; }
			if [ "$want" = '!' ]; then
				# Also where the view is one that was entered.
				lacks '▸' got
			else
				grep -q -- "$want" got ||
					{ echo "$view $label"; cat got; false; }
			fi
		done <keys
	done
}

@test "the table of this test, the help and the manual page have the same keys" {
	screen 200x60 live h >help
	while read -r label _; do
		[ "$label" = gg ] && label='g g'
		grep -q -- " $label\( \|)\)" help || { echo "$label"; false; }
	done <keys
	grep '^\.It Ic' "$root/share/man/tuiview.1" | sed 's/^.It Ic //; s/\\&//' |
		sed 's/g g/gg/' | tr ' ' '\n' | sort -u >page
	cut -d ' ' -f 1 keys | sort -u | diff -u page -
}

@test "Tab goes through the five views and Shift-Tab goes back" {
	names='Flows Processes Hosts Services Publishers Flows'
	keys=
	for name in $names; do
		screen 120x30 live "$keys" | grep -q "\[$name\]"
		keys="$keys\\t"
	done
	keys=
	for name in Flows Publishers Services Hosts Processes Flows; do
		screen 120x30 live "$keys" | grep -q "\[$name\]"
		keys="$keys\\e[Z"
	done
}

@test "every key in every state leaves a sane screen" {
	# A stream and what is typed before.
	while read -r stream before; do
		each "$stream" "$before" 2>err
		[ ! -s err ]
	done <<-'END'
	live      P
	live      o
	live      /nothing\r
	live      \tj\r
	live      {wait_9000}
	live      {end}
	live      gx
	file      P
	file      {end}
	down      j
	empty     j
	nothing   j
	END
}

@test "every key in every popup leaves a sane screen" {
	for before in / /ss E A h c C i 'j\r' 'C\r' '\tj\r' \
	    '{right_30_5}' '{right_9_22}' '{move_9_22}{wait_1200}'; do
		each live "$before"
	done
}

@test "a prompt takes what is typed as text: no key acts on the screen behind" {
	while read -r label keys _; do
		case $keys in
		? | _) ;;
		*) continue ;;
		esac
		keys=$(typed "$keys")
		screen 120x30 live "/$keys" | grep -qF -- "filter /$keys"
		screen 120x30 live "E$keys" | grep -qF -- "capture filter: $keys"
		screen 120x30 live "A$keys" | grep -qF -- "alert above: $keys"
	done <keys
}

@test "a screen too small says so whatever is typed, and comes back" {
	while read -r label keys _; do
		case $keys in q* | *ch | h | \?) continue ;; esac
		screen 40x10 live "$(typed "$keys")" | grep -q '60x12 needed'
		screen 40x10 live "$(typed "$keys"){resize 120 30}" >got
		sane 120 30 got || { echo "$label"; cat got; false; }
	done <keys
}

@test "all keys one after the other, in all views, at all sizes" {
	keys=
	while read -r label typed _; do
		case $label in q | Ctrl-C) continue ;; esac
		# Out of what it opened, but not out of a prompt's words.
		keys="$keys$(typed "$typed")\\e\\e"
	done <keys
	for size in 60x12 80x24 300x40 120x100; do
		for stream in live down file empty nothing; do
			for view in '' '\t' '\t\t' '\t\t\t' '\t\t\t\t'; do
				screen $size $stream "$view$keys" >got
				sane "${size%x*}" "${size#*x}" got
			done
		done
	done
}

@test "a brace behind a backslash is typed: all snapshots have been read" {
	jq -c '., (.seq += 1 | .ts += 1000), (.seq += 2 | .ts += 2000)' "$six" \
		>three
	for keys in '/\{next}' '/\\\{next}' '/\^\\{next}'; do
		screen 100x24 three "$keys" >got
		grep -q '│19:28:42│' got
		grep -q 'filter /.*{next}' got
	done
	for keys in '{next}' '/a\\{next}' '/a\^\{next}' 'j\e{next}'; do
		screen 100x24 three "$keys" | grep -q '│19:28:41│'
	done
}
