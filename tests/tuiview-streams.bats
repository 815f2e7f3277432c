# SPDX-License-Identifier: MIT
#
# Hostile, halting and hopping streams on a real terminal; storms of resizes
# and signals; and the terminal after each.

load helper
load terminal

change() {
	jq -c "$1" "${2:-$six}"
}

# straight COLS: every line of the pane that has a left border has its right
# one in the last column.
straight() {
	tm capture-pane -p >pane
	grep -c '^│.*│$' pane >/dev/null || return 1
	grep '^│' pane | while IFS= read -r line; do
		[ "$(wc -L <<<"$line")" -eq "$1" ] && [[ $line == *│ ]] ||
			return 1
	done
}

@test "what is no snapshot is counted; the screen goes on with what is one" {
	# Wrong from the first to the last character, in every layer.
	{
		echo 'garbage'
		printf '\000\001\002\n\377\376\n\n   \n'
		echo '{"type":"snapshot"'
		echo '[1,2,3]'
		echo '"snapshot"'
		echo '{"type":"other","schema":1}'
		head -c 700 "$six"; echo
		printf '[%.0s' $(seq 2000); echo
		change '.flows = "none"'
		change '.flows[0].sent_2s = -5 | .flows[1].sent_2s = 1e400'
		change '.flows[0].src = 17 | .flows[1] = null | .ts = "soon"'
		change 'del(.capture, .source, .flows[].dst, .flows[].id)'
		change '.schema = 99'
		change '.flows[0].history = [1,"x",null,{},[]]'
		tr -d '\n' <"$six"; cat "$six"
	} >bad
	start 120x30
	feed
	wait_for 5 shows 'laptop.lan:43814'
	feed bad
	change '.seq = 18 | .ts += 1000 | .flows[0].src_port = 4711' >good
	feed good
	wait_for 5 shows 'laptop.lan:4711'
	straight 120
	wait_for 5 shows '│live│'
	tm send-keys q
	wait_for 5 shows 'status 0'
	sane
}

# In memory it is all of that length.
@test "a line longer than any snapshot is left out, and told" {
	need "2 GB of memory" sh -c '
		[ "$(sed -n "s/^MemAvailable: *\([0-9]*\).*/\1/p" \
		    /proc/meminfo)" -gt 2000000 ]'
	long() { head -c $(((1 << 30) + 1)) /dev/zero; echo; }
	(cat "$six"; long; jq -c '.seq = 18 | .ts += 1000' "$six") |
		tuiview -d 120x30 >got
	grep -q 'stream: line 2: longer than any snapshot' got
	run -1 --separate-stderr tuiview -d 120x30 < <(long)
	[[ $stderr == *' holds no snapshot: line 1: longer than any snapshot' ]]
	start 120x30
	(cat "$six"; long) >&5
	wait_for 20 shows 'stream: line 2: longer than any snapshot'
	tm send-keys q
	sane
}

@test "a large snapshot that comes in pieces is shown whole, also behind a broken one" {
	change '.flows[0] as $one | .flow_count = 3000 | .flows = [range(3000) |
	    . as $i | $one | .id = $i + 1 | .src_port = 10000 + $i |
	    .sent_10s = 3000 - $i]' >large
	[ "$(wc -c <large)" -gt 1000000 ]
	# In the middle of its flows it goes on with others.
	{ head -c 700000 large; echo; } >broken
	change '.seq = 18 | .ts += 1000 | .flows[0].src_port = 4711' >last
	start 120x30
	for piece in 0 1 2 3; do
		dd if=large bs=300001 count=1 skip=$piece status=none >&5
		sleep 0.2
	done
	dd if=large bs=300001 skip=4 status=none >&5
	wait_for 5 shows 'laptop.lan:10000'
	tm send-keys G
	wait_for 5 shows '▸laptop.lan:12999'
	feed broken
	feed last
	wait_for 5 shows 'laptop.lan:4711'
	feed large
	wait_for 5 shows 'laptop.lan:10000'
	straight 120
	tm send-keys q
	wait_for 5 shows 'status 0'
	sane
}

@test "time that goes back, a session that changes, a seq that falls: it goes on" {
	start 120x30
	feed
	wait_for 5 shows 'laptop.lan:43814'
	n=0
	for how in '.ts -= 3600000' '.session = "other" | .seq = 1' '.seq = 0' \
	    '.ts = 0' '.ts = 9007199254740991' '.elapsed = 0 | .dt = 0' \
	    '.interval = 0' '.ts += 3600000 | .seq = 9007199254740991'; do
		change "$how | .flows[0].src_port = $((5000 + (n += 1)))" >odd
		feed odd
		wait_for 5 shows "laptop.lan:$((5000 + n))"
		tm send-keys j
	done
	straight 120
	tm send-keys q
	wait_for 5 shows 'status 0'
	sane
}

