# SPDX-License-Identifier: MIT
#
# tuiview on a real terminal: tmux types, clicks, resizes, suspends, kills.

load helper
load terminal

@test "keys work, q leaves a sane terminal and status 0" {
	start 120x30
	feed
	wait_for 5 shows 'laptop.lan:43814'
	tm send-keys j j
	wait_for 5 shows '▸laptop.lan:51522'
	tm send-keys h
	wait_for 5 shows '─ Help ─'
	tm send-keys Escape
	wait_for 5 hides '─ Help ─'
	tm send-keys q
	wait_for 5 shows 'status 0'
	sane
}

@test "a first snapshot that is long in coming is told of" {
	start 120x30
	wait_for 5 shows 'tuiview: waiting for the first snapshot; Ctrl-C ends'
	feed
	wait_for 5 shows 'laptop.lan:43814'
	tm send-keys q
	wait_for 5 shows 'status 0'
	sane
}

@test "stages that start later than the screen take orders, too" {
	mkdir ctl
	start 120x30 --control-dir ctl
	sleep 0.3
	mkfifo ctl/flowagg
	exec 6<>ctl/flowagg
	feed
	wait_for 5 shows 'laptop.lan:43814'
	tm send-keys f
	wait_for 5 shows 'refresh every 2 s'
	read -r -t 5 order <&6
	[ "$order" = 'interval 2' ]
	exec 6>&-
	tm send-keys q
	sane
}

@test "what quick keys changed before q is saved, too" {
	start 120x30 -c conf
	feed
	wait_for 5 shows 'laptop.lan:43814'
	tm send-keys t b B L U Z x n N p r T f q
	wait_for 5 shows 'status 0'
	[ "$(grep -c ' = ' conf)" = 13 ]
	sane
}

@test "a limit to the size of files is told of, and ends nothing" {
	surroundings="sh -c 'ulimit -f 1; exec \"\$@\"' sh"
	start 100x24
	feed
	wait_for 5 shows 'laptop.lan:43814'
	tm send-keys e
	wait_for 5 shows 'File too large'
	tm send-keys q
	wait_for 5 shows 'status 0'
	sane
}

@test "a recording that a full disk stops is told" {
	need_root
	need "mounts" unshare -m true
	mkdir small
	surroundings="unshare -m sh -c 'mount -t tmpfs -o size=64k none small
		HOME=\$PWD/small exec \"\$@\"' -"
	start 120x30
	feed
	wait_for 5 shows 'laptop.lan:43814'
	tm send-keys R
	wait_for 5 shows 'recording to .*small/'
	for ((size = 0; size < 100000; size += $(wc -c <"$six"))); do
		feed
	done
	wait_for 5 shows 'recording stopped: No space left'
	tm send-keys q
	wait_for 5 shows 'status 0'
	sane
}

@test "the screen is untouched until the first snapshot has come" {
	start 100x24
	sleep 0.3
	[ "$(tm display -p '#{alternate_on}')" = 0 ]
	wait_for 5 shows 'tuiview'
	feed
	wait_for 5 shows 'laptop.lan:43814'
	[ "$(tm display -p '#{alternate_on}')" = 1 ]
	tm send-keys q
	sane
}

@test "a stream that ends without a line is a quiet end with status 1" {
	start 100x24
	exec 5>&-
	wait_for 5 shows 'status 1'
	wait_for 5 hides 'tuiview:'
	sane
}

@test "a stream of something else is refused with a message" {
	start 100x24
	echo hello >&5
	exec 5>&-
	wait_for 5 shows 'holds no snapshot: line 1'
	wait_for 5 shows 'status 1'
	sane
}

@test "a stream that ends leaves the last screen up, marked" {
	start 100x24
	feed
	wait_for 5 shows 'laptop.lan:43814'
	exec 5>&-
	wait_for 5 shows 'END OF STREAM'
	wait_for 5 shows 'laptop.lan:43814'
	tm send-keys q
	wait_for 5 shows 'status 0'
	sane
}

@test "without a terminal: one clear line, status 1" {
	run -1 --separate-stderr setsid -w tuiview <"$six"
	[[ $stderr == 'tuiview: no terminal to show anything on'* ]]
	[ "${#stderr_lines[@]}" -eq 1 ]
}

