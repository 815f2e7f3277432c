# SPDX-License-Identifier: MIT
# The totals in the text form that Prometheus reads, for the textfile
# collector of its node exporter.  A counter goes on for as long as the chain
# does, so that runs on, and the file is its newest snapshot:
#	iftoprs --json -n --top 1 --interval 15 |
#	while IFS= read -r snapshot; do
#		printf '%s\n' "$snapshot" |
#			jq -r -f prometheus.jq > iftoprs.new &&
#			mv iftoprs.new iftoprs.prom
#	done
# With iftoprs --once all of them would begin at 0 each time.
def counter($name; $value): "# TYPE iftoprs_\($name) counter",
  "iftoprs_\($name){host=\(.host | tojson)} \($value)";
def gauge($name; $value): "# TYPE iftoprs_\($name) gauge",
  "iftoprs_\($name){host=\(.host | tojson)} \($value)";
counter("sent_bytes_total"; .total_sent),
counter("received_bytes_total"; .total_recv),
counter("kernel_dropped_packets_total"; .capture.kernel_dropped),
counter("malformed_packets_total"; .capture.malformed),
gauge("flows"; .flow_count),
gauge("sent_bytes_per_second"; .sent_10s),
gauge("received_bytes_per_second"; .recv_10s)
