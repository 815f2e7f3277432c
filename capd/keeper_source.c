/* SPDX-License-Identifier: MIT
 *
 * What the stream's source record says: interfaces, their addresses, the
 * filter; and what becomes of it when interfaces change.
 */
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "capd/clock.h"
#include "capd/keeper.h"
#include "lib/xalloc.h"

static void
name_session(struct record_source *s)
{
	uint8_t random[8];
	if (getentropy(random, sizeof(random)) == -1)
		memset(random, 0, sizeof(random));
	for (size_t i = 0; i < sizeof(random); i++)
		snprintf(s->session + 2 * i, 3, "%02x", random[i]);
}

bool
keeper_is_any(const struct keeper *k)
{
	return strcmp(k->settings.names[0], IFACES_ANY) == 0;
}

static void
add_interface(struct keeper *k, const char *name, const struct iface *i,
    int linktype)
{
	struct record_source *s = &k->source;
	if (s->interface_count == SOURCE_INTERFACES)
		return;
	uint16_t n = s->interface_count++;
	struct record_interface *r = &s->interfaces[n];
	struct shared_interface *m = &k->map[n];
	const char *type = linktype == -1 ? NULL :
	    pcap_datalink_val_to_name(linktype);
	*r = (struct record_interface){ 0 };
	*m = (struct shared_interface){ 0 };
	snprintf(r->name, sizeof(r->name), "%s", name);
	snprintf(m->name, sizeof(m->name), "%s", name);
	snprintf(r->linktype, sizeof(r->linktype), "%s",
	    type != NULL ? type : "");
	if (i == NULL)
		return;
	m->index = i->index;
	m->loopback = i->loopback;
	m->has_mac = i->has_mac;
	memcpy(m->mac, i->mac, sizeof(m->mac));
	ifaces_mac(i, r->mac);
	r->address_count = i->address_count;
	memcpy(r->addresses, i->addresses, sizeof(r->addresses));
}

/* For "any" the list is itself, number 0, and then all that there are. */
static void
list_interfaces(struct keeper *k)
{
	k->source.interface_count = 0;
	for (unsigned n = 0; n < k->settings.count; n++)
		add_interface(k, k->settings.names[n],
		    ifaces_find(&k->ifaces, k->settings.names[n]),
		    k->linktypes[n]);
	for (size_t i = 0; keeper_is_any(k) && i < k->ifaces.count; i++)
		add_interface(k, k->ifaces.list[i].name, &k->ifaces.list[i],
		    -1);
	k->map_count = k->source.interface_count;
}

void
keeper_describe(struct keeper *k)
{
	struct record_source *s = &k->source;
	struct buf text = { 0 };
	if (s->interfaces == NULL) {
		record_source_init(s);
		s->live = true;
		s->count_network = k->capd->count_network;
		s->start = clock_wall();
		s->interfaces = xcalloc(SOURCE_INTERFACES,
		    sizeof(*s->interfaces));
		gethostname(s->host, sizeof(s->host) - 1);
		name_session(s);
	}
	free(s->filter);
	s->filter = xstrdup(k->settings.filter);
	s->snaplen = k->settings.snaplen;
	list_interfaces(k);
	record_source_format(s, &text);
	if (text.len != k->described.len || memcmp(text.data,
	    k->described.data, text.len) != 0) {
		record_write_source(&k->out, s);
		buf_reset(&k->described);
		buf_add(&k->described, text.data, text.len);
	}
	buf_done(&text);
}

void
keeper_map(struct keeper *k)
{
	k->shared->interface_count = k->map_count;
	memcpy(k->shared->interfaces, k->map, sizeof(k->map));
}

/* Is the interface that was opened still there, and up? */
static void
look_at(struct keeper *k, unsigned n)
{
	const char *name = k->settings.names[n];
	const struct iface *i = ifaces_find(&k->ifaces, name);
	char text[TALK_TEXT] = "";
	if (i == NULL)
		snprintf(text, sizeof(text), "%s is gone", name);
	else if (!i->up)
		snprintf(text, sizeof(text), "%s is down", name);
	else if (k->map[n].index != 0 && k->map[n].index != i->index &&
	    !k->lost[n])
		snprintf(text, sizeof(text), "%s was made anew", name);
	if (text[0] != '\0')
		keeper_lose(k, n, text);
	/* Up, again: no need to wait the delay out, but never in a rush. */
	uint64_t soon = k->tried_at + RETRY_FIRST;
	if (i != NULL && i->up && k->lost[n] && k->retry_at > soon)
		k->retry_at = soon;
}

void
keeper_look(struct keeper *k)
{
	if (!k->started || k->ending || !ifaces_read(&k->ifaces))
		return;
	for (unsigned n = 0; !keeper_is_any(k) && n < k->settings.count; n++)
		look_at(k, n);
	keeper_describe(k);
}
