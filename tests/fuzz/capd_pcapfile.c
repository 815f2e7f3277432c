/* SPDX-License-Identifier: MIT
 *
 * Capture files: pcap and pcapng, read in pieces, and every packet decoded.
 * It ends, whatever the file says of itself.
 *
 * uses: capd/decode.c capd/decode_link.c capd/decode_ip.c capd/fragments.c
 * uses: capd/decode_plain.c capd/decode_transport.c capd/decode_wifi.c
 * uses: capd/pcapfile.c capd/pcapng.c
 */
#include <sys/mman.h>
#include <unistd.h>

#include "capd/pcapfile.h"
#include "tests/fuzz/frame.h"

static void
check_packet(const struct pcapfile *f, const struct pcapfile_packet *p)
{
	const struct pcapfile_interface *list;
	uint16_t count = pcapfile_interfaces(f, &list);
	require(p->interface < count && count <= SOURCE_INTERFACES);
	require(memchr(list[p->interface].name, '\0', SOURCE_NAME) != NULL);
	require(p->captured <= 128 << 20);
	decode_frame(the_decoder(), p->linktype, p->bytes, p->captured,
	    p->length);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static int fd = -1;
	struct pcapfile_packet p;
	enum pcapfile_status status;
	size_t packets = 0, fills = 0;
	if (fd == -1)
		fd = memfd_create("fuzz", 0);
	require(fd != -1 && ftruncate(fd, 0) == 0 &&
	    pwrite(fd, data, len, 0) == (ssize_t)len &&
	    lseek(fd, 0, SEEK_SET) == 0);
	struct pcapfile *f = pcapfile_new(fd);
	while ((status = pcapfile_next(f, &p)) == PCAPFILE_PACKET ||
	    status == PCAPFILE_MORE) {
		if (status == PCAPFILE_MORE) {
			pcapfile_fill(f);
			require(++fills <= len + 64);
		} else {
			check_packet(f, &p);
			require(++packets <= len / 12);
		}
	}
	require(status == PCAPFILE_END || pcapfile_error(f)[0] != '\0');
	pcapfile_free(f);
	return 0;
}
