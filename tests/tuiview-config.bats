# SPDX-License-Identifier: MIT
#
# Settings from the command line: printing, checking, setting, importing, and
# the themes' list.  What the reader and the writer do in detail is in
# tests/unit/tuiview_prefs.c and tuiview_toml.c.

load helper

page=$root/share/man/iftoprs.conf.5

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export HOME=$PWD
	unset NO_COLOR COLORTERM SUDO_UID DOAS_USER
	export TERM=xterm-256color
}

@test "the themes are 31, by identifiers that the configuration takes" {
	tuiview --list-colors >themes
	[ "$(wc -l <themes)" -eq 31 ]
	head -n 1 themes | grep -q '^NeonSprawl  *Neon Sprawl '
	while read -r id _; do
		tuiview --set "theme=$id" --print-config |
			grep -q "^theme = \"$id\""
	done <themes
}

@test "the list of themes has no colours in a pipe" {
	run ! grep -q $'\033' <(tuiview --list-colors)
}

@test "the list of themes has swatches on a terminal, unless NO_COLOR is set" {
	need "script(1)" command -v script
	script -qec 'tuiview --list-colors' /dev/null </dev/null >coloured
	grep -q $'\033\[0;48;5;' coloured
	NO_COLOR=1 script -qec 'tuiview --list-colors' /dev/null \
		</dev/null >plain
	run ! grep -q $'\033' plain
	COLORTERM=truecolor script -qec 'tuiview --list-colors' /dev/null \
		</dev/null >true
	grep -q $'\033\[0;48;2;' true
}

@test "without a file all settings are defaults, and none is written" {
	tuiview --print-config >got
	[ "$(grep -c ' # default$' got)" -eq "$(grep -c . got)" ]
	[ ! -e .iftoprs.conf ]
}

@test "printed settings tell where each comes from" {
	printf '# mine\nshow_bars = false\nsort = "2s"\n' >.iftoprs.conf
	tuiview --set sort=total --print-config >got
	grep -q "^show_bars = false  *# $HOME/.iftoprs.conf:2\$" got
	grep -q '^sort = "total"  *# command line$' got
	grep -q '^mouse = true  *# default$' got
}

@test "settings for the shell come back through eval" {
	cat >c <<-'END'
	bpf_filter = "host 'a' or \"$(touch bad)\""
	interface = "eth 0`touch bad`"
	refresh_rate = 0.5
	END
	tuiview -c c --print-config --shell >vars
	eval "$(cat vars)"
	# shellcheck disable=SC2154 # they come from the file
	[ "$bpf_filter" = "host 'a' or \"\$(touch bad)\"" ]
	# shellcheck disable=SC2154
	[ "$interface" = 'eth 0`touch bad`' ]
	# shellcheck disable=SC2154
	[ "$refresh_rate" = 0.5 ]
	[ ! -e bad ]
	[ "$(wc -l <vars)" -eq "$(grep -c "^[a-z_0-9]*='.*'$" vars)" ]
}

@test "what is printed is a good file that says the same" {
	printf 'theme = "Zaibatsu"\nuse_bytes = true\n[[pinned]]\n%s\n%s\n' \
		'src = "a"' 'dst = "b"' >c
	tuiview -c c --print-config >first
	tuiview -c first --check-config
	tuiview -c first --print-config >second
	diff <(sed 's/ *# [^"]*$//' first) <(sed 's/ *# [^"]*$//' second)
}

@test "a good file passes the check without a word" {
	printf 'theme = "GhostWire"\nrefresh_rate = 5\n' >c
	run -0 tuiview -c c --check-config
	[ -z "$output" ]
}

@test "the check names every fault with its line and column" {
	cat >c <<-'END'
	theme = "NoSuch"
	refresh_rate = 0
	show_bars = yes
	mouse = false
	refresh_rte = 1
	net_filter = "300.1.2.3/8"
	END
	run -1 tuiview -c c --check-config
	printf '%s\n' "$output" | cut -d: -f1-3 >got
	printf 'c:%s\n' 1:1 2:1 3:13 5:1 6:1 | diff -u - got
	[[ $output == *'is it refresh_rate'* ]]
}

@test "a file of one long line is read in no time, and told of by its column" {
	# The time of the processor alone, however busy it is.
	{
		printf 'filter_history = ["é"'
		printf ',1%.0s' {1..120000}
		printf ']\n'
	} >c
	run -1 bash -c 'ulimit -t 4; tuiview -c c --check-config'
	[[ $output == 'c:1:23: filter_history: '* ]]
}

