/* SPDX-License-Identifier: MIT
 *
 * What a file's source record says, and what there is to say of link types.
 */
#include <err.h>
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capd/file.h"
#include "lib/xalloc.h"

static void
linktype_name(int linktype, char *name, size_t size)
{
	const char *known = pcap_datalink_val_to_name(linktype);
	if (known != NULL)
		snprintf(name, size, "%s", known);
	else
		snprintf(name, size, "%d", linktype);
}

void
file_tell_undecoded(const struct file *s, int linktype)
{
	char name[SOURCE_NAME];
	linktype_name(linktype, name, sizeof(name));
	warnx("%s: link type %s is not decoded%s", s->name, name,
	    decode_knows(linktype, true) ? " without --wifi" :
	    "; its frames can only be counted");
}

void
file_tell_filter(struct file *s, int linktype)
{
	char name[SOURCE_NAME], text[RECORD_EVENT_TEXT];
	const char *news = filter_news(s->filter, linktype);
	if (news == NULL)
		return;
	linktype_name(linktype, name, sizeof(name));
	snprintf(text, sizeof(text), "filter '%.300s' takes nothing of link "
	    "type %s: %.300s", s->c->filter, name, news);
	warnx("%s: %s", s->name, text);
	file_event(s, LEVEL_WARN, text);
}

/* Once for each link type that is not decoded, also of several interfaces. */
static void
check_linktype(const struct file *s, const struct pcapfile_interface *list,
    uint16_t at)
{
	for (uint16_t i = 0; i < at; i++)
		if (list[i].linktype == list[at].linktype)
			return;
	if (!decode_knows(list[at].linktype, s->c->wifi))
		file_tell_undecoded(s, list[at].linktype);
}

/* The source as far as it is known, now and again when there is more. */
bool
file_write_source(struct file *s)
{
	const struct pcapfile_interface *list;
	struct record_source source;
	uint16_t count = pcapfile_interfaces(s->in, &list);
	record_source_init(&source);
	snprintf(source.host, sizeof(source.host), "capture");
	snprintf(source.session, sizeof(source.session), "%s", s->session);
	source.count_network = s->c->count_network;
	source.start = s->start;
	source.snaplen = count > 0 ? list[0].snaplen : 0;
	if (s->c->filter != NULL) {
		free(source.filter);
		source.filter = xstrdup(s->c->filter);
	}
	source.interface_count = count;
	source.interfaces = xcalloc(count + 1u, sizeof(*source.interfaces));
	for (uint16_t i = 0; i < count; i++) {
		memcpy(source.interfaces[i].name, list[i].name, SOURCE_NAME);
		linktype_name(list[i].linktype, source.interfaces[i].linktype,
		    SOURCE_NAME);
		if (i >= s->interfaces)
			check_linktype(s, list, i);
	}
	s->interfaces = count;
	bool good = record_write_source(&s->out, &source);
	record_source_done(&source);
	return file_wrote(s, good);
}

/* FNV-1a */
static uint64_t
hash(uint64_t h, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;
	for (size_t i = 0; i < len; i++)
		h = (h ^ at[i]) * 0x100000001b3;
	return h;
}

static uint64_t
hash_number(uint64_t h, uint64_t number)
{
	uint8_t bytes[8];	/* the same on every machine */
	for (int i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(number >> (56 - 8 * i));
	return hash(h, bytes, sizeof(bytes));
}

/* A replay must repeat to the byte, so the session comes from the content. */
void
file_make_session(struct file *s, const struct pcapfile_packet *first)
{
	const struct pcapfile_interface *list;
	uint64_t h = 0xcbf29ce484222325;
	if (pcapfile_interfaces(s->in, &list) > 0) {
		h = hash_number(h, (uint64_t)list[0].linktype);
		h = hash_number(h, list[0].snaplen);
	}
	if (first != NULL) {
		h = hash_number(h, first->ts);
		h = hash_number(h, first->captured);
		h = hash_number(h, first->length);
		h = hash(h, first->bytes, first->captured);
	}
	snprintf(s->session, sizeof(s->session), "%016" PRIx64, h);
}