@test "a stream that halts is called stalled, and live when it goes on" {
	change '.interval = 0.2' >fast
	start 100x24
	feed fast
	wait_for 5 shows '│live│'
	wait_for 8 shows 'STALLED · no snapshot for'
	wait_for 5 hides '│live│'
	wait_for 5 shows 'IFTOPRS · STALLED'
	feed fast
	wait_for 5 shows '│live│'
	wait_for 5 hides STALLED
	tm send-keys q
	sane
}

@test "names of every kind leave the borders straight, at 300 and 60 columns" {
	change '.flows = [.flows[0] | range(12) as $i | . + {id: (300 + $i),
	    dst_name: (["\u001b[2J\u001b[H", "a\rb\nc\td", "例え.テスト.みんな",
	    "cafe\u0301.e\u0300\u0301\u0302\u0303\u0304x", "👩‍👩‍👧.fam", "\u202egnp.exe",
	    "\u200b\u200d\ufeffzero", ("x" * 250), ("全" * 120), "🇩🇪🇫🇷.eu",
	    "\u009b31m", "LONE"][$i]), process_name: "p\u001b[31m\u0007例"}] |
	    .flow_count = 12' | sed 's/LONE/\\ud83d/' >names
	for size in 300x50 60x30 80x24 121x40; do
		rm -f .iftoprs.conf
		start $size
		feed names
		wait_for 5 shows 'Flows'
		wait_for 5 straight "${size%x*}"
		tm send-keys Tab
		wait_for 5 shows '\[Proc'
		wait_for 5 straight "${size%x*}"
		tm send-keys Tab j Enter
		wait_for 5 shows ' Esc '
		wait_for 5 straight "${size%x*}"
		# Nothing of it was obeyed.
		[ "$(tm display -p '#{pane_title}')" != owned ]
		tm send-keys q
		wait_for 5 shows 'status 0'
		sane
		tm kill-server
		exec 5>&-
	done
}

@test "40 columns say what is needed, and come back as they were" {
	start 120x30
	feed
	wait_for 5 shows 'laptop.lan:43814'
	tm send-keys j j
	wait_for 5 shows '▸laptop.lan:51522'
	tm resize-window -x 40 -y 30
	wait_for 5 shows '60x12 needed, this is 40x30'
	tm resize-window -x 120 -y 30
	wait_for 5 shows '▸laptop.lan:51522'
	straight 120
	tm send-keys q
	sane
}

@test "resizes, snapshots and keys in a storm, with every popup open once" {
	change 'range(40) as $i | .seq += $i | .ts += 1000 * $i |
	    .flows[].recv_10s *= ($i + 1)' >many
	start 120x30
	feed many
	wait_for 5 shows 'laptop.lan:43814'
	for key in h c C i / E A Enter P; do
		tm send-keys "$key"
		for size in 61x13 200x50 40x8 119x29 3x3 120x30; do
			tm resize-window -x "${size%x*}" -y "${size#*x}"
			feed many
			tm send-keys j
		done
		# Two to get out of a search.
		tm send-keys Escape
		sleep 0.1
		tm send-keys Escape
		sleep 0.1
	done
	wait_for 5 shows '\[Flows\]'
	wait_for 5 straight 120
	tm send-keys C-c
	wait_for 5 shows 'status 0'
	sane
}

@test "SIGTSTP and SIGCONT, SIGSTOP and SIGCONT, sent again and again" {
	start 100x24
	feed
	wait_for 5 shows 'laptop.lan:43814'
	pid=$(viewer)
	stopped() { [[ "$(ps -o stat= -p "$pid")" == T* ]]; }
	running() { [[ "$(ps -o stat= -p "$pid")" == S*+ ]]; }
	given_back() {
		stopped &&
		    [ "$(tm display -p '#{alternate_on}#{cursor_flag}')" = 01 ]
	}
	for signal in TSTP STOP TSTP; do
		kill -s $signal "$pid"
		wait_for 5 stopped
		[ $signal = STOP ] || wait_for 5 given_back
		tm resize-window -x 90 -y 24
		# In the background it may not draw; it gives back what it
		# could not when it was stopped outright.
		kill -s CONT "$pid"
		wait_for 5 given_back
		type_line fg
		wait_for 5 running
		tm resize-window -x 100 -y 24
		wait_for 5 shows 'laptop.lan:43814'
		wait_for 5 straight 100
	done
	tm send-keys q
	wait_for 5 shows 'prompt>'
	sane
}

