# SPDX-License-Identifier: MIT
#
# procmap: owners behind address translation, in both families, both ways.

load helper
load procmap

BATS_TEST_TIMEOUT=60

teardown() {
	fed_kill
	[ -z "${server:-}" ] || kill "$server" 2>/dev/null || true
	[ -z "${client:-}" ] || kill "$client" 2>/dev/null || true
	[ -z "${proxy:-}" ] || kill "$proxy" 2>/dev/null || true
	[ -z "${ns_r:-}" ] || ip netns del "$ns_r"
	no_hosts
}

in_r() {
	ip netns exec "$ns_r" "$@"
}

# A container A, a router R (the host) and a far host B, in both families:
# A $a4 $a6 - $i4 $i6 R $u4 $u6 - $b4 $b6 B
router() {
	need_bpf
	need "iptables and ip6tables" sh -c 'unshare -n iptables -t nat -L &&
		unshare -n ip6tables -t nat -L'
	need python3 command -v python3
	two_hosts
	ns_r=ift-r-$$-$BATS_TEST_NUMBER
	local x n
	x=$(printf %x $(($$ % 65536)))
	n=10.$((200 + $$ % 50)).$(($$ / 50 % 250))
	a4=$n.2 i4=$n.1 u4=$n.129 b4=$n.130
	a6=fd79:$x:a::2 i6=fd79:$x:a::1 u6=fd79:$x:b::1 b6=fd79:$x:b::2
	ip netns add "$ns_r"
	ip -n "$ns_r" link add ra type veth peer name a1 netns "$ns_a"
	ip -n "$ns_r" link add rb type veth peer name b1 netns "$ns_b"
	local set
	for set in "$ns_a a1 $a4/25 $a6/64" "$ns_r ra $i4/25 $i6/64" \
		"$ns_r rb $u4/25 $u6/64" "$ns_b b1 $b4/25 $b6/64"; do
		# shellcheck disable=SC2086 # words on purpose
		set -- $set
		ip -n "$1" link set lo up
		ip -n "$1" addr add "$3" dev "$2"
		ip -n "$1" addr add "$4" dev "$2" nodad
		ip -n "$1" link set "$2" up
	done
	ip -n "$ns_a" route add default via "$i4"
	ip -n "$ns_a" route add default via "$i6"
	in_r sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
}

# serve NAMESPACE ADDRESS PORT: a server of one connection, which answers.
serve() {
	rm -f serving
	ip netns exec "$1" python3 -c '
import socket, sys, time
a, p = sys.argv[1], int(sys.argv[2])
l = socket.create_server((a, p), family=socket.AF_INET6 if ":" in a
    else socket.AF_INET)
print("x", flush=True)
e, who = l.accept()
e.send(e.recv(9))
print(who[0], who[1], flush=True)
time.sleep(55)' "$2" "$3" >serving 3>&- 7>&- &
	server=$!
	wait_for 10 test -s serving
}

# connect NAMESPACE ADDRESS PORT: what the client's end is goes to $here.
connect() {
	rm -f connected
	ip netns exec "$1" python3 -c '
import socket, sys, time
c = socket.create_connection((sys.argv[1], int(sys.argv[2])))
c.send(b"hello"); c.recv(9)
print(*c.getsockname()[:2], flush=True)
time.sleep(55)' "$2" "$3" >connected 3>&- 7>&- &
	client=$!
	wait_for 10 test -s connected
	read -r here_address here_port <connected
	wait_for 10 sh -c '[ "$(wc -l <serving)" -eq 2 ]'
	read -r seen_address seen_port < <(tail -n 1 serving)
}

done_with() {
	kill "$client" "$server"
	wait "$client" "$server" || true
	client='' server=''
}

# The router's procmap, reading snapshots.
feed_in_r() {
	feed_ready ip netns exec "$ns_r" "$(command -v procmap)" --source bpf
}

