# SPDX-License-Identifier: MIT
#
# tuiview on a real terminal: a shell in tmux that types, clicks, resizes.
# Loaded after helper.

six=$fixtures/tuiview/six.ndjson

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	need tmux command -v tmux
	socket= servers=0
	export HOME=$BATS_TEST_TMPDIR
	unset NO_COLOR COLORFGBG TMUX DISPLAY WAYLAND_DISPLAY
	mkfifo stream
}

teardown() {
	[ -z "$socket" ] || tmux -S "$socket" kill-server 2>/dev/null
	exec 5>&- 2>/dev/null
	return 0
}

tm() {
	tmux -S "$socket" "$@"
}

# start COLSxROWS [OPTION...]: tuiview in a shell on a pane, fed by fd 5.
start() {
	local size=$1
	shift
	# A socket of its own: a server that is asked to end takes a while.
	socket=$BATS_TEST_TMPDIR/tmux-$((servers += 1))
	tm -f /dev/null new-session -d -x "${size%x*}" -y "${size#*x}" \
		"PS1='prompt> ' exec sh"
	tm set-option -g default-terminal tmux-256color
	wait_for 5 shows 'prompt>'
	type_line 'stty -a >before.txt; clear; : >cleared'
	wait_for 5 test -e cleared
	rm cleared
	type_line "tuiview $* <stream; echo status \$?"
	exec 5>stream
}

type_line() {
	tm send-keys -l "$1"
	tm send-keys Enter
}

shows() {
	tm capture-pane -p | grep -q -- "$1"
}

hides() {
	! shows "$1"
}

feed() {
	cat "${1:-$six}" >&5
}

# sane: the prompt is back, all settings of the terminal are as before,
# the cursor and echo work, no mouse, no alternate screen.
sane() {
	wait_for 5 shows "prompt>" || return 1
	[ "$(tm display -p '#{alternate_on}#{mouse_any_flag}#{mouse_sgr_flag}')" = 000 ]
	[ "$(tm display -p '#{cursor_flag}')" = 1 ]
	type_line 'stty -a >after.txt; echo typed-$((40 + 2))'
	wait_for 5 shows typed-42
	# But for its size.
	diff -u <(sed 's/rows.*columns [0-9]*//' before.txt) \
		<(sed 's/rows.*columns [0-9]*//' after.txt)
}

# The process that reads the stream.
viewer() {
	pgrep -P "$(tm display -p '#{pane_pid}')" tuiview
}

# mouse BUTTON X Y: an SGR report, pressed.
mouse() {
	tm send-keys -l "$(printf '\033[<%d;%d;%dM' "$1" "$(($2 + 1))" \
		"$(($3 + 1))")"
}
