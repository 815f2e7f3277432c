# SPDX-License-Identifier: MIT
#
# Loaded by every test file.  Puts the programs on PATH, gives each test its
# own directory, and knows how to skip.

bats_require_minimum_version 1.5.0

root=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
fixtures=$root/tests/fixtures
corpus=${CORPUS:-$root/../shared/corpus/tcpdump}
PATH=${BIN:-$root/bin}:$root/tests/tools:$PATH
export LC_ALL=C.UTF-8 TZ=UTC
# Nobody's own settings have a part in this.
export HOME=${BATS_TEST_TMPDIR:-$HOME}

# The programs come from BIN, which may be relative to the root.
case ${BIN:-} in
/* | '') ;;
*) PATH=$root/$BIN:$PATH ;;
esac

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
}

# need WHAT COMMAND...: skip when COMMAND fails, naming WHAT is missing;
# under STRICT=1 that is a failure.
need() {
	local what=$1
	shift
	"$@" >/dev/null 2>&1 && return 0
	if [ -n "${STRICT:-}" ]; then
		echo "missing: $what" >&2
		return 1
	fi
	skip "missing: $what"
}

need_root() {
	need "root, for network namespaces" test "$(id -u)" = 0
	need "network namespaces" unshare -n true
}

# jq(1) 1.6 with -e takes no input at all for success: here it fails, as
# with 1.7.  (With -s there always is something: say "length > 0" then.)
jq() {
	local word checks=
	for word; do
		[[ $word == -e || $word == -[a-z]e || $word == -e[a-z] ]] &&
			checks=1
	done
	if [ -z "$checks" ]; then
		command jq "$@"
		return
	fi
	local said status=0
	said=$(command jq "$@") || status=$?
	printf '%s\n' "$said"
	[ $status -eq 0 ] && [ -n "$said" ]
}

# need_corpus: the tcpdump test captures; they are no part of this tree, so
# their absence is never a failure.
need_corpus() {
	[ -r "$corpus/expected-tcpdump.jsonl.gz" ] ||
		skip "no captures in $corpus (set CORPUS)"
}

# lacks PATTERN FILE; a negated command alone never fails a test, but as its
# last one.
lacks() {
	! grep -q -- "$1" "$2"
}

# wait_for SECONDS COMMAND...: until COMMAND succeeds, polling.
wait_for() {
	local tries=$(($1 * 20))
	shift
	while ! "$@" >/dev/null 2>&1; do
		[ $((tries -= 1)) -gt 0 ] || return 1
		sleep 0.05
	done
}

# catches_term PROGRAM PID: is it that program by now, with a handler for
# SIGTERM, 15?  Up to its exec the shell's own may show there.
catches_term() {
	[ "$(cat "/proc/$2/comm")" = "$1" ] &&
		grep -q '^SigCgt:.*[4-7c-f]...$' "/proc/$2/status"
}

# two_hosts: namespaces $ns_a and $ns_b joined by a veth pair a0 - b0 with
# 192.0.2.1/24, 192.0.2.2/24 and fd00::1/64, fd00::2/64.  Call no_hosts in
# teardown.
two_hosts() {
	ns_a=ift-a-$$-$BATS_TEST_NUMBER ns_b=ift-b-$$-$BATS_TEST_NUMBER
	ip netns add "$ns_a" && ip netns add "$ns_b" || return 1
	ip -n "$ns_a" link add a0 type veth peer name b0 netns "$ns_b"
	ip -n "$ns_a" addr add 192.0.2.1/24 dev a0
	ip -n "$ns_b" addr add 192.0.2.2/24 dev b0
	ip -n "$ns_a" addr add fd00::1/64 dev a0 nodad
	ip -n "$ns_b" addr add fd00::2/64 dev b0 nodad
	local ns
	for ns in "$ns_a" "$ns_b"; do
		ip -n "$ns" link set lo up
	done
	ip -n "$ns_a" link set a0 up
	ip -n "$ns_b" link set b0 up
	# What is sent before the kernel has taken note of that is lost.
	wait_for 10 carries "$ns_a" a0
	wait_for 10 carries "$ns_b" b0
}

# carries NAMESPACE LINK: is it up, and known to be?
carries() {
	ip -br -n "$1" link show dev "$2" | grep -q ' UP '
}

no_hosts() {
	local ns
	for ns in ${ns_a:-} ${ns_b:-}; do
		ip netns pids "$ns" 2>/dev/null | xargs -r kill 2>/dev/null
		ip netns del "$ns" 2>/dev/null
	done
	return 0
}