@test "a standard stream that is closed is not replaced by the terminal" {
	start 100x24
	exec 5>&-
	wait_for 5 shows 'status 1'
	type_line 'clear; tuiview <&-; echo status $?'
	wait_for 5 shows 'tuiview: standard input is closed'
	wait_for 5 shows 'status 1'
	run -1 --separate-stderr bash -c "tuiview -d 80x24 <$six >&-"
	[ "$stderr" = "tuiview: standard output is closed" ]
	sane
}

@test "real mouse reports select, open, dismiss; popups swallow them" {
	start 120x30
	feed
	wait_for 5 shows 'laptop.lan:43814'
	flags '#{mouse_any_flag}#{mouse_sgr_flag}' 11
	mouse 0 30 5
	wait_for 5 shows '▸laptop.lan:51522'
	mouse 2 30 3
	wait_for 5 shows '─ Flow ─'
	mouse 0 100 20
	wait_for 5 hides '─ Flow ─'
	wait_for 5 shows '▸laptop.lan:43814'
	mouse 0 16 24
	wait_for 5 shows '\[Processes\]'
	mouse 65 30 5
	wait_for 5 shows '▸'
	tm send-keys q
	sane
}

@test "motion is reported only for hover, the mouse only when it is on" {
	start 120x30 --no-mouse
	feed
	wait_for 5 shows 'laptop.lan:43814'
	flags '#{mouse_any_flag}' 0
	tm send-keys M
	wait_for 5 shows 'mouse on'
	wait_for 5 flags '#{mouse_all_flag}' 1
	tm send-keys T
	wait_for 5 shows 'hover: off\|pointer: off'
	wait_for 5 flags '#{mouse_all_flag}#{mouse_standard_flag}' 01
	tm send-keys q
	sane
}

@test "resting on a segment opens its tooltip and it goes by itself" {
	start 120x30
	feed
	wait_for 5 shows 'laptop.lan:43814'
	mouse 35 12 28
	wait_for 4 shows '─ Interface ─'
	wait_for 6 hides '─ Interface ─'
	tm send-keys q
	sane
}

@test "a storm of resizes, down to one cell and up again, draws right" {
	start 120x30
	feed
	wait_for 5 shows 'laptop.lan:43814'
	for size in 80x24 300x80 40x10 20x5 2x2 60x12 100x30; do
		tm resize-window -x "${size%x*}" -y "${size#*x}"
	done
	wait_for 5 shows '╰────.*────╯'
	tuiview -d 100x30 --set colours=auto <"$six" | sed -n '3,20p' >want
	wait_for 5 sh -c "tmux -S '$socket' capture-pane -p | sed -n 3,20p |
		sed 's/ *\$//' | cmp -s - want"
	tm send-keys q
	sane
}

@test "Ctrl-L repaints what others have written over" {
	start 100x24
	feed
	wait_for 5 shows 'laptop.lan:43814'
	printf '\033[5;5Hscribble' >"$(tm display -p '#{pane_tty}')"
	wait_for 5 shows scribble
	tm send-keys C-l
	wait_for 5 hides scribble
	wait_for 5 shows 'laptop.lan:51522'
	tm send-keys q
	sane
}

# pieces KEY...: after each of them and another snapshot, with another number
# in the header, the rows are as a repaint makes them.
pieces() {
	local drops=0
	# A message below the rows may go meanwhile.
	rows() { cells | sed -n 1,20p; }
	repainted() { rows | cmp -s - pieces; }
	for key; do
		tm send-keys "$key"
		: $((drops += 1))
		jq -c --arg k "$key" --argjson drops $drops '
		    .seq += 100 | .ts += 60000 |
		    .capture.kernel_dropped = $drops | .flows |=
		    map(.sent_2s = .sent_2s * 3 % (7919 + ($k | length)))' \
			"$six" >more
		feed more
		wait_for 5 shows "drops $drops "
		sleep 0.2
		rows >pieces
		printf '\033[m\033[H\033[J' >"$(tm display -p '#{pane_tty}')"
		tm send-keys C-l
		wait_for 5 repainted
	done
}

@test "what is sent piece by piece is what a repaint sends" {
	jq -c 'range(12) as $i | .seq += $i | .ts += 1000 * $i |
	    .flows |= map(.sent_2s = .sent_2s * ($i + 3) % 9973777 |
	    .recv_10s = .recv_10s * ($i + 7) % 8911)' "$six" >moving
	start 120x30
	feed moving
	wait_for 5 shows 'laptop.lan:43814'
	pieces j t 1 B L U b p Tab r Tab BTab Z
	tm send-keys q
	sane
}

