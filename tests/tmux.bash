# SPDX-License-Identifier: MIT
#
# Loaded by test files that type at a terminal: one at a time, each with a
# server of its own, for one that ends may still hold the socket.

# new_terminal COLUMNSxROWS COMMAND...: bash there, COMMAND typed into it.
new_terminal() {
	local size=$1
	shift
	need tmux command -v tmux
	no_terminal
	export TMPDIR=$PWD/tmp HOME=$PWD
	mkdir -p tmp
	tmux_number=$((${tmux_number:-0} + 1))
	tmux_socket=$BATS_TEST_TMPDIR/tmux$tmux_number
	tmux -S "$tmux_socket" -f /dev/null new-session -d -x "${size%x*}" \
		-y "${size#*x}" "env PATH='$PATH' PS1='\$ ' bash --norc" 3>&-
	keys "$*" Enter
}

keys() {
	tmux -S "$tmux_socket" send-keys "$@"
}

# screen PATTERN: is it on the screen?
screen() {
	tmux -S "$tmux_socket" capture-pane -p | grep -q -- "$1"
}

# coloured PATTERN: the same, with the escape sequences.
coloured() {
	tmux -S "$tmux_socket" capture-pane -p -e | grep -q -- "$1"
}

# terminal_says WHAT: of tmux's variables.
terminal_says() {
	tmux -S "$tmux_socket" display-message -p "$1"
}

no_terminal() {
	[ -z "${tmux_socket:-}" ] ||
		tmux -S "$tmux_socket" kill-server 2>/dev/null || true
}
