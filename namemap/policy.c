/* SPDX-License-Identifier: MIT
 *
 * Privacy: pure decisions, and reading who the resolvers are.
 */
#include "namemap/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/num.h"

static const char *const names[] = {
	[POLICY_OFF] = "off",
	[POLICY_GLOBAL] = "global",
	[POLICY_FULL] = "full",
};

bool
policy_parse(const char *text, enum policy_level *level)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(text, names[i]) == 0) {
			*level = (enum policy_level)i;
			return true;
		}
	return false;
}

const char *
policy_name(enum policy_level level)
{
	return names[level];
}

bool
policy_allows(enum policy_level level, const struct addr *a,
    bool resolvers_are_local)
{
	if (level == POLICY_OFF || a->family == ADDR_NONE ||
	    addr_is_unspecified(a))
		return false;
	return level == POLICY_FULL || resolvers_are_local ||
	    addr_is_global(a);
}

bool
server_parse(const char *text, struct server *server)
{
	char host[ADDR_TEXT];
	const char *colon = strchr(text, ':'), *port = NULL;
	size_t len = strlen(text);
	if (text[0] == '[') {
		const char *end = strchr(text, ']');
		if (end == NULL || (end[1] != '\0' && end[1] != ':'))
			return false;
		port = end[1] == ':' ? end + 2 : NULL;
		len = (size_t)(end - ++text);
	} else if (colon != NULL && strchr(colon + 1, ':') == NULL) {
		port = colon + 1;
		len = (size_t)(colon - text);
	}
	uint64_t number = 0;
	if (len >= sizeof(host) || (port != NULL &&
	    !num_unsigned(port, 1, UINT16_MAX, &number)))
		return false;
	memcpy(host, text, len);
	host[len] = '\0';
	server->port = (uint16_t)number;
	return addr_parse(host, &server->addr);
}

void
servers_add(struct servers *s, const struct server *server)
{
	if (s->count == SERVERS)
		s->more = true;
	else
		s->list[s->count++] = *server;
}

/* What we cannot read may still be a server for those who ask. */
static void
read_line(struct servers *s, char *line)
{
	char *rest = NULL;
	struct server server;
	char *word = strtok_r(line, " \t\r\n", &rest);
	if (word == NULL || strcmp(word, "nameserver") != 0)
		return;
	char *host = strtok_r(NULL, " \t\r\n", &rest);
	if (host == NULL)
		return;
	host[strcspn(host, "%")] = '\0';	/* fe80::1%eth0 */
	if (server_parse(host, &server))
		servers_add(s, &server);
	else
		s->more = true;
}

void
servers_read(const char *path, struct servers *s)
{
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	*s = (struct servers){ 0 };
	if (f == NULL)
		return;
	while (getline(&line, &size, f) != -1)
		read_line(s, line);
	free(line);
	fclose(f);
}

static bool
is_local(const struct addr *a)
{
	return addr_is_loopback(a) || addr_is_private(a) ||
	    addr_is_link_local(a);
}

static bool
is_stub(const struct addr *a)
{
	static const uint8_t stubs[][4] = { { 127, 0, 0, 53 },
		{ 127, 0, 0, 54 } };
	return a->family == ADDR_IPV4 && (memcmp(a->bytes, stubs[0], 4) == 0 ||
	    memcmp(a->bytes, stubs[1], 4) == 0);
}

bool
servers_are_local(const struct servers *s, const char *upstream)
{
	struct servers behind;
	for (size_t i = 0; i < s->count; i++) {
		if (!is_local(&s->list[i].addr))
			return false;
		if (!is_stub(&s->list[i].addr) || upstream == NULL)
			continue;
		servers_read(upstream, &behind);
		/* No list: nobody knows where the question would go. */
		if (behind.count == 0 || !servers_are_local(&behind, NULL))
			return false;
	}
	return !s->more;
}
