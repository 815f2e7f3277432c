/* SPDX-License-Identifier: MIT
 *
 * The file that the export key writes.
 */
#include "tuiview/export.h"

#include <stdlib.h>

#include "lib/xalloc.h"
#include "tuiview/export_render.h"
#include "tuiview/replace.h"

void
export_render(const struct export_table *t, enum export_format format,
    struct buf *b)
{
	switch (format) {
	case EXPORT_TEXT:
		export_add_text(t, b);
		break;
	case EXPORT_CSV:
		export_add_csv(t, b);
		break;
	case EXPORT_JSON:
		export_add_json(t, b);
		break;
	}
}

char *
export_path(enum export_format format)
{
	static const char *const suffixes[] = { "txt", "csv", "json" };
	const char *home = getenv("HOME");
	return home == NULL || home[0] != '/' ? NULL :
	    xasprintf("%s/.iftoprs.export.%s", home, suffixes[format]);
}

bool
export_write(const char *path, const struct export_table *t,
    enum export_format format, char **why)
{
	char *target = replace_target(path, getenv("HOME"), why);
	struct buf b = { 0 };
	if (target == NULL)
		return false;
	export_render(t, format, &b);
	bool good = replace_file(target, b.data, b.len, 0600, why);
	buf_done(&b);
	free(target);
	return good;
}