@test "however it is ended, the terminal has all its settings back" {
	for signal in TERM INT QUIT ABRT SEGV BUS FPE; do
		start 100x24
		feed
		wait_for 5 shows 'laptop.lan:43814'
		# With the mouse asked for, a prompt open, the cursor shown.
		tm send-keys /
		wait_for 5 shows 'filter /'
		kill -s $signal "$(viewer)"
		wait_for 5 shows 'status [0-9]'
		sane
		tm kill-server
		exec 5>&-
	done
}

@test "a feeder that is killed outright leaves the last screen, marked" {
	start 100x24
	(cat "$six"; exec sleep 60) >&5 &
	feeder=$!
	exec 5>&-
	wait_for 5 shows 'laptop.lan:43814'
	kill -9 $feeder
	wait_for 5 shows 'END OF THE STREAM'
	wait_for 5 shows 'laptop.lan:43814'
	wait_for 5 hides '│live│'
	tm send-keys q
	wait_for 5 shows 'status 0'
	sane
}

@test "a new alert rings the bell, one that goes on does not" {
	change '.alerts = [{"flow":72,"direction":"both","rate":10010,
	    "threshold":1000,"state":"raised"}]' >alert
	start 100x24
	feed
	wait_for 5 shows 'laptop.lan:43814'
	tm pipe-pane -O 'cat >sent'
	rings() { [ "$(tr -dc '\a' <sent | wc -c)" -eq "$1" ]; }
	feed alert
	wait_for 5 shows 'ALERT laptop.lan:51522'
	wait_for 5 rings 1
	change '.seq = 18 | .ts += 1000 | .flows[0].src_port = 4711' >more
	feed more
	wait_for 5 shows 'laptop.lan:4711'
	rings 1
	tm send-keys q
	sane
}

@test "rows that flowagg has merged say what they stand for" {
	sample=$root/share/sample.pcap
	for case in 'protocol:│×* \*  *=>  \* UDP ' 'interface:│×* file  *=>  \* ' \
	    'local:│×* 192.168.1.20  *=>  \* ' 'service:│×* \*  *=>  \*:http ' \
	    'remote:│×* \*  *=>  203.0.113.143 '; do
		capd -r "$sample" | flowagg --final --by "${case%%:*}" |
			namemap --dns off | tuiview -d 100x40 >got
		grep -q "${case#*:}" got
		grep -q ' [0-9]* rows* ──' got
		# A file's length is no interval that anyone can read.
		grep -q '│240.6s│' got
	done
}

@test "long names are cut between characters, here as there" {
	long=$(printf '日本%.0s' {1..60}) marks=$(printf '\u0302%.0s' {1..60})
	jq -c --arg long "$long" --arg marks "e$marks" '
	    .source.interfaces = [range(40) | "veth\(.)é"] |
	    .flows[0] |= (.dst_name = $long | .process_name = $long |
	    .exe = "/opt/\($long)\($long)/x" | .dst_service = $long |
	    .unit = $long) | .flows[1] |= (.dst_name = $marks * 9 |
	    .process_name = $marks * 9)' "$six" >in
	for keys in '' 'j\r' 'jj\r' '\t' '\t\t' '\t\t\t' '\tj{right 20 4}' \
	    '\t\tj\r' '{right 20 28}' '{right 20 4}'; do
		for size in 120x30 300x40 80x24; do
			tuiview -d $size -k "$keys{wait 9000}" <in >got
			lacks '[^ ]·' got
		done
	done
	tuiview -d 300x40 -k '' <in | grep -q '│ veth0é, .*veth[0-9]*é, … up │'
	tuiview -d 300x40 -k 'j\r' <in | grep -q 'program  */opt/日.*…日.*/x '
}

@test "what a recording takes to be read is part of its pace" {
	jq -c '.source.kind = "file" | .ts += 5000 * range(3)' "$six" >day
	start 100x24 --speed 1
	head -n 1 day >&5
	wait_for 5 shows '19:28:40│'
	sleep 5
	tail -n +2 day >&5
	wait_for 3 shows '19:28:45│'
	# What comes too late makes nothing that follows too early.
	sleep 1
	shows '19:28:45│'
	wait_for 9 shows '19:28:50│'
	tm send-keys q
	sane
}

@test "of a stream that has ended nothing is recorded or played on" {
	jq -c '.source.kind = "file"' "$six" >day
	for case in 'R:nothing comes to record' '+:recording is over' \
	    '-:recording is over' 'P.:recording is over'; do
		start 120x30 --speed 2
		feed day
		wait_for 5 shows 'laptop.lan:43814'
		exec 5>&-
		wait_for 5 shows 'END OF STREAM'
		tm send-keys -l "${case%%:*}"
		wait_for 5 shows "${case#*:}"
		tm send-keys q
		wait_for 5 shows 'status 0'
		tm kill-server
	done
	[ "$(echo iftoprs-*)" = 'iftoprs-*' ]
}

