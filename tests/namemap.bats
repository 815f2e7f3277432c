# SPDX-License-Identifier: MIT
#
# namemap against a real DNS server (dnsmasq) and a malicious one, both on
# loopback: every test names the server to ask, so no question leaves.

load helper

teardown() {
	local pid
	for pid in ${pids:-}; do
		kill -CONT "$pid" 2>/dev/null
		kill "$pid" 2>/dev/null
	done
	no_hosts
}

# snapshot ADDR...: a snapshot with a flow to each, the first the busiest.
snapshot() {
	jq -nc '{schema:1, type:"snapshot", seq:1, ts:1795289320000,
		interval:1.0, source:{kind:"live"},
		flow_count:($ARGS.positional | length),
		flows_shown:($ARGS.positional | length),
		other:{flows:0, total_sent:0, total_recv:0, sent_2s:0},
		alerts:[], events:[],
		flows:[$ARGS.positional | to_entries[] | {id:(.key + 1),
			src:"0.0.0.0", dst:.value, src_port:40000,
			dst_port:443, protocol:"TCP", proto:6,
			sent_10s:(100000 - .key), recv_10s:0,
			history:[1, 2, 3]}]}' --args "$@"
}

# Lines of address and name, from snapshots with names.
names() {
	jq -r '.flows[] | .dst + " " + .dst_name'
}

# A loopback address of this test's own, so tests may run side by side.
own_address() {
	server=127.$((BASHPID % 250 + 1)).$((BASHPID / 250 % 250))
	server=$server.$((BATS_TEST_NUMBER % 250 + 1))
}

# dns_server OPTION...: dnsmasq at $server port 5399, its log in dns.log.
dns_server() {
	need dnsmasq command -v dnsmasq
	[ -n "${server:-}" ] || own_address
	dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv \
		--no-hosts --port=5399 --listen-address="$server" \
		--bind-interfaces --pid-file= --user="$(id -un)" \
		--log-facility="$PWD/dns.log" --log-queries=extra "$@" \
		>dnsmasq.err 2>&1 3>&- &
	pids="${pids:-} $!" dns_pid=$!
	wait_for 5 grep -q 'started, version' dns.log
}

# bad_server [udp]: namemap-responder at $server port 5399.
bad_server() {
	need python3 python3 -c 'import select'
	own_address
	namemap-responder "$server" 5399 "$@" >ready 2>bad.err 3>&- &
	pids="${pids:-} $!"
	wait_for 10 grep -q ready ready
}

asking() {
	namemap --hosts /dev/null --server "$server:5399" "$@"
}

# The switch asks whom it likes: only in a network namespace of its own.
need_nss() {
	need_root
	need "127.0.0.1 in the hosts database" \
		unshare -n getent hosts 127.0.0.1
}

# dialogue OPTION...: namemap with its input at fd 7 and its output at fd 8.
dialogue() {
	mkfifo to from
	namemap --hosts /dev/null --control control "$@" <to >from 2>err 3>&- &
	pids="${pids:-} $!" namemap_pid=$!
	exec 7>to 8<from
	wait_for 5 test -p control
}

# One snapshot in, the same with names out, in $reply.
tell() {
	snapshot "$@" >&7
	IFS= read -r -t 5 -u 8 reply
}

# told CONDITION ADDR...: does jq say so of the next snapshot?
told() {
	local condition=$1
	shift
	tell "$@" && jq -e "$condition" <<<"$reply" >/dev/null
}

@test "namemap's options are those of its manual page" {
	namemap --help | sed -n 's/^ *\(-., \)*--\([a-z-]*\).*/\2/p' |
		sort -u >help
	sed -n 's/^\.It.* Fl -\([a-z-]*\).*/\1/p' \
		"$root/share/man/namemap.1" | sort -u >page
	diff -u page help
}

@test "namemap says what is wrong with its command line, with status 2" {
	local bad
	for bad in "--dns some" "--services maybe" "--rate 0" "--wait x" \
	    "--server localhost" "--names-from mdns" "--cache" "--nonsense" \
	    "stray" "--names-from nss --server 127.0.0.1"; do
		# shellcheck disable=SC2086 # split on purpose
		run -2 --separate-stderr namemap $bad </dev/null
		[ -z "$output" ]
		[[ $stderr == namemap:* ]]
		[ "${#stderr_lines[@]}" -eq 1 ]
	done
}

@test "every flow gets four names, and all else passes byte for byte" {
	printf '%s' '{"schema":1, "type":"snapshot","new":{"a": [1,2]},' \
		'"events":[],"flows":[{"id":1,"src":"192.0.2.1","dst":"::",' \
		'"src_port":22,"dst_port":50000,"proto":6,"later":"\u00e9"},' \
		'{"src_name":"old","id":2}]}' >in
	namemap -n <in >out
	jq -c '.flows[] | [.src_name, .dst_name, .src_service, .dst_service]' \
		out >got
	printf '%s\n' '["","","ssh",""]' '["","","",""]' | diff -u - got
	# Take out what was added: what came in is left.
	sed -e 's/"names":{[^}]*},//' -e 's/,"src_name":""[^}]*//g' \
		-e 's/{"id":2/{"src_name":"old","id":2/' out >got
	printf '%s\n' "$(cat in)" | diff -u - got
}