@test "what the file holds does nothing to the terminal it is told on" {
	cat >c <<-'END'
	theme = "red\u009b\u202e"
	"\u001b]0;x\u0007" = 1
	[custom_themes."\u001b[2J"]
	c1 = 1
	END
	run -1 --separate-stderr tuiview -c c --check-config
	[ "$(grep -c $'[\033\007]' <<<"$stderr")" = 0 ]
	[ "$(grep -c '·' <<<"$stderr")" = 3 ]
	[[ $stderr == *'"red··"'*' ·]0;x·'*'"·[2J"'*'control character'* ]]
	# What is good is printed as it may be written.
	printf 'bpf_filter = "a\\u009bm\u00e9\\u0085"\n' >c
	tuiview -c c --print-config |
		grep -q '^bpf_filter = "a\\u009Bmé\\u0085" '
}

@test "one bad value leaves the others in force" {
	printf 'refresh_rate = 0\nmouse = false\n' >c
	run -0 --separate-stderr tuiview -c c --print-config
	[[ $output == *'refresh_rate = 1 '*'# default'* ]]
	[[ $output == *'mouse = false '* ]]
	[[ $stderr == 'tuiview: c:1:1: refresh_rate is from 0.2 to 3600' ]]
}

@test "a rate that is too great is not called negative" {
	for rate in 2e15 -1; do
		echo "alert_threshold = $rate" >c
		run -1 --separate-stderr tuiview -c c --check-config
		[[ $stderr == *'alert_threshold is from 0 to 1000000000000000' ]]
	done
}

@test "an unreadable file is told, and left as it is" {
	mkdir c
	run -0 --separate-stderr tuiview -c c --print-config
	[[ $stderr == 'tuiview: c: Is a directory'* ]]
	printf 'theme = "\377"\n' >d
	cp d before
	run -1 tuiview -c d --check-config
	[[ $output == 'd:1:10: this is not UTF-8' ]]
	cmp d before
}

@test "what cannot be saved is told once, with the reason" {
	tuiview -d 100x24 -c /nonexistent/conf -k t \
		<"$fixtures/tuiview/six.ndjson" |
		grep -q ' settings not saved: cannot lock the direct'
}

@test "a setting that the file does not take keeps no other from being saved" {
	printf 'custom_themes.Dusk.c%d = 1\n' 1 2 3 4 5 6 >conf
	cp conf as-it-was
	tuiview -d 120x24 -c conf -k 'CsDawn\rx' \
		<"$fixtures/tuiview/six.ndjson" >got 2>errors
	grep -q ' settings not saved: custom_themes is written in conf ' got
	grep -q '^tuiview: settings not saved: custom_themes ' errors
	diff -u - conf <<-EOF
		$(cat as-it-was)
		show_border = false
	EOF
}

@test "what cannot be saved at the end is told where no screen can tell it" {
	run -0 --separate-stderr tuiview -d 100x24 -c /nonexistent/conf \
		-k tb <"$fixtures/tuiview/six.ndjson"
	[[ $stderr == 'tuiview: settings not saved: cannot lock the dir'* ]]
}

@test "a file longer than 256 KiB is told to be, and left as it is" {
	head -c 262145 /dev/zero | tr '\0' '\n' >c
	cp c before
	run -1 tuiview -c c --check-config
	[[ $output == 'c: it is longer than 256 KiB; '* ]]
	echo 'sort: source' >rc
	run -1 --separate-stderr tuiview -c c --import-iftoprc rc
	[[ $stderr == *'not saved: '*'longer than 256 KiB' ]]
	cmp c before
	run -1 --separate-stderr tuiview -c new --import-iftoprc c
	[[ $stderr == *'c: it is longer than 256 KiB' ]]
	# One byte less is read, and saved while it does not grow beyond.
	truncate -s -1 c
	tuiview -c c --check-config
	run -1 --separate-stderr tuiview -c c --import-iftoprc rc
	[[ $stderr == *'would be too long'* ]]
	truncate -s -100 c
	tuiview -c c --import-iftoprc rc
	grep -qx 'sort = "source"' c
	mkfifo fifo
	run -1 tuiview -c fifo --check-config
	[[ $output == 'fifo: it is no ordinary file; '* ]]
}