@test "a paused replay stands and steps, whoever paces it" {
	jq -c '.source.kind = "file" | .ts += 1000 * range(5)' "$six" >day
	for option in '' '--speed max' '--speed 1000'; do
		start 100x24 $option
		head -n 1 day >&5
		wait_for 5 shows 'laptop.lan:43814'
		tm send-keys P
		wait_for 5 shows 'PAUSED at 19:28:40 · the replay stands'
		tail -n +2 day >&5
		tm send-keys .
		wait_for 5 shows 'PAUSED at 19:28:41'
		tm send-keys . j
		wait_for 5 shows '▸laptop'
		wait_for 5 shows 'PAUSED at 19:28:42'
		tm send-keys P
		wait_for 5 shows '19:28:44│'
		tm send-keys q
		wait_for 5 shows 'status 0'
		exec 5>&-
		tm kill-server
	done
}

@test "what --speed plays is a recording, also of what was live" {
	jq -c '.ts += 1000 * range(5)' "$six" >day
	for speed in max 1000 0.125; do
		start 120x24 --speed $speed
		head -n 2 day >&5
		wait_for 15 shows '19:28:41│.*│replay '
		wait_for 5 shows 'replay .* ◀◀◀'
		tm send-keys P
		wait_for 5 shows 'PAUSED at 19:28:41 · the replay stands'
		tail -n +3 day >&5
		tm send-keys .
		wait_for 5 shows 'PAUSED at 19:28:42'
		tm send-keys -l -- -
		wait_for 5 shows 'replay at [0-9.]* times the recorded speed'
		tm send-keys i
		wait_for 5 shows 'Interfaces'
		tm send-keys Enter
		wait_for 5 shows 'a file is replayed'
		tm send-keys q
		wait_for 5 shows 'status 0'
		exec 5>&-
		tm kill-server
	done
}

@test "recordings of the same second have names of their own" {
	# Of each second that this may take one was made before.
	printf -v now '%(%s)T'
	for i in {0..60}; do
		printf -v when '%(%Y%m%d-%H%M%S)T' $((now + i))
		: >"iftoprs-$when.ndjson"
	done
	start 100x24
	feed
	wait_for 5 shows 'laptop.lan:43814'
	tm send-keys R
	wait_for 5 shows 'recording to .*-[0-9]*-2.ndjson (R stops)'
	jq -c '.seq = 18 | .ts += 1000 | .flows[0].src_port = 4711' "$six" >more
	feed more
	wait_for 5 shows 'laptop.lan:4711'
	tm send-keys R
	wait_for 5 shows 'recorded 1 snapshots'
	cmp more iftoprs-*-2.ndjson
	# Several at once, whatever the second.
	tm send-keys -l RRRRR
	four() { [ "$(find . -name 'iftoprs-*-*-[2-9].ndjson' | wc -l)" -eq 4 ]; }
	wait_for 5 four
	wait_for 5 shows 'recording to .*-[0-9].ndjson (R stops)'
	# Nothing has come that the last one could have taken.
	tm send-keys R
	wait_for 5 shows 'recorded 0 snapshots'
	tm send-keys q
	wait_for 5 shows 'status 0'
	sane
}

@test "a recording is in the home directory, however long its name is" {
	printf -v part 'p%.0s' {1..100}
	home=$PWD/$part/$part/home
	mkdir -p "$home"
	surroundings="HOME=$home" start 100x24
	feed
	wait_for 5 shows 'laptop.lan:43814'
	tm send-keys R
	wait_for 5 shows 'recording to .*….*[0-9].ndjson (R stops)'
	jq -c '.seq = 18 | .ts += 1000 | .flows[0].src_port = 4711' "$six" >more
	feed more
	wait_for 5 shows 'laptop.lan:4711'
	tm send-keys R
	wait_for 5 shows 'recorded 1 snapshots: .*….*[0-9].ndjson'
	cmp more "$home"/iftoprs-*.ndjson
	[ "$(find . -name 'iftoprs-*' | wc -l)" -eq 1 ]
	tm send-keys q
	wait_for 5 shows 'status 0'
}

@test "an Escape is a key however often snapshots come" {
	jq -c '.source.kind = "file" | .ts += 100 * range(20)' "$six" >burst
	start 120x30
	feed
	wait_for 5 shows 'laptop.lan:43814'
	tm send-keys h
	wait_for 5 shows '─ Help ─'
	while cat burst >&5 && sleep 0.01; do :; done 2>/dev/null &
	feeder=$!
	sleep 0.2
	tm send-keys Escape
	wait_for 5 hides '─ Help ─' || { kill $feeder; false; }
	kill $feeder
	tm send-keys q
	sane
}
