/* SPDX-License-Identifier: MIT
 *
 * 802.11, with and without radiotap.
 *
 * uses: capd/decode.c capd/decode_link.c capd/decode_ip.c capd/fragments.c
 * uses: capd/decode_plain.c capd/decode_transport.c capd/decode_wifi.c
 */
#include <pcap/dlt.h>

#include "tests/fuzz/frame.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const int types[] = { DLT_IEEE802_11, DLT_IEEE802_11_RADIO };
	frame_in_seed(&data, &len);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		decode_frame(the_decoder(), types[i], data, len,
		    (uint32_t)len);
	return 0;
}