@test "twenty writers at once lose nothing of each other, and readers see whole files" {
	local settings=(interface:eth7 dns-resolution:no port-resolution:no
		filter-code:udp show-bars:no promiscuous:yes hide-source:yes
		bandwidth-unit:packets sort:destination
		line-display:one-line-sent show-totals:no log-scale:no
		max-bandwidth:5M net-filter:10.0.0.0/8 net-filter6:fd00::/8
		link-local:no port-display:source-only interface:eth7
		sort:destination log-scale:no) i pids=()
	printf '# first\ntheme = "AcidRain" # mine\nunknown = 1\n' >c
	for i in "${!settings[@]}"; do
		echo "${settings[i]/:/: }" >rc$i
		(
			for _ in 1 2 3; do
				tuiview -c c --import-iftoprc rc$i || exit
			done
		) >/dev/null 3>&- &
		pids+=($!)
	done
	while [ -n "$(jobs -r)" ]; do
		tuiview -c c --print-config 2>seen | grep -q AcidRain
		[ "$(cat seen)" = 'tuiview: c:3:1: unknown key unknown' ]
	done
	for i in "${pids[@]}"; do
		wait "$i"
	done
	head -n 3 c | diff - <(printf '# first\n%s\nunknown = 1\n' \
		'theme = "AcidRain" # mine')
	sed 1,3d c | sort | diff - <(sort <<-'E'
	interface = "eth7"
	dns_resolution = false
	port_resolution = false
	bpf_filter = "udp"
	show_bars = false
	promiscuous = true
	aggregate = "source"
	units = "packets"
	sort = "destination"
	line_mode = "sent"
	show_cumulative = false
	scale = "linear"
	max_bandwidth = 625000
	net_filter = "10.0.0.0/8"
	net_filter6 = "fd00::/8"
	link_local = false
	show_ports = true
	port_display = "source"
	E
	)
	[ -z "$(find . -name '.iftoprs.*')" ]
}

@test "a bad --set is a usage error" {
	for bad in nonsense no_such=1 sort=up refresh_rate=0 theme=NoSuch \
	    net_filter6=192.0.2.0/24 alert_threshold=fast \
	    active_custom_theme=NoSuch; do
		run -2 --separate-stderr tuiview --set "$bad" --print-config
		[[ $stderr == tuiview:* ]]
	done
}

@test "every kind of value can be set from the command line" {
	tuiview --set mouse=off --set refresh_rate=2.5 --set sort=src \
		--set alert_threshold=10Mb --set bar_style=thin \
		--set net_filter=10.0.0.0/8 --set use_bytes=true \
		--set 'bpf_filter=tcp port 443' --theme acidrain \
		--print-config | grep 'command line$' | sed 's/ *#.*//' |
		sort >got
	sort >expected <<-'END'
	alert_threshold = 1250000
	bar_style = "Thin"
	bpf_filter = "tcp port 443"
	mouse = false
	net_filter = "10.0.0.0/8"
	refresh_rate = 2.5
	sort = "source"
	theme = "AcidRain"
	units = "bytes"
	END
	diff -u expected got
}

@test "the settings of classic iftop are taken over, and the rest is told" {
	cat >rc <<-'END'
	# my settings
	interface: eth0  # wired
	dns-resolution: no
	sort: source
	use-bytes: true
	max-bandwidth: 10M
	filter-code: ip and \
	  tcp
	port-display: source-only
	hide-source: yes
	hide-destination: yes
	line-display: one-line-sent
	net-filter: 10.0.0.0/8
	link-local: yes
	no-such-key: 1
	sort: sideways
	nonsense
	END
	printf '# kept\ntheme = "AcidRain"\n' >c
	tuiview -c c --import-iftoprc rc >told
	cat >expected <<-'END'
	# kept
	theme = "AcidRain"
	interface = "eth0"
	dns_resolution = false
	sort = "source"
	units = "bytes"
	max_bandwidth = 1250000
	bpf_filter = "ip and   tcp"
	show_ports = true
	port_display = "source"
	aggregate = "both"
	line_mode = "sent"
	net_filter = "10.0.0.0/8"
	link_local = true
	END
	diff -u expected c
	grep -q '^rc:7: filter-code: ' told
	grep -q '^rc:14: link-local: link_local=true' told
	grep -q '^rc:15: no-such-key: not a key of iftop' told
	grep -q '^rc:16: sort: left out; "sideways"' told
	grep -q '^rc:17: nonsense: left out' told
	tuiview -c c --check-config
}

@test "an end that iftop does not hide is not merged here, the other one stays" {
	echo 'aggregate = "both"' >c
	echo 'hide-source: no' >rc
	tuiview -c c --import-iftoprc rc >told
	[ "$(cat c)" = 'aggregate = "destination"' ]
	[ "$(cat told)" = 'rc:1: hide-source: aggregate=destination' ]
	echo 'Hide-Destination: no' >rc
	tuiview -c c --import-iftoprc rc
	[ "$(cat c)" = 'aggregate = "none"' ]
}

