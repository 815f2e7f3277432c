# SPDX-License-Identifier: MIT
#
# procmap --publisher: whose program it is, as the package managers say.

load helper

BATS_TEST_TIMEOUT=60

teardown() {
	exec 6>&- 7>&-
	[ -z "${holder:-}" ] || kill "$holder" 2>/dev/null || true
	[ -z "${fed:-}" ] || kill "$fed" 2>/dev/null || true
	[ -z "${group:-}" ] || wait_for 5 rmdir "$group" || true
}

# The module alone, as a program, compiled once: asked "[ROOT] <paths".
packages_tool() {
	need "a C compiler" command -v cc
	tool=$BATS_FILE_TMPDIR/packages
	[ -x "$tool" ] || (cd "$root" && cc -std=c17 -D_GNU_SOURCE \
		-DVERSION='"test"' -I. -o "$tool" \
		tests/tools/procmap-packages.c procmap/packages.c \
		procmap/rpm.c procmap/command.c procmap/text.c \
		procmap/socket.c procmap/digest.c procmap/in_root.c procmap/rpm_copy.c \
		lib/*.c -lm)
}

# are ROOT PATH WANTED [PATH WANTED ...]: "package verified" of each.
are() {
	local at=$1
	shift
	while [ $# -gt 0 ]; do
		echo "$1" | "$tool" "$at" | cut -f 2,3 >is
		[ "$(tr '\t' ' ' <is)" = "$2" ] || {
			echo "$1 is $(cat is), not $2"
			return 1
		}
		shift 2
	done
}

# A program in the root; its text makes it another one.
program() {
	mkdir -p "$(dirname "$1")"
	printf '#!/bin/sh\necho %s\n' "$2" >"$1"
	chmod 755 "$1"
}

# merged ROOT: its /bin is its /usr/bin.
merged() {
	mkdir -p "$1/usr/bin" "$1/tmp"
	ln -s usr/bin "$1/bin"
}

@test "digests are those of sha256sum and md5sum, at every length" {
	need "a C compiler" command -v cc
	cat >digest.c <<-'end'
	#include <stdio.h>
	#include "procmap/digest.h"
	int main(int argc, char **argv)
	{
		char md5[MD5_TEXT], sha256[SHA256_TEXT];
		for (int i = 1; i < argc; i++)
			if (digest_file(argv[i], md5, sha256))
				printf("%s %s\n", md5, sha256);
		return 0;
	}
	end
	cc -O2 -std=c17 -D_GNU_SOURCE -I"$root" -o digest digest.c \
		"$root/procmap/digest.c"
	local len
	for len in 0 1 54 55 56 57 63 64 65 119 120 128 1000 65535 65536 \
		65537 200000; do
		head -c $len /dev/urandom >data
		[ "$(./digest data)" = "$(md5sum <data | cut -c 1-32) $(
			sha256sum <data | cut -c 1-64)" ]
	done
}

@test "a program of this machine has the package that dpkg says" {
	need "dpkg" sh -c 'command -v dpkg && dpkg -L dpkg'
	packages_tool
	# Some of them; dpkg knows a few by the name without /usr only.
	find /usr/bin /usr/sbin -type f -perm /111 | sort |
		awk 'NR % 30 == 1' >paths
	"$tool" <paths >said
	sed p paths | sed 'n;s|^/usr||' | xargs dpkg -S 2>/dev/null |
		grep -v '^diversion\|^local' >truths
	local path package verified truth sum
	while IFS="$(printf '\t')" read -r path package verified; do
		truth=$(awk -v path="$path" '$NF == path ||
		    "/usr" $NF == path { print $1 }' truths | head -n 1)
		truth=${truth%%[:,]*}
		[ "$package" = "${truth:--}" ] || {
			echo "$path: $package, not $truth"
			return 1
		}
		# debsums reads the same lists; md5sum is the judge here.
		[ "$verified" = 0 ] || md5sum <"$path" | cut -c 1-32 |
			grep -qFf - "/var/lib/dpkg/info/$truth.md5sums" \
			/var/lib/dpkg/info/"$truth":*.md5sums
	done < <(sed 's/\t\t/\t-\t/' said)
	cat /var/lib/dpkg/info/*.md5sums >sums
	# What was not verified has no digest there, or is not what it was.
	awk -F '\t' '$2 != "" && $3 == 0 { print $1 }' said |
	while read -r path; do
		run ! grep -xE "$(md5sum <"$path" |
			cut -c 1-32)  (usr/)?${path#/usr/}" sums
	done
	[ "$(awk -F '\t' '{ n += $3 } END { print n }' said)" -gt 10 ]
}

# deb ROOT NAME PATH ARCHITECTURE: a package of one program, installed.
deb() {
	rm -rf tree
	program "tree$3" "$2"
	program "tree/usr/share/$2/more" "$2"	# it keeps that one
	mkdir tree/DEBIAN
	(cd tree && md5sum "${3#/}") >sums
	mv sums tree/DEBIAN/md5sums
	printf 'Package: %s\nVersion: 1\nArchitecture: %s\n' "$2" "$4" \
		>tree/DEBIAN/control
	printf 'Multi-Arch: %s\nMaintainer: x <x@example.org>\n' \
		"$([ "$4" = all ] && echo foreign || echo same)" \
		>>tree/DEBIAN/control
	printf 'Description: x\n' >>tree/DEBIAN/control
	dpkg-deb --root-owner-group -b tree "$2.deb" >/dev/null
	dpkg --root="$1" --force-not-root --force-depends -i "$2.deb" \
		>install.log 2>&1 || {
		cat install.log
		return 1
	}
}

@test "dpkg: merged /usr, an architecture, diversions, another's content" {
	need_root
	need "dpkg" command -v dpkg-deb
	packages_tool
	local r=$PWD/root
	merged "$r"
	mkdir -p "$r/var/lib/dpkg/info" "$r/var/lib/dpkg/updates"
	touch "$r/var/lib/dpkg/status" "$r/var/lib/dpkg/available"
	deb "$r" plain /usr/bin/plain all
	deb "$r" old /bin/old "$(dpkg --print-architecture)"
	[ -e "$r/var/lib/dpkg/info/old:$(dpkg --print-architecture).list" ]
	deb "$r" first /usr/bin/tool all
	# Another package takes the name; the first one's moves away.
	dpkg-divert --root "$r" --package second --add --rename \
		--divert /usr/bin/tool.first /usr/bin/tool >/dev/null
	deb "$r" second /usr/bin/tool all
	# And a local program takes one; the package's moves away.
	deb "$r" third /usr/bin/mine all
	dpkg-divert --root "$r" --local --add --rename \
		--divert /usr/bin/mine.distrib /usr/bin/mine >/dev/null
	program "$r/usr/bin/mine" local
	are "$r" /usr/bin/plain "plain 1" /usr/bin/old "old 1" \
		/usr/bin/tool "second 1" /usr/bin/tool.first "first 1" \
		/usr/bin/mine " 0" /usr/bin/mine.distrib "third 1" \
		/usr/bin/nothing " 0" /usr/bin/plai " 0"
	echo changed >>"$r/usr/bin/plain"
	echo changed >>"$r/usr/bin/tool.first"
	are "$r" /usr/bin/plain "plain 0" /usr/bin/tool.first "first 0" \
		/usr/bin/tool "second 1"
}

# rpm_root ROOT: a package "thing" of /usr/bin/thing and /bin/old is installed.
rpm_root() {
	need "rpm and rpmbuild" sh -c 'command -v rpm && command -v rpmbuild'
	local r=$1
	program "source/thing" thing
	cat >thing.spec <<-end
	Name: thing
	Version: 1
	Release: 1
	Summary: x
	License: MIT
	BuildArch: noarch
	%description
	x
	%install
	mkdir -p %{buildroot}/usr/bin %{buildroot}/bin
	cp $PWD/source/thing %{buildroot}/usr/bin/thing
	cp $PWD/source/thing %{buildroot}/bin/old
	%files
	/usr/bin/thing
	/bin/old
	end
	rpmbuild -bb --define "_topdir $PWD/build" thing.spec >build.log 2>&1
	rpm --dbpath "$r/var/lib/rpm" --initdb
	rpm --dbpath "$r/var/lib/rpm" --justdb --nodeps --noscripts \
		--ignoreos --ignorearch -i build/RPMS/noarch/thing-1-1.noarch.rpm
	mkdir -p "$r/usr/bin"
	cp source/thing "$r/usr/bin/thing"
	cp source/thing "$r/usr/bin/old"
}

@test "rpm: the package, its digests, another's content" {
	packages_tool
	local r=$PWD/root
	merged "$r"
	rpm_root "$r"
	are "$r" /usr/bin/thing "thing 1" /usr/bin/other " 0"
	# Listed as /bin/old: found where /bin is /usr/bin here too.
	[ "$(realpath /bin)" != /usr/bin ] ||
		are "$r" /usr/bin/old "thing 1"
	echo changed >>"$r/usr/bin/thing"
	are "$r" /usr/bin/thing "thing 0"
}

@test "pacman: the package of a program" {
	need_root
	need "pacman" command -v pacman
	packages_tool
	local r=$PWD/root
	merged "$r"
	mkdir -p "$r/var/lib/pacman" "$r/var/log" tree
	program tree/usr/bin/thing thing
	printf 'pkgname = my-thing\npkgver = 1.0-1\narch = any\n' \
		>tree/.PKGINFO
	(cd tree && tar -czf ../my-thing-1.0-1-any.pkg.tar.gz .PKGINFO usr)
	printf '[options]\nArchitecture = auto\nSigLevel = Never\n' >conf
	pacman --config conf --root "$r" --dbpath "$r/var/lib/pacman" \
		--cachedir "$PWD" --logfile "$PWD/log" --noconfirm \
		-U my-thing-1.0-1-any.pkg.tar.gz >install.log 2>&1 || {
		cat install.log
		return 1
	}
	[ -x "$r/usr/bin/thing" ]
	are "$r" /usr/bin/thing "my-thing 0" /usr/bin/other " 0" \
		/usr/bin/thin " 0"
}

# Its database is one text; Debian has no apk that could write it.
@test "apk: the package of a program, and of one in /" {
	packages_tool
	local r=$PWD/root
	mkdir -p "$r/lib/apk/db"
	cat >"$r/lib/apk/db/installed" <<-'end'
	C:Q1mnx0iDHqVkhgyHBMcNsDzCkrsLU=
	P:busybox
	V:1.36.1-r5
	A:x86_64
	T:Size optimized toolbox
	F:bin
	R:busybox
	a:0:0:755
	Z:Q1yUdpmUnwGpoQpwNXTgvpNYGFxWM=
	F:usr
	F:usr/bin

	C:Q1abcdefghijklmnopqrstuvwxyz01=
	P:rootthing
	V:1-r0
	F:
	R:sh
	F:usr/bin
	M:0:0:755
	R:thing
	end
	are "$r" /bin/busybox "busybox 0" /usr/bin/thing "rootthing 0" \
		/sh "rootthing 0" /usr/bin/sh " 0" /usr/bin/busybox "busybox 0" \
		/thing " 0"
}

@test "the links of a container lead to files of its own" {
	need "openat2" grep -q openat2 /proc/kallsyms
	packages_tool
	local r=$PWD/root
	mkdir -p "$r/usr/lib/apk/db"
	ln -s /usr/lib "$r/lib"		# not to ours
	printf 'P:its-own\nF:bin\nR:busybox\n' >"$r/usr/lib/apk/db/installed"
	are "$r" /bin/busybox "its-own 0"
}

@test "a program that calls itself the kernel is a program" {
	printf '{"src":"127.0.0.1","src_port":%d,"proto":17,%s}\n' \
		5 '"process_name":"[kernel]"' \
		6 '"pid":7,"process_name":"[kernel]","exe":"/usr/bin/it"' >table
	procmap-snapshot 17,127.0.0.1,5,127.0.0.1,9 17,127.0.0.1,6,127.0.0.1,9 |
		procmap --source file:table --publisher >got
	# That one is looked up, and not known yet.
	[ "$(jq -c '[.flows[].publisher]' got)" = '["[kernel]",""]' ]
}

# A program whose root is another one, in the control group $group, or in ours.
start_apart() {
	need_root
	need "mount namespaces" unshare -m true
	r=$PWD/root
	mkdir -p "$r/bin" "$r/old" "$r/var/lib/dpkg/info"
	cat >thing.c <<-'end'
	#include <arpa/inet.h>
	#include <stdio.h>
	#include <unistd.h>
	int main(void)
	{
		struct sockaddr_in a = { .sin_family = AF_INET,
			.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
		socklen_t len = sizeof(a);
		int s = socket(AF_INET, SOCK_DGRAM, 0);
		bind(s, (struct sockaddr *)&a, len);
		getsockname(s, (struct sockaddr *)&a, &len);
		printf("%d\n", ntohs(a.sin_port));
		fflush(stdout);
		sleep(55);
		return 0;
	}
	end
	need "a C compiler that links statically" \
		cc -static -o "$r/bin/thing" thing.c
	echo /bin/thing >"$r/var/lib/dpkg/info/its-own.list"
	(cd "$r" && md5sum bin/thing) >"$r/var/lib/dpkg/info/its-own.md5sums"
	unshare -m sh -c 'echo 0 >"${2:-/dev/null}" &&
		mount --bind "$1" "$1" && cd "$1" && pivot_root . old &&
		exec /bin/thing' sh "$r" "${group:+$group/cgroup.procs}" \
		>port 3>&- 6>&- 7>&- &
	holder=$!
	wait_for 10 test -s port
}

# its_own CONTAINER: it is of its own package there.
its_own() {
	mkfifo in
	procmap --source diag --publisher <in >got 3>&- 7>&- &
	fed=$!
	exec 7>in
	contained() {
		procmap-snapshot 17,127.0.0.1,"$(cat port)",127.0.0.1,9 >&7
		sleep 0.1
		tail -n 1 got | jq -c '.flows[0] |
		    [.container,.package,.verified,.sha256]' >is
		[ "$(cat is)" = "[\"$1\",\"its-own\",true,\"$(
			sha256sum <"$r/bin/thing" | cut -c 1-64)\"]" ]
	}
	wait_for 10 contained "$1" || {
		tail -n 1 got | jq -c '.flows[0]'
		return 1
	}
	exec 7>&-
	wait "$fed"
	fed=
}

@test "a container's program is its own packages', not ours" {
	need_root
	local top=/sys/fs/cgroup id
	[ ! -e $top/unified/cgroup.procs ] || top=$top/unified
	id=$(printf %064x $$)
	group=$top/docker-$id.scope
	need "control groups" mkdir "$group"
	start_apart
	its_own "$id"
}

# The link /proc/PID/root says "/".
@test "rpm of a container is asked about that one" {
	packages_tool
	mkdir copies
	start_apart
	rm -r "$r/var/lib/dpkg"
	rpm_root "$r"
	export TMPDIR=$PWD/copies
	are "/proc/$holder/root" /usr/bin/thing "thing 1" /usr/bin/other " 0"
	rmdir copies	# nothing is left
}