@test "blanks between members stay, and commas come where they are due" {
	printf '%s\n' '{ "schema": 1, "type": "snapshot", "events": [ ], ' \
		'"flows": [ { "id": 1 }, { "src_name": "old" }, { } ] }' |
		tr -d '\n' >in
	namemap -n <in | jq -c '.events, (.flows[] | .src_name), .names.dns' \
		>got
	printf '%s\n' '[]' '""' '""' '""' '"off"' | diff -u - got
}

@test "objects that are no snapshots pass as they are" {
	printf '%s\n' '{"type":"note",  "x":1}' '{}' "$(snapshot)" >in
	namemap -n <in >out
	head -n 2 in | diff -u - <(head -n 2 out)
	[ "$(jq -s length out)" -eq 3 ]
}

@test "a bad line is skipped, counted, and named once" {
	{
		snapshot 192.0.2.1
		echo '{"type":"snap'
		echo 'noise'
		snapshot 192.0.2.2
	} >in
	run -0 --separate-stderr namemap -n <in
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $stderr == "namemap: line 2 "* ]]
	jq -s -e 'length == 2 and .[0].names.bad_lines == 0 and
		.[1].names.bad_lines == 2' <<<"$output"
}

@test "a line that is JSON, but no object, is a bad line like others" {
	printf '%s\n' "$(snapshot 192.0.2.1)" null '[1]' 5 \
		"$(snapshot 192.0.2.2)" >in
	run -0 --separate-stderr namemap -n <in
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $stderr == "namemap: line 2 "*" skipped: not a snapshot"* ]]
	jq -s -e 'length == 2 and .[1].names.bad_lines == 3' <<<"$output"
}

@test "a stream of another kind is refused at once" {
	printf '\211iftopr\0\1\2' >records
	run -1 --separate-stderr namemap -n <records
	[[ $stderr == *"put flowagg in between"* ]]
	run -1 --separate-stderr namemap -n <<<'{"type":"source","version":1}'
	[ -z "$output" ]
	[[ $stderr == *"put flowagg in between"* ]]
	run -1 --separate-stderr namemap -n <<<'what is this'
	[[ $stderr == *"expected the snapshots of flowagg"* ]]
	run -1 --separate-stderr namemap -n <<<'{"schema":2,"type":"snapshot"}'
	[[ $stderr == *"unknown schema"* ]]
}

@test "a standard stream that is closed is not replaced by a socket" {
	run -1 --separate-stderr bash -c 'namemap -n <&-'
	[ "$stderr" = "namemap: standard input is closed" ]
	run -1 --separate-stderr bash -c 'namemap -n </dev/null >&-'
	[ "$stderr" = "namemap: standard output is closed" ]
	# Complaints go nowhere then, least of all to a DNS server.
	snapshot 192.0.2.1 >in
	bash -c 'namemap -n <in >out 2>&-'
	[ "$(jq -s length out)" -eq 1 ]
}

@test "an empty input is an empty output" {
	run -0 --separate-stderr namemap -n </dev/null
	[ -z "$output$stderr" ]
}

@test "names come from the DNS server, IPv4 and IPv6" {
	dns_server --host-record=web.example.net,198.51.100.7,2001:db8::7
	snapshot 198.51.100.7 2001:db8::7 | asking --wait 10 | names >got
	printf '%s\n' "198.51.100.7 web.example.net" \
		"2001:db8::7 web.example.net" | diff -u - got
}

@test "an address without a name has none, and is not asked for again" {
	dns_server --local=/51.198.in-addr.arpa/
	{
		snapshot 198.51.100.9
		snapshot 198.51.100.9
	} | asking --wait 10 >out
	names <out >got
	printf '%s\n' "198.51.100.9 " "198.51.100.9 " | diff -u - got
	jq -s -e 'map(.names) | length == 2 and all(.failed == 1 and .queries == 1 and
		.answers == 1 and .pending == 0)' out
}

@test "a reply too long for a datagram is fetched over TCP" {
	local n many=()
	for n in $(seq -w 60); do
		many+=("--ptr-record=7.100.51.198.in-addr.arpa,n$n.example.net")
	done
	dns_server "${many[@]}"
	snapshot 198.51.100.7 | asking --wait 10 | names >got
	echo "198.51.100.7 n01.example.net" | diff -u - got
}

@test "ten thousand addresses get their names" {
	awk 'BEGIN { for (i = 0; i < 10000; i++)
		print "10." int(i / 2500) "." int(i / 250) % 10 "." \
		    i % 250 + 1, "n" i ".example.net" }' >table
	dns_server --addn-hosts="$PWD/table" --dns-forward-max=10000
	# shellcheck disable=SC2046 # split on purpose
	snapshot $(cut -d ' ' -f 1 table) |
		asking --wait 60 --rate 100000 --in-flight 100 --cache 20000 >out
	names <out | diff -u table - >difference
	jq -e '.names | .known == 10000 and .queries == 10000' out
}

@test "the cache holds no more than it may, and the busiest stay" {
	dns_server --host-record=a.example,198.51.100.1 \
		--host-record=b.example,198.51.100.2 \
		--host-record=c.example,198.51.100.3
	snapshot 198.51.100.1 198.51.100.2 198.51.100.3 |
		asking --cache 3 --wait 10 | names >got
	# The flows' other end, 0.0.0.0, takes one of the three places.
	printf '%s\n' "198.51.100.1 a.example" "198.51.100.2 b.example" \
		"198.51.100.3 " | diff -u - got
}

