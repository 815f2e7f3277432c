# SPDX-License-Identifier: MIT
#
# Installing, removing, and packages.

load helper

setup_file() {
	# Built programs are wanted; a checkout with BIN elsewhere has them.
	export BIN=${BIN:-$BATS_TEST_DIRNAME/../bin}
}

install_here() {	# [make arguments]: below ./dest
	make -s -C "$root" -o all install BIN="$bin" DESTDIR="$PWD/dest" \
		PREFIX=/usr "$@"
}

bin=$(command -v iftoprs)
bin=${bin%/*}

@test "make install puts everything below DESTDIR, and it works from there" {
	install_here
	(cd dest && find . -type f | sort) >files
	for name in iftoprs capd flowagg procmap namemap tuiview; do
		grep -qx "./usr/bin/$name" files
		[ -e "$root/share/man/$name.1" ] || continue
		grep -qx "./usr/share/man/man1/$name.1" files
	done
	grep -qx ./usr/share/man/man7/iftoprs.7 files
	grep -qx ./usr/share/iftoprs/sample.pcap files
	grep -qx ./usr/lib/systemd/system/iftoprs.service files
	run ! grep -v '^./usr/' files
	PATH=/usr/bin:/bin dest/usr/bin/iftoprs -n --json --final \
		-r dest/usr/share/iftoprs/sample.pcap | jq -e '.flow_count > 300'
	PATH=/usr/bin:/bin dest/usr/bin/iftoprs --help | grep -q '^usage'
}

@test "what is installed is for everyone, whatever the umask" {
	umask 077
	mkdir -m 755 dest
	install_here
	[ -z "$(find dest ! -perm -444)" ]
	[ -z "$(find dest -type d ! -perm -111)" ]
	umask 000
	install_here DESTDIR="$PWD/open"
	[ -z "$(find open -perm /022)" ]
}

@test "a place to install to may have spaces and quotes in its name" {
	local place="$PWD/a place's \"name\""
	install_here DESTDIR="$place"
	"$place/usr/bin/iftoprs" --version
	make -s -C "$root" uninstall BIN="$bin" DESTDIR="$place" PREFIX=/usr
	[ -z "$(find "$place" -type f)" ]
}

@test "installed completions are those of the installed script" {
	install_here
	cmp <(iftoprs --completions bash) \
		dest/usr/share/bash-completion/completions/iftoprs
	cmp <(iftoprs --completions zsh) \
		dest/usr/share/zsh/site-functions/_iftoprs
	cmp <(iftoprs --completions fish) \
		dest/usr/share/fish/vendor_completions.d/iftoprs.fish
	cmp <(iftoprs --completions elvish) \
		dest/usr/share/elvish/lib/iftoprs.elv
	cmp <(iftoprs --completions powershell) \
		dest/usr/share/iftoprs/completions/iftoprs.ps1
}

@test "make uninstall removes what make install put there, and nothing else" {
	mkdir -p dest/usr/bin dest/usr/share/man/man1
	touch dest/usr/bin/other dest/usr/share/man/man1/other.1
	install_here
	make -s -C "$root" uninstall BIN="$bin" DESTDIR="$PWD/dest" PREFIX=/usr
	find dest -type f | sort >left
	printf '%s\n' dest/usr/bin/other dest/usr/share/man/man1/other.1 |
		diff - left
	[ ! -d dest/usr/share/iftoprs ]
	[ ! -d dest/usr/libexec/iftoprs ]
}

@test "PREFIX moves everything; the programs find each other there" {
	make -s -C "$root" -o all install BIN="$bin" PREFIX="$PWD/opt"
	[ -x opt/bin/capd ]
	PATH=/usr/bin:/bin opt/bin/iftoprs --json --dry-run |
		head -n 1 | grep -q "$PWD/opt/bin/capd"
	opt/bin/iftoprs --completions fish | grep -q interface
}

@test "the parts of the front script may be anywhere, and it knows where" {
	local place="$PWD/it's a |& \"place\""
	works() {	# FILE: of another tree are no parts in the PATH
		PATH=/usr/bin:/bin "$1" --completions fish | grep -q interface
		PATH=/usr/bin:/bin "$1" -n --json --final \
			-r "$root/share/sample.pcap" | jq -e '.flow_count > 300'
	}
	for set in LIBEXECDIR="$place/lib/iftoprs" BINDIR="$place/lib/tools/bin" \
	    LIBEXECDIR="$place/libexec/iftoprs"; do
		make -s -C "$root" -o all install BIN="$bin" PREFIX="$place" \
			"$set"
		found=$(find "$place" -name iftoprs -path '*/bin/*')
		works "$found"
		[ -n "${set##*libexec/iftoprs}" ] || cmp "$found" "$bin/iftoprs"
		make -s -C "$root" uninstall BIN="$bin" PREFIX="$place" "$set"
		[ -z "$(find "$place" -type f)" ]
	done
	# A tree as it is by default may move as a whole.
	install_here
	mv dest moved
	works moved/usr/bin/iftoprs
	ln -s moved/usr/bin/iftoprs link
	works ./link
}

@test "make dist packs what is committed, and nothing that is built" {
	need git git -C "$root" rev-parse
	dist=$(cd "$root" && scripts/dist 0.0.test)
	tar -tzf "$root/$dist" >files
	rm -f "$root/$dist"
	grep -qx iftoprs-0.0.test/Makefile files
	grep -qx iftoprs-0.0.test/bin/iftoprs files
	! grep -E 'bin/capd$|\.o$|\.git/' files
}

@test "without a repository, make dist fails and leaves no empty archive" {
	mkdir -p tree/scripts
	cp "$root/scripts/dist" "$root/scripts/usage" tree/scripts
	GIT_CEILING_DIRECTORIES=$PWD run ! tree/scripts/dist 0.0.test
	[ -z "$(ls tree/build)" ]
}

@test "the Debian package holds the programs and depends on their libraries" {
	need dpkg-deb command -v dpkg-deb
	deb=$(BIN=$bin OUT=$PWD "$root/scripts/deb" 0.0.test)
	dpkg-deb -c "$deb" >files
	grep -q ' ./usr/bin/capd$' files
	grep -q ' ./usr/share/man/man1/iftoprs.1.gz$' files
	dpkg-deb -f "$deb" Depends >depends
	grep -q libpcap depends
	grep -q 'libtinfo\|libncurses' depends
	dpkg-deb -e "$deb" control
	sh -n control/postinst
	! dpkg-deb -c "$deb" | grep -v ' root/root '
}

# clean_root: the smallest Debian there is, in ./root: what dpkg itself and
# our libraries need, copied from this machine.
clean_root() {
	local package file
	mkdir -p root/var/lib/dpkg/info root/var/lib/dpkg/updates root/tmp \
		root/proc root/dev
	touch root/var/lib/dpkg/status
	for package in bash dash dpkg coreutils diffutils tar grep sed findutils mawk \
	    libc6 libc-bin; do
		dpkg -L "$package"
	done >list
	# And every library that these and ours load.
	xargs -r -d '\n' file -L <list 2>/dev/null | grep ELF | cut -d : -f 1 |
		cat - <(ls "$bin"/capd "$bin"/procmap "$bin"/namemap \
		"$bin"/tuiview "$bin"/flowagg) | xargs -r ldd 2>/dev/null |
		grep -o '/[^ ]*' | grep '\.so' | sort -u >>list
	for name in bin sbin lib lib64; do
		mkdir -p root/usr/$name
		ln -s usr/$name root/$name
	done
	sort -u list | while read -r file; do
		[ -f "$file" ] && [ ! -L "${file%/*}" ] || [ -f "$file" ] || continue
		mkdir -p "root${file%/*}"
		cp -a --remove-destination "$(realpath "$file")" "root$file"
	done
	cp -a /etc/ld.so.c* root/etc 2>/dev/null || mkdir -p root/etc
	ln -sf dash root/usr/bin/sh
	ln -sf mawk root/usr/bin/awk
}

@test "the Debian package installs, runs and is removed in a clean root" {
	need_root
	need dpkg-deb command -v dpkg-deb
	need file command -v file
	clean_root
	deb=$(BIN=$bin OUT=$PWD/root/tmp "$root/scripts/deb" 0.0.test)
	deb=/tmp/${deb##*/}
	# Its dependencies are libraries that were copied, not packages.
	chroot root dpkg --force-depends -i "$deb" >log 2>&1 || { cat log; false; }
	chroot root iftoprs --version
	chroot root sh -c 'iftoprs -n -Z --json --final \
		-r /usr/share/iftoprs/sample.pcap' | jq -e '.flow_count > 300'
	[ ! -e root/usr/bin/capd.dpkg-new ]
	chroot root dpkg -P iftoprs >>log 2>&1 || { cat log; false; }
	[ ! -e root/usr/bin/iftoprs ]
	[ ! -e root/etc/default/iftoprs ]
}

