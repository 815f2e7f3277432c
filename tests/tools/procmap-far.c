/* SPDX-License-Identifier: MIT
 *
 * A far host: it answers UDP and TCP out of a TUN device, so that there is no
 * socket at the other end of a connection, as when it is on another machine.
 *
 *   procmap-far DEVICE
 *
 * IPv4 only, without options or loss: datagrams come back as they are, TCP
 * is accepted at once, what is sent comes back, an end is answered by an end.
 * It prints its process id when the device is there, and ends when killed.
 */
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { PACKET = 2048 };

static uint32_t
sum(const uint8_t *bytes, size_t len)
{
	uint32_t s = 0;
	for (size_t i = 0; i + 1 < len; i += 2)
		s += (uint32_t)(bytes[i] << 8 | bytes[i + 1]);
	return len % 2 ? s + (uint32_t)(bytes[len - 1] << 8) : s;
}

static uint16_t
checksum(uint32_t s)
{
	while (s > 0xffff)
		s = (s & 0xffff) + (s >> 16);
	return htons((uint16_t)~s);
}

/* To where it came from.  Swapping changes no checksum. */
static void
turn_round(uint8_t *packet, size_t head)
{
	uint8_t other[4], port[2];
	memcpy(other, packet + 12, 4);
	memcpy(packet + 12, packet + 16, 4);
	memcpy(packet + 16, other, 4);
	memcpy(port, packet + head, 2);
	memcpy(packet + head, packet + head + 2, 2);
	memcpy(packet + head + 2, port, 2);
}

/* The answer's length; 0: there is none. */
static size_t
answer_tcp(uint8_t *packet, size_t head, size_t len)
{
	struct tcphdr t;
	memcpy(&t, packet + head, sizeof(t));
	size_t data = len - head - t.doff * 4U;
	uint32_t theirs = ntohl(t.seq) + (uint32_t)data + t.syn + t.fin;
	uint8_t *text = packet + head + t.doff * 4U;
	struct tcphdr a = { .source = t.source, .dest = t.dest, .doff = 5,
		.ack = 1, .seq = t.syn ? htonl(1000000) : t.ack_seq,
		.ack_seq = htonl(theirs), .window = htons(60000),
		.syn = t.syn, .fin = t.fin, .psh = data > 0 };
	if (t.rst || (data == 0 && !t.syn && !t.fin))
		return 0;
	memmove(packet + head + sizeof(a), text, data);
	memcpy(packet + head, &a, sizeof(a));
	size_t part = sizeof(a) + data;
	uint16_t check = checksum(sum(packet + 12, 8) + IPPROTO_TCP +
	    (uint32_t)part + sum(packet + head, part));
	memcpy(packet + head + offsetof(struct tcphdr, check), &check, 2);
	uint16_t total = htons((uint16_t)(head + part)), none = 0;
	memcpy(packet + 2, &total, 2);
	memcpy(packet + 10, &none, 2);
	check = checksum(sum(packet, head));
	memcpy(packet + 10, &check, 2);
	return head + part;
}

int
main(int argc, char **argv)
{
	uint8_t packet[PACKET];
	struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR);
	if (argc != 2)
		errx(2, "usage: procmap-far DEVICE");
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", argv[1]);
	if (fd == -1 || ioctl(fd, TUNSETIFF, &request) == -1)
		err(EXIT_FAILURE, "%s", argv[1]);
	printf("%d\n", (int)getpid());
	fflush(stdout);
	for (;;) {
		ssize_t n = read(fd, packet, sizeof(packet));
		size_t len = n > 0 ? (size_t)n : 0;
		size_t head = (packet[0] & 15U) * 4U;
		if (n == -1)
			err(EXIT_FAILURE, "%s", argv[1]);
		if (len < 28 || packet[0] >> 4 != 4)
			continue;
		if (packet[9] == IPPROTO_TCP && len >= head + 20) {
			turn_round(packet, head);
			len = answer_tcp(packet, head, len);
		} else if (packet[9] == IPPROTO_UDP)
			turn_round(packet, head);
		else
			continue;
		if (len > 0 && write(fd, packet, len) == -1)
			warn("%s", argv[1]);
	}
}
