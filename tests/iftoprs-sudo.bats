# SPDX-License-Identifier: MIT
#
# An ordinary user who may run iftoprs through sudo or doas: who runs what,
# and whose files they are.  The user and the rules are there only for the
# test, in a mount namespace of its own.

load helper
load tmux

user=iftoprs-walker uid=64242

teardown() {
	no_terminal
	no_hosts
}

# ordinary_user: ./as_user COMMAND... runs it as a user who has a home here
# and may run the programs of ./bin as root without a password.
ordinary_user() {
	need_root
	need "mounts" unshare -m true
	need setpriv command -v setpriv
	two_hosts
	mkdir -m 755 bin etc etc/sudoers.d home
	mkdir -m 1777 tmp
	chmod o+x "$BATS_RUN_TMPDIR" "$BATS_TEST_TMPDIR"/.. .
	cp "$(command -v iftoprs)" "$root"/bin/iftoprs-* bin
	for name in capd flowagg procmap namemap tuiview; do
		cp "$(command -v $name)" bin
	done
	chmod 755 bin/*
	chown $uid:$uid home
	{
		cat /etc/passwd
		echo "$user:x:$uid:$uid:a walker:$PWD/home:/bin/sh"
	} >etc/passwd
	{
		cat /etc/shadow
		echo "$user:*:19000:0:99999:7:::"
	} >etc/shadow
	chmod 640 etc/shadow
	{
		cat /etc/group
		echo "$user:x:$uid:"
	} >etc/group
	echo "$user ALL=(root) NOPASSWD: $PWD/bin/iftoprs" >etc/sudoers.d/rule
	chmod 440 etc/sudoers.d/rule
	echo "permit nopass $user as root cmd $PWD/bin/iftoprs" >etc/doas.conf
	chmod 400 etc/doas.conf
	cat >as_user <<-E
	#!/bin/sh
	# Within namespace a, with the files of ./etc in place of the system's.
	exec ip netns exec "$ns_a" unshare -m sh -c '
		for name in passwd shadow group sudoers.d; do
			mount --bind "$PWD/etc/\$name" "/etc/\$name" || exit
		done
		[ -e /etc/doas.conf ] || touch /etc/doas.conf
		mount --bind "$PWD/etc/doas.conf" /etc/doas.conf || exit
		cd "$PWD/home" || exit
		exec setpriv --reuid=$uid --regid=$uid --clear-groups \
			env HOME="$PWD/home" USER=$user LOGNAME=$user "\$@"
	' as_user "\$@"
	E
	chmod +x as_user
}

# whose STAGE: the user id that it runs as.
whose() {
	ps -o uid= -p "$(cat tmp/iftoprs.*/"$1".pid)" | tr -d ' '
}

belongs_to_user() {
	[ "$(stat -c %u "$1")" = $uid ]
}

# the_users_own: all that is written is the user's, in the user's home.
the_users_own() {
	wait_for 10 screen 'a0 up'
	for name in flowagg procmap namemap tuiview; do
		[ "$(whose $name)" = $uid ]
	done
	# Of capd the keeper may open sockets, and nothing else.
	capd=$(cat tmp/iftoprs.*/capd.pid)
	[ "$(whose capd)" = $uid ]
	grep -q '^CapEff:[[:space:]]*0000000000002000$' "/proc/$capd/status"
	grep -q '^CapEff:[[:space:]]*0000000000000000$' \
		"/proc/$(pgrep -P "$capd")/status"
	[ "$(stat -c '%u %a' tmp/iftoprs.*/control)" = "$uid 700" ]
	ip netns exec "$ns_b" ping -q -c 3 -i 0.2 192.0.2.1 >/dev/null
	wait_for 10 screen '192.0.2.2 ICMP'
	keys f			# through the control directory
	wait_for 10 screen '│2s│'
	keys e
	wait_for 10 test -s home/.iftoprs.export.txt
	keys R
	wait_for 10 screen 'recording to'
	keys R
	wait_for 10 screen 'recorded'
	keys q
	wait_for 10 screen '^status=0'
	[ -z "$(ls tmp)" ]
	grep -qx 'refresh_rate = 2' home/.iftoprs.conf
	for file in home/.iftoprs.conf home/.iftoprs.export.txt \
	    home/iftoprs-*.ndjson; do
		belongs_to_user "$file"
	done
}

@test "an ordinary user with sudo: only what captures and looks up has rights" {
	need sudo command -v sudo
	ordinary_user
	sed -i 's/iftoprs$/iftoprs, \/usr\/bin\/env/' etc/sudoers.d/rule
	echo 'theme = "AcidRain"' >home/.iftoprs.conf
	chown $uid home/.iftoprs.conf
	new_terminal 120x30 ./as_user sudo env TMPDIR="$PWD/tmp" \
		"$PWD/bin/iftoprs" -n -i a0 \; echo 'status=$?'
	wait_for 10 screen '│Acid Rain│'
	the_users_own
}

@test "an ordinary user with doas: the same" {
	need doas command -v doas
	ordinary_user
	echo "permit nopass $user as root cmd env" >>etc/doas.conf
	new_terminal 120x30 ./as_user doas env LC_ALL=C.UTF-8 \
		TMPDIR="$PWD/tmp" \
		"$PWD/bin/iftoprs" -n -i a0 \; echo 'status=$?'
	the_users_own
}

@test "without a terminal: sudo and doas give JSON, and the record is the user's" {
	need sudo command -v sudo
	need doas command -v doas
	ordinary_user
	for how in sudo doas; do
		./as_user $how "$PWD/bin/iftoprs" -n -i a0 --count 2 \
			-w day.ndjson >out 2>err
		[ "$(wc -l <out)" = 2 ]
		[ ! -s err ]
		belongs_to_user home/day.ndjson
		rm home/day.ndjson
	done
}

@test "an ordinary user without either is told how, before anything starts" {
	ordinary_user
	run -1 --separate-stderr ./as_user "$PWD/bin/iftoprs" -i a0 --json
	[ -z "$output" ]
	[[ $stderr == *sudo* ]]
	# The remedy is a command that can be pasted, and it helps.
	remedy=$(sed -n 's/.*"sudo \(setcap [^"]*\)".*/\1/p' <<<"$stderr")
	need "file capabilities" sh -c "$remedy"
	./as_user "$PWD/bin/iftoprs" -n -i a0 --json --count 1 >out
	[ "$(wc -l <out)" = 1 ]
	setcap -r bin/capd
	new_terminal 120x30 ./as_user "$PWD/bin/iftoprs" -n -i a0 \; \
		echo 'status=$?'
	wait_for 10 screen '^status=1'
	wait_for 5 screen 'sudo'
	[ "$(terminal_says '#{alternate_on}')" = 0 ]
}