@test "the busiest flows are asked about first, within the rate" {
	dns_server --local=/51.198.in-addr.arpa/
	local n order="9 3 7 1 5 8 2 6 4 10 11 12 13 14 15 16 17 18 19 20"
	local began=${EPOCHREALTIME/./} addresses=()
	for n in $order; do addresses+=("198.51.100.$n"); done
	snapshot "${addresses[@]}" | asking --rate 4 --in-flight 1 \
		--wait 2 >out
	local took=$((${EPOCHREALTIME/./} - began))
	grep -o 'query\[PTR\] [0-9]*' dns.log | grep -o '[0-9]*$' >got
	# shellcheck disable=SC2086 # split on purpose
	printf '%s\n' $order | head -n "$(wc -l <got)" | diff -u - got
	jq -e --argjson took "$took" '.names.queries |
		. >= 2 and . < 20 and . <= 2 + 4 * $took / 1000000' out
}

@test "a snapshot never waits for a server that is silent" {
	dns_server
	kill -STOP "$dns_pid"
	snapshot 198.51.100.1 >in
	asking <in >out
	names <out >got
	echo "198.51.100.1 " | diff -u - got
	# It went out before the server's first time-out.
	jq -e '.names.pending == 1 and .names.unanswered == 0' out
}

@test "a server that is gone costs nothing but names" {
	own_address
	for _ in 1 2 3; do snapshot 198.51.100.1; done |
		asking --wait 10 >out 2>err
	[ ! -s err ]
	jq -s -e 'length == 3 and all(.flows[0].dst_name == "" and
		.names.failed == 1 and .names.unanswered == 1)' out
}

@test "a snapshot is not held where no server can be reached" {
	need_root
	need "network namespaces" unshare -n true
	snapshot 198.51.100.7 198.51.100.8 |
		timeout 30 unshare -n namemap --hosts /dev/null --dns full \
		--server 192.0.2.53 --wait 600 >out
	jq -e '.names.unanswered == 2 and .names.pending == 0' out
}

@test "answers that come late are in a later snapshot" {
	dns_server --host-record=late.example,198.51.100.1
	kill -STOP "$dns_pid"
	dialogue --server "$server:5399"
	told '.flows[0].dst_name == "" and .names.pending == 1' 198.51.100.1
	kill -CONT "$dns_pid"
	wait_for 20 told '.flows[0].dst_name == "late.example" and
		.names.known == 1' 198.51.100.1
}

@test "a name is asked for again when its time is over" {
	echo "198.51.100.1 old.example" >table
	dns_server --addn-hosts="$PWD/table" --local-ttl=1
	dialogue --server "$server:5399"
	wait_for 5 told '.flows[0].dst_name == "old.example"' 198.51.100.1
	echo "198.51.100.1 new.example" >table
	kill -HUP "$dns_pid"
	read_again() { [ "$(grep -c 'read .*table' dns.log)" -eq 2 ]; }
	wait_for 5 read_again
	wait_for 20 told '.flows[0].dst_name == "new.example"' 198.51.100.1
	told '.names.queries == 2' 198.51.100.1
}

@test "a name that was to be forgotten is asked for again, whatever its time" {
	echo "198.51.100.1 old.example" >table
	dns_server --addn-hosts="$PWD/table" --local-ttl=3600
	dialogue --server "$server:5399"
	wait_for 5 told '.flows[0].dst_name == "old.example"' 198.51.100.1
	echo "198.51.100.1 new.example" >table
	kill -HUP "$dns_pid"
	wait_for 5 eval '[ "$(grep -c "read .*table" dns.log)" -eq 2 ]'
	echo flush >control
	wait_for 20 told '.flows[0].dst_name == "new.example"' 198.51.100.1
}

@test "a malicious server gets no byte of its own through" {
	bad_server
	local n all=()
	for n in $(seq 1 15) $(seq 20 26) $(seq 28 34) 40 41 42 200; do
		all+=("198.51.100.$n")
	done
	snapshot "${all[@]}" | asking --wait 3 --rate 1000 >out 2>err
	[ ! -s err ]
	# What 32 sends, newer versions of c-ares keep to themselves.
	names <out | sed -n '/\.32 /d
		s/^198\.51\.100\.\([0-9]*\) \(..*\)/\1 \2/p' >got
	local a=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
	local d=ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd
	printf '%s\n' "1 good.example.net" \
		"4 $a.${a//a/b}.${a//a/c}.$d" "11 bücher.example" \
		"26 whole.example" "28 classless.example" \
		"30 good.example.net" "31 good.example.net" \
		"34 n0000.many.example" "200 h200.example.net" | diff -u - got
	run -1 env LC_ALL=C grep '[[:cntrl:]]' out
	# A connection that closes in mid-message takes no other with it.
	all=()
	for n in 27 34 35; do
		for i in $(seq 12); do all+=("198.51.$i.$n"); done
	done
	snapshot "${all[@]}" | asking --wait 10 --rate 1000 >out 2>err
	[ ! -s err ]
	names <out | sed 's/^198\.51\.[0-9]*\.//' | sort | uniq -c |
		sed 's/^ *//' >got
	printf '12 %s\n' "27 " "34 n0000.many.example" \
		"35 good.example.net" | diff -u - got
}

