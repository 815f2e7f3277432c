# SPDX-License-Identifier: MIT
#
# tuiview without a terminal: screens as text.  Loaded after helper.

# shellcheck disable=SC2034 # for those who load this
six=$fixtures/tuiview/six.ndjson

plain_surroundings() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export HOME=$BATS_TEST_TMPDIR
	unset NO_COLOR COLORTERM COLORFGBG TMUX DISPLAY WAYLAND_DISPLAY
	export TERM=xterm-256color
}

setup() {
	plain_surroundings
}

# screen SIZE KEYS [OPTION...] < snapshots
screen() {
	local size=$1 keys=$2
	shift 2
	tuiview -d "$size" -k "$keys" "$@"
}

# change FILTER: the six flows, changed by jq.
change() {
	jq -c "$1" "$six"
}
