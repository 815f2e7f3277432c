# SPDX-License-Identifier: MIT
# The totals in the text form that Prometheus reads, for the textfile
# collector of its node exporter:
#	iftoprs --once | jq -r -f prometheus.jq > iftoprs.prom
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
