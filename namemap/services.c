/* SPDX-License-Identifier: MIT
 *
 * One slot a port and protocol, so a look-up is one memory access.
 */
#include "namemap/services.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/num.h"
#include "lib/protocol.h"
#include "lib/xalloc.h"
#include "namemap/textfile.h"

enum { TCP, UDP, DCCP, SCTP, PROTOCOLS, NO_TABLE };
enum { NAMES_MAX = 65000, EPHEMERAL = 32768, LONGEST = 32 };

struct services {
	uint16_t slots[PROTOCOLS][65536];	/* 0: no name */
	char **names;				/* owned, from 1 */
	size_t count, size;
};

static int
table_of(uint8_t protocol)
{
	switch (protocol) {
	case PROTOCOL_TCP:
		return TCP;
	case PROTOCOL_UDP:
	case PROTOCOL_UDPLITE:	/* RFC 3828: the ports are UDP's */
		return UDP;
	case PROTOCOL_DCCP:
		return DCCP;
	case PROTOCOL_SCTP:
		return SCTP;
	default:
		return NO_TABLE;
	}
}

static uint16_t
add_name(struct services *s, const char *name)
{
	/* "domain 53/tcp", "domain 53/udp": neighbours share. */
	if (s->count > 0 && strcmp(s->names[s->count - 1], name) == 0)
		return (uint16_t)s->count;
	if (s->count == NAMES_MAX)
		return 0;
	if (s->count == s->size) {
		s->size = s->size != 0 ? s->size * 2 : 512;
		s->names = xreallocarray(s->names, s->size,
		    sizeof(*s->names));
	}
	s->names[s->count++] = xstrdup(name);
	return (uint16_t)s->count;
}

/* The first name of a port stays. */
static void
add(struct services *s, int table, uint16_t port, const char *name)
{
	if (port != 0 && s->slots[table][port] == 0)
		s->slots[table][port] = add_name(s, name);
}

/* Printable ASCII without what would need care anywhere. */
static bool
is_name(const char *name)
{
	size_t len = 0;
	for (; name[len] != '\0'; len++) {
		char c = name[len];
		if (c <= ' ' || c > '~' || c == '"' || c == '\\')
			return false;
	}
	return len > 0 && len <= LONGEST;
}

/* A NUL ends the text of its line, other bad bytes its name. */
static void
read_line(void *state, char *line)
{
	struct services *s = state;
	static const struct {
		const char *name;
		int table;
	} protocols[] = { { "tcp", TCP }, { "udp", UDP }, { "dccp", DCCP },
		{ "sctp", SCTP } };
	char *rest = NULL;
	line[strcspn(line, "#\r\n")] = '\0';
	char *name = strtok_r(line, " \t", &rest);
	char *port = strtok_r(NULL, " \t", &rest);
	if (name == NULL || port == NULL || !is_name(name))
		return;
	char *slash = strchr(port, '/');
	uint64_t number;
	if (slash == NULL)
		return;
	*slash++ = '\0';
	if (!num_unsigned(port, 1, UINT16_MAX, &number))
		return;
	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
		if (strcmp(slash, protocols[i].name) == 0)
			add(s, protocols[i].table, (uint16_t)number, name);
}

static void
add_known(struct services *s)
{
	static const char letters[] = "tuds";
	for (const struct service *k = services_known; k->name != NULL; k++)
		for (const char *p = k->protocols; *p != '\0'; p++) {
			const char *at = strchr(letters, *p);
			if (at != NULL)
				add(s, (int)(at - letters), k->port, k->name);
		}
}

struct services *
services_new(const char *path)
{
	struct services *s = xcalloc(1, sizeof(*s));
	textfile_read(path, TEXTFILE_PATIENCE, read_line, s);
	add_known(s);
	return s;
}

void
services_free(struct services *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->count; i++)
		free(s->names[i]);
	free(s->names);
	free(s);
}

const char *
services_find(const struct services *s, uint8_t protocol, uint16_t port)
{
	int table = table_of(protocol);
	if (table == NO_TABLE || (table <= UDP && port >= EPHEMERAL))
		return "";
	uint16_t slot = s->slots[table][port];
	return slot != 0 ? s->names[slot - 1] : "";
}
