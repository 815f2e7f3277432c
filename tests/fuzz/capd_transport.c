/* SPDX-License-Identifier: MIT
 *
 * Transport headers: the first byte is the protocol, the second says how
 * the IPv4 header before the rest is a fragment.
 *
 * uses: capd/decode.c capd/decode_link.c capd/decode_ip.c capd/fragments.c
 * uses: capd/decode_plain.c capd/decode_transport.c capd/decode_wifi.c
 */
#include <pcap/dlt.h>

#include "tests/fuzz/frame.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	uint8_t frame[2048] = { 0x45, [8] = 64, [12] = 192, 0, 2, 1,
		198, 51, 100, 7 };
	if (len < 2 || len - 2 > sizeof(frame) - 20)
		return 0;
	frame[9] = data[0];
	frame[5] = data[1] >> 4;		/* identification */
	frame[6] = (data[1] & 1) != 0 ? 0x20 : 0;	/* more follow */
	frame[7] = data[1] >> 1 & 1;		/* offset */
	memcpy(frame + 20, data + 2, len - 2);
	decode_frame(the_decoder(), DLT_IPV4, frame, 18 + len,
	    (uint32_t)len + 100);
	return 0;
}