@test "so it is with all the colours and abilities a terminal may have" {
	for surroundings in TERM=xterm-256color\ COLORTERM=truecolor \
	    TERM=xterm-256color TERM=xterm TERM=linux TERM=vt100; do
		start 120x30
		feed
		wait_for 5 shows 'laptop.lan:43814'
		pieces j Tab B
		tm send-keys q
		wait_for 5 shows 'status 0'
		rm .iftoprs.conf
		tm kill-server
	done
}

@test "without an alternate screen what comes next goes below the last one" {
	for surroundings in TERM=linux TERM=vt100; do
		start 100x24
		feed
		wait_for 5 shows 'laptop.lan:43814'
		tm send-keys q
		wait_for 5 shows '^status 0'
		tm capture-pane -p | grep -B 1 '^status 0' | grep -q '^╰─*╯$'
		tm kill-server
	done
}

@test "Ctrl-Z gives the terminal back and fg comes again" {
	start 100x24
	tm pipe-pane 'cat >raw'
	feed
	wait_for 5 shows 'laptop.lan:43814'
	# The shell makes a job of it only in interactive use, which it is.
	tm send-keys C-z
	wait_for 5 shows 'Stopped\|suspended'
	wait_for 5 prompted
	flags '#{alternate_on}' 0
	type_line 'fg'
	wait_for 5 shows 'laptop.lan:43814'
	wait_for 5 flags '#{alternate_on}' 1
	tm send-keys q
	wait_for 5 shows 'prompt>'
	sane
	# The terminal was taken twice, and twice given back.
	[ "$(tr '\033' '\n' <raw | grep -c '^\[?1049h')" = 2 ]
	[ "$(tr '\033' '\n' <raw | grep -c '^\[?1049l')" = 2 ]
}

@test "whatever signal ends it restores the terminal" {
	for signal in TERM INT USR1 ALRM; do
		start 100x24
		feed
		wait_for 5 shows 'laptop.lan:43814'
		kill -s $signal "$(viewer)"
		wait_for 5 shows 'status 0'
		sane
		tm kill-server
		exec 5>&-
	done
	start 100x24
	feed
	wait_for 5 shows 'laptop.lan:43814'
	pid=$(viewer)
	tm kill-server
	wait_for 5 sh -c "! kill -0 $pid"
}

@test "a crash of the program itself leaves the terminal usable" {
	start 100x24
	feed
	wait_for 5 shows 'laptop.lan:43814'
	kill -s SEGV "$(viewer)"
	wait_for 5 shows 'status 139'
	sane
}

@test "names with escapes reach the terminal as dots" {
	jq -c '.flows[0].dst_name = "a\u001b]0;owned\u0007b\u009b31mc"' \
		"$six" >evil
	start 120x30
	feed evil
	wait_for 5 shows 'a·\]0;owned·b·31mc'
	[ "$(tm display -p '#{pane_title}')" != owned ]
	tm send-keys q
	sane
}

@test "an interface that is looked for before the list has come is found in it" {
	mkdir ctl bin && mkfifo ctl/capd go
	cat >bin/capd <<-SH
		#!/bin/sh
		read -r go <$PWD/go
		echo '[{"name":"eth0","state":"running","addresses":[]},
		{"name":"wlan0","state":"running","addresses":[]}]'
	SH
	chmod +x bin/capd
	exec 6<>ctl/capd
	PATH=$PWD/bin:$PATH
	start 120x30 --control-dir ctl
	feed
	wait_for 5 shows 'laptop.lan:43814'
	tm send-keys i
	wait_for 5 shows 'asking capd'
	tm send-keys -l wla
	wait_for 5 shows 'search: wla'
	echo >go
	wait_for 5 shows 'wlan0'
	tm send-keys Enter
	wait_for 5 shows 'moving the capture to wlan0'
	read -r -t 5 order <&6
	[ "$order" = 'interface wlan0' ]
	exec 6>&-
	tm send-keys q
	sane
}