@test "a server that takes no TCP fails where it has to, and only there" {
	bad_server udp
	# Answers that do not fit, without a name and with, and a late one.
	snapshot 198.51.100.27 198.51.100.35 198.51.100.36 |
		asking --wait 10 >out 2>err
	[ ! -s err ]
	names <out >got
	printf '%s\n' "198.51.100.27 " "198.51.100.35 good.example.net" \
		"198.51.100.36 late.example" | diff -u - got
	jq -e '.names.unanswered == 1 and .names.queries == 3' out
}

@test "questions that wait for TCP are dropped with all others" {
	need socat command -v socat
	bad_server udp
	# It takes connections, and says nothing.
	socat -u TCP-LISTEN:5399,bind="$server",fork OPEN:/dev/null 3>&- &
	pids="$pids $!"
	wait_for 5 eval 'ss -ltn | grep -q "$server:5399"'
	local i all=()
	for i in $(seq 12); do all+=("198.51.$i.27"); done
	dialogue --server "$server:5399" --rate 1000 --dns full
	told '.names.queries == 0' "${all[@]}"
	wait_for 5 told '.names.queries == 12 and .names.pending == 12' \
		"${all[@]}"
	wait_for 5 eval '[ "$(ss -tn | grep -c "$server:5399")" -ge 16 ]'
	echo 'dns off' >control
	wait_for 5 told '.names.dns == "off"' "${all[@]}"
	wait_for 5 eval '! ss -tnp | grep -q "$server:5399.*namemap"'
	echo 'dns on' >control
	wait_for 5 told '.flows[0].dst_name == "h200.example.net"' \
		198.51.100.200
}

@test "nothing is asked under --dns off" {
	dns_server --host-record=web.example.net,198.51.100.7
	snapshot 198.51.100.7 | asking -n --wait 1 >out
	snapshot 198.51.100.7 | asking --dns off --wait 1 >>out
	jq -s -e 'length == 2 and all(.names.dns == "off" and
		.names.queries == 0 and .flows[0].dst_name == "")' out
	run -1 grep query dns.log
}

# The server at an address of the Internet, in a network of its own.
@test "a resolver far away is asked about addresses of the Internet only" {
	need_root
	need dnsmasq command -v dnsmasq
	two_hosts
	ip -n "$ns_a" addr add 9.9.9.9/32 dev lo
	ip netns exec "$ns_a" dnsmasq --keep-in-foreground --no-hosts \
		--conf-file=/dev/null --no-resolv --pid-file= --user=root \
		--listen-address=9.9.9.9 --bind-interfaces --log-queries \
		--log-facility="$PWD/dns.log" --local=/arpa/ 3>&- &
	pids=$!
	wait_for 5 grep -q 'started, version' dns.log
	local special="10.0.0.1 192.168.1.1 172.16.9.9 100.64.0.1 169.254.3.4
		127.0.0.1 224.0.0.251 192.0.2.1 203.0.113.9 255.255.255.255
		fe80::1 fd00::7 ff02::fb 2001:db8::1 ::1"
	# shellcheck disable=SC2086 # split on purpose
	snapshot $special 8.8.4.4 2a00::1 >in
	ip netns exec "$ns_a" namemap --hosts /dev/null --server 9.9.9.9 \
		--wait 10 <in >out
	grep -o 'query\[PTR\] [^ ]*' dns.log | sort >got
	printf 'query[PTR] %s.%s\n' 4.4.8.8 in-addr.arpa \
		1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.a.2 \
		ip6.arpa | sort | diff -u - got
	# 0.0.0.0, the flows' other end, is never asked about.
	jq -e '.names | .queries == 2 and .withheld == 16' out
	ip netns exec "$ns_a" namemap --hosts /dev/null --server 9.9.9.9 \
		--wait 10 --dns full <in >out
	jq -e '.names | .queries == 17 and .withheld == 1' out
}

@test "a resolver far away counts in whatever way resolv.conf tells of it" {
	need_root
	need "mount namespaces" unshare -m true
	need "strace" command -v strace
	export ASAN_OPTIONS=detect_leaks=0	# none where there is strace
	local line from
	snapshot 10.0.0.1 >in
	# Where nothing can be sent; newer versions of c-ares do not read all
	# of these, and ask at 127.0.0.1.
	while IFS= read -r line; do
		printf '%b\n' "$line" >resolv.conf
		for from in dns nss; do
			unshare -n -m sh -c 'mount --bind resolv.conf \
				/etc/resolv.conf && exec "$@"' sh strace -f \
				-e trace=connect,sendto -o calls namemap \
				--hosts /dev/null --names-from $from \
				--wait 2 <in >out
			echo "$from: $line"
			jq -e '.names | .queries == 0 and .withheld == 2' out ||
				{ [ $from = dns ] && lacks 9.9.9.9 calls; }
		done
	done <<-end
	nameserver 9.9.9.9
	nameserver 127.0.0.1\\nnameserver 9.9.9.9
	nameserver 9.9.9.9,127.0.0.1
	nameserver 9.9.9.9;
	nameserver 9.9.9.9#53
	nameserver 9.9.9.9/24
	nameserver $(printf '%300s' 9.9.9.9)
	$(printf 'nameserver 127.0.0.1\\n%.0s' {1..16})nameserver 9.9.9.9
	end
	# Here the C library takes the first, and c-ares both.
	echo 'nameserver 127.0.0.1 9.9.9.9' >resolv.conf
	unshare -n -m sh -c 'mount --bind resolv.conf /etc/resolv.conf &&
		exec "$@"' sh namemap --hosts /dev/null --wait 2 <in >out
	jq -e '.names | .queries == 0 and .withheld == 2' out
}

