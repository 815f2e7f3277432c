# SPDX-License-Identifier: MIT
#
# Completion of values that a command lists, and of options that may be
# repeated.

load helper

@test "themes are completed: bash" {
	iftoprs --completions bash >c.bash
	bash -c 'source ./c.bash
		COMP_WORDS=(iftoprs --theme N) COMP_CWORD=2
		_iftoprs iftoprs N --theme
		printf "%s\n" "${COMPREPLY[@]}"' | grep -qx NeonSprawl
}

@test "themes are completed: fish" {
	need fish command -v fish
	export HOME=$PWD
	iftoprs --completions fish >c.fish
	fish --no-config -c 'source c.fish; complete -C "iftoprs --theme "' |
		grep -q '^NeonSprawl'
}

@test "themes are completed, and what may be repeated is offered again: zsh" {
	need zsh command -v zsh
	iftoprs --completions zsh >_iftoprs
	# What _arguments is given is what zsh offers.
	zsh -fc 'compdef() { }
		source ./_iftoprs
		_arguments() { print -rl -- "$@" }
		_iftoprs' >specs
	for option in -i --interface --alert -F --net-filter -G --net-filter6; do
		grep -q "^\*$option[+=]\[" specs
	done
	grep -q '^(-f --filter)-f+\[' specs
	# And a theme's list is a command that zsh can run.
	zsh -fc "compadd() { shift; print -rl -- \"\$@\" }
		$(sed -n 's/^--theme=\[.*:THEME:{\(.*\)}$/\1/p' specs)" |
		grep -qx NeonSprawl
}

@test "themes are completed: elvish" {
	iftoprs --completions elvish >c.elv
	sh -c "$(sed -n "s/.*&long=theme .*sh -c '\(.*\)'}]/\1/p" c.elv)" |
		grep -qx NeonSprawl
}
