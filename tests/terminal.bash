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

# start COLSxROWS [OPTION...]: tuiview in a shell on a pane, fed by fd 5;
# with the variables in $surroundings.
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
	type_line "${surroundings:-} tuiview $* <stream; echo status \$?"
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

# cells: what the pane shows, each byte with its colours; those of blanks
# that cannot be seen left out.
cells() {
	tm capture-pane -p -e | awk '
		function sgr(list, p, n, i, k) {
			n = split(list, p, /[;:]/)
			for (i = 1; i <= n || i == 1; i++) {
				k = p[i] + 0
				if (k == 0) {
					fg = bg = ""
					split("", on)
				} else if (k == 38 || k == 48) {
					n_of = p[i + 1] == 5 ? 2 : 4
					c = p[i + 2] "," p[i + n_of]
					if (n_of == 4)
						c = c "," p[i + 3]
					if (k == 38) fg = c; else bg = c
					i += n_of
				} else if (k == 39) {
					fg = ""
				} else if (k == 49) {
					bg = ""
				} else if (k < 10) {
					on[k] = 1
				} else if (k < 40 || k >= 90 && k < 100) {
					fg = k
				} else {
					bg = k
				}
			}
		}
		{
			out = ""
			while ($0 != "") {
				if (match($0, /^\033\[[0-9;:]*m/)) {
					sgr(substr($0, 3, RLENGTH - 3))
					$0 = substr($0, RLENGTH + 1)
					continue
				}
				c = substr($0, 1, 1)
				$0 = substr($0, 2)
				style = bg (4 in on ? "u" : "") \
				    (7 in on ? "r" : "")
				if (c != " " || 4 in on || 7 in on)
					style = style "/" fg (1 in on ? "b" : "") \
					    (2 in on ? "d" : "")
				out = out c "[" style "]"
			}
			while (sub(/ \[\]$/, "", out))
				;
			print out
		}'
}

feed() {
	cat "${1:-$six}" >&5
}

# prompted: does the shell wait for what is typed, the cursor behind its prompt?
prompted() {
	local x y
	read -r x y < <(tm display -p '#{cursor_x} #{cursor_y}')
	[ "$x" = 8 ] && tm capture-pane -p | sed -n "$((y + 1))p" |
		grep -q '^prompt>'
}

# flags NAMES VALUES: does tmux say so of the pane?
flags() {
	[ "$(tm display -p "$1")" = "$2" ]
}

# sane: the prompt is back, all settings of the terminal are as before,
# the cursor and echo work, no mouse, no alternate screen.
sane() {
	# What is typed sooner is thrown away with what it was for.
	wait_for 5 prompted || return 1
	flags '#{alternate_on}#{mouse_any_flag}#{mouse_sgr_flag}' 000
	flags '#{cursor_flag}' 1
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