@test "names come again when the address is another that we ask from" {
	need_root
	need dnsmasq command -v dnsmasq
	two_hosts
	ip netns exec "$ns_b" dnsmasq --keep-in-foreground --no-resolv \
		--conf-file=/dev/null --no-hosts --port=5399 --pid-file= \
		--listen-address=fd00::2 --bind-interfaces --user=root \
		--log-facility="$PWD/dns.log" \
		--synth-domain=example,198.51.100.0,198.51.103.255 3>&- &
	pids=$!
	wait_for 5 grep -q 'started, version' dns.log
	mkfifo to from
	ip netns exec "$ns_a" namemap --hosts /dev/null --dns full \
		--server '[fd00::2]:5399' <to >from 2>err 3>&- &
	pids="$pids $!"
	exec 7>to 8<from
	local i many=()
	for i in {1..40}; do many+=("198.51.100.$i"); done
	# Their answers go to where we are no more.
	kill -STOP "${pids% *}"
	tell "${many[@]}"
	wait_for 5 told '.names.queries > 30' "${many[@]}"
	ip -n "$ns_a" addr del fd00::1/64 dev a0
	ip -n "$ns_a" addr add fd00::9/64 dev a0 nodad
	kill -CONT "${pids% *}"
	# Something is always asked.
	next() {
		i=$((i + 1)) many+=("198.51.$((i / 250 + 101)).$((i % 250))")
		sleep 0.2
		told '.names.known > 0' "${many[@]}"
	}
	wait_for 8 next
}

@test "a lower level drops what is under way about other addresses" {
	need_root
	two_hosts
	ip -n "$ns_a" addr add 9.9.9.9/32 dev lo
	# Nobody answers there, and nobody says so.
	need socat command -v socat
	ip netns exec "$ns_a" socat -u UDP-RECVFROM:53,bind=9.9.9.9,fork \
		OPEN:/dev/null 3>&- &
	pids=$!
	# Until it is there, the kernel does say so.
	wait_for 5 eval 'ip netns exec "$ns_a" ss -lun | grep -q 9.9.9.9:53'
	mkfifo to from
	ip netns exec "$ns_a" namemap --hosts /dev/null --server 9.9.9.9 \
		--dns full --control control <to >from 2>err 3>&- &
	pids="$pids $!"
	exec 7>to 8<from
	wait_for 5 test -p control
	told '.names.pending == 1' 10.0.0.1
	told '.names.queries == 1' 10.0.0.1
	echo 'dns global' >control
	wait_for 3 told '.names.dns == "global" and .names.pending == 0 and
		.names.withheld == 2' 10.0.0.1
}

@test "a name goes an hour after its time where nobody may be asked any more" {
	need_root
	need dnsmasq command -v dnsmasq
	need "a compiler" command -v cc
	cat >later.c <<-end
	#include <stdio.h>
	#include <sys/syscall.h>
	#include <time.h>
	#include <unistd.h>
	/* The seconds in a file are added to the time. */
	int
	clock_gettime(clockid_t clock, struct timespec *t)
	{
		long more = 0;
		FILE *f = fopen("$PWD/later", "r");
		if (f == NULL || fscanf(f, "%ld", &more) != 1)
			more = 0;
		if (f != NULL)
			fclose(f);
		int status = (int)syscall(SYS_clock_gettime, clock, t);
		t->tv_sec += more;
		return status;
	}
	end
	cc -shared -fPIC -D_GNU_SOURCE -o later.so later.c
	LD_PRELOAD=$PWD/later.so namemap -V || skip "preloading"
	two_hosts
	ip -n "$ns_a" addr add 9.9.9.9/32 dev lo
	server=9.9.9.9
	ip netns exec "$ns_a" dnsmasq --keep-in-foreground --no-resolv \
		--conf-file=/dev/null --no-hosts --port=5399 --pid-file= \
		--listen-address=$server --bind-interfaces --user=root \
		--log-facility="$PWD/dns.log" --local-ttl=60 \
		--host-record=old.example,10.0.0.1 3>&- &
	pids=$!
	wait_for 5 grep -q 'started, version' dns.log
	mkfifo to from
	ip netns exec "$ns_a" env LD_PRELOAD="$PWD/later.so" namemap \
		--hosts /dev/null --server $server:5399 --dns full \
		--control control <to >from 2>err 3>&- &
	pids="$pids $!"
	exec 7>to 8<from
	wait_for 5 test -p control
	wait_for 5 told '.flows[0].dst_name == "old.example"' 10.0.0.1
	echo 'dns global' >control
	wait_for 5 told '.names.dns == "global"' 10.0.0.1
	echo 3600 >later
	told '.flows[0].dst_name == "old.example" and .names.known == 1' \
		10.0.0.1
	echo 3800 >later
	told '.flows[0].dst_name == "" and .names.known == 0 and
		.names.withheld == 2' 10.0.0.1
}

