# SPDX-License-Identifier: MIT
#
# Do the figures of a snapshot stream add up?
#
#	jq -n -f check.jq snapshots.ndjson
#	iftoprs --json | tee log | jq -n -f check.jq
#
# Reads every snapshot once.  Prints nothing and ends with status 0 when all
# is well; else names what is wrong first, and in which snapshot, on standard
# error, and ends with status 1, as of no snapshot at all.  It holds for any
# stream that flowagg wrote with any options, also behind procmap and namemap,
# and also when its head was cut off.
#
#   - flows + other + expired are the totals, exactly: bytes, packets, and
#     the bytes of the interval; rates too, but for rounding
#   - totals + uncounted + non-IP + malformed + unsupported + lost are what
#     was captured: packets, and where none was lost bytes
#   - the deltas of all snapshots sum up to the totals, and so do those of
#     each flow that was always shown
#   - seq rises by one, skipped snapshots included; time goes on by dt
#   - a flow's id never stands for another key; one that ended stays away
#   - rows are in the order of "sort"
#
# Memory is bounded: of at least the last 100,000 flows shown it is known
# what they were; --argjson keep N remembers more or fewer.

def keep: $ARGS.named.keep // 100000;

def fail($s; $text):
	"check.jq: seq \($s.seq): \($text)\n" | halt_error(1);

def require(condition; $s; text):
	if condition then . else fail($s; text) end;

def sums:		# what adds up exactly
	"total_sent", "total_recv", "packets_sent", "packets_recv",
	"delta_sent", "delta_recv";
def rates:		# and what does so but for rounding
	"sent_2s", "recv_2s", "sent_10s", "recv_10s", "sent_40s", "recv_40s";
def sum(f): reduce f as $x (0; . + $x);

def parts_add_up($s):
	reduce sums as $k (.;
		(sum($s.flows[][$k]) + $s.other[$k] + $s.expired[$k]) as $sum |
		require($sum == $s[$k]; $s; "\($k) of flows, other and " +
		    "expired sum up to \($sum), not \($s[$k])")) |
	reduce rates as $k (.;
		(sum($s.flows[][$k]) + $s.other[$k]) as $sum |
		require(($sum - $s[$k] | fabs) <= 1 + $s.flows_shown / 2; $s;
		    "\($k) of flows and other sum up to \($sum), not \($s[$k])")) |
	require($s.flows_shown == ($s.flows | length) and
	    $s.flow_count == $s.flows_shown + $s.other.flows; $s;
	    "flow_count is not what is shown and the rest");

def capture_adds_up($s):
	$s.capture as $c |
	($s.packets_sent + $s.packets_recv + $c.uncounted_packets +
	    $c.non_ip_packets + $c.malformed + $c.unsupported + $c.lost)
	    as $packets |
	($s.total_sent + $s.total_recv + $c.uncounted_bytes +
	    $c.non_ip_bytes + $c.malformed_bytes + $c.unsupported_bytes)
	    as $bytes |
	require($packets == $c.packets; $s;
	    "\($packets) packets are accounted for, \($c.packets) captured") |
	require($bytes == $c.bytes or ($c.lost > 0 and $bytes < $c.bytes); $s;
	    "\($bytes) bytes are accounted for, \($c.bytes) captured");

def was_reset($s):
	any($s.events[]; .from == "flowagg" and .text == "reset");

def went_back($s):	# times from before that tell nothing, then
	any($s.events[]; .from == "flowagg" and
	    (.text | startswith("time went back")));

# . is {last: the snapshot before, without flows; sent, recv: all deltas}
def goes_on($s):
	was_reset($s) as $reset |
	.last as $l |
	require($l == null or ($s.session == $l.session and $s.seq > $l.seq);
	    $s; "another stream begins; check each by itself") |
	if .last == null and $s.seq != $s.capture.skipped + 1 then
		# The head was cut off: believe what it says.
		.sent = $s.total_sent | .recv = $s.total_recv
	elif $reset then
		.sent = $s.delta_sent | .recv = $s.delta_recv
	else
		.sent += $s.delta_sent | .recv += $s.delta_recv
	end |
	require(.sent == $s.total_sent and .recv == $s.total_recv; $s;
	    "all deltas sum up to \(.sent) and \(.recv), not to the " +
	    "totals \($s.total_sent) and \($s.total_recv)") |
	if $l == null then .
	else
		require($s.seq - $l.seq ==
		    1 + $s.capture.skipped - $l.capture.skipped; $s;
		    "follows \($l.seq), with \($s.capture.skipped -
		    $l.capture.skipped) skipped") |
		require(($s.elapsed - $l.elapsed - $s.dt | fabs) < 0.0025; $s;
		    "elapsed goes from \($l.elapsed) to \($s.elapsed), " +
		    "but dt is \($s.dt)")
	end;

