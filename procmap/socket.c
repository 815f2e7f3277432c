/* SPDX-License-Identifier: MIT
 *
 * Keys of sockets.
 */
#include "procmap/socket.h"

#include <string.h>

static const uint8_t v4_prefix[12] = { [10] = 0xff, [11] = 0xff };

void
addr_to_mapped(const struct addr *a, uint8_t bytes[16])
{
	if (a->family == ADDR_IPV4) {
		memcpy(bytes, v4_prefix, 12);
		memcpy(bytes + 12, a->bytes, 4);
	} else if (a->family == ADDR_IPV6) {
		memcpy(bytes, a->bytes, 16);
	} else {
		memset(bytes, 0, 16);
	}
}

bool
mapped_is_v4(const uint8_t bytes[16])
{
	return memcmp(bytes, v4_prefix, 12) == 0;
}

void
key_local(struct sock_key *k, const struct addr *a, uint16_t port)
{
	addr_to_mapped(a, k->local);
	k->lport = port;
}

void
key_remote(struct sock_key *k, const struct addr *a, uint16_t port)
{
	addr_to_mapped(a, k->remote);
	k->rport = port;
}

void
key_swap(struct sock_key *k)
{
	uint8_t bytes[16];
	uint16_t port = k->lport;
	memcpy(bytes, k->local, 16);
	memcpy(k->local, k->remote, 16);
	memcpy(k->remote, bytes, 16);
	k->lport = k->rport;
	k->rport = port;
}

const char *
via_name(enum sock_via via)
{
	static const char *const names[] = {
		[VIA_NONE] = "", [VIA_BPF] = "bpf", [VIA_ITER] = "iter",
		[VIA_DIAG] = "diag", [VIA_LSOF] = "lsof",
		[VIA_FILE] = "file", [VIA_NETNS] = "netns",
		[VIA_NAT] = "nat", [VIA_LISTENER] = "listener",
		[VIA_KERNEL] = "kernel", [VIA_UID] = "uid",
		[VIA_CGROUP] = "cgroup",
	};
	return names[via];
}