@test "the hosts file names addresses without a question" {
	own_address
	printf '%s\n' '# by hand' '198.51.100.7 first second' \
		'198.51.100.7 third' '2001:db8::1	six.example # far' \
		'bad line' '198.51.100.8 two!words' >hosts
	snapshot 198.51.100.7 2001:db8::1 |
		namemap --hosts hosts --server "$server:5399" >out
	names <out >got
	printf '%s\n' "198.51.100.7 first" "2001:db8::1 six.example" |
		diff -u - got
	jq -e '.names.queries == 0 and .names.known == 2' out
}

@test "a hosts or services file that never ends, or never begins, holds up nothing" {
	own_address
	mkfifo nobody
	snapshot 198.51.100.7 >line
	local file limit="prlimit --as=500000000"
	# Of addresses, of which the sanitizers want more.
	! grep -q __asan_init "$(command -v namemap)" || limit=
	for file in nobody /dev/zero; do
		timeout 10 $limit namemap --hosts $file \
			--services-file $file --server "$server:5399" \
			<line >out
		jq -e '.flows[0].dst_service == "https"' out
	done
	# Something that ends may come slowly.
	namemap --hosts <(sleep 0.2; echo '198.51.100.7 first') \
		--services-file <(sleep 0.2; printf 'x 443/tcp') \
		--server "$server:5399" <line >out
	jq -e '.flows[0] | .dst_name == "first" and .dst_service == "x"' out
	# And while it runs.
	echo '198.51.100.7 first' >hosts
	dialogue --hosts hosts --server "$server:5399"
	told '.flows[0].dst_name == "first"' 198.51.100.7
	mv nobody hosts
	wait_for 15 told '.flows[0].dst_name == ""' 198.51.100.7
}

@test "a hosts or services file that was asked for has to be there" {
	snapshot 198.51.100.7 >line
	for option in --hosts --services-file; do
		run -1 --separate-stderr namemap $option nowhere <line
		[ "$stderr" = "namemap: nowhere: No such file or directory" ]
		[ -z "$output" ]
		run -1 --separate-stderr namemap $option . <line
		[ "$stderr" = "namemap: .: Is a directory" ]
		[ -z "$output" ]
	done
	# Those of the system need not be.
	need_root
	unshare -nm sh -c 'mount -t tmpfs none /etc && namemap -n <line' >out
	jq -e '.flows[0].dst_service == "https"' out
}

@test "servers are taken from resolv.conf, and again when it changes" {
	need_root
	own_address
	local ns=(unshare -m sh -c 'mount --bind resolv.conf /etc/resolv.conf &&
		exec "$@"' sh)
	need "mount namespaces" unshare -m true
	need dnsmasq command -v dnsmasq
	dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv \
		--no-hosts --listen-address="$server" --bind-interfaces \
		--pid-file= --user=root --log-facility="$PWD/dns.log" \
		--host-record=web.example.net,198.51.100.7 3>&- &
	pids=$!
	wait_for 5 grep -q 'started, version' dns.log
	echo 'nameserver 127.255.255.254' >resolv.conf	# nobody there
	mkfifo to from
	"${ns[@]}" namemap --hosts /dev/null <to >from 3>&- &
	pids="$pids $!"
	exec 7>to 8<from
	wait_for 5 told '.names.unanswered == 1' 198.51.100.7
	echo "nameserver $server" >resolv.conf
	wait_for 15 told '.flows[0].dst_name == "web.example.net"' \
		198.51.100.7
}

@test "a worker that dies is replaced, and none stays behind" {
	need_nss
	mkfifo to from
	unshare -n namemap --names-from nss --hosts /dev/null --dns full \
		--control control <to >from 3>&- &
	pids=$! namemap_pid=$!
	exec 7>to 8<from
	wait_for 10 told '.names.known == 1' 127.0.0.1
	local worker
	worker=$(pgrep -P "$namemap_pid")
	kill -KILL "$worker"
	wait_for 5 sh -c "! kill -0 $worker"
	echo flush >control
	wait_for 10 told '.names.known == 1 and .names.queries == 2' 127.0.0.1
	worker=$(pgrep -P "$namemap_pid")
	kill -KILL "$namemap_pid"
	wait_for 5 sh -c "! kill -0 $worker"
}

@test "the name service switch can be asked instead" {
	need_nss
	local expected
	expected=$(unshare -n getent hosts 127.0.0.1 | awk '{ print $2 }')
	snapshot 127.0.0.1 | unshare -n namemap --names-from nss \
		--hosts /dev/null --dns full --wait 20 >out
	names <out >got
	echo "127.0.0.1 $expected" | diff -u - got
	jq -e '.names.from == "nss" and .names.queries == 1' out
}

@test "services are named per protocol, and ephemeral ports are not" {
	printf '%s\n' 'mine 443/tcp' 'caf'$'\xe9'' 99/tcp' \
		'after 98/tcp' >table
	snapshot 1 2 3 4 5 6 | jq -c '
		[[6, 443], [17, 443], [6, 98], [6, 99], [132, 2905],
			[1, 443]] as $what |
		.flows |= [range(0; 6) as $i | .[$i] |
			.proto = $what[$i][0] | .dst_port = $what[$i][1]]' >in
	namemap -n --services-file table <in |
		jq -r '.flows[] | .src_service + "|" + .dst_service' >got
	printf '%s\n' '|mine' '|https' '|after' '|' '|m3ua' '|' |
		diff -u - got
	namemap -n -N <in | jq -e '.names.services == false and
		all(.flows[]; .dst_service == "")'
}

@test "a protocol number that does not fit is not one that does" {
	snapshot 198.51.100.7 | sed 's/"proto":6/"proto":262/' |
		namemap -n >out
	jq -e '.flows[0] | .proto == 262 and .dst_service == ""' out
}

@test "commands change what is asked and shown, and say so in events" {
	dns_server --host-record=web.example.net,198.51.100.7
	dialogue --server "$server:5399"
	wait_for 5 told '.flows[0].dst_name == "web.example.net"' 198.51.100.7
	echo 'dns off' >control
	echo 'services off' >control
	wait_for 5 told '.names.dns == "off" and .flows[0].dst_name == "" and
		.names.services == false and .flows[0].dst_service == ""' \
		198.51.100.7
	echo 'dns on' >control
	wait_for 5 told '.events == [{level:"info", from:"namemap",
		text:"dns global"}] and
		.flows[0].dst_name == "web.example.net"' 198.51.100.7
	echo 'dns full' >control
	wait_for 5 told '.names.dns == "full"' 198.51.100.7
	echo 'services maybe' >control
	wait_for 5 told '.events[0].level == "error" and
		(.events[0].text | test("takes on or off")) and
		.names.services == false' 198.51.100.7
	echo 'dns perhaps' >control
	wait_for 5 told '.events[0] | .level == "error" and
		(.text | test("on, off, global or full"))' 198.51.100.7
	echo 'flush all' >control
	wait_for 5 told '.events[0] | .level == "error" and
		(.text | test("takes nothing"))' 198.51.100.7
	echo 'reboot now' >control
	wait_for 5 told '.events[0].level == "error"' 198.51.100.7
	told '.events == [] and .names.queries == 1' 198.51.100.7
	echo flush >control
	wait_for 5 told '.events[0].text == "names forgotten"' 198.51.100.7
	wait_for 5 told '.names.known == 1 and .names.queries == 2' \
		198.51.100.7
}

