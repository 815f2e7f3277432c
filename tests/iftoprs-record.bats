# SPDX-License-Identifier: MIT
#
# Recording while live: whatever was captured up to the key, the signal or
# the reader's end is in the file.  Packets are counted, none may be missing.

load helper
load tmux

# burst NUMBER: as many datagrams of 100 bytes to host a, at once.
burst() {
	# While an address is asked for there is room for few.
	ip netns exec "$ns_b" ping -q -n -c 1 192.0.2.1
	ip netns exec "$ns_b" python3 -c '
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(int(sys.argv[1])):
    s.sendto(b"x" * 100, ("192.0.2.1", 4000))' "$1"
}

teardown() {
	no_terminal
	no_hosts
}

# capturing: does the chain in namespace a see packets yet?
capturing() {
	burst 1
	tail -n 1 out.ndjson |
		jq -e '.capture.packets > 0'
}

# counted FILE: the datagrams that are in it.
counted() {
	case $1 in
	*.ndjson) tail -n 1 "$1" ;;
	*) iftoprs -n -Z --json --final -r "$1" ;;
	esac | jq '.flows | map(select(.dst_port == 4000 or .src_port == 4000) |
		.packets_sent + .packets_recv) | add // 0'
}

@test "what was captured up to the key q is in the file, to the last packet" {
	need_root
	two_hosts
	for file in day.rec day.ndjson day.pcap; do
		for shell in dash bash 'busybox ash'; do
			new_terminal 100x30 ip netns exec "$ns_a" $shell \
				"$(command -v iftoprs)" -n -i a0 \
				-f "'udp port 4000'" -w $file \; \
				echo 'status=$?'
			wait_for 10 screen 'a0 up'
			burst 3000
			keys q
			wait_for 10 screen '^status=0'
			[ "$(counted $file)" -eq 3000 ]
			[ -z "$(ls tmp)" ]
			rm "$file"
		done
	done
}

# recorded SIGNAL FILE SHELL: start, send, end with SIGNAL; all is there.
recorded() {
	rm -f out.ndjson "$2"
	# shellcheck disable=SC2086 # words
	ip netns exec "$ns_a" env --default-signal=INT PATH="$PATH" setsid \
		$3 "$(command -v iftoprs)" --json -n -Z -i a0 \
		-f 'udp port 4000' -w "$2" >out.ndjson 2>err 3>&- &
	pid=$!
	wait_for 10 capturing
	before=$(($(counted out.ndjson)))
	burst 3000
	kill -"$1" -- "-$pid"
	wait $pid || true
	[ ! -s err ]
	[ "$(counted "$2")" -ge $((before + 3000)) ]
	[ "$(counted "$2")" -eq "$(counted out.ndjson)" ]
}

@test "a stage that was stopped does not keep q from ending a recording" {
	need_root
	two_hosts
	new_terminal 100x30 ip netns exec "$ns_a" iftoprs -n -i a0 \
		-f "'udp port 4000'" -w day.rec \; echo 'status=$?'
	wait_for 10 screen 'a0 up'
	kill -STOP "$(cat tmp/iftoprs.*/flowagg.pid)"
	burst 3000
	keys q
	wait_for 10 screen 'status=0'
	[ "$(counted day.rec)" = 3000 ]
	[ -z "$(ls tmp)" ]
}

@test "what was captured up to a signal to the whole group is in the file" {
	need_root
	two_hosts
	for file in day.rec day.ndjson day.pcap; do
		recorded INT $file dash
		recorded TERM $file bash
		recorded HUP $file 'busybox ash'
	done
}

@test "what was captured up to a signal is in the last snapshot on standard output" {
	need_root
	two_hosts
	for signal in INT TERM HUP; do
		ip netns exec "$ns_a" env --default-signal=INT PATH="$PATH" \
			setsid iftoprs --json -n -Z -i a0 --interval 2 \
			-f 'udp port 4000' >out.ndjson 2>err 3>&- &
		pid=$!
		wait_for 20 capturing
		before=$(($(counted out.ndjson)))
		burst 3000
		kill -$signal -- "-$pid"
		wait $pid || true
		[ ! -s err ]
		[ "$(counted out.ndjson)" -ge $((before + 3000)) ]
	done
}

@test "what was captured until the reader left is in the file" {
	need_root
	two_hosts
	for file in day.rec day.ndjson day.pcap; do
		mkfifo pipe
		ip netns exec "$ns_a" iftoprs --json -n -Z -i a0 \
			-f 'udp port 4000' -w $file >pipe 2>err 3>&- &
		pid=$!
		exec 4<pipe
		read -r _ <&4 && read -r _ <&4
		burst 3000
		exec 4<&-
		wait_for 10 gone $pid
		[ ! -s err ]
		[ "$(counted $file)" -eq 3000 ]
		rm pipe $file
	done
}

gone() {
	! kill -0 "$1"
}

@test "a full disk is told, and the status is not 0" {
	need_root
	need "mounts" unshare -m true
	unshare -m bash -c 'mkdir small
		mount -t tmpfs -o size=64k small small
		for name in day.rec day.ndjson day.pcap; do
			status=0
			iftoprs --json -n -Z -r "$1" -w small/$name \
				>/dev/null 2>err || status=$?
			[ $status = 1 ] || { echo "$name: $status"; exit 1; }
			grep -q "small/$name.*No space left\|space" err || {
				cat err
				exit 1
			}
			rm small/$name
		done' - "$root/share/sample.pcap"
}

@test "a single snapshot waits for names, and a signal does not cost it" {
	need_root
	need "network and mount namespaces" unshare -n -m true
	need python3 python3 -c 'import select'
	echo 'nameserver 127.0.0.1' >resolv.conf
	# The responder is silent about what ends in 40.
	# shellcheck disable=SC2016 # for the inner shell
	unshare -n -m sh -c '
		ip link set lo up
		mount --bind resolv.conf /etc/resolv.conf
		namemap-responder 127.0.0.1 53 >ready &
		trap "kill $!; kill \$ping" EXIT
		ping -q -i 0.2 -w 60 127.0.0.40 >/dev/null &
		ping=$!
		until grep -q ready ready; do sleep 0.1; done
		iftoprs -r "$1" --final >final
		iftoprs -i lo --final -w live.rec >live &
		until [ -n "$(find . -name live.rec -size +1500c)" ]; do
			sleep 0.1
		done
		kill $!
		wait $!
		[ $? = 143 ]' sh "$root/share/sample.pcap" 3>&-
	jq -e '.flows | any(.dst_name == "h143.example.net")' final
	jq -e '.flows | any(.src == "127.0.0.40" or .dst == "127.0.0.40")' live
}

@test "a stage that was stopped does not cost the last snapshot" {
	need_root
	need "network namespaces" unshare -n true
	mkdir tmp
	# shellcheck disable=SC2016 # for the inner shell
	TMPDIR=$PWD/tmp unshare -n sh -c '
		ip link set lo up
		iftoprs -n -Z -i lo --json >live &
		until [ -s live ]; do sleep 0.1; done
		kill -STOP "$(cat tmp/*/flowagg.pid)"
		kill $!
		wait $!
		[ $? = 143 ]' 3>&-
	[ "$(wc -l <live)" -ge 2 ]
	[ -z "$(ls tmp)" ]
}
