# SPDX-License-Identifier: MIT
#
# The screen under load: what is sent, what a low screen shows, how fast.

load helper
load terminal

# many N: a snapshot of N flows, all of the first of six but for id, port and
# rate.
many() {
	jq -c --argjson n "$1" '.flow_count = $n | .flows[0] as $f |
	    .flows = [range($n) as $i | $f + {id: ($i + 1),
	    src_port: (10000 + $i), sent_10s: (1000000 - $i),
	    recv_10s: 5}]' "$six"
}

# rests: for a second the program does next to nothing.
rests() {
	local pid before after
	pid=$(viewer)
	read -r -a before <"/proc/$pid/stat"
	sleep 1
	read -r -a after <"/proc/$pid/stat"
	# Ticks of 10 ms in user and in system mode.
	[ $((after[13] + after[14] - before[13] - before[14])) -lt 20 ]
}

@test "the last flow of a screen is shown whole or not at all" {
	many 40 >stream40
	for rows in 23 24 25 26 30 31; do
		tuiview -d 80x$rows <stream40 >screen
		[ "$(grep -c '=>' screen)" -gt 3 ]
		[ "$(grep -c '=>' screen)" -eq "$(grep -c '<=' screen)" ]
	done
	# In one line each there are no halves.
	tuiview -d 80x25 -k t <stream40 >screen
	[ "$(grep -c '<=>' screen)" -gt 10 ]
}

@test "settings that cannot be saved are not tried again and again" {
	start 100x24 -c /dev/null/conf
	feed
	wait_for 5 shows 'laptop.lan:43814'
	tm send-keys t
	wait_for 5 shows 'not saved'
	rests
	tm send-keys q
	sane
}

@test "a help opened with the pointer on the header takes no time" {
	start 120x30
	feed
	wait_for 5 shows 'laptop.lan:43814'
	mouse 35 20 28
	tm send-keys h
	wait_for 5 shows '─ Help ─'
	# When the tip would have come.
	sleep 1.1
	rests
	tm send-keys q q
	sane
}

@test "a picture of 120 by 30 takes less than 7 kB, even in 24 bits" {
	many 40 >stream40
	start 120x30 '--set colours=truecolor'
	tm pipe-pane -O "cat >sent"
	feed stream40
	wait_for 5 shows ':10005'
	sleep 0.3
	[ "$(wc -c <sent)" -gt 2000 ]
	[ "$(wc -c <sent)" -lt 7000 ]
	tm send-keys q
	sane
}