@test "a masqueraded flow is the container's, in both families" {
	router
	in_r iptables -t nat -A POSTROUTING -o rb -j MASQUERADE
	in_r ip6tables -t nat -A POSTROUTING -o rb -j MASQUERADE
	feed_in_r
	local far near
	for far in "$b4 $u4" "$b6 $u6"; do
		near=${far#* } far=${far% *}
		serve "$ns_b" "$far" 7001
		connect "$ns_a" "$far" 7001
		[ "$seen_address" = "$near" ]
		becomes "6,$near,$seen_port,$far,7001" \
			'[.pid,.match,.via,.peer_pid]' \
			"[$client,\"exact\",\"nat\",$server]"
		done_with
	done
}

# Of thousands of connections that nothing translates only some can be asked
# about for one line.
all_listeners() {
	cat line >&7
	sleep 0.2
	tail -n 1 got | jq -e '.attribution.flows.listener == 6000'
}

@test "of thousands of flows none waits for ever for who is behind it" {
	need_bpf
	need python3 command -v python3
	two_places
	serve "$ns_a" "$net.1" 7001
	feed_in_a bpf
	python3 -c 'import json, socket, sys, time
ours, theirs = sys.argv[1:]
now = int(time.time() * 1000)
flow = {"src": theirs, "dst": ours, "dst_port": 7001, "proto": 6,
    "delta_sent": 1, "delta_recv": 1, "first_seen": now, "last_seen": now,
    "ended": False}
print(json.dumps({"schema": 1, "type": "snapshot", "host":
    socket.gethostname(), "seq": 1, "ts": now, "interval": 1.0, "source":
    {"kind": "live"}, "events": [], "flows": [dict(flow, id=i, src_port=i)
    for i in range(1, 6001)]}))' "$net.1" "$net.2" >line
	wait_for 30 all_listeners || {
		tail -n 1 got | jq .attribution
		return 1
	}
}

# Of each port its process, as it says itself and as the chain shows it last.
same_owners() {
	jq -r '.flows[] | select(.dst_port == 7001) |
	    "\(.src_port) \(.pid) \(.match)"' shown |
		tac | sort -snu -k 1,1 >owners
	cmp <(sed 's/$/ exact/' short | sort -n) owners
}

@test "short masqueraded connections are their processes', as captured" {
	router
	in_r iptables -t nat -A POSTROUTING -o rb -j MASQUERADE
	ip netns exec "$ns_b" python3 -c '
import socket, sys
l = socket.create_server((sys.argv[1], 7001), backlog=200)
print("x", flush=True)
while True:
    e, who = l.accept()
    e.send(e.recv(9))
    e.close()' "$b4" >serving 3>&- &
	server=$!
	wait_for 10 test -s serving
	mkfifo records
	ip netns exec "$ns_r" capd -i rb >records 3>&- &
	fed=$!
	flowagg --interval 0.2 --top 0 <records 3>&- |
		ip netns exec "$ns_r" "$(command -v procmap)" --source bpf \
		>shown 3>&- &
	wait_for 10 test -s shown
	# Each closes first, so that the port is not used again.
	ip netns exec "$ns_a" python3 -c '
import os, socket, sys, time
for i in range(100):
    if os.fork() == 0:
        c = socket.create_connection((sys.argv[1], 7001))
        c.send(b"hello"); c.recv(9)
        port = c.getsockname()[1]
        c.shutdown(socket.SHUT_WR); c.recv(9)
        os.write(1, b"%d %d\n" % (port, os.getpid()))
        os._exit(0)
    time.sleep(.0041)
for i in range(100): os.wait()' "$b4" >short
	[ "$(wc -l <short)" -eq 100 ]
	wait_for 10 same_owners || {
		diff <(sed 's/$/ exact/' short | sort -n) owners
		false
	}
}

# ping_from NAMESPACE ADDRESS: all the time, by a socket of the identifier 77.
ping_from() {
	ip netns exec "$1" sysctl -qw \
		net.ipv4.ping_group_range='0 2147483647'
	ip netns exec "$1" ping -q -i 0.2 -c 250 -e 77 "$2" >/dev/null 3>&- &
}

# shows PID...: are these the owners of the echoes, and nobody else?
shows() {
	[ "$(tail -n 1 shown | jq -r '.flows[] | select(.icmp_id != null) |
		"\(.pid) \(.match) \(.via)"' | sort)" = \
		"$(printf '%s\n' "$@" | sort)" ]
}

@test "a masqueraded ping is the container's, in both families" {
	router
	need "ping -e" ping -c 1 -e 77 127.0.0.1
	in_r iptables -t nat -A POSTROUTING -o rb -j MASQUERADE
	in_r ip6tables -t nat -A POSTROUTING -o rb -j MASQUERADE
	mkfifo records
	ip netns exec "$ns_r" capd -i rb >records 3>&- &
	fed=$!
	flowagg --interval 0.2 <records 3>&- |
		ip netns exec "$ns_r" "$(command -v procmap)" --source bpf \
		>shown 3>&- &
	wait_for 10 test -s shown
	ping_from "$ns_r" "$b4"
	server=$!
	wait_for 10 shows "$server local bpf"
	# Of the same identifier: it gets another one.
	ping_from "$ns_a" "$b4"
	client=$!
	wait_for 10 shows "$server local bpf" "$client local nat"
	ping_from "$ns_a" "$b6"
	proxy=$!
	wait_for 10 shows "$server local bpf" "$client local nat" \
		"$proxy local nat"
}

@test "a forwarded port is the container's, in both families" {
	router
	in_r iptables -t nat -A PREROUTING -i rb -p tcp --dport 8080 \
		-j DNAT --to-destination "$a4:80"
	in_r ip6tables -t nat -A PREROUTING -i rb -p tcp --dport 8080 \
		-j DNAT --to-destination "[$a6]:80"
	feed_in_r
	local at near
	for at in "$u4 $a4" "$u6 $a6"; do
		near=${at% *} at=${at#* }
		serve "$ns_a" "$at" 80
		connect "$ns_b" "$near" 8080
		# On the uplink, where the client is on this machine too.
		becomes "6,$here_address,$here_port,$near,8080" \
			'[.pid,.match,.peer_pid]' \
			"[$client,\"exact\",$server]"
		becomes "6,$here_address,$here_port,$at,80" \
			'[.match,(.pid == '"$server or .peer_pid == $server"')]' \
			'["exact",true]'
		done_with
	done
}

@test "a connection of our own that is sent elsewhere has its owner" {
	router
	in_r iptables -t nat -A OUTPUT -p tcp --dport 8080 \
		-j DNAT --to-destination "$a4:80"
	in_r ip6tables -t nat -A OUTPUT -p tcp --dport 8080 \
		-j DNAT --to-destination "[$a6]:80"
	feed_in_r
	local at near
	for at in "$u4 $a4 $i4" "$u6 $a6 $i6"; do
		# shellcheck disable=SC2086 # words on purpose
		set -- $at
		serve "$ns_a" "$2" 80
		connect "$ns_r" "$1" 8080
		# What goes to the container is addressed to it.
		becomes "6,$seen_address,$seen_port,$2,80" \
			'[.pid,.match,.peer_pid]' \
			"[$client,\"exact\",$server]"
		done_with
	done
}

@test "a container's connection to a service's address has its owner" {
	router
	in_r iptables -t nat -A PREROUTING -i ra -p tcp -d 10.96.0.1 \
		--dport 443 -j DNAT --to-destination "$b4:7001"
	ip -n "$ns_b" route add default via "$u4"
	feed_in_r
	serve "$ns_b" "$b4" 7001
	connect "$ns_a" 10.96.0.1 443
	[ "$seen_address" = "$a4" ]
	becomes "6,$a4,$seen_port,$b4,7001" '[.pid,.match,.peer_pid]' \
		"[$client,\"exact\",$server]"
	becomes "6,$a4,$seen_port,10.96.0.1,443" '[.pid,.match]' \
		"[$client,\"exact\"]"
	done_with
}

# Who accepted it was not seen to send, and nobody tells whether the
# connection was meant for another: the listener is known all the same.
@test "a listener is named though translations are not answered" {
	need_bpf
	two_places
	feed_in_a bpf
	local asker
	asker=$(cat /proc/"$fed"/task/*/children)
	[ -n "$asker" ] || skip "no connection tracking"
	kill -STOP "${asker% }"
	ip netns exec "$ns_a" python3 -c '
import socket, sys, time
l = socket.create_server((sys.argv[1], 7001))
print("x", flush=True); time.sleep(55)' "$net.1" >serving 3>&- 7>&- &
	server=$!
	wait_for 10 test -s serving
	becomes "6,$net.2,4001,$net.1,7001" '[.pid,.match,.via]' \
		"[$server,\"listener\",\"listener\"]"
	kill -CONT "${asker% }"
}

# serve_udp NAMESPACE ADDRESS PORT: answers what comes, once.
serve_udp() {
	rm -f serving
	ip netns exec "$1" python3 -c '
import socket, sys, time
a, p = sys.argv[1], int(sys.argv[2])
s = socket.socket(socket.AF_INET6 if ":" in a else socket.AF_INET,
    socket.SOCK_DGRAM)
s.bind((a, p))
print("x", flush=True)
s.sendto(*s.recvfrom(9))
time.sleep(55)' "$2" "$3" >serving 3>&- 7>&- &
	server=$!
	wait_for 10 test -s serving
}

# A socket of our own at the same port, which has been used.
begin_proxy() {
	ip netns exec "$ns_r" python3 -c '
import socket, sys, time
for f, a in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
    s = socket.socket(f, socket.SOCK_DGRAM)
    f == socket.AF_INET6 and s.setsockopt(socket.IPPROTO_IPV6,
        socket.IPV6_V6ONLY, 1)
    s.bind((a, 8080))
    s.sendto(b"x", ("127.0.0.1" if f == socket.AF_INET else "::1", 9))
    globals()[a] = s
print("x", flush=True)
time.sleep(55)' >proxy 3>&- 7>&- &
	proxy=$!
	wait_for 10 test -s proxy
}

@test "a forwarded UDP port is the container's, whoever has it here" {
	router
	in_r iptables -t nat -A PREROUTING -i rb -p udp --dport 8080 \
		-j DNAT --to-destination "$a4:80"
	in_r ip6tables -t nat -A PREROUTING -i rb -p udp --dport 8080 \
		-j DNAT --to-destination "[$a6]:80"
	begin_proxy
	feed_in_r
	local at near began
	for at in "$u4 $a4" "$u6 $a6"; do
		near=${at% *} at=${at#* }
		serve_udp "$ns_a" "$at" 80
		rm -f connected
		ip netns exec "$ns_b" python3 -c '
import socket, sys, time
a = sys.argv[1]
c = socket.socket(socket.AF_INET6 if ":" in a else socket.AF_INET,
    socket.SOCK_DGRAM)
c.connect((a, 8080)); c.send(b"hello"); c.recv(9)
print(*c.getsockname()[:2], flush=True)
time.sleep(55)' "$near" >connected 3>&- 7>&- &
		client=$!
		wait_for 10 test -s connected
		read -r here_address here_port <connected
		procmap-snapshot "17,$here_address,$here_port,$near,8080" >&7
		becomes "17,$here_address,$here_port,$near,8080" \
			'[.pid,.match,.peer_pid]' \
			"[$client,\"exact\",$server]"
		# One that began before is asked for.
		lacks "\"peer_pid\":$proxy," got
		fed_end
		began=$(date +%s%3N)
		feed_in_r
		becomes "17,$here_address,$here_port,$near,8080,$began" \
			'[.pid,.match,.peer_pid]' \
			"[$client,\"exact\",$server]"
		lacks "\"peer_pid\":$proxy," got
		done_with
	done
	# What is not sent on is its own.
	becomes "17,$b4,4000,$u4,8080" '[.pid,.match]' "[$proxy,\"local\"]"
}

@test "translations that the kernel had no room to tell of are counted" {
	router
	in_r iptables -t nat -A POSTROUTING -o rb -j MASQUERADE
	feed_in_r
	serve "$ns_b" "$b4" 7001
	connect "$ns_a" "$b4" 7001
	becomes "6,$u4,$seen_port,$b4,7001" '[.pid,.via]' "[$client,\"nat\"]"
	kill -STOP "$fed"
	ip netns exec "$ns_a" python3 -c '
import socket, sys
for n in range(2):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for port in range(20000, 50000):
        s.sendto(b"x", (sys.argv[1], port))' "$b4"
	kill -CONT "$fed"
	# Nothing is wrong, and what is asked for has its owner as before.
	becomes "6,$u4,$seen_port,$b4,7001" '[.pid,.via]' "[$client,\"nat\"]"
	jq -s -e '.[0].attribution.events_lost == 0 and
		.[-1].attribution.events_lost > 0' got
	done_with
}
