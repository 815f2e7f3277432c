# SPDX-License-Identifier: MIT
# One line a flow and interval, with the time and the host in it, for
# databases that take NDJSON:
#	iftoprs --json | jq -c -f flows.jq
. as $snapshot | .flows[] | del(.history) |
{host: $snapshot.host, session: $snapshot.session, seq: $snapshot.seq,
 ts: $snapshot.ts} + .
