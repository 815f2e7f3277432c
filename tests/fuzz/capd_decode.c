/* SPDX-License-Identifier: MIT
 *
 * The whole decoder: any link type, several frames after each other.  The
 * input is pieces of 4 bytes (link type, wire length, captured length) and
 * as many bytes of frame.
 *
 * uses: capd/decode.c capd/decode_link.c capd/decode_ip.c capd/fragments.c
 * uses: capd/decode_plain.c capd/decode_transport.c capd/decode_wifi.c
 */
#include <pcap/dlt.h>

#include "tests/fuzz/frame.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const int types[] = { DLT_EN10MB, DLT_LINUX_SLL,
		DLT_LINUX_SLL2, DLT_NULL, DLT_LOOP, DLT_RAW, DLT_IPV4,
		DLT_IPV6, DLT_PPP, DLT_PPP_SERIAL, DLT_PPP_ETHER,
		DLT_IEEE802_11, DLT_IEEE802_11_RADIO, DLT_USB, 12, 14 };
	while (len >= 4) {
		size_t captured = data[2] | (data[3] & 3) << 8;
		if (captured > len - 4)
			captured = len - 4;
		decode_frame(the_decoder(), types[data[0] % 16], data + 4, captured,
		    data[1] * 11u);
		data += 4 + captured;
		len -= 4 + captured;
	}
	return 0;
}