@test "a snapshot that waits for names has those that commands leave it" {
	bad_server
	dialogue --server "$server:5399" --wait 600 --dns full
	# held ADDR...: one that has a question under way.
	held() {
		snapshot "$@" >&7
		wait_for 5 eval 'ss -un | grep -q " $server:5399"'
	}
	held 198.51.100.36
	echo 'dns global' >control
	IFS= read -r -t 10 -u 8 reply
	jq -e '.flows[0].dst_name == "late.example" and
		.names.dns == "global" and .names.pending == 0' <<<"$reply"
	held 198.51.100.36 198.51.100.40
	echo flush >control
	IFS= read -r -t 20 -u 8 reply
	jq -e '.flows[0].dst_name == "late.example"' <<<"$reply"
	held 198.51.100.36 198.51.100.41 198.51.101.40
	echo 'dns off' >control
	IFS= read -r -t 10 -u 8 reply
	jq -e 'all(.flows[]; .dst_name == "") and .names.known == 0 and
		.names.withheld == 0' <<<"$reply"
}

@test "a command's result reaches a stream without events too" {
	dialogue -n
	echo 'services off' >control
	snapshot 198.51.100.7 | sed 's/"events":\[\],//' >plain
	while cat plain >&7 && IFS= read -r -t 5 -u 8 reply &&
	    [[ $reply != *'"services":false'* ]]; do :; done
	jq -e '.events == [{level:"info", from:"namemap",
		text:"services off"}]' <<<"$reply"
	cat plain >&7
	IFS= read -r -t 5 -u 8 reply
	jq -e 'has("events") | not' <<<"$reply"
}

@test "a flood of commands makes no flood of events" {
	dialogue -n
	yes 'services on' | head -n 20000 >control
	wait_for 5 told '.events | length > 100' 198.51.100.7
	jq -e '.events[-1].level == "warn"' <<<"$reply"
	[ "${#reply}" -lt 80000 ]
	wait_for 5 told '.events == []' 198.51.100.7
}

# own_flow PORT TIME: a snapshot with a flow from there to our server.
own_flow() {
	snapshot 198.51.100.7 | jq -c --arg server "$server" \
		--argjson port "$1" --argjson seen "$2" '
		.flows += [{id:9, src:"127.0.0.1", dst:$server,
			src_port:$port, dst_port:5399, proto:17,
			first_seen:$seen, sent_2s:7, total_sent:70,
			total_recv:90}] | .flows_shown = 2'
}

@test "our own questions are no flows, and the sums stay right" {
	dns_server --host-record=web.example.net,198.51.100.7
	dialogue --server "$server:5399"
	wait_for 5 told '.names.known == 1' 198.51.100.7
	local port now
	port=$(sed -n 's|.* 127.0.0.1/\([0-9]*\) query.*|\1|p' dns.log |
		head -n 1)
	now=$(date +%s)000
	own_flow "$port" "$now" >&7
	IFS= read -r -t 5 -u 8 reply
	jq -e '(.flows | map(.id)) == [1] and .flows_shown == 1 and
		.other == {flows:1, total_sent:70, total_recv:90, sent_2s:7} and
		.names.own_flows == 1' <<<"$reply"
	# The same ports much later, or other ports: somebody else's.
	own_flow "$port" $((now + 600000)) >&7
	IFS= read -r -t 5 -u 8 reply
	jq -e '(.flows | map(.id)) == [1, 9] and .other.flows == 0 and
		.names.own_flows == 0' <<<"$reply"
	own_flow $((port == 65535 ? 1024 : port + 1)) "$now" >&7
	IFS= read -r -t 5 -u 8 reply
	jq -e '(.flows | map(.id)) == [1, 9]' <<<"$reply"
}

