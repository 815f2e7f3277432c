# SPDX-License-Identifier: MIT
#
# The examples of the manual pages that want a terminal, an interface with
# traffic or another machine: typed as they stand into a terminal, in a
# namespace whose interface is eth0; the other machine is another namespace,
# with a server for ssh(1).

load helper
load tmux

pages=$root/share/man
pings='192.0.2.[12] .*192.0.2.[12] ICMP'

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	need_root
	need "tmux" command -v tmux
	two_hosts
	ip -n "$ns_a" link set a0 down
	ip -n "$ns_a" link set a0 name eth0 up
	ip -n "$ns_a" addr add fd00::1/64 dev eth0 nodad 2>/dev/null || true
	mkdir share
	ln -s "$root"/share/jq "$root"/share/sample.pcap share
}

teardown() {
	no_terminal
	no_hosts
}

# example PAGE WORDS: the example of that page with these words in it.
example() {
	local command
	examples "$pages/$1" >examples
	while IFS= read -r -d '' command; do
		[[ $command != *"$2"* ]] || printf '%s' "$command"
	done <examples
}

# watch COMMAND: type it, send traffic, see it on the screen, leave.
watch() {
	[ -n "$1" ]
	new_terminal 100x30 ip netns exec "$ns_a" bash --norc
	keys "PS1='\$ ' PATH='$PATH'; $1; echo status=\$?" Enter
	wait_for 15 screen 'Flows.*Processes'
	for _ in 1 2 3 4 5 6 7 8; do
		ip netns exec "$ns_b" ping -q -c 5 -i 0.1 192.0.2.1 >/dev/null
		! screen "$pings" || break
	done
	wait_for 10 screen "$pings"
	"${2:-true}"
	keys q
	wait_for 15 screen '^status='
}

@test "capd(1): record and watch at once" {
	watch "$(example capd.1 'tee day.rec')"
	iftoprs -n -Z --json --final -r day.rec |
		jq -e 'any(.flows[]; .dst == "192.0.2.2")'
}

@test "iftoprs(1): watch an interface" {
	need sudo command -v sudo
	# sudo looks for commands in its own path, and has root's settings.
	watch "$(example iftoprs.1 'sudo iftoprs -i' |
		sed "s|sudo |sudo env PATH=\"\$PATH\" HOME=\"\$HOME\" |")"
}

@test "iftoprs(7): another program's capture on the screen" {
	need sudo command -v sudo
	need tcpdump command -v tcpdump
	watch "$(example iftoprs.7 'sudo tcpdump -U')"
}

commands_are_taken() {
	echo "$filter" | ip netns exec "$ns_a" sh
	echo "$interval" | ip netns exec "$ns_a" sh
	wait_for 15 screen '│5s│'
	wait_for 15 screen 'bpf tcp port 443'
	ip netns exec "$ns_b" bash -c 'echo >/dev/udp/192.0.2.1/4000
		: >/dev/tcp/192.0.2.1/443' 2>/dev/null || true
	wait_for 15 screen ':443'
	! screen ':4000'
}

@test "iftoprs(7): change a running chain by hand" {
	filter=$(example iftoprs.7 "> ctl")
	interval=$(example iftoprs.7 "> agg")
	[ -n "$filter" ] && [ -n "$interval" ]
	watch "$(example iftoprs.7 'control ctl')" commands_are_taken
}

# other_machine: host and sensor are namespace b, by ssh, with the programs
# in /usr/local/bin and an interface eth0.
other_machine() {
	local name
	for name in ssh ssh-keygen dropbear dropbearkey sudo tcpdump; do
		need $name command -v $name
	done
	ip -n "$ns_b" link set b0 down
	ip -n "$ns_b" link set b0 name eth0 up
	mkdir -m 700 home home/.ssh
	mkdir programs ssh
	for name in capd flowagg procmap namemap tuiview; do
		ln -s "$(command -v $name)" programs
	done
	cp "$(command -v iftoprs)" "$root"/bin/iftoprs-* programs
	ssh-keygen -q -t ed25519 -N '' -f key
	cp key.pub home/.ssh/authorized_keys
	dropbearkey -t ed25519 -f hostkey >/dev/null 2>&1
	ip netns exec "$ns_b" unshare -m sh -c '
		mount --bind home /root
		mount --bind programs /usr/local/bin
		exec dropbear -F -E -s -p 192.0.2.2:22 -P "$PWD/pid" -r hostkey
	' >server 2>&1 3>&- &
	printf '%s\n' 'Host host sensor' ' HostName 192.0.2.2' \
		" IdentityFile $PWD/key" ' User root' \
		' StrictHostKeyChecking no' \
		' UserKnownHostsFile /dev/null' ' LogLevel ERROR' >ssh/config
	printf '#!/bin/sh\nexec %s -F %s/ssh/config "$@"\n' \
		"$(command -v ssh)" "$PWD" >ssh/ssh
	chmod +x ssh/ssh
	PATH=$PWD/ssh:$PATH
	answers() { ip netns exec "$ns_a" ssh sensor true; }
	wait_for 15 answers
}

# leave_ssh: that its reader has left ssh(1) tells only a server of its own
# kind; with another it is ended from here.
leave_ssh() {
	screen_gone() {
		keys q
		[ "$(terminal_says '#{alternate_on}')" = 0 ]
	}
	wait_for 10 screen_gone
	end_ssh() {
		local pid
		for pid in $(ip netns pids "$ns_a"); do
			[ "$(ps -o comm= -p "$pid")" != ssh ] || kill "$pid"
		done
	}
	end_ssh
}

@test "iftoprs(7): a sensor on another machine, the screen on this one" {
	other_machine
	# The sensor sees the ping go out: to 192.0.2.1, in its own rows.
	command=$(example iftoprs.7 'ssh -n sensor')
	new_terminal 100x30 ip netns exec "$ns_a" bash --norc
	keys "PS1='\$ ' PATH='$PATH'; $command; echo status=\$?" Enter
	wait_for 20 screen 'eth0 up'
	ip netns exec "$ns_b" ping -q -c 5 -i 0.1 192.0.2.1 >/dev/null
	wait_for 10 screen "$pings"
	leave_ssh
}

@test "capd(1): tcpdump on another machine, the screen on this one" {
	other_machine
	command=$(example capd.1 'ssh -n host tcpdump')
	new_terminal 100x30 ip netns exec "$ns_a" bash --norc
	keys "PS1='\$ ' PATH='$PATH'; $command; echo status=\$?" Enter
	wait_for 20 screen 'Flows.*Processes'
	ip netns exec "$ns_b" ping -q -c 5 -i 0.1 192.0.2.1 >/dev/null
	wait_for 10 screen "$pings"
	leave_ssh
}