@test "linked statically every program works without any library" {
	need "a static C library" sh -c 'echo "int main(void) { return 0; }" |
		${CC:-cc} -static -x c -o static - -lpcap -lseccomp -lcap ||
		pkg-config --static --libs libpcap | grep dbus'
	need file command -v file
	make -s -j2 -C "$root" static B="$PWD/b" CFLAGS=-O0 >log 2>&1
	for name in capd flowagg procmap namemap tuiview; do
		file b-static/bin/$name | grep -q 'statically linked'
	done
	mkdir -p root/bin root/share root/etc
	cp b-static/bin/* root/bin
	cp "$root/share/sample.pcap" root/share
	[ "$(capd -r "$root/share/sample.pcap" | flowagg --final |
		namemap --dns off | tuiview -d 80x24)" = "$(
		PATH=$PWD/b-static/bin
		capd -r "$root/share/sample.pcap" | flowagg --final |
		namemap --dns off | tuiview -d 80x24)" ]
	if [ "$(id -u)" = 0 ]; then
		chroot root /bin/capd -r /share/sample.pcap | cmp - <(
			capd -r "$root/share/sample.pcap")
		unshare -n sh -c 'ip link set lo up
			b-static/bin/capd -i lo --duration 0.3' | flowagg --final |
			jq -e '.capture.state == "up"'
	fi
}

# service_command WORDS: what the unit starts, with these words for iftoprs.
service_command() {
	sed -n 's/^ExecStart=//p' "$root/share/systemd/iftoprs.service" |
		sed 's/%%/%/g; s/\$\$/$/g; s/\\\\\(["$]\)/\\\1/g
		s/iftoprs --json --interval 10/'"$1"'/; s/-l 360/-l 100/'
}

@test "the service's command keeps snapshots in files of so many lines" {
	service_command 'iftoprs --json -n -r "$SAMPLE"' >command
	grep -q 'split -l 100' command
	touch -d '8 days ago' flows-old.ndjson
	SAMPLE=$root/share/sample.pcap sh ./command
	[ ! -e flows-old.ndjson ]
	cat flows-*.ndjson | jq -r .seq >seq
	[ "$(wc -l <seq)" -gt 200 ]
	sort -n seq | uniq | diff - seq
	! command -v systemd-analyze >/dev/null ||
		systemd-analyze verify "$root/share/systemd/iftoprs.service" \
		2>&1 | grep -v 'Command.*not exec\|Command .man' |
		diff /dev/null -
}

teardown() {
	no_hosts
}

@test "the service captures with CAP_NET_RAW alone, and ends with a whole line" {
	need_root
	need setpriv command -v setpriv
	two_hosts
	mkdir log
	chown 65534 log
	chmod o+x "$BATS_RUN_TMPDIR" "$BATS_TEST_TMPDIR"/.. .
	cp -r "$bin" bin
	chmod -R o+rX bin
	service_command 'iftoprs --json --interval 0.2' >command
	# As systemd does: no root, one capability, no way to get another.
	(
		cd log
		exec ip netns exec "$ns_a" env HOME=/ \
			PATH="$BATS_TEST_TMPDIR/bin:$PATH" \
			setpriv --reuid=65534 --regid=65534 --clear-groups \
			--inh-caps=-all,+net_raw --ambient-caps=-all,+net_raw \
			--bounding-set=-all,+net_raw --no-new-privs \
			setsid sh ../command >../out 2>../err 3>&-
	) &
	pid=$!
	recorded() {
		ip netns exec "$ns_b" ping -q -c 1 192.0.2.1
		grep -qs '"dst":"192.0.2.2"' log/flows-*.ndjson
	}
	wait_for 10 recorded
	# And it stops a service: all of its processes get the signal.
	kill -TERM -- -$pid
	ended() { ! pgrep -g $pid; }
	wait_for 10 ended
	tail -c 1 log/flows-*.ndjson | cmp - <(echo)
	jq -es 'length > 1 and (map(.seq) | . == (sort | unique))' \
		log/flows-*.ndjson
}