@test "our own questions are none, however many have been asked since" {
	dns_server --local=/51.198.in-addr.arpa/
	# One at a time: each has a socket to itself.
	dialogue --server "$server:5399" --rate 100000 --in-flight 1
	wait_for 5 told '.names.failed == 1' 198.51.100.7
	local i port now many=()
	port=$(sed -n 's|.* 127.0.0.1/\([0-9]*\) query.*|\1|p' dns.log |
		head -n 1)
	now=$(date +%s)000
	for i in {0..1999}; do
		many+=("198.51.$((i / 250)).$((i % 250 + 1))")
	done
	wait_for 20 told '.names.failed == 2000' "${many[@]}"
	own_flow "$port" "$now" >&7
	IFS= read -r -t 5 -u 8 reply
	jq -e '(.flows | map(.id)) == [1] and .names.own_flows == 1' \
		<<<"$reply"
}

@test "our own questions can be shown" {
	dns_server --host-record=web.example.net,198.51.100.7
	dialogue --server "$server:5399" --show-own-queries
	wait_for 5 told '.names.known == 1' 198.51.100.7
	local port
	port=$(sed -n 's|.* 127.0.0.1/\([0-9]*\) query.*|\1|p' dns.log |
		head -n 1)
	snapshot 198.51.100.7 "$server" | jq -c --argjson port "$port" '
		.flows[1] += {src:"127.0.0.1", src_port:$port, proto:17,
			dst_port:5399}' >&7
	IFS= read -r -t 5 -u 8 reply
	jq -e '(.flows | length) == 2 and .names.own_flows == 0' <<<"$reply"
}

@test "a reader that left is a quiet end, without further input" {
	mkfifo to
	namemap -n <to 2>err 3>&- | head -n 1 >first &
	pids=$!
	exec 7>to
	snapshot 192.0.2.1 >&7
	wait_for 5 test -s first
	wait_for 5 sh -c "! kill -0 $pids"
	[ ! -s err ]
}

@test "commands and answers are taken while the reader is slow" {
	dns_server --host-record=web.example.net,198.51.100.7
	dialogue --server "$server:5399"
	# More than the pipes hold; nothing is read from fd 8 meanwhile.
	snapshot 198.51.100.7 | jq -c '.pad = ("x" * 100000)' >big
	local _
	for _ in 1 2 3 4; do cat big; done >&7 &
	pids="$pids $!"
	wait_for 5 grep -q 'is web.example.net' dns.log
	echo 'services off' >control
	local i last
	for i in 1 2 3 4; do IFS= read -r -t 5 -u 8 last; done
	jq -e '.flows[0].dst_name == "web.example.net" and
		.names.services == false' <<<"$last"
}

@test "SIGTERM ends it quietly, and what came has gone out" {
	dns_server
	kill -STOP "$dns_pid"
	dialogue --server "$server:5399" --wait 60
	snapshot 198.51.100.1 >&7
	# The answer to this one would be minutes away.
	run -142 read -r -t 0.5 -u 8 reply
	kill -TERM "$namemap_pid"
	IFS= read -r -t 5 -u 8 reply
	jq -e '.flows[0].dst_name == "" and .names.pending == 1' <<<"$reply"
	wait_for 5 sh -c "! kill -0 $namemap_pid"
	[ ! -s err ]
}

@test "in the whole chain, our questions are in the sums and not in the rows" {
	need_root
	need "capd and flowagg" command -v capd flowagg
	need dnsmasq command -v dnsmasq
	two_hosts
	ip netns exec "$ns_b" dnsmasq --keep-in-foreground --no-resolv \
		--conf-file=/dev/null --no-hosts --port=5399 --pid-file= \
		--listen-address=192.0.2.2 --bind-interfaces --user=root \
		--log-facility="$PWD/dns.log" --local=/arpa/ \
		--host-record=peer.example,192.0.2.2 3>&- &
	pids=$!
	wait_for 5 grep -q 'started, version' dns.log
	ip netns exec "$ns_a" capd -i a0 2>err 3>&- | flowagg --interval 0.5 |
		ip netns exec "$ns_a" namemap --dns full --hosts /dev/null \
		--server 192.0.2.2:5399 >out 3>&- &
	wait_for 10 test -s out
	ip netns exec "$ns_a" ping -c 2 -i 0.3 192.0.2.2 >ping.out
	wait_for 10 grep -q '"own_flows":[1-9]' out
	wait_for 10 grep -q '"dst_name":"peer.example"' out
	ip netns pids "$ns_a" | xargs -r ps -o pid=,comm= -p |
		awk '$2 == "capd" { print $1 }' | xargs kill
	wait_for 5 sh -c "! ip netns pids $ns_a | grep -q ."
	jq -s -e 'length > 1 and all(
		(.total_sent == ([.flows[].total_sent] | add // 0) +
			.other.total_sent + .expired.total_sent) and
		(.total_recv == ([.flows[].total_recv] | add // 0) +
			.other.total_recv + .expired.total_recv) and
		(.flows_shown == (.flows | length)) and
		(.flow_count == .flows_shown + .other.flows) and
		all(.flows[]; .dst_port != 5399 and .src_port != 5399))' out
}