def key:
	[.src, .src_port, .dst, .dst_port, .proto, .icmp_id];

# . is the state; .young and .old are {id: [key, sent, recv, seq, ended]}
def flow_goes_on($f; $s; $reset):
	($f.id | tostring) as $id | ($f | key) as $key |
	(.young[$id] // .old[$id]) as $was |
	($f.total_sent - $f.delta_sent) as $sent |
	($f.total_recv - $f.delta_recv) as $recv |
	if $was == null then
		require($sent >= 0 and $recv >= 0; $s;
		    "flow \($id) has more in its delta than in its total") |
		require(($sent == 0 and $recv == 0) or .last == null or
		    .stepped or $f.first_seen <= .last.ts; $s;
		    "flow \($id) is new, but its total is not its delta")
	else
		require($was[0] == $key; $s;
		    "id \($id) was \($was[0]) and now is \($key)") |
		require($was[4] | not; $s;
		    "flow \($id) had ended and is back") |
		require(if $reset then $sent == 0 and $recv == 0
		    elif $was[3] == .last.seq then
			$sent == $was[1] and $recv == $was[2]
		    else
			$sent >= 0 and $recv >= 0
		    end; $s; "flow \($id): its deltas do not sum up to its " +
		    "totals \($f.total_sent) and \($f.total_recv)")
	end |
	.young[$id] = [$key, $f.total_sent, $f.total_recv, $s.seq, $f.ended];

def forget_old:
	if (.young | length) > keep then .old = .young | .young = {} else . end;

# The stated order.
def number:		# of hexadecimal digits
	reduce explode[] as $c (0; . * 16 + $c - if $c > 57 then 87 else 48 end);
def words:		# of one side of "::"
	if . == "" then [] else [split(":")[] |
	    if index(".") then split(".") | map(tonumber) |
		.[0] * 256 + .[1], .[2] * 256 + .[3]
	    else number end]
	end;
def address:
	if . == "" then []
	elif index(":") == null then [4, split(".")[] | tonumber]
	else split("::") | map(words) | [6] +
		if length == 1 then .[0]
		else .[0] + [range(8 - (map(length) | add)) | 0] + .[1] end
	end;
def end_key($ours):
	if $ours then [(.src | address), (.icmp_id // .src_port)]
	else [(.dst | address), (.icmp_id // .dst_port)] end;
def full_key:
	[end_key(true), end_key(false), .proto, has("icmp_id"), .id];
def rate($window):
	.["sent_" + $window] + .["recv_" + $window];
def bytes: .total_sent + .total_recv;
def surely_silent($s): .last_seen < $s.ts - 42000;

# May $a stand before $b?  Rates are rounded, so two that differ by no more
# than 2 tell nothing; those of flows that are silent are surely equal.
def by_rates($s; $a; $b; $windows):
	if all($a, $b; surely_silent($s)) then
		$s.by == "interface" or ($a | full_key) < ($b | full_key)
	else ($a | rate($windows)) >= ($b | rate($windows)) - 2
	end;
def ordered($s; $a; $b):
	if $s.sort == "total" and ($a | bytes) != ($b | bytes) then
		($a | bytes) > ($b | bytes)
	elif $s.sort == "src" or $s.sort == "dst" then
		($s.sort == "src") as $ours |
		($a | end_key($ours)) as $x | ($b | end_key($ours)) as $y |
		$s.by == "interface" or $x < $y or
		    ($x == $y and ($a | full_key) < ($b | full_key))
	else by_rates($s; $a; $b;
	    if $s.sort == "total" then "2s" else $s.sort end)
	end;
def in_order($s):
	first(range(1; $s.flows | length) |
	    select(ordered($s; $s.flows[. - 1]; $s.flows[.]) | not)) // null |
	if . != null then fail($s; "flow \($s.flows[.].id) does not belong " +
	    "behind \($s.flows[. - 1].id), by \($s.sort)") else . end;

reduce inputs as $s ({ sent: 0, recv: 0, young: {}, old: {} };
	if $s.type != "snapshot" then .
	else
		parts_add_up($s) | capture_adds_up($s) | goes_on($s) |
		was_reset($s) as $reset |
		.stepped = (.stepped or went_back($s)) |
		reduce $s.flows[] as $f (.; flow_goes_on($f; $s; $reset)) |
		([$s | in_order(.)] | empty), . |
		.last = ($s | del(.flows)) | forget_old
	end) |
if .last == null then
	"check.jq: there is no snapshot\n" | halt_error(1)
else empty end