@test "Shift-Tab of the Linux console, an Escape and a Tab, goes a view back" {
	surroundings=TERM=linux
	start 120x30
	feed
	wait_for 5 shows '\[Flows\]'
	tm send-keys -l "$(printf '\033\t')"
	wait_for 5 shows '\[Publishers\]'
	tm send-keys -l "$(printf '\033\t')"
	wait_for 5 shows '\[Services\]'
	tm send-keys Tab
	wait_for 5 shows '\[Publishers\]'
	tm send-keys q
	sane
}

@test "a paste is text" {
	start 120x30
	feed
	wait_for 5 shows 'laptop.lan:43814'
	tm send-keys /
	wait_for 5 shows 'filter /'
	tm set-buffer -b p "ssh"
	tm paste-buffer -p -b p
	wait_for 5 shows '3 of 6'
	tm send-keys Escape
	wait_for 5 shows '6 flows'
	tm set-buffer -b p "qqq"
	tm paste-buffer -p -b p
	sleep 0.3
	wait_for 5 shows '6 flows'
	tm send-keys q
	sane
}

@test "recording writes the lines that come, and says so" {
	start 120x30
	feed
	wait_for 5 shows 'laptop.lan:43814'
	tm send-keys R
	wait_for 5 shows 'recording to'
	jq -c '.seq = 18 | .ts += 1000' "$six" >second
	feed second
	wait_for 5 sh -c 'cmp -s second iftoprs-*.ndjson'
	wait_for 5 shows 'REC'
	tm send-keys R
	wait_for 5 shows 'recorded 1 snapshots'
	tm send-keys q
	sane
}

@test "a recording is said to have as many lines as it has" {
	# Each takes a while to be read.
	jq -c '.source.kind = "file" | .flows[0].history = [] | .flows +=
	    [range(9000) as $i | .flows[5] | .id = 100 + $i] | range(6) as $i |
	    .seq = $i | .ts += 1000 * $i | .elapsed = $i |
	    .flows[0].src_port = 1000 + $i' "$six" >day
	start 120x30 --speed 1
	feed day &
	wait_for 5 shows 'replay ×1'
	tm send-keys P
	wait_for 5 shows 'the replay stands'
	tm send-keys R
	wait_for 5 shows 'recording to'
	# What comes behind that which is shown has been received, too.
	for step in 1 2 3; do
		port=$(tm capture-pane -p | grep -o 'laptop.lan:1[0-9]*')
		tm send-keys .
		wait_for 5 shows "laptop.lan:$((${port#*:} + 1))"
	done
	tm send-keys R
	wait_for 5 shows 'recorded [0-9]* snapshots'
	shows "recorded $(cat iftoprs-*.ndjson | wc -l) snapshots"
	tm send-keys q
	sane
}

@test "without a home directory nothing is recorded, as nothing is exported" {
	for surroundings in 'env -u HOME' 'env HOME=' 'env HOME=here'; do
		start 120x30
		feed
		wait_for 5 shows 'laptop.lan:43814'
		tm send-keys e
		wait_for 5 shows 'nothing exported: HOME is not set'
		tm send-keys R
		wait_for 5 shows 'nothing recorded: HOME is not set'
		tm send-keys C-c
		wait_for 5 shows 'status 0'
		sane
		tm kill-server
		exec 5>&-
	done
	[ "$(find . -name 'iftoprs-*.ndjson')" = '' ]
}

@test "y in tmux copies, whatever tmux hands on to its terminal" {
	# Not what tests run: tmux itself sets this.
	surroundings='env -u WAYLAND_DISPLAY -u DISPLAY'
	for passthrough in off on; do
		start 120x30
		tm set-option -s set-clipboard on
		tm set-option -g allow-passthrough $passthrough
		feed
		wait_for 5 shows 'laptop.lan:43814'
		tm send-keys j y
		wait_for 5 shows 'clipboard (OSC 52)'
		copied() { tm show-buffer | grep -q '^laptop.lan:43814 '; }
		wait_for 5 copied
		tm send-keys q
		wait_for 5 shows 'status 0'
		sane
		tm kill-server
		exec 5>&-
	done
}

@test "settings are saved while running, and at q" {
	start 120x30
	feed
	wait_for 5 shows 'laptop.lan:43814'
	tm send-keys t
	wait_for 5 grep -q one-line .iftoprs.conf
	tm send-keys C-c
	wait_for 5 shows 'status 0'
	sane
}

