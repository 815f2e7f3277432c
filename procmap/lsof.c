/* SPDX-License-Identifier: MIT
 *
 * Reading lsof's field output.
 */
#include "procmap/lsof.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/num.h"
#include "lib/protocol.h"
#include "procmap/text.h"

void
lsof_begin(struct lsof_parser *p, struct batch *b)
{
	*p = (struct lsof_parser){ .batch = b };
}

/* "a:p", "[a]:p" or "*:p"; what stands behind it is left in *text. */
static bool
endpoint(const char **text, bool v6, uint8_t bytes[16], uint16_t *port)
{
	char word[80];
	struct addr a = { 0 };
	uint64_t number;
	const char *end = strstr(*text, "->");
	size_t len = end != NULL ? (size_t)(end - *text) : strlen(*text);
	if (len >= sizeof(word))
		return false;
	memcpy(word, *text, len);
	word[len] = '\0';
	*text += len;
	word[strcspn(word, " ")] = '\0';	/* " (LISTEN)" */
	char *colon = strrchr(word, ':');
	if (colon == NULL || !num_unsigned(colon + 1, 1, 65535, &number))
		return false;
	*colon = '\0';
	*port = (uint16_t)number;
	if (strcmp(word, "*") == 0) {
		a.family = v6 ? ADDR_IPV6 : ADDR_IPV4;
	} else {
		char *start = word;
		if (*start == '[' && colon > start && colon[-1] == ']') {
			colon[-1] = '\0';
			start++;
		}
		start[strcspn(start, "%")] = '\0';	/* scope id */
		if (!addr_parse(start, &a))
			return false;
	}
	addr_to_mapped(&a, bytes);
	return true;
}

bool
lsof_addresses(const char *text, bool v6, struct sock_key *k)
{
	*k = (struct sock_key){ 0 };
	if (!endpoint(&text, v6, k->local, &k->lport))
		return false;
	if (*text == '\0')
		return true;
	text += 2;
	return endpoint(&text, v6, k->remote, &k->rport) && *text == '\0';
}

/* The process of the files that follow, in the batch once it has one. */
static uint32_t
process_number(struct lsof_parser *p)
{
	if (p->process_number == 0 && p->process.pid != 0) {
		struct proc_info *info = batch_process(p->batch);
		if (info == NULL)
			return 0;
		*info = p->process;
		p->process_number = (uint32_t)p->batch->proc_count;
	}
	return p->process_number;
}

static void
add_socket(struct lsof_parser *p, const struct sock_key *k, uint8_t proto,
    uint8_t flags)
{
	struct sighting *s = batch_socket(p->batch);
	if (s == NULL)
		return;
	s->key = *k;
	s->key.proto = proto;
	s->process = p->process_number;
	s->flags = flags;
	s->inode = p->inode;
}

/* In place of a device a socket has its inode, elsewhere its place in the
 * kernel's memory: it tells sockets apart. */
static uint32_t
socket_number(const char *text)
{
	unsigned long long number = strtoull(text, NULL, 0);
	return (uint32_t)(number ^ number >> 32);
}

/* A file is complete when the next one, or process, begins. */
static void
finish_file(struct lsof_parser *p)
{
	struct sock_key k;
	if (p->has_name && lsof_addresses(p->name, p->v6 ||
	    p->name[0] == '[', &k) && process_number(p) != 0) {
		uint8_t listens = p->listens ||
		    strstr(p->name, "(LISTEN)") != NULL ||
		    (p->proto == PROTOCOL_TCP && k.rport == 0) ?
		    SOCK_LISTENS : 0;
		if (p->proto != 0) {
			add_socket(p, &k, p->proto, listens);
		} else {
			/* Either; if another process claims the same for
			 * itself, neither is named. */
			add_socket(p, &k, PROTOCOL_TCP, (uint8_t)
			    (SOCK_ANYPROTO | (k.rport == 0 ? SOCK_LISTENS :
			    0)));
			add_socket(p, &k, PROTOCOL_UDP, SOCK_ANYPROTO);
		}
	}
	p->has_name = p->v6 = p->listens = false;
	p->proto = 0;
	p->inode = 0;
}

static void
begin_process(struct lsof_parser *p, const char *text)
{
	uint64_t pid;
	p->process = (struct proc_info){ .uid = -1 };
	p->process_number = 0;
	if (num_unsigned(text, 1, UINT32_MAX, &pid))
		p->process.pid = (uint32_t)pid;
}

void
lsof_line(struct lsof_parser *p, char *line, size_t len)
{
	uint64_t uid;
	if (len == 0)
		return;
	char *text = line + 1;
	switch (line[0]) {
	case 'p':
		finish_file(p);
		begin_process(p, text);
		break;
	case 'c':
		len = text_unescape(text, len - 1);
		text_clean(p->process.name, PROC_NAME, text, len);
		break;
	case 'u':
		if (num_unsigned(text, 0, UINT32_MAX, &uid))
			p->process.uid = (int64_t)uid;
		break;
	case 'f':
		finish_file(p);
		break;
	case 't':
		if (p->has_name)
			finish_file(p);
		p->v6 = strcmp(text, "IPv6") == 0;
		break;
	case 'P':
		if (p->has_name)
			finish_file(p);
		p->proto = strcmp(text, "TCP") == 0 ? PROTOCOL_TCP :
		    strcmp(text, "UDP") == 0 ? PROTOCOL_UDP : 255;
		break;
	case 'd':
		if (p->has_name)
			finish_file(p);
		p->inode = socket_number(text);
		break;
	case 'T':
		p->listens = p->listens || strcmp(text, "ST=LISTEN") == 0;
		break;
	case 'n':
		if (p->has_name)
			finish_file(p);
		snprintf(p->name, sizeof(p->name), "%s", text);
		p->has_name = true;
		break;
	}
}

void
lsof_end(struct lsof_parser *p)
{
	finish_file(p);
	batch_find_reuse(p->batch);
	batch_finish(p->batch);
}
