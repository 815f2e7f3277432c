# SPDX-License-Identifier: MIT
#
# Completion scripts, each loaded by the shell that it is for.

load helper

options() {
	sed -n "/^table='/,/'\$/s/^-[^ ]* --\([^ ]*\).*/--\1/p" \
		"$root/bin/iftoprs" | sort
}

@test "bash completes every long option" {
	iftoprs --completions bash >c.bash
	bash -c 'source ./c.bash
		COMP_WORDS=(iftoprs --) COMP_CWORD=1
		_iftoprs iftoprs -- iftoprs
		printf "%s\n" "${COMPREPLY[@]}"' | sort >got
	diff <(options) got
	bash -c 'source ./c.bash; complete -p iftoprs' >/dev/null
}

@test "bash completes values: choices and interfaces" {
	iftoprs --completions bash >c.bash
	complete() {
		bash -c 'source ./c.bash
			COMP_WORDS=(iftoprs "$1" "$2") COMP_CWORD=2
			_iftoprs iftoprs "$2" "$1"
			printf "%s\n" "${COMPREPLY[@]}"' - "$@"
	}
	[ "$(complete --completions b)" = bash ]
	complete -o 1 | grep -qx 10s
	complete -i '' | grep -qx lo
	[ -z "$(complete -r '')" ]	# file names, by readline
	# To bash an equals sign is a word of its own.
	[ "$(bash -c 'source ./c.bash
		COMP_WORDS=(iftoprs --sort = 4) COMP_CWORD=3
		_iftoprs iftoprs 4 =; echo "${COMPREPLY[@]}"')" = 40s ]
}

@test "bash runs nothing that the name of an interface says, and quotes it" {
	iftoprs --completions bash >c.bash
	touch eth1
	cat >names <<-'E'
	  $(id>ran1)
	  `id>ran2`
	  eth*
	  lo
	E
	got=$(bash -c 'source ./c.bash
		IFS=t
		iftoprs() { cat names; }
		COMP_WORDS=(iftoprs -i "$1") COMP_CWORD=2
		_iftoprs iftoprs "$1" -i
		printf "%s\n" "${COMPREPLY[@]}"' - '')
	diff - <(echo "$got") <<-'E'
	\$\(id\>ran1\)
	\`id\>ran2\`
	eth\*
	lo
	E
	[ ! -e ran1 ]
	[ ! -e ran2 ]
}

@test "zsh loads the completions and offers every long option" {
	need zsh command -v zsh
	iftoprs --completions zsh >_iftoprs
	zsh -n _iftoprs
	# What _arguments is given is what zsh offers.
	zsh -fc 'compdef() { }
		source ./_iftoprs
		_arguments() { print -rl -- "$@" }
		_iftoprs' | sed -n 's/.*\(--[a-z0-9-]*\)=*\[.*/\1/p' |
		sort >got
	diff <(options) got
	zsh -fc 'autoload -U compinit && compinit -u -D
		source ./_iftoprs && [[ $_comps[iftoprs] = _iftoprs ]]'
}

@test "zsh completes options, and values apart and joined" {
	need zsh command -v zsh
	need tmux command -v tmux
	iftoprs --completions zsh >_iftoprs
	tmux -S tmux new-session -d -x 80 -y 24 'zsh -f' 3>&-
	screen() { tmux -S tmux capture-pane -p | grep -q -- "$1"; }
	wait_for 30 screen '[#%]'
	tmux -S tmux send-keys 'autoload -U compinit && compinit -u -D' Enter
	tmux -S tmux send-keys 'source ./_iftoprs && echo loa""ded' Enter
	wait_for 30 screen '^loaded'
	tmux -S tmux send-keys 'iftoprs --rot' Tab
	wait_for 30 screen 'iftoprs --rotate'
	tmux -S tmux send-keys C-u 'iftoprs --sort 4' Tab
	wait_for 30 screen 'iftoprs --sort 40s'
	tmux -S tmux send-keys C-u 'iftoprs --sort=4' Tab
	wait_for 30 screen 'iftoprs --sort=40s'
	tmux -S tmux send-keys C-u 'iftoprs -o4' Tab
	wait_for 30 screen 'iftoprs -o40s'
	run -1 screen invalid
	tmux -S tmux kill-server
}

@test "fish completes every long option, choices and interfaces" {
	need fish command -v fish
	export HOME=$PWD
	iftoprs --completions fish >c.fish
	fish --no-config -c 'source c.fish; complete -C "iftoprs --"' |
		cut -f 1 | grep '^--' | sort >got
	diff <(options) got
	fish --no-config -c 'source c.fish; complete -C "iftoprs --sort "' |
		grep -q '^10s'
	fish --no-config -c 'source c.fish; complete -C "iftoprs -i "' |
		grep -q '^lo'
}

@test "elvish loads the completions and offers every long option" {
	need elvish command -v elvish
	need tmux command -v tmux
	export HOME=$PWD
	iftoprs --completions elvish >c.elv
	# Its editor, and so completion, is there at a terminal only.
	tmux -S tmux new-session -d -x 80 -y 24 'elvish -norc' 3>&-
	screen() { tmux -S tmux capture-pane -p | grep -q -- "$1"; }
	wait_for 10 screen '[#>]'
	tmux -S tmux send-keys 'eval (slurp <c.elv); echo loa''ded' Enter
	wait_for 10 screen '^loaded'
	tmux -S tmux send-keys 'iftoprs --list-c' Tab
	wait_for 10 screen 'iftoprs --list-colors'
	tmux -S tmux kill-server
	grep -o '&long=[a-z0-9-]*' c.elv | sed 's/&long=/--/' | sort >got
	diff <(options) got
}

@test "powershell's completions name every long option, and load" {
	iftoprs --completions powershell >c.ps1
	grep -o "'--[a-z0-9-]*'" c.ps1 | tr -d "'" | sort >got
	diff <(options) got
	if ! command -v pwsh >/dev/null; then
		# Without the shell, its grammar, from PyPI.
		python3 -c 'import tree_sitter_powershell' 2>/dev/null ||
			skip "no pwsh: Debian has no package"
		python3 - <<-'P'
		import tree_sitter, tree_sitter_powershell as grammar
		parser = tree_sitter.Parser(
		    tree_sitter.Language(grammar.language()))
		with open("c.ps1", "rb") as file:
		    assert not parser.parse(file.read()).root_node.has_error
		P
		return
	fi
	pwsh -NoProfile -Command '. ./c.ps1;
		(TabExpansion2 "iftoprs --js" 12).CompletionMatches |
		% CompletionText' | grep -qx -- --json
}

teardown() {
	[ ! -S tmux ] || tmux -S tmux kill-server 2>/dev/null || true
}