@test "a recording is played at its pace, paused, stepped and sped up" {
	jq -c '.source.kind = "file" | range(30) as $i | .seq = $i |
	    .ts += 1000 * $i | .elapsed = $i |
	    .flows[0].src_port = 1000 + $i' "$six" >day
	start 120x30 --speed 2
	feed day &
	wait_for 5 shows 'replay ×2'
	tm send-keys P
	wait_for 5 shows 'the replay stands'
	tm capture-pane -p | grep -o 'laptop.lan:1[0-9]*' >one
	tm send-keys .
	wait_for 5 sh -c "tmux -S '$socket' capture-pane -p |
		grep -o 'laptop.lan:1[0-9]*' >two; ! cmp -s one two"
	[ "$(cut -d: -f2 two)" -eq "$(($(cut -d: -f2 one) + 1))" ]
	tm send-keys P + + + + + +
	exec 5>&-
	wait_for 10 shows 'END OF STREAM'
	wait_for 5 shows 'laptop.lan:1029'
	tm send-keys q
	sane
}

@test "an idle screen sends nothing, a small change sends little" {
	jq -c '.source.kind = "file"' "$six" >still
	start 120x30
	tm pipe-pane -O "cat >sent"
	feed still
	wait_for 5 shows 'laptop.lan:43814'
	at_rest() {
		before=$(wc -c <sent)
		sleep 0.5
		[ "$(wc -c <sent)" -eq "$before" ]
	}
	wait_for 5 at_rest
	[ "$before" -lt 12000 ]
	sleep 1
	[ "$(wc -c <sent)" -eq "$before" ]
	jq -c '.source.kind = "file" | .seq += 1 | .ts += 1000 |
	    .flows[0].sent_2s += 5000' "$six" >next
	feed next
	wait_for 5 shows '7.14Mb'
	sleep 0.2
	[ "$(($(wc -c <sent) - before))" -lt 300 ]
	tm send-keys q
	sane
}

@test "NO_COLOR, 16 and 256 colours: no colour sequence beyond them" {
	for case in 'NO_COLOR=1 TERM=tmux-256color:[34]8;[25];' \
	    'TERM=xterm-color:[34]8;[25];' 'TERM=xterm-256color:[34]8;2;'; do
		start 120x30 '>/dev/null'
		tm send-keys q
		wait_for 5 shows 'status'
		tm send-keys -R
		tm clear-history
		tm pipe-pane -O "cat >sent"
		exec 5>&-
		type_line "unset COLORTERM; ${case%%:*} tuiview <$six"
		wait_for 5 shows 'laptop.lan:43814'
		sleep 0.2
		! grep -q "${case#*:}" sent || return 1
		tm send-keys q
		sane
		tm kill-server
	done
}

@test "a terminal that is described as one of 24 bits gets them" {
	need infocmp command -v infocmp
	need tic command -v tic
	infocmp -1 xterm-256color | sed '/^#/d; /^x/c\mine|with all colours,\
	Tc,' >mine
	tic -x -o terminfo mine
	surroundings="env -u COLORTERM TERMINFO=$PWD/terminfo TERM=mine"
	start 120x30 '>/dev/null'
	tm pipe-pane -O "cat >sent"
	feed
	wait_for 5 shows 'laptop.lan:43814'
	tm send-keys q
	sane
	grep -q '[34]8;2;' sent
}

@test "a dumb terminal gets the screens one below the other" {
	start 100x40
	exec 5>&-
	wait_for 5 shows 'status 1'
	tm pipe-pane -O "cat >sent"
	type_line "env -u TMUX TERM=dumb tuiview <$six"
	wait_for 5 shows 'laptop.lan:43814'
	[ "$(tm display -p '#{alternate_on}')" = 0 ]
	# What it would print as it is, it is not sent.
	tm send-keys j y
	wait_for 5 shows 'nothing copied: no wl-copy'
	tm send-keys q
	sane
	lacks "$(printf '\033]')" sent
}

@test "tuiview typed alone says what it wants" {
	start 100x24
	exec 5>&-
	wait_for 5 shows 'status 1'
	type_line 'clear; tuiview; echo status $?'
	wait_for 5 shows 'standard input is a terminal: expected snapshots'
	wait_for 5 shows 'status 1'
	type_line 'clear; tuiview --list-colors | head -1'
	wait_for 5 shows 'NeonSprawl'
	sane
}