@test "whatever follows a # in iftop's file is a comment, blank or not" {
	printf '%s\n' 'interface:eth1#lan' $'sort: 2s\t# short' $'\t# a: b' \
		'show-bars: no ## none' >rc
	tuiview -c c --import-iftoprc rc
	tuiview -c c --print-config --shell | grep -E '^(interface|sort|show_bars)=' >got
	diff -u - got <<-'END'
	sort='2s'
	show_bars='false'
	interface='eth1'
	END
}

@test "a file of iftop that is not there is an error" {
	run -1 --separate-stderr tuiview -c c --import-iftoprc none
	[[ $stderr == 'tuiview: cannot read none: No such file'* ]]
	[ ! -e c ]
}

@test "an empty name stands for the .iftoprc of the user" {
	export HOME=$PWD
	echo 'sort: source' >.iftoprc
	tuiview --import-iftoprc '' >told
	grep -qx 'sort = "source"' .iftoprs.conf
}

@test "every key of iftop is known" {
	for key in interface dns-resolution port-resolution filter-code \
	    show-bars promiscuous hide-source hide-destination use-bytes \
	    bandwidth-unit sort line-display show-totals log-scale \
	    max-bandwidth net-filter net-filter6 link-local port-display \
	    timed-output no-curses num-lines http-port; do
		echo "$key: x" >>rc
	done
	tuiview -c c --import-iftoprc rc >told
	[ "$(wc -l <told)" -eq 23 ]
	run ! grep -q 'not a key' told
}

@test "the sample file is all comments, and without them all defaults" {
	sample=$root/share/iftoprs.conf
	tuiview -c "$sample" --check-config
	run ! grep -q '^[^#]' "$sample"
	tuiview -c none --print-config | sed 's/ *# .*//' >defaults
	sed '/^#\[\[pinned/,$d; s/^#\([a-z]\)/\1/' "$sample" >opened
	tuiview -c opened --check-config
	tuiview -c opened --print-config | sed 's/ *# .*//' >got
	diff -u defaults got
	diff <(grep -o '^[a-z_0-9]* =' opened | sort) \
		<(grep -o '^[a-z_0-9]* =' got | sort)
	# Its tables are good too.
	sed 's/^#\([][a-z]\)/\1/' "$sample" >all
	tuiview -c all --check-config
}

@test "the manual page has each setting, with its default and its choices" {
	need mandoc command -v mandoc
	tuiview -c none --print-config >settings
	{ grep -o '^[a-z_0-9]*' settings; echo pinned; echo custom_themes
	} | sort >program
	sed -n 's/^\.It Va \([a-z_0-9]*\)$/\1/p' "$page" | sort >manual
	diff -u program manual
	# The default text of each is in its paragraph.
	sed -n 's/^\([a-z_0-9]*\) = \("[^"]\{1,\}"\|true\|false\|[0-9.]*\).*/\1 \2/p' \
		settings | while read -r key value; do
		sed -n "/^\\.It Va $key\$/,/^\\.It Va/p" "$page" |
			grep -qF -- "$value" || echo "$key $value"
	done >missing
	diff /dev/null missing
}

@test "the examples of the manual page are good settings" {
	sed -n '/^\.Bd -literal/,/^\.Ed/p' "$page" | sed '/^\.[BE]d/d' >c
	[ "$(wc -l <c)" -gt 10 ]
	tuiview -c c --check-config
	tuiview -c c --print-config | grep -q '^alert_threshold = 1250000 '
}

@test "under sudo a file of settings is written as the invoking user" {
	need_root
	dir=$(mktemp -d /tmp/iftoprs-sudo.XXXXXX)
	chown nobody "$dir"
	echo 'interface: eth0' >"$dir/rc"
	SUDO_UID=$(id -u nobody) tuiview -c "$dir/c" \
		--import-iftoprc "$dir/rc" >/dev/null
	stat -c '%U %a' "$dir/c" >owner
	ln -s /etc/hostname "$dir/link"
	SUDO_UID=$(id -u nobody) run -1 --separate-stderr \
		tuiview -c "$dir/link" --import-iftoprc "$dir/rc"
	rm -r "$dir"
	echo 'nobody 600' | diff -u - owner
	[[ $stderr == *'symbolic link'* ]]
}

@test "what is wrong in an array is told where it is" {
	printf 'pinned = ["a",\n  {src = "b"}]\nfilter_history = ["x", 3]\n' >c
	run -1 --separate-stderr tuiview -c c --check-config
	[[ ${stderr_lines[0]} == *c:1:11:\ pinned:* ]]
	[[ ${stderr_lines[1]} == *c:2:3:\ pinned:* ]]
	[[ ${stderr_lines[2]} == *c:3:24:\ filter_history:* ]]
}
