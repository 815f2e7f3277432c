/* SPDX-License-Identifier: MIT
 *
 * capd -L: the interfaces, for people and as JSON.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capd/capd.h"
#include "capd/ifaces.h"
#include "capd/ifaces_system.h"
#include "lib/json_write.h"
#include "lib/utf8.h"

enum { DESCRIPTION = 128 };

static const char *
state(const struct iface *i)
{
	return !i->up ? "down" : i->running ? "running" : "up";
}

static void
add_text(struct buf *b, const struct iface *i, bool is_default)
{
	char name[SOURCE_NAME], about[DESCRIPTION], text[PREFIX_TEXT];
	ifaces_system_describe(i, about, sizeof(about));
	utf8_clean(name, sizeof(name), i->name, strlen(i->name),
	    utf8_is_control);
	buf_printf(b, "%c %-15s %-8s %s", is_default ? '*' : ' ', name,
	    state(i), about);
	for (uint16_t a = 0; a < i->address_count; a++) {
		prefix_format(&i->addresses[a], text);
		buf_printf(b, "%s%s", a == 0 ? "; " : " ", text);
	}
	buf_add_char(b, '\n');
}

static void
add_json(struct buf *b, const struct iface *i, bool is_default)
{
	char about[DESCRIPTION], mac[IFACES_MAC], text[PREFIX_TEXT];
	ifaces_system_describe(i, about, sizeof(about));
	ifaces_mac(i, mac);
	json_open(b, '{');
	json_member_text(b, "name", i->name);
	json_member_bool(b, "default", is_default);
	json_member_text(b, "state", state(i));
	json_member_bool(b, "loopback", i->loopback);
	json_member_text(b, "mac", mac);
	json_member(b, "addresses");
	buf_add_char(b, '[');
	for (uint16_t a = 0; a < i->address_count; a++) {
		prefix_format(&i->addresses[a], text);
		json_element(b);
		json_text(b, text, strlen(text));
	}
	json_close(b, ']');
	json_member_text(b, "description", about);
	json_close(b, '}');
	buf_add_char(b, '\n');
}

int
capd_list(bool json)
{
	static const struct iface any = { .name = IFACES_ANY, .up = true,
		.running = true };
	struct ifaces all = { 0 };
	struct buf b = { 0 };
	if (!ifaces_read(&all))
		err(EXIT_FAILURE, "cannot list the interfaces");
	const struct iface *best = ifaces_default(&all);
	for (size_t n = 0; n < all.count; n++)
		(json ? add_json : add_text)(&b, &all.list[n],
		    &all.list[n] == best);
	if (json)
		buf_printf(&b, "{\"name\":\"%s\",\"default\":false,\"state\":"
		    "\"%s\",\"loopback\":false,\"mac\":\"\",\"addresses\":[],"
		    "\"description\":\"all interfaces\"}\n", any.name,
		    state(&any));
	else
		buf_printf(&b, "  %-15s %-8s all interfaces\n", any.name,
		    state(&any));
	fwrite(b.data, 1, b.len, stdout);
	buf_done(&b);
	ifaces_done(&all);
	return EXIT_SUCCESS;
}
